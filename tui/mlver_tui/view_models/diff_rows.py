"""A text diff as rows: with as much around changes as wanted, in one column or two, each made when it is drawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, groupby, zip_longest
from typing import NamedTuple, TypeAlias, overload

from msgspec import Struct

from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.view_models.code_runs import Runs
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.line_marks import Pieces, marked
from mlver_tui.view_models.text import cell_width, chunks, sanitise_lines

Lexer: TypeAlias = Callable[[Sequence[str]], list[Runs]]

NO_LINE = -1
_ALL = 1 << 60
_CHANGED = frozenset({LineKind.ADDED, LineKind.REMOVED})
_KEPT_MARKS = 2000
"""Pairs of lines whose marks are remembered."""


class DiffLook(Struct, frozen=True, kw_only=True):
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

    def has(self, place: int) -> bool:
        """Whether it shows the line, or stands for it."""
        return self.left <= place < self.left + self.hidden if self.hidden else place in {self.left, self.right}


class DiffText:
    """A diff with what its rows are made of. Made once: of many lines in a worker's thread."""

    def __init__(self, diff: TextDiff, glyphs: Glyphs = UNICODE, lexer: Lexer | None = None) -> None:
        """`lexer`: finds what of code has a look of its own; it is asked of each side as a whole."""
        self.diff = diff
        self.glyphs = glyphs
        self.shown = [shown_text(one, glyphs) for one in diff.lines]
        self.widths = [cell_width(text) for text in self.shown]
        self.blocks = tuple(_blocks(diff.lines))
        self.runs: list[Runs] = [()] * len(diff.lines)
        """Of each line: its pieces with a look of their own."""
        if lexer is not None:
            self._find_runs(lexer)
        self.has_gaps = any(one.kind is LineKind.GAP for one in diff.lines)
        """Lines are left out already: how many are shown around changes was decided before."""
        self.first_same = 0 if not self.blocks or self.blocks[0].is_same else 1
        """The first block of same lines; every second one from there on is such a block, the others are changes."""
        changed = self.blocks[1 - self.first_same :: 2]
        self.same_sizes = [block.end - block.start for block in self.blocks[self.first_same :: 2]]
        self.changed_sizes = [block.end - block.start for block in changed]
        self.paired_sizes = [max(block.middle - block.start, block.end - block.middle) for block in changed]
        self._mates = _mates(self.blocks)
        self._marks: dict[tuple[int, int], tuple[Pieces, Pieces]] = {}

    def _find_runs(self, lexer: Lexer) -> None:
        for other in (LineKind.ADDED, LineKind.REMOVED):
            places = [place for place, one in enumerate(self.diff.lines) if one.kind not in {other, LineKind.GAP}]
            for place, runs in zip(places, lexer([self.shown[place] for place in places]), strict=True):
                self.runs[place] = runs

    @cached_property
    def searched(self) -> list[str]:
        """What a search looks in."""
        return [text.casefold() for text in self.shown]

    @property
    def longest(self) -> int:
        """The cells of the longest line."""
        return max(self.widths, default=0)

    def parts(self, room: int) -> list[int]:
        """How many rows each line takes in so many cells: a wide letter may not be halved."""
        return [
            1 if width <= room else -(-width // room) if text.isascii() else len(chunks(text, room))
            for text, width in zip(self.shown, self.widths, strict=True)
        ]

    def is_changed(self, place: int) -> bool:
        """Whether the line is on one side only."""
        return self.diff.lines[place].kind in _CHANGED

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


def shown_text(one: DiffLine, glyphs: Glyphs) -> str:
    """A line of a file, safe to show."""
    return glyphs.data(" ".join(sanitise_lines(one.text)) if one.text else "")


class Block(NamedTuple):
    """Neighbouring lines that are the same, or that stand for each other: first those removed, then those added."""

    is_same: bool
    start: int
    middle: int
    """The first line that was added."""
    end: int


def _blocks(lines: Sequence[DiffLine]) -> Iterator[Block]:
    at = 0
    for is_same, part in groupby(lines, key=lambda one: one.kind not in _CHANGED):
        kinds = [one.kind for one in part]
        end = at + len(kinds)
        yield Block(is_same, at, at if is_same else at + kinds.count(LineKind.REMOVED), end)
        at = end


def _mates(blocks: Sequence[Block]) -> dict[int, int]:
    """Removed and added lines that stand for each other, by their order, both ways."""
    mates: dict[int, int] = {}
    for is_same, start, middle, end in blocks:
        if not is_same:
            for left, right in zip(range(start, middle), range(middle, end), strict=False):
                mates[left], mates[right] = right, left
    return mates


class DiffRows(Sequence[Entry]):
    """The rows of a text: which block a row is of is looked up, so nothing is made of those out of sight."""

    def __init__(self, text: DiffText, look: DiffLook) -> None:
        self.text, self.look = text, look
        is_wrapped = look.room is not None and text.longest > look.room
        self._parts = text.parts(look.room) if is_wrapped and look.room else None
        self._starts = list(accumulate(self._wrapped_sizes() if is_wrapped else self._sizes(), initial=0))
        self._unwrapped: dict[int, tuple[list[Entry], list[int]]] = {}
        """Of blocks that were looked at: their rows before wrapping, and where each one's parts start."""

    def _edges(self, number: int) -> tuple[int, int]:
        """Lines that are shown at the start and at the end of a block of same lines."""
        around = self.look.context
        if around is None:
            return _ALL, _ALL
        return around if number else 0, around if number < len(self.text.blocks) - 1 else 0

    def _sizes(self) -> list[int]:
        """The rows of each block. Blocks of same lines and of changes take turns, and there may be thousands."""
        text, around = self.text, self.look.context
        most = _ALL if around is None else 2 * around + 1
        sizes = [0] * len(text.blocks)
        sizes[text.first_same :: 2] = [min(size, most) for size in text.same_sizes]
        sizes[1 - text.first_same :: 2] = text.paired_sizes if self.look.is_side_by_side else text.changed_sizes
        for number in {0, len(sizes) - 1} if sizes else ():
            # Before the first change and behind the last there is a change on one side only.
            if text.blocks[number].is_same:
                sizes[number] = len(self._entries(text.blocks[number], self._edges(number)))
        return sizes

    def _wrapped_sizes(self) -> list[int]:
        blocks = enumerate(self.text.blocks)
        return [sum(map(self._parts_of, self._entries(block, self._edges(number)))) for number, block in blocks]

    def _entries(self, block: Block, edges: tuple[int, int]) -> list[Entry]:
        is_same, start, middle, end = block
        if is_same:
            return _around(start, end, *edges)
        if self.look.is_side_by_side:
            pairs = zip_longest(range(start, middle), range(middle, end), fillvalue=NO_LINE)
            return [Entry(left, right) for left, right in pairs]
        removed = [Entry(place, NO_LINE) for place in range(start, middle)]
        return removed + [Entry(NO_LINE, place) for place in range(middle, end)]

    def _parts_of(self, entry: Entry) -> int:
        if self._parts is None or entry.hidden:
            return 1
        return max(self._parts[place] for place in entry[:2] if place != NO_LINE)

    def _known(self, number: int) -> tuple[list[Entry], list[int]]:
        if number not in self._unwrapped:
            entries = self._entries(self.text.blocks[number], self._edges(number))
            self._unwrapped[number] = entries, list(accumulate(map(self._parts_of, entries), initial=0))
        return self._unwrapped[number]

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        number = bisect_right(self._starts, index) - 1
        entries, starts = self._known(number)
        offset = index - self._starts[number]
        at = bisect_right(starts, offset) - 1
        return entries[at]._replace(part=offset - starts[at]) if offset > starts[at] else entries[at]

    def index_at(self, place: int) -> int:
        """The row of a line; of one that is hidden, the row that stands for it."""
        blocks = self.text.blocks
        number = max(0, bisect_right(blocks, place, key=lambda block: block.start) - 1)
        entries, starts = self._known(number)
        found = next((at for at, entry in enumerate(entries) if entry.has(place)), 0)
        return self._starts[number] + starts[found]

    def starts_change(self, index: int) -> bool:
        """Whether a row is the first of neighbouring changes."""
        number = bisect_right(self._starts, index) - 1
        return index == self._starts[number] and not self.text.blocks[number].is_same


def _around(start: int, end: int, head: int, tail: int) -> list[Entry]:
    """Same lines near a change; one row stands for those between, unless it would hide only one."""
    hidden = end - start - head - tail
    if hidden <= 1:
        return [Entry(place, place) for place in range(start, end)]
    before = [Entry(place, place) for place in range(start, start + head)]
    after = [Entry(place, place) for place in range(end - tail, end)]
    return [*before, Entry(start + head, start + head, hidden=hidden), *after]
