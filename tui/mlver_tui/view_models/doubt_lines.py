"""The two doubts about a difference, told apart for they disagree in real life: chance in the rows, and in seeds."""

from __future__ import annotations

from collections.abc import Iterator

from mlver.model.comparison import Comparison
from mlver_tui.view_models.flip_lines import flips_text, matched_texts
from mlver_tui.view_models.glyphs import UNICODE, Glyphs


def doubts(comparison: Comparison, glyphs: Glyphs = UNICODE) -> Iterator[tuple[str, str]]:
    """Name and sentence of each: `rows`, `11 fixed, 4 broken of 360 · p = 0.12: chance is not ruled out`."""
    predictions = comparison.predictions
    if predictions is None:
        return
    if said := flips_text(predictions, glyphs):
        yield "rows", said
    yield from (("", note) for note in matched_texts(predictions, glyphs))
