"""The first tab of Compare: did it help, what changed, where it starts."""

from __future__ import annotations

from collections.abc import Sequence

from mlver.model.comparison import Comparison
from mlver.model.metric import MetricDelta
from mlver_tui.view_models.belief import belief_lines, doubt_lines
from mlver_tui.view_models.compared import ComparedView
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.helped import helped_lines
from mlver_tui.view_models.metric_rows import (
    RESOURCES,
    metric_columns,
    metric_head,
    metric_line,
    metric_name,
    metric_texts,
)
from mlver_tui.view_models.numbers import percent
from mlver_tui.view_models.section_lines import section_lines
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.told import Told, told_line
from mlver_tui.view_models.where_lines import where_lines
from mlver_tui.view_models.why_lines import why_lines


def summary_lines(
    view: ComparedView, width: int, glyphs: Glyphs = UNICODE, *, is_beside_tree: bool = False
) -> list[Line]:
    """The whole tab. Beside the tree of everything it need not say what changed, and has room for the evidence."""
    comparison = view.comparison
    lines = [*_helped_lines(comparison, width, glyphs), EMPTY, *_measured_lines(comparison, width, glyphs)]
    if is_beside_tree:
        lines += [EMPTY, *belief_lines(comparison, width, glyphs)]
        lines += where_lines(comparison, width, glyphs)
    else:
        lines += doubt_lines(comparison, width, glyphs)
        lines += [EMPTY, line(bright(" WHAT CHANGED")), *section_lines(view.sections, width, glyphs)]
        lines.append(_first_step(comparison, width, glyphs))
    if said := why_lines(comparison.why, width - 1, glyphs, margin=" ", cells=_HEAD_CELLS - 1):
        lines += [EMPTY, *said]
    return [fitted(one, width) for one in (*lines, *_warning_lines(comparison, width, glyphs))]


def _measured_lines(comparison: Comparison, width: int, glyphs: Glyphs) -> list[Line]:
    lines: list[Line] = []
    measured = [delta for delta in comparison.metrics if delta.name not in RESOURCES]
    if measured:
        columns = metric_columns(measured, width - 2, glyphs)
        table = [metric_head(columns, width - 2, glyphs)]
        table += [metric_line(delta, columns, width - 2, glyphs) for delta in measured]
        lines += [(Span(" ", stays=True), *one) for one in table]
    used = [delta for delta in comparison.metrics if delta.name in RESOURCES]
    if used:
        lines.append(_used_line(used, width, glyphs))
    return lines


def _warning_lines(comparison: Comparison, width: int, glyphs: Glyphs) -> list[Line]:
    lines = [
        line(Span(f" {part}", Tone.WARNING))
        for note in comparison.notes
        for part in wrapped(f"! {glyphs.remark(note)}", width - 1)
    ]
    if not comparison.complete:
        lines.append(line(Span(f" {glyphs.incomplete} incomplete: a limit was hit", Tone.WARNING)))
    return lines


_HEAD_CELLS = 15


def _helped_lines(comparison: Comparison, width: int, glyphs: Glyphs) -> list[Line]:
    first, *rest = helped_lines(comparison, max(20, width - _HEAD_CELLS - 1), glyphs)
    return [line(bright(" DID IT HELP   "), first), *(line(" " * _HEAD_CELLS, part) for part in rest)]


def _used_line(deltas: Sequence[MetricDelta], width: int, glyphs: Glyphs) -> Line:
    """What the runs used, on one line: nobody decides by it, and the tab of metrics has it as rows."""
    told = []
    for delta in deltas:
        before, after, _ = metric_texts(delta, glyphs)
        sides = after if before == after else f"{before or 'none'} {glyphs.arrow} {after or 'none'}"
        relative = percent(delta.relative, glyphs) if delta.absolute else ""
        name = line(f"{metric_name(delta.name, glyphs)} ", sides)
        told.append(Told(name=name, said=line(dim(f" {relative}")) if relative else EMPTY))
    return line(dim(f" {glyphs.dot} used  "), *told_line(told, 0, max(1, width - 10), glyphs.dot))


def _first_step(comparison: Comparison, width: int, glyphs: Glyphs) -> Line:
    if comparison.first_step is None:
        return fitted(line(dim(" no step differs, or it is not known")), width)
    why = f" ({glyphs.remark(comparison.first_step_why)})" if comparison.first_step_why else ""
    return fitted(line(" first step that differs: ", bright(glyphs.data(comparison.first_step)), why), width)
