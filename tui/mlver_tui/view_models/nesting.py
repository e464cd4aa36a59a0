"""Runs of MLflow that were started inside another: which they are, and how they stand under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mlver.model.source_names import MLFLOW
from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount, decimals_of, metric_value
from mlver_tui.view_models.spans import Line, Span, bright, dim, line

if TYPE_CHECKING:
    from mlver_tui.view_models.detail import Detail

_MOST_NAMED = 50


def is_nested(row: VersionRow) -> bool:
    """Whether it was started inside another run: of no other tool is that what a parent means."""
    return row.parent is not None and row.source == MLFLOW


def nested_in(row: VersionRow, rows: Iterable[VersionRow]) -> tuple[VersionRow, ...]:
    """The runs right inside one, in the order they have among the rows."""
    return tuple(one for one in rows if one.parent == row.key and is_nested(one)) if row.source == MLFLOW else ()


def under_their_parents(rows: list[VersionRow]) -> list[VersionRow]:
    """Each nested run behind the one it is in, where that is among the rows, and as deep as they go."""
    if not any(is_nested(row) for row in rows):
        return rows
    here = {row.key for row in rows}
    inside: dict[str, list[VersionRow]] = {}
    tops: list[VersionRow] = []
    for row in rows:
        if row.parent in here and is_nested(row):
            inside.setdefault(row.parent or "", []).append(row)
        else:
            tops.append(row)
    found = list(_with_inner(tops, inside))
    # Runs that are in each other, which only a damaged store says, have no top to stand under.
    reached = {row.key for row in found}
    return [*found, *(row for row in rows if row.key not in reached)]


def _with_inner(tops: Sequence[VersionRow], inside: dict[str, list[VersionRow]]) -> Iterator[VersionRow]:
    """Without recursion: a store can nest as deep as it likes."""
    waiting = list(reversed(tops))
    while waiting:
        row = waiting.pop()
        yield row
        waiting += reversed(inside.get(row.key, ()))


def nesting_lines(detail: Detail, width: int | None) -> list[Line]:
    """What the run was started in, and what was started in it, with what each came to."""
    from mlver_tui.view_models.tables import aligned  # the list, which asks who is nested, needs none

    row, glyphs = detail.row, detail.glyphs
    lines: list[Line] = []
    if is_nested(row) and detail.nested_in:
        said = _cells(detail.nested_in, glyphs)
        lines.append(line(dim("nested in  "), *(span for cell in said for span in (*cell, Span("  ")))))
    if inner := detail.nested:
        values = [metric.value for one in inner if (metric := one.primary_metric)]
        cells = [_cells(one, glyphs, decimals_of(values)) for one in inner[:_MOST_NAMED]]
        lines.append(line(dim(f"{amount(len(inner), 'run', glyphs)} nested in it")))
        lines += [(Span(f"{glyphs.nested} "), *one) for one in aligned(cells, flexible=2, width=width and width - 2)]
        if more := len(inner) - len(cells):
            lines.append(line(dim(f"  and {more} more")))
    return lines


def _cells(row: VersionRow, glyphs: Glyphs = UNICODE, decimals: int = 0) -> list[Line]:
    metric = row.primary_metric
    value = metric_value(metric.value, decimals or decimals_of([metric.value]), glyphs) if metric else ""
    measured = line(dim(f"{glyphs.data(row.primary or '')} "), value) if metric else line()
    name = glyphs.data(row.name or row.commit[:8])
    return [line(bright(name)), measured, line(glyphs.remark(row.title))]
