"""A change tree as rows: folded and unfolded, only what changed or all, with both values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from mlver.model.change import MISSING, Change, Kind
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import padded
from mlver_tui.view_models.values import change_note, type_name, value_span

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
            listed.append(".".join(path))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeColumns:
    """The widths of the tree's columns."""

    key: int
    side: int
    note: int

    @classmethod
    def within(cls, width: int) -> ChangeColumns:
        """The columns of a line of that many cells."""
        note = 11 if width >= _NOTE_FROM else 0
        side = max(6, (width - note) * 26 // 100)
        return cls(key=max(6, width - note - 2 * side), side=side, note=note)


_NOTE_FROM = 50


def change_head(width: int) -> Line:
    """The column heads."""
    columns = ChangeColumns.within(width)
    head = padded("   KEY", columns.key) + padded("A", columns.side) + padded("B", columns.side)
    return fitted((dim(head + padded("CHANGE" if columns.note else "", columns.note, right=True)),), width)


def change_line(row: ChangeRow, width: int, *, is_flat: bool = False, glyphs: Glyphs = UNICODE) -> Line:
    """One row; its first cell is the cursor's."""
    return _branch_line(row, width, glyphs) if row.tally is not None else _leaf_line(row, width, is_flat, glyphs)


def _leaf_line(row: ChangeRow, width: int, is_flat: bool, glyphs: Glyphs) -> Line:
    node = row.node
    columns = ChangeColumns.within(width)
    tone = Tone.DIM if node.is_noise else KIND_TONES[node.kind]
    label = glyphs.data(".".join(row.path) if is_flat else node.label)
    name = Span("  " * row.depth + label, Tone.DIM if tone is Tone.DIM else Tone.PLAIN)
    note = glyphs.data(node.note) or ("" if node.kind is Kind.SAME else change_note(node.before, node.after, glyphs))
    side_tone = Tone.DIM if tone is Tone.DIM else Tone.BRIGHT
    start: Line = (
        Span(" "),
        Span(glyphs.kind[node.kind], tone),
        Span(" "),
        *fitted((name,), columns.key - 4),
        Span(" "),
    )
    if node.before is MISSING and node.after is MISSING:
        return (*start, *fitted((dim(note),), width - columns.key))
    room = columns.side - 1
    # A note that needs more room takes what the values leave; it never pushes them.
    before, after = value_span(node.before, side_tone, glyphs), value_span(node.after, side_tone, glyphs)
    sides = (*fitted((before,), room), Span(" "), *fitted((after,), room), Span(" "))
    return fitted((*start, *sides, *fitted((dim(note),), columns.note, right=True)), width)


def _branch_line(row: ChangeRow, width: int, glyphs: Glyphs) -> Line:
    tally = row.tally or Tally(of=(), noise=0)
    fold = glyphs.opened if row.is_open else glyphs.closed
    label = glyphs.data(row.node.label)
    counts = tally_text(tally, glyphs) or "same"
    note = f"{glyphs.data(row.node.note)}  " if row.node.note else ""
    partial = Span(f"{glyphs.incomplete} ", Tone.WARNING) if not row.node.complete else Span("")
    right = line(dim(note), partial, dim(counts))
    left = line(" " + "  " * row.depth + fold + " ", bright(label) if tally.differing else dim(label))
    used = sum(len(span.text) for span in right)
    return (*fitted(left, max(0, width - used)), *fitted(right, min(used, width)))


def tally_text(tally: Tally, glyphs: Glyphs = UNICODE) -> str:
    """`~2 +1`: how many leaves below differ, by kind."""
    order = (Kind.CHANGED, Kind.ADDED, Kind.REMOVED, Kind.MOVED, Kind.UNKNOWN)
    return " ".join(f"{glyphs.kind[kind]}{tally.get(kind)}" for kind in order if tally.get(kind))


def left_out_lines(rows: ChangeRows, width: int, *, everything: bool, glyphs: Glyphs = UNICODE) -> list[Line]:
    """What the rows do not show: `8 same: ...; a shows`, `1 ignored as noise`, a limit that was hit."""
    lines: list[Line] = []
    same, noise = rows.tally.get(Kind.SAME), rows.tally.noise
    if same and not everything:
        lines.append(_counted_line(f"{same} same: {_named(rows.same, same, glyphs)}", "  a shows", width))
    if noise:
        end = "  (mlver.yaml: ignore)"
        lines.append(_counted_line(f"{noise} ignored as noise: {_named(rows.noise, noise, glyphs)}", end, width))
    if not rows.complete:
        said = f" {glyphs.incomplete} a limit was hit: what is missing here is not known to be the same"
        lines.append(fitted((Span(said, Tone.WARNING),), width))
    return lines


def _named(names: tuple[str, ...], count: int, glyphs: Glyphs) -> str:
    return ", ".join(map(glyphs.data, names)) + (f", {glyphs.ellipsis}" if count > len(names) else "")


def _counted_line(said: str, end: str, width: int) -> Line:
    return fitted((*fitted((dim(f" {said}"),), max(0, width - len(end))), dim(end)), width)


def provenance_lines(row: ChangeRow, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Both sides of a value: what, of which type, from which file and line."""
    node = row.node
    sides = (
        ("A", Tone.SIDE_A, node.before, node.place_before),
        ("B", Tone.SIDE_B, node.after, node.place_after),
    )
    value_width = max(8, min(28, width // 3))
    lines: list[Line] = []
    has_values = any(value is not MISSING or place for _name, _tone, value, place in sides)
    for name, tone, value, place in sides if has_values else ():
        where = glyphs.data(str(place)) if place else ("" if value is MISSING else "?")
        shown = fitted((value_span(value, Tone.BRIGHT, glyphs),), value_width)
        lines.append(fitted((Span(f" {name}  ", tone), *shown, dim(f"  {type_name(value):7} "), Span(where)), width))
    if node.note:
        lines.append(fitted((dim(" note "), Span(glyphs.data(node.note))), width))
    return lines
