"""A text diff as lines."""

from __future__ import annotations

from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line

_SIGNS = {LineKind.SAME: " ", LineKind.ADDED: "+", LineKind.REMOVED: "-", LineKind.GAP: " "}
_TONES = {
    LineKind.SAME: Tone.PLAIN,
    LineKind.ADDED: Tone.ADDED,
    LineKind.REMOVED: Tone.REMOVED,
    LineKind.GAP: Tone.DIM,
}
_TAB = 4


def text_diff_lines(path: str, diff: TextDiff, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The file's name with its counts, its lines, and what else must be known."""
    counts = "binary" if diff.is_binary else f"+{diff.added} {glyphs.minus}{diff.removed}"
    notes = [line(Span(f"! {glyphs.data(note)}", Tone.WARNING)) for note in diff.notes]
    end = [] if diff.complete else [line(Span(f"{glyphs.incomplete} incomplete: a limit was hit", Tone.WARNING))]
    return [
        line(bright(glyphs.data(path)), dim(f"  {counts}")),
        *(_line(one, glyphs) for one in diff.lines),
        *notes,
        *end,
    ]


def _line(one: DiffLine, glyphs: Glyphs) -> Line:
    text = glyphs.data(one.text.expandtabs(_TAB))
    return (Span(f"{_SIGNS[one.kind]}{text}", _TONES[one.kind]),)
