"""Where a difference lies: the slices that moved, and the first rows of the test set that became right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from mlver.model.comparison import Comparison
from mlver.model.metric import SliceDelta
from mlver.model.predictions import Predictions
from mlver_tui.view_models.chrome import rule_line
from mlver_tui.view_models.flip_table import flip_sentences
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import slice_lines
from mlver_tui.view_models.numbers import count
from mlver_tui.view_models.spans import EMPTY, Line, dim, line, text_of
from mlver_tui.view_models.text import cell_width

_MOST = 6
"""Slices, and rows."""
_FEWEST_ROWS = 2
"""Listed beside fewer slices: what stands below has the room."""
_LEAST_ROWS = 28
"""Cells worth listing rows in, beside the slices."""


def where_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Both beside each other where there is room, else the slices; nothing where nothing is known."""
    slices = _moved_slices(comparison)
    most = min(_MOST, max(_FEWEST_ROWS, len(slices))) if slices else _MOST
    rows = _row_lines(comparison.predictions, most, glyphs)
    named = _rows_named(comparison.predictions, glyphs)
    if not slices:
        return [EMPTY, rule_line(named, width, glyphs), *rows] if rows else []
    title = _slices_named(slices, len(comparison.slices), glyphs)
    alone = slice_lines(slices, width - 2, glyphs)
    cells = 3 + max(cell_width(text_of(one).rstrip()) for one in alone)
    if not rows or width - cells < _LEAST_ROWS:
        return [EMPTY, rule_line(title, width, glyphs), *(line(" ", *one) for one in alone)]
    left = [line(" ", *one) for one in slice_lines(slices, cells - 1, glyphs)]
    return [
        EMPTY,
        (*rule_line(title, cells, glyphs), *rule_line(named, width - cells, glyphs)),
        *((*one, *other) for one, other in zip_longest(left, rows, fillvalue=line(" " * cells))),
    ]


def _moved_slices(comparison: Comparison) -> list[SliceDelta]:
    """The slices that moved, the furthest first kept, in their own order: a table of all is in the tab of metrics."""
    moved = [row for row in comparison.slices if row.delta.absolute]
    kept = sorted(moved, key=lambda row: -abs(row.delta.absolute or 0.0))[:_MOST]
    return [row for row in comparison.slices if row in kept]


def _slices_named(rows: Sequence[SliceDelta], of_all: int, glyphs: Glyphs) -> str:
    """`recall by class · 6 of 10 · bar = B`; of several kinds only that they are slices."""
    kinds = {(row.metric, tuple(row.slice)) for row in rows}
    metric, keys = next(iter(kinds))
    said = glyphs.data(f"{metric} by {', '.join(keys)}") if len(kinds) == 1 else "by slice"
    return f"{said} {glyphs.dot} {len(rows)} of {of_all} {glyphs.dot} bar = B"


def _rows_named(predictions: Predictions | None, glyphs: Glyphs) -> str:
    """`fixed and broken (15)`."""
    tally = predictions.flips.tally if predictions and predictions.flips else None
    return f"fixed and broken ({count(tally.fixed + tally.broken, glyphs)})" if tally else ""


def _row_lines(predictions: Predictions | None, most: int, glyphs: Glyphs) -> list[Line]:
    """The first rows, and how many more there are."""
    flips = predictions.flips if predictions else None
    if flips is None or not flips.rows:
        return []
    lines = [line(" ", *one) for one in flip_sentences(flips.rows[:most], glyphs)]
    more = flips.tally.fixed + flips.tally.broken - len(lines)
    return [*lines, line(dim(f"   {glyphs.ellipsis} {count(more, glyphs)} more"))] if more else lines
