"""All leaves of a change tree, those of mappings that are new or gone too."""

from __future__ import annotations

from collections.abc import Iterator

from mlver.comparing.leaves import PathLeaf
from mlver.model.change import Change


def path_leaves(top: Change) -> Iterator[PathLeaf]:
    """Every node without children, in order, with the keys that lead to it."""
    waiting: list[PathLeaf] = [PathLeaf((), top)]  # no recursion: trees are thousands deep
    while waiting:
        leaf = waiting.pop()
        if not leaf.change.children:
            yield leaf
        waiting.extend(PathLeaf((*leaf.keys, child.label), child) for child in reversed(leaf.change.children))
