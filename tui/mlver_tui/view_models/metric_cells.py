"""A version's metrics as a table: what it has, and how each one moved against another version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlver.model.metric import metric_delta
from mlver_tui.view_models.numbers import decimals_of, metric_value, number, percent
from mlver_tui.view_models.spans import EMPTY, Line, Span, dim, label, line, width_of
from mlver_tui.view_models.tables import GAP, aligned
from mlver_tui.view_models.text import cut
from mlver_tui.view_models.version_rows import judgement_tone

if TYPE_CHECKING:
    from mlver_tui.view_models.detail import Detail

_NAME, _VALUE, _UNIT, _SIGN, _DELTA, _RELATIVE = _COLUMNS = range(6)
"""The unit stands beside the value: behind the percents it would seem to be theirs."""
_RIGHT = {_VALUE, _DELTA, _RELATIVE}
_LONGEST_UNIT = 8
_TITLE = label("METRIC")


def metric_table(detail: Detail, width: int | None, *, title: Span = _TITLE) -> list[Line]:
    """Every metric, the primary one first. Where it is narrow the percents go, then the units, before a name is cut."""
    row = detail.row
    rows = [_cells(detail, name) for name in sorted(row.metrics, key=lambda name: name != row.primary)]
    kept = [column for column in _COLUMNS if any(cells[column] for cells in rows)]
    rows.insert(0, _head(detail, title))
    for column in (_RELATIVE, _UNIT):
        if width is not None and column in kept and _width(rows, kept) > width:
            kept.remove(column)
    right = {place for place, column in enumerate(kept) if column in _RIGHT}
    return aligned([[cells[column] for column in kept] for cells in rows], right=right, flexible=0, width=width)


def _width(rows: Sequence[Sequence[Line]], columns: Sequence[int]) -> int:
    return sum(max(width_of(cells[column]) for cells in rows) + len(GAP) for column in columns) - len(GAP)


def _head(detail: Detail, title: Span) -> list[Line]:
    glyphs = detail.glyphs
    against = f"{glyphs.delta} {glyphs.data(detail.against_name)}" if detail.against else ""
    return [line(title), *(line(dim(text)) for text in ("VALUE", "", "", against, ""))]


def _cells(detail: Detail, name: str) -> list[Line]:
    glyphs, metric = detail.glyphs, detail.row.metrics[name]
    before = detail.against.metrics.get(name) if detail.against else None
    decimals = decimals_of([metric.value, before.value if before else None])
    star = f" {glyphs.star}" if metric.meaning.primary else ""
    cells = [
        line(Span(glyphs.data(name) + star, stays=True)),
        line(metric_value(metric.value, decimals, glyphs) or "null"),
        line(dim(cut(glyphs.data(metric.meaning.unit), _LONGEST_UNIT))),
    ]
    if before is None:
        return [*cells, EMPTY, EMPTY, EMPTY]
    delta = metric_delta(name, before, metric)
    tone = judgement_tone(delta.judgement)
    absolute = "" if delta.absolute is None else number(delta.absolute, decimals, sign=True, glyphs=glyphs)
    sign, relative = glyphs.judgement[delta.judgement], percent(delta.relative, glyphs)
    return [*cells, line(Span(sign, tone)), line(Span(absolute, tone)), line(dim(relative))]
