"""A unified diff as lines with both line numbers."""

from __future__ import annotations

from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import sanitise_lines

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


def diff_line(one: DiffLine, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """One line of the diff."""
    tone = _TONES[one.kind]
    text = " ".join(sanitise_lines(one.text)) if one.text else ""
    shown = glyphs.data(text)
    if one.kind is LineKind.GAP:
        return fitted((dim(f"            {glyphs.dot * 3} {shown}"),), width)
    sign = {LineKind.ADDED: "+", LineKind.REMOVED: glyphs.minus, LineKind.SAME: " "}[one.kind]
    numbers = f"{one.before or '':>5} {one.after or '':>5} "
    return fitted((dim(numbers), Span(f"{sign} ", tone), Span(shown, tone)), width)
