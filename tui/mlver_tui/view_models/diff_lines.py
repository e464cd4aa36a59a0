"""The rows of a text diff as lines: line numbers, a sign, the text with what differs in it marked."""

from __future__ import annotations

from collections.abc import Iterator

from mlver.model.text_diff import LineKind, TextDiff
from mlver_tui.view_models.code_runs import coloured
from mlver_tui.view_models.diff_rows import NO_LINE, DiffLook, DiffText, Entry
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, spread
from mlver_tui.view_models.text import cell_width, chunks, without_start

_NUMBERS, _NUMBER, _SIGN = 12, 6, 2
GUTTER = _NUMBERS + _SIGN
"""Cells of the line numbers and the sign, in one column."""
SIDE_GUTTER = _NUMBER + _SIGN

_TONES = {LineKind.ADDED: Tone.ADDED, LineKind.REMOVED: Tone.REMOVED}


def text_room(width: int, *, is_side_by_side: bool) -> int:
    """The cells of the text of a line."""
    return max(4, (width - 1) // 2 - SIDE_GUTTER if is_side_by_side else width - GUTTER)


def diff_head(path: str, diff: TextDiff, width: int, glyphs: Glyphs = UNICODE, said: str = "") -> Line:
    """`prepare.py   +21 −9`, what a reader must know of the whole, and on the right how it is shown."""
    left = line(
        " ",
        bright(glyphs.data(path)),
        "   ",
        Span(f"+{diff.added} ", Tone.ADDED),
        Span(f"{glyphs.minus}{diff.removed}", Tone.REMOVED),
        Span(f"   {glyphs.incomplete} lines are left out: a limit was hit" if not diff.complete else "", Tone.WARNING),
    )
    return fitted(spread(left, line(dim(f"{said} ")) if said else EMPTY, width), width)


def diff_notes(diff: TextDiff) -> tuple[str, ...]:
    """What stands in the place of lines, or beside them."""
    if diff.is_same:
        return ("both sides hold the same bytes",)
    if diff.is_binary:
        return ("a side is no text: the Files tab compares bytes", *diff.notes)
    return diff.notes


def diff_line(text: DiffText, entry: Entry, width: int, look: DiffLook, left_out: int = 0) -> Line:
    """One row; of lines that are not wrapped without so many cells of their beginning."""
    glyphs = text.glyphs
    if entry.hidden or text.diff.lines[entry.place].kind is LineKind.GAP:
        said = f"{entry.hidden} same" if entry.hidden else text.shown[entry.place]
        return fitted((dim(f"{' ' * _NUMBERS}{glyphs.dot * 3} {said}"),), width)
    if not look.is_side_by_side:
        return fitted((*_numbers(text, entry), *_text(text, entry.place, entry.part, look, left_out)), width)
    half = (width - 1) // 2
    left, right = (
        fitted(_side(text, place, entry.part, look, left_out, is_left=is_left), half)
        for place, is_left in ((entry.left, True), (entry.right, False))
    )
    return fitted((*left, dim(glyphs.bar_line), *right), width)


def _side(text: DiffText, place: int, part: int, look: DiffLook, left_out: int, *, is_left: bool) -> Line:  # noqa: PLR0913 - a cell of two
    if place == NO_LINE:
        return EMPTY
    one = text.diff.lines[place]
    number = "" if part else (one.before if is_left else one.after) or ""
    return (dim(f"{number:>5} "), _sign(text, place, part), *_text(text, place, part, look, left_out))


def _numbers(text: DiffText, entry: Entry) -> Line:
    one = text.diff.lines[entry.place]
    numbers = " " * _NUMBERS if entry.part else f"{one.before or '':>5} {one.after or '':>5} "
    return dim(numbers), _sign(text, entry.place, entry.part)


def _sign(text: DiffText, place: int, part: int) -> Span:
    kind = text.diff.lines[place].kind
    sign = {LineKind.ADDED: "+", LineKind.REMOVED: text.glyphs.minus}.get(kind, " ")
    return Span(f"{' ' if part else sign} ", _TONES.get(kind, Tone.PLAIN))


def _text(text: DiffText, place: int, part: int, look: DiffLook, left_out: int) -> Line:
    """The text of a line or of a part of it: what differs in its hue, what does not dim."""
    spans = tuple(_looks(text, place))
    if look.room is None:
        return _from(spans, left_out) if left_out else spans
    parts = chunks(text.shown[place], look.room)
    before = sum(map(len, parts[:part]))
    return _characters(spans, before, before + len(parts[part])) if part < len(parts) else EMPTY


def _looks(text: DiffText, place: int) -> Iterator[Span]:
    """A line of code has its colours, save the pieces in which a changed line differs: their hue says more."""
    hue, runs = _TONES.get(text.diff.lines[place].kind), text.runs[place]
    if hue is None:
        yield from coloured(text.shown[place], 0, runs, Tone.PLAIN)
        return
    pieces, at = text.pieces(place), 0
    for piece, differs in pieces:
        if differs and len(pieces) > 1:
            yield Span(piece, hue)
        else:
            yield from coloured(piece, at, runs, hue if differs else Tone.DIM)
        at += len(piece)


def _characters(spans: Line, start: int, end: int) -> Line:
    """The characters from `start` to `end` of a line."""
    kept, at = [], 0
    for span in spans:
        piece = span.text[max(0, start - at) : max(0, end - at)]
        at += len(span.text)
        if piece:
            kept.append(Span(piece, span.tone))
    return tuple(kept)


def _from(spans: Line, cells: int) -> Line:
    """A line without its first cells."""
    kept, left = [], cells
    for span in spans:
        size = cell_width(span.text)
        if left < size:
            kept.append(Span(without_start(span.text, left), span.tone))
        left = max(0, left - size)
    return tuple(kept)
