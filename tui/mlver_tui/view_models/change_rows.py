"""A change tree as rows: folded and unfolded, only what changed or all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mlver.model.change import Change, Kind
from mlver_tui.view_models.spans import Tone

RowKey: TypeAlias = tuple[int, ...]
"""Positions from the root down: labels may repeat among siblings, positions do not."""

_NAMED_SAME = 4
"""Labels named in the line that counts what is the same."""

KIND_TONES = {
    Kind.SAME: Tone.DIM,
    Kind.CHANGED: Tone.BRIGHT,
    Kind.ADDED: Tone.ADDED,
    Kind.REMOVED: Tone.REMOVED,
    Kind.MOVED: Tone.BRIGHT,
    Kind.UNKNOWN: Tone.WARNING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Leaves below a node, by kind."""

    of: tuple[tuple[Kind, int], ...]
    noise: int

    def get(self, kind: Kind) -> int:
        """How many leaves of that kind."""
        return dict(self.of).get(kind, 0)

    @property
    def differing(self) -> int:
        """Leaves that are not the same, noise left out."""
        return sum(count for kind, count in self.of if kind is not Kind.SAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One line of the tree."""

    key: RowKey
    node: Change
    depth: int
    path: tuple[str, ...]
    """Labels from the root down, unsanitised."""
    is_open: bool | None
    """None: a leaf."""
    tally: Tally | None
    """Of a branch."""

    @property
    def name(self) -> str:
        """The path as people write it, unsanitised."""
        return joined(self.path)

    @property
    def is_folder(self) -> bool:
        """Whether it stands for a folder: below it are files of their own."""
        return is_folder(self.node)

    @property
    def is_change(self) -> bool:
        """Whether `n` stops here: a leaf that differs, or a folded branch that hides some."""
        return not self.is_open and self.node.is_change


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRows:
    """The rows of a tree and what they leave out."""

    rows: tuple[ChangeRow, ...]
    tally: Tally
    same: tuple[str, ...]
    """The first dotted names of the leaves that are the same."""
    noise: tuple[str, ...]
    """The first dotted names that were ignored."""
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What of a tree is wanted."""

    everything: bool = False
    """Same leaves and noise too."""
    folded: frozenset[RowKey] = frozenset()
    is_flat: bool = False
    """Leaves only, under their dotted names."""


def change_rows(tree: Change, shown: Shown = Shown()) -> ChangeRows:
    """The rows of the tree's children (the root is the tab's own name)."""
    walk = _Walk(shown)
    tally = _add_up(walk.visit(child, (index,), 0, (child.label,)) for index, child in enumerate(tree.children))
    return ChangeRows(
        rows=tuple(row for row in walk.rows if row is not None),
        tally=_tally(tally),
        same=tuple(walk.same),
        noise=tuple(walk.noise),
        complete=tree.complete,
    )


def is_folder(node: Change) -> bool:
    """Whether what is below a file's node are files of their own."""
    return any(child.label.startswith(f"{node.label}/") for child in node.children)


def joined(path: Sequence[str]) -> str:
    """Labels from the root down as people write them: `optimiser.lr`; a file of a folder has the folder's name."""
    text = ""
    for label in path:
        text = label if not text or label.startswith(f"{text}/") else f"{text}.{label}"
    return text


def folded_all(tree: Change) -> frozenset[RowKey]:
    """The keys of every branch below the root."""
    keys: list[RowKey] = []
    waiting: list[tuple[RowKey, Change]] = [((index,), child) for index, child in enumerate(tree.children)]
    while waiting:
        key, node = waiting.pop()
        if node.children:
            keys.append(key)
            waiting += [((*key, index), child) for index, child in enumerate(node.children)]
    return frozenset(keys)


_Counted: TypeAlias = dict[Kind | str, int]
_NOISE = "noise"


class _Walk:
    """One pass over the tree: rows in order, counts from below."""

    def __init__(self, shown: Shown) -> None:
        self.rows: list[ChangeRow | None] = []
        self.same: list[str] = []
        self.noise: list[str] = []
        self._shown = shown

    def visit(self, node: Change, key: RowKey, depth: int, path: tuple[str, ...], *, hidden: bool = False) -> _Counted:
        """Add the rows of a node, unless it is hidden by a folded one above; give its counts."""
        if not node.children:
            return self._leaf(node, key, depth, path, hidden)
        is_open = key not in self._shown.folded
        place = len(self.rows)
        if not hidden and not self._shown.is_flat:
            self.rows.append(None)
        counts = _add_up(
            self.visit(child, (*key, index), depth + 1, (*path, child.label), hidden=hidden or not is_open)
            for index, child in enumerate(node.children)
        )
        if not hidden and not self._shown.is_flat:
            tally = _tally(counts)
            wanted = self._shown.everything or tally.differing
            self.rows[place] = (
                ChangeRow(key=key, node=node, depth=depth, path=path, is_open=is_open, tally=tally) if wanted else None
            )
        return counts

    def _leaf(self, node: Change, key: RowKey, depth: int, path: tuple[str, ...], hidden: bool) -> _Counted:
        is_noise = node.is_noise and node.kind is not Kind.SAME
        listed = self.noise if is_noise else self.same if node.kind is Kind.SAME else None
        if listed is not None and len(listed) < _NAMED_SAME:
            listed.append(joined(path))
        if (not hidden or self._shown.is_flat) and (self._shown.everything or listed is None):
            depth = 0 if self._shown.is_flat else depth
            self.rows.append(ChangeRow(key=key, node=node, depth=depth, path=path, is_open=None, tally=None))
        return {_NOISE if is_noise else node.kind: 1}


def _add_up(parts: Iterator[_Counted]) -> _Counted:
    total: _Counted = {}
    for part in parts:
        for kind, count in part.items():
            total[kind] = total.get(kind, 0) + count
    return total


def _tally(counts: _Counted) -> Tally:
    kinds = tuple((kind, count) for kind, count in counts.items() if isinstance(kind, Kind))
    return Tally(of=kinds, noise=counts.get(_NOISE, 0))
