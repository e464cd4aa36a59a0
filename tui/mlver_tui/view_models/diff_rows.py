"""A text diff as rows: with as much around changes as wanted, in one column or two, each made when it is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, zip_longest
from typing import NamedTuple

from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.line_marks import Pieces, marked
from mlver_tui.view_models.text import cell_width, chunks, sanitise_lines

NO_LINE = -1
_CHANGED = frozenset({LineKind.ADDED, LineKind.REMOVED})
_KEPT_MARKS = 2000
"""Pairs of lines whose marks are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLook:
    """How much of a diff is shown, and how."""

    context: int | None = 3
    """Same lines around a change; None: all there are."""
    is_side_by_side: bool = False
    room: int | None = None
    """Long lines are wrapped into so many cells; None: they are not."""


class Entry(NamedTuple):
    """A row: a line of either side, or both beside each other."""

    left: int
    """The place of a line among all; NO_LINE: none. The same as `right` where both sides have it."""
    right: int
    part: int = 0
    """Of a line that is wrapped."""
    hidden: int = 0
    """It stands for so many same lines, from `left` on."""

    @property
    def place(self) -> int:
        """Where among all lines it stands."""
        return max(self.left, self.right)


class DiffText:
    """A diff with what its rows are made of. Made once: of many lines in a worker's thread."""

    def __init__(self, diff: TextDiff, glyphs: Glyphs = UNICODE) -> None:
        self.diff = diff
        self.glyphs = glyphs
        self.shown = [shown_text(one, glyphs) for one in diff.lines]
        self.widths = [cell_width(text) for text in self.shown]
        self._blocks = list(_blocks(diff.lines))
        self._mates = _mates(self._blocks)
        self._marks: dict[tuple[int, int], tuple[Pieces, Pieces]] = {}

    @cached_property
    def searched(self) -> list[str]:
        """What a search looks in."""
        return [text.casefold() for text in self.shown]

    @property
    def longest(self) -> int:
        """The cells of the longest line."""
        return max(self.widths, default=0)

    def is_changed(self, place: int) -> bool:
        """Whether the line is on one side only."""
        return self.diff.lines[place].kind in _CHANGED

    def starts_change(self, entries: Sequence[Entry], index: int) -> bool:
        """Whether a row is the first of neighbouring changes."""
        if not self._differs(entries[index]):
            return False
        return index == 0 or not self._differs(entries[index - 1])

    def _differs(self, entry: Entry) -> bool:
        return not entry.hidden and self.is_changed(entry.place)

    def pieces(self, place: int) -> Pieces:
        """A line in pieces that differ from its counterpart and pieces that do not."""
        mate = self._mates.get(place, NO_LINE)
        text = self.shown[place]
        if mate == NO_LINE:
            return ((text, self.is_changed(place)),) if text else ()
        pair = (place, mate) if place < mate else (mate, place)
        if pair not in self._marks:
            if len(self._marks) >= _KEPT_MARKS:
                self._marks.clear()
            self._marks[pair] = marked(self.shown[pair[0]], self.shown[pair[1]])
        return self._marks[pair][place != pair[0]]

    def entries(self, look: DiffLook) -> list[Entry]:
        """The rows."""
        found = list(self._unwrapped(look))
        if look.room is None:
            return found
        return [part for entry in found for part in self._wrapped(entry, look.room)]

    def _unwrapped(self, look: DiffLook) -> Iterator[Entry]:
        last = len(self._blocks) - 1
        for number, (kind, start, middle, end) in enumerate(self._blocks):
            if kind is not LineKind.SAME:
                yield from _changes(start, middle, end, is_side_by_side=look.is_side_by_side)
            elif look.context is None:
                yield from (Entry(place, place) for place in range(start, end))
            else:
                yield from _around(start, end, look.context if number else 0, look.context if number < last else 0)

    def _wrapped(self, entry: Entry, room: int) -> Iterator[Entry]:
        longest = max((self.widths[place] for place in entry[:2] if place != NO_LINE), default=0)
        if entry.hidden or longest <= room:
            yield entry
            return
        # As many parts as the text really takes: a wide letter may not be halved.
        count = max(len(chunks(self.shown[place], room)) for place in entry[:2] if place != NO_LINE)
        for part in range(count):
            yield entry._replace(part=part)


def shown_text(one: DiffLine, glyphs: Glyphs) -> str:
    """A line of a file, safe to show."""
    return glyphs.data(" ".join(sanitise_lines(one.text)) if one.text else "")


def index_at(entries: Sequence[Entry], place: int) -> int:
    """The row of a line, else the first one behind it."""
    return next((index for index, entry in enumerate(entries) if entry.place + max(0, entry.hidden - 1) >= place), 0)


def _blocks(lines: Sequence[DiffLine]) -> Iterator[tuple[LineKind, int, int, int]]:
    """Neighbouring lines: kind (SAME, else a change), start, first line that was added, end."""
    at = 0
    for is_same, part in groupby(lines, key=lambda one: one.kind not in _CHANGED):
        kinds = [one.kind for one in part]
        end = at + len(kinds)
        if is_same:
            yield LineKind.SAME, at, at, end
        else:
            yield LineKind.ADDED, at, at + kinds.count(LineKind.REMOVED), end
        at = end


def _mates(blocks: Sequence[tuple[LineKind, int, int, int]]) -> dict[int, int]:
    """Removed and added lines that stand for each other, by their order, both ways."""
    mates: dict[int, int] = {}
    for kind, start, middle, end in blocks:
        if kind is not LineKind.SAME:
            for left, right in zip(range(start, middle), range(middle, end), strict=False):
                mates[left], mates[right] = right, left
    return mates


def _changes(start: int, middle: int, end: int, *, is_side_by_side: bool) -> Iterator[Entry]:
    if not is_side_by_side:
        yield from (Entry(place, NO_LINE) for place in range(start, middle))
        yield from (Entry(NO_LINE, place) for place in range(middle, end))
        return
    for left, right in zip_longest(range(start, middle), range(middle, end), fillvalue=NO_LINE):
        yield Entry(left, right)


def _around(start: int, end: int, head: int, tail: int) -> Iterator[Entry]:
    """Same lines near a change; one row stands for those between, unless it would hide only one."""
    hidden = end - start - head - tail
    if hidden <= 1:
        yield from (Entry(place, place) for place in range(start, end))
        return
    yield from (Entry(place, place) for place in range(start, start + head))
    yield Entry(start + head, start + head, hidden=hidden)
    yield from (Entry(place, place) for place in range(end - tail, end))
