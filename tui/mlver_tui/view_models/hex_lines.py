"""Two files byte by byte as lines: offsets, bytes in hex, characters; and a strip of where they differ."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from msgspec import Struct

from mlver.model.comparison import ByteComparison, ByteRange
from mlver.model.element import Element
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import count
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cell_width, cut_start

SIDE_BY_SIDE_FROM = 110
"""Cells for both sides beside each other; below that they are stacked."""

_OFFSET = 10
_BESIDE, _ROOMY = 8, 16
"""Bytes in a line of each side."""
_ROOMY_FROM = 152
_SHADES, _ASCII_SHADES = " ░▒▓█", " .:+#"
_MOST_PARTS = 4096
_CHANGED = "~"


class HexLook(Struct, frozen=True, kw_only=True):
    """How the bytes are laid out."""

    width: int
    height: int
    """Lines there are for the bytes."""
    glyphs: Glyphs = UNICODE

    @property
    def is_stacked(self) -> bool:
        """Whether B stands below A."""
        return self.width < SIDE_BY_SIDE_FROM

    @property
    def per_line(self) -> int:
        """Bytes of each side in a line."""
        return _ROOMY if self.is_stacked or self.width >= _ROOMY_FROM else _BESIDE

    @property
    def lines(self) -> int:
        """Lines of each side."""
        return max(1, (self.height - 1) // 2 if self.is_stacked else self.height)

    @property
    def window(self) -> int:
        """Bytes of each side that are seen."""
        return self.lines * self.per_line


class HexWindow(Struct, frozen=True, kw_only=True):
    """What is seen."""

    start: int
    """Offset of the first byte."""
    before: bytes
    after: bytes
    cursor: int
    """Offset of the byte that is looked at."""


def hex_lines(window: HexWindow, look: HexLook) -> list[Line]:
    """Both sides beside each other, or one below the other with a rule between them."""
    rows = range(look.lines)
    if not look.is_stacked:
        return [_both(window, look, row) for row in rows]
    rule = line(dim(look.glyphs.rule * look.width))
    sides = [[_one(window, look, row, is_after=is_after) for row in rows] for is_after in (False, True)]
    return [*sides[0], rule, *sides[1]]


def _both(window: HexWindow, look: HexLook, row: int) -> Line:
    before, after = (tuple(_side(window, look, row, is_after=is_after)) for is_after in (False, True))
    bar = dim(f" {look.glyphs.bar_line} ")
    return fitted((_offset(window, look, row), *before, bar, *after), look.width)


def _one(window: HexWindow, look: HexLook, row: int, *, is_after: bool) -> Line:
    return fitted((_offset(window, look, row), *_side(window, look, row, is_after=is_after)), look.width)


def _offset(window: HexWindow, look: HexLook, row: int) -> Span:
    return dim(f"{window.start + row * look.per_line:0{_OFFSET}x}  ")


def _side(window: HexWindow, look: HexLook, row: int, *, is_after: bool) -> Iterator[Span]:
    """Bytes in hex with a gap in the middle, then their characters."""
    first = row * look.per_line
    marked = [_byte(window, first + place, is_after=is_after) for place in range(look.per_line)]
    for place, (value, tone) in enumerate(marked):
        gap = " " if place + 1 == look.per_line // 2 else ""
        # A sign behind what differs: there are terminals without colours.
        sign = _CHANGED if _differs(window, first + place) else " "
        yield Span("  " if value is None else f"{value:02x}", tone)
        yield Span(f"{sign}{gap}", tone if tone is not Tone.ACTIVE else Tone.PLAIN)
    yield from (Span(_character(value, look.glyphs), tone) for value, tone in marked)


def _differs(window: HexWindow, place: int) -> bool:
    return window.before[place : place + 1] != window.after[place : place + 1]


def _byte(window: HexWindow, place: int, *, is_after: bool) -> tuple[int | None, Tone]:
    before, after = (side[place] if place < len(side) else None for side in (window.before, window.after))
    value = after if is_after else before
    if window.start + place == window.cursor:
        return value, Tone.ACTIVE
    if _differs(window, place):
        return value, Tone.SIDE_B if is_after else Tone.SIDE_A
    return value, Tone.DIM if value is None else _TONES[_kind(value)]


class _Kind(Enum):
    """What a byte is, as far as its value tells."""

    ZERO = auto()
    LETTER = auto()
    """What ASCII can print."""
    CONTROL = auto()
    HIGH = auto()
    """What no ASCII has."""


_TONES = {_Kind.ZERO: Tone.DIM, _Kind.LETTER: Tone.PLAIN, _Kind.CONTROL: Tone.ACCENT, _Kind.HIGH: Tone.SIDE_H}
"""Of bytes that do not differ: none looks like a side, A and B being the only two here."""


def _kind(value: int) -> _Kind:
    if value == 0:
        return _Kind.ZERO
    if 0x20 <= value < 0x7F:  # noqa: PLR2004 - what ASCII can print
        return _Kind.LETTER
    return _Kind.CONTROL if value < 0x80 else _Kind.HIGH  # noqa: PLR2004 - the end of ASCII


def _character(value: int | None, glyphs: Glyphs) -> str:
    """A letter where it is one; a zero, a control, a byte that no ASCII has: each its sign."""
    if value is None:
        return " "
    kind = _kind(value)
    if kind is _Kind.LETTER:
        return chr(value)
    return {_Kind.ZERO: glyphs.dot, _Kind.CONTROL: "^", _Kind.HIGH: "%" if glyphs.is_ascii else "×"}[kind]


def overview(found: ByteComparison | None, size: int, cursor: int, look: HexLook) -> Line:
    """Where in the whole the files differ, and where the cursor is: a cell for each part of them."""
    cells = max(1, look.width - 2)
    if found is None:
        return line(dim(f" looking for differences {look.glyphs.ellipsis}"))
    shades = _ASCII_SHADES if look.glyphs.is_ascii else _SHADES
    shares = _shares(found.ranges, size, cells)
    here = min(cells - 1, cursor * cells // max(1, size))
    spans = []
    for cell, share in enumerate(shares):
        shade = shades[0] if not share else shades[min(len(shades) - 1, 1 + int(share * (len(shades) - 1)))]
        spans.append(Span(shade, Tone.ACTIVE if cell == here else Tone.WARNING))
    return (Span(" "), *spans)


def _shares(ranges: Sequence[ByteRange], size: int, cells: int) -> list[float]:
    """How much of each part lies in ranges that differ."""
    ends = [part.end for part in ranges]
    found = []
    for cell in range(cells):
        start, end = cell * size // cells, max(cell * size // cells + 1, (cell + 1) * size // cells)
        first = bisect_left(ends, start + 1)
        inside = 0
        for part in ranges[first : first + _MOST_PARTS]:
            if part.start >= end:
                break
            inside += min(end, part.end) - max(start, part.start)
        found.append(inside / (end - start))
    return found


def cursor_lines(window: HexWindow, elements: tuple[Element | None, Element | None], look: HexLook) -> list[Line]:
    """The byte at the cursor on both sides, and the number of a tensor that it belongs to."""
    place = window.cursor - window.start
    values = [side[place] if 0 <= place < len(side) else None for side in (window.before, window.after)]
    said = [_value(value) for value in values]
    told = line(
        Span(f" {window.cursor:#x}"), dim(f"  {window.cursor}   "),
        Span("A ", Tone.SIDE_A), Span(said[0]), dim("   "), Span("B ", Tone.SIDE_B), Span(said[1]),
    )  # fmt: skip
    return [told, _element_line(elements, look)]


def _value(value: int | None) -> str:
    return "the file has ended" if value is None else f"{value:02x}  {value}"


def _element_line(elements: tuple[Element | None, Element | None], look: HexLook) -> Line:
    before, after = elements
    glyphs, named = look.glyphs, after or before
    if named is None:
        return EMPTY
    if before and after and (before.tensor, before.index) != (after.tensor, after.index):
        room = (look.width - _BETWEEN) // 2
        names = [_named(side, glyphs, room) for side in (before, after)]
        return line(" ", Span("A ", Tone.SIDE_A), names[0], "   ", Span("B ", Tone.SIDE_B), names[1])
    values = [side.value if side else "" for side in elements]
    moved = f"   {values[0]} {glyphs.arrow} {values[1]}" if values[0] != values[1] else f"   {values[0]}"
    rest = [dim(f"  {glyphs.remark(named.kind)}"), Span(moved if any(values) else "")]
    room = look.width - 1 - sum(cell_width(part.text) for part in rest)
    return line(" ", bright(_named(named, glyphs, room)), *rest)


_BETWEEN = 8
"""Cells around two names: the letters of the sides and the spaces."""


def _named(element: Element, glyphs: Glyphs, room: int) -> str:
    """The name with its end, which tells tensors apart, where it is too long."""
    index = f" [{', '.join(map(str, element.index))}]" if element.index is not None else ""
    return f"{cut_start(glyphs.data(element.tensor), max(1, room - cell_width(index)))}{index}"


def differing_words(found: ByteComparison | None, glyphs: Glyphs) -> str:
    """`1 024 of 4 096 bytes differ in 3 ranges`."""
    if found is None:
        return ""
    if not found.differing:
        return "the bytes are the same" if found.complete else found.reason
    size = max(found.size_before, found.size_after)
    ranges = f"{found.range_count} range{'' if found.range_count == 1 else 's'}"
    said = f"{count(found.differing, glyphs)} of {count(size, glyphs)} bytes differ, {ranges}"
    return said if found.complete else f"{said}; {found.reason}"
