"""The table that `mlver list` prints: which columns it has, and its lines."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from mlver.errors import BadArgument
from mlver.model.nearest import did_you_mean, nearest_keys
from mlver.model.version import Listing, VersionRow
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.ledger_lines import BADGE_WIDTH, badge, stages_named
from mlver_tui.view_models.nesting import under_their_parents
from mlver_tui.view_models.spans import EMPTY, Line, Span, dim, line
from mlver_tui.view_models.tables import aligned, natural_width
from mlver_tui.view_models.text import cut
from mlver_tui.view_models.version_columns import BUILT_IN, USUAL
from mlver_tui.view_models.version_fields import (
    METRIC,
    Values,
    metric_of,
    metrics_of,
    of_metric,
    of_param,
    param_of,
    params_of,
)
from mlver_tui.view_models.version_rows import VersionTable, version_table, with_columns

if TYPE_CHECKING:
    from mlver.project import Filters

_SHORT = {"m.": "metric.", "p.": "param."}


class Columns(Struct, frozen=True, kw_only=True):
    """The columns on the right of WHY."""

    names: tuple[str, ...] = USUAL
    values: Values = field(default_factory=dict)
    """Of the params among them."""


_USUAL = Columns()


def columns_of(text: str, rows: Sequence[VersionRow], filters: Filters) -> Columns:
    """The columns that were asked for: `metric,stage,param.optimiser.lr`.

    Raises:
        BadArgument: there is none of that name; the hint names the nearest.
    """
    names = [_long(name) for part in text.split(",") if (name := part.strip())]
    values = filters.param_values(rows, params_of(names)) if params_of(names) else {}
    for name in names:
        if not _is_there(name, rows, values):
            there_are = f"there are {', '.join(BUILT_IN)}, metric.NAME, param.NAME"
            raise BadArgument(f"there is no column {name}", hint=_nearest(name, rows, filters) or there_are)
    return Columns(names=tuple(dict.fromkeys(names)), values=values)


def _long(name: str) -> str:
    return _SHORT.get(name[:2], name[:2]) + name[2:]


def _is_there(name: str, rows: Iterable[VersionRow], values: Values) -> bool:
    if (metric := metric_of(name)) is not None:
        return any(metric in row.metrics for row in rows)
    if (param := param_of(name)) is not None:
        return bool(values.get(param))
    return name in BUILT_IN


def _nearest(name: str, rows: Sequence[VersionRow], filters: Filters) -> str:
    if (metric := metric_of(name)) is not None:
        return did_you_mean(map(of_metric, nearest_keys(metric, metrics_of(rows))))
    if (param := param_of(name)) is not None:
        return did_you_mean(map(of_param, nearest_keys(param, filters.param_names(rows))))
    return did_you_mean(nearest_keys(name, BUILT_IN))


def list_lines(
    listing: Listing, rows: Sequence[VersionRow], glyphs: Glyphs, width: int | None, columns: Columns = _USUAL
) -> list[Line]:
    """The table; versions of several models have a column that says whose they are. Without a width nothing is cut.

    Runs inside another stand under it, as in the explorer: their sign would name whatever is above them.
    """
    rows = under_their_parents(list(rows))
    by_key = {row.key: row for row in (*listing.rows, *listing.kin)}
    table = version_table(rows, find=by_key.get, now=time.time(), glyphs=glyphs)
    table = with_columns(table, columns.names, rows, columns.values)
    start = 1 if table.longest_model else 0
    first = start + 3
    right = {first + place for place, name in enumerate(table.told_columns) if _is_right(table, name)}
    cells = [_head(table), *(_cells(table, row, width) for row in rows)]
    if width and table.longest_stage > BADGE_WIDTH:
        whole = [_head(table), *(_cells(table, row, width, table.longest_stage) for row in rows)]
        cells = whole if natural_width(whole) <= width else cells
    return aligned(cells, right={start + 1, *right}, flexible=start + 2, width=width)


def _is_right(table: VersionTable, column: str) -> bool:
    return column == METRIC or (column in table.texts and table.texts[column].is_right)


def _head(table: VersionTable) -> list[Line]:
    against = "vs parent" if table.glyphs.is_ascii else "Δ parent"
    heads = {"strip": "CDPEHS", METRIC: table.heading, "delta": against, "replay": "RE", "stage": "STAGE"}
    heads |= {name: column.head for name, column in table.texts.items()}
    texts = [
        *(["MODEL"] if table.longest_model else []),
        "NAME",
        "AGE",
        "WHY",
        *(heads[name] for name in table.told_columns),
    ]
    return [line(dim(text)) for text in texts]


def _cells(table: VersionTable, row: VersionRow, width: int | None, stage_width: int = BADGE_WIDTH) -> list[Line]:
    cells = table.cells(row)
    model = Span(table.glyphs.data(row.model))
    # The sign stands immediately left of its number, and a list of them must stay a column.
    delta = line(Span(cells.delta_sign.text + " ", cells.delta_sign.tone), cells.delta) if cells.delta.text else EMPTY
    stages = badge(row.stages, table.glyphs, stage_width) if width else stages_named(row.stages, table.glyphs)
    parts = {"strip": cells.strip, METRIC: line(cells.value), "delta": delta, "replay": line(cells.replay)}
    parts |= {"stage": line(stages), **{name: line(column.cell(row)) for name, column in table.texts.items()}}
    return [
        *([line(_cut(model, table.model_width(width) if width else None))] if table.longest_model else []),
        line(_cut(cells.name, table.name_width(width) if width else None)),
        line(cells.age),
        cells.why,
        *(parts[name] for name in table.told_columns),
    ]


def _cut(name: Span, width: int | None) -> Span:
    """At a terminal long names leave room for what else there is to say; a pipe gets them whole."""
    return Span(cut(name.text, width), name.tone) if width else name
