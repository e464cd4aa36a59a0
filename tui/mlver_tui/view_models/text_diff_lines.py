"""A text diff as lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.view_models.code_runs import Runs, coloured
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


def text_diff_lines(
    path: str, diff: TextDiff, glyphs: Glyphs = UNICODE, lexer: Callable[[Sequence[str]], list[Runs]] | None = None
) -> list[Line]:
    """The file's name with its counts, its lines, and what else must be known.

    `lexer`: finds what of code has a look of its own, in the lines that are the same; a hue says more of the others.
    """
    texts = [glyphs.data(one.text.expandtabs(_TAB)) for one in diff.lines]
    runs = lexer(texts) if lexer else [()] * len(texts)
    counts = "binary" if diff.is_binary else f"+{diff.added} {glyphs.minus}{diff.removed}"
    notes = [line(Span(f"! {glyphs.data(note)}", Tone.WARNING)) for note in diff.notes]
    end = [] if diff.complete else [line(Span(f"{glyphs.incomplete} incomplete: a limit was hit", Tone.WARNING))]
    return [
        line(bright(glyphs.data(path)), dim(f"  {counts}")),
        *(_line(one, text, has) for one, text, has in zip(diff.lines, texts, runs, strict=True)),
        *notes,
        *end,
    ]


def _line(one: DiffLine, text: str, runs: Runs) -> Line:
    if one.kind is LineKind.SAME and runs:
        return Span(_SIGNS[one.kind]), *coloured(text, 0, runs, Tone.PLAIN)
    return (Span(f"{_SIGNS[one.kind]}{text}", _TONES[one.kind]),)
