"""The tab of metrics: every delta, whether both sides were measured on the same data, and where the deltas lie."""

from __future__ import annotations

from mlver.model.change import Kind
from mlver.model.comparison import Comparison
from mlver_tui.view_models.answer_lines import answer_lines
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.helped import same_test_set
from mlver_tui.view_models.metric_rows import metric_columns, metric_head, metric_line, slice_lines
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, dim, fitted, line
from mlver_tui.view_models.tables import wrapped


def metrics_tab_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Metrics, those of slices under them, then what predictions and seeds say."""
    answers = answer_lines(comparison, width, glyphs)
    if not comparison.metrics:
        return [EMPTY, line(" ", dim("neither side has metrics")), *answers]
    columns = metric_columns(comparison.metrics, width - 2, glyphs)
    lines = [metric_head(columns, width - 2, glyphs)]
    lines += [metric_line(delta, columns, width - 2, glyphs) for delta in comparison.metrics]
    lines += _test_set(comparison, width - 2, glyphs)
    if comparison.slices:
        lines += [EMPTY, *slice_lines(comparison.slices, width - 2, glyphs)]
    return [*(fitted((Span(" ", stays=True), *one), width) for one in lines), *answers]


def _test_set(comparison: Comparison, width: int, glyphs: Glyphs) -> list[Line]:
    """Without it no delta says anything, so it stands right below them; loud where it is not the same."""
    tone = Tone.DIM if comparison.evaluation.kind is Kind.SAME else Tone.WARNING
    said = same_test_set(comparison, glyphs)
    return [line("  ", Span(part, tone)) for part in wrapped(said, width - 2)] if said else []
