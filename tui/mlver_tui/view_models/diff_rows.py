"""A unified diff as lines with both line numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cell_width, chunks, sanitise_lines, without_start

GUTTER = 14
"""Cells of the line numbers and the sign."""

_TONES = {
    LineKind.SAME: Tone.PLAIN,
    LineKind.ADDED: Tone.ADDED,
    LineKind.REMOVED: Tone.REMOVED,
    LineKind.GAP: Tone.DIM,
}


def diff_head(path: str, diff: TextDiff, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`prepare.py   +21 −9`, and what a reader must know of the whole."""
    said = line(
        " ",
        bright(glyphs.data(path)),
        "   ",
        Span(f"+{diff.added} ", Tone.ADDED),
        Span(f"{glyphs.minus}{diff.removed}", Tone.REMOVED),
        Span(f"   {glyphs.incomplete} lines are left out: a limit was hit" if not diff.complete else "", Tone.WARNING),
    )
    return fitted(said, width)


def diff_notes(diff: TextDiff) -> tuple[str, ...]:
    """What stands in the place of lines, or beside them."""
    if diff.is_same:
        return ("both sides hold the same bytes",)
    if diff.is_binary:
        return ("a side is no text: the Files tab compares bytes", *diff.notes)
    return diff.notes


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A line of the diff, or a part of one that is wrapped."""

    place: int
    """The line's, among all."""
    part: int
    line: DiffLine


def diff_rows(diff: TextDiff, wrap_at: int | None, glyphs: Glyphs = UNICODE) -> tuple[DiffRow, ...]:
    """The rows of the diff: a line each, or as many as it fills in so many cells."""
    if wrap_at is None:
        return tuple(DiffRow(place, 0, one) for place, one in enumerate(diff.lines))
    room = wrap_at - GUTTER
    return tuple(
        DiffRow(place, part, replace(one, text=text))
        for place, one in enumerate(diff.lines)
        for part, text in enumerate(chunks(_shown(one, glyphs), room))
    )


def longest_line(diff: TextDiff, glyphs: Glyphs = UNICODE) -> int:
    """The cells of the longest line."""
    return max((cell_width(_shown(one, glyphs)) for one in diff.lines), default=0)


def _shown(one: DiffLine, glyphs: Glyphs) -> str:
    return glyphs.data(" ".join(sanitise_lines(one.text)) if one.text else "")


def diff_line(row: DiffRow, width: int, left_out: int = 0, glyphs: Glyphs = UNICODE) -> Line:
    """One row of the diff, without so many cells of its beginning."""
    one = row.line
    tone, shown = _TONES[one.kind], _shown(one, glyphs)
    if one.kind is LineKind.GAP:
        return fitted((dim(f"            {glyphs.dot * 3} {shown}"),), width)
    if row.part:
        return fitted((Span(" " * GUTTER), Span(shown, tone)), width)
    sign = {LineKind.ADDED: "+", LineKind.REMOVED: glyphs.minus, LineKind.SAME: " "}[one.kind]
    numbers = f"{one.before or '':>5} {one.after or '':>5} "
    return fitted((dim(numbers), Span(f"{sign} ", tone), Span(without_start(shown, left_out), tone)), width)
