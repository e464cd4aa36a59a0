"""Runs of one recipe with other seeds, held against those of another: a line for each metric."""

from __future__ import annotations

from collections.abc import Sequence

from mlver.model.comparison import Comparison
from mlver.model.metric import MetricDelta
from mlver.model.spread import MetricSpread, Sample
from mlver_tui.view_models.flip_lines import p_text
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import metric_name
from mlver_tui.view_models.numbers import count, decimals_of, number
from mlver_tui.view_models.spans import EMPTY, Line, bright, dim, line
from mlver_tui.view_models.tables import aligned

_WIDE_FROM = 96
"""Cells with room for how far the means are apart too; that of the first metric stands in the sentence above."""
_LEAST_CELLS = 74
"""Below that there is the sentence alone."""
_FEWEST = 2
"""Runs that have a spread."""


def spread_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Mean, standard deviation and runs of both sides, t, degrees of freedom, p; none without two runs or room."""
    spread = comparison.spread
    deltas = {delta.name: delta for delta in comparison.metrics}
    told = [one for one in (spread.metrics if spread else ()) if max(one.before.n, one.after.n) >= _FEWEST]
    if not told or width < _LEAST_CELLS:
        return []
    is_wide = width >= _WIDE_FROM
    heads = ["  METRIC", "A MEAN", "SD", "RUNS", "B MEAN", "SD", "RUNS", *([glyphs.delta] if is_wide else [])]
    rows = [[line(dim(head)) for head in (*heads, "T", "DF", "P")]]
    rows += [_cells(one, deltas.get(one.metric), glyphs, is_wide=is_wide) for one in told]
    title = line(bright("SEEDS"), dim("   runs that differ by their seeds alone"))
    return [EMPTY, title, *aligned(rows, right=set(range(1, len(rows[0]))), flexible=0, width=width)]


def _cells(found: MetricSpread, delta: MetricDelta | None, glyphs: Glyphs, *, is_wide: bool) -> list[Line]:
    decimals = decimals_of([delta.before, delta.after] if delta else [found.before.mean, found.after.mean])
    moved = "" if found.difference is None else number(found.difference, decimals, sign=True, glyphs=glyphs)
    tested = [
        "" if found.t is None else number(found.t, 2, sign=True, glyphs=glyphs),
        "" if found.df is None else number(found.df, 0 if float(found.df).is_integer() else 1, glyphs=glyphs),
        "" if found.p is None else p_text(found.p).removeprefix("p ").removeprefix("= "),
    ]
    samples = [text for side in (found.before, found.after) for text in _sample(side, decimals, glyphs)]
    texts = [*samples, *([moved] if is_wide else []), *tested]
    return [line(f"  {metric_name(found.metric, glyphs)}"), *(line(text) for text in texts)]


def _sample(side: Sample, decimals: int, glyphs: Glyphs) -> Sequence[str]:
    mean, sd = ("" if one is None else number(one, decimals, glyphs=glyphs) for one in (side.mean, side.sd))
    return mean, sd, count(side.n, glyphs)
