"""Nodes of a change tree with the keys that lead to them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from mlver.model.change import Change, Kind
from mlver.progress import breathe


class PathLeaf(Struct, frozen=True):
    """A node of a change tree, and where it stands."""

    keys: tuple[str, ...]
    """Labels from below the top to the leaf: `("layers", "[name=dense]", "size")`; empty for the top itself."""
    change: Change

    @property
    def dotted(self) -> str:
        """`layers[name=dense].size`."""
        return joined(self.keys)


def path_changes(top: Change) -> Iterator[PathLeaf]:
    """Every node without children, in order; a mapping or list that is new or gone counts as one."""
    waiting: list[tuple[tuple[str, ...], Change]] = [((), top)]
    while waiting:
        breathe()
        keys, change = waiting.pop()
        if not change.children or change.kind in {Kind.ADDED, Kind.REMOVED}:
            yield PathLeaf(keys, change)
            continue
        waiting.extend(((*keys, child.label), child) for child in reversed(change.children))


def joined(keys: tuple[str, ...]) -> str:
    """Labels as one dotted path; positions and names of list items stand without a dot."""
    text = ""
    for key in keys:
        text += key if not text or key.startswith("[") else f".{key}"
    return text
