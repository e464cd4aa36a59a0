"""Curves: read from a history, held against each other at the same step."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mlver.errors import DocumentInvalid
from mlver.model.curve import EPOCH_COLUMN, TIME_COLUMNS, Curve, axis_of, moments_of

if TYPE_CHECKING:
    import polars as pl

STEP_COLUMNS = ("step", "epoch", "iteration", "global_step")
"""Names of the column that says where on the x axis a row is; the first that is there counts."""

_HINT = "a history has the columns step, metric, value, or step and one column per metric"


class HistoryLimits(Struct, frozen=True, kw_only=True):
    """How much of a history is read."""

    max_bytes: int = 64 << 20
    max_curves: int = 1000


USUAL = HistoryLimits()


def read_history(content: bytes, *, name: str, limits: HistoryLimits = USUAL) -> tuple[Curve, ...]:
    """The curves of a CSV file, in the order they first occur; an empty file has none.

    Long form: `step, metric, value` and perhaps `context`. Wide form: `step` and one column per metric; an empty cell
    is no row there, and a column without any number is no metric. Steps and values stay in the order of the file.
    A column `epoch` or `timestamp` beside the steps is another axis and no metric; so is `time`, which stays a metric
    too, for it may be how long a step took. What is no number is counted in `skipped`. Raises DocumentInvalid for what
    is no such table.
    """
    import polars as pl

    is_cut = len(content) > limits.max_bytes
    if is_cut:
        content = content[: content.rfind(b"\n", 0, limits.max_bytes) + 1]
    if not content.strip():
        return ()
    try:
        return _read(content, name, limits, is_cut=is_cut)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:  # the latter is a BaseException
        reason = str(error).strip().partition("\n")[0]
        raise DocumentInvalid(f"not a table: {reason}", name=name, hint=_HINT) from error


def _read(content: bytes, name: str, limits: HistoryLimits, *, is_cut: bool) -> tuple[Curve, ...]:
    table = _table(content)
    columns = {column.strip().lower(): column for column in reversed(table.columns)}
    step = next((columns[known] for known in STEP_COLUMNS if known in columns), None)
    if step is None:
        raise DocumentInvalid(f"no column is called {' or '.join(STEP_COLUMNS)}", name=name, line=1, hint=_HINT)
    table = table.with_columns(_axes(step, columns))
    is_long = "metric" in columns and "value" in columns
    rows = _long_rows(table, columns) if is_long else _wide_rows(table, step)
    curves = _curves(rows, is_complete=not is_cut)
    if len(curves) > limits.max_curves:
        return tuple(replace(curve, complete=False) for curve in curves[: limits.max_curves])
    return curves


def _table(content: bytes) -> pl.DataFrame:
    """All cells as text: guessing types from the first rows fails on the row that is different."""
    import polars as pl

    return pl.read_csv(
        io.BytesIO(content),
        infer_schema=False,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
        raise_if_empty=False,
    )


_STEP, _EPOCH, _TIME = "\0step", "\0epoch", "\0time"
"""Columns made of others, under names that no file has."""
_AXES = (_STEP, _EPOCH, _TIME)
_NEVER_METRICS = {EPOCH_COLUMN, "timestamp", "wall_time"}


def _axes(step: str, columns: dict[str, str]) -> list[pl.Expr]:
    """The places of a row on every axis, as numbers."""
    import polars as pl

    time = next((columns[known] for known in TIME_COLUMNS if known in columns), None)
    of_axis = {_STEP: step, _EPOCH: columns.get(EPOCH_COLUMN), _TIME: time}
    return [(_number(name) if name else pl.lit(None, pl.Float64)).alias(axis) for axis, name in of_axis.items()]


def _long_rows(table: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    import polars as pl

    context = pl.col(columns["context"]).fill_null("") if "context" in columns else pl.lit("")
    return table.select(
        *_AXES,
        metric=pl.col(columns["metric"]).fill_null(""),
        context=context,
        value=_number(columns["value"]),
    )


def _wide_rows(table: pl.DataFrame, step: str) -> pl.DataFrame:
    """One row per cell, only of columns that hold a number somewhere."""
    import polars as pl

    others = [
        column
        for column in table.columns
        if column not in {step, *_AXES} and column.strip().lower() not in _NEVER_METRICS
    ]
    # A column may be called `*` or `^.*$`, which polars takes for all of them.
    called = {f"\0{place}": column for place, column in enumerate(others)}
    table = pl.DataFrame([*(table[axis] for axis in _AXES), *(table[was].alias(name) for name, was in called.items())])
    metrics = [name for name in called if table.select(_number(name).is_not_null().any()).item()]
    if not metrics:
        return pl.DataFrame(
            schema={"metric": pl.String, "context": pl.String, "value": pl.Float64, **dict.fromkeys(_AXES, pl.Float64)}
        )
    return (
        table.unpivot(metrics, index=_AXES, variable_name="metric", value_name="cell")
        .filter(pl.col("cell").is_not_null())
        .select(
            *_AXES, metric=pl.col("metric").replace(called).str.strip_chars(), context=pl.lit(""), value=_number("cell")
        )
    )


def _number(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)


def _curves(rows: pl.DataFrame, *, is_complete: bool) -> tuple[Curve, ...]:
    import polars as pl

    has_both = pl.col(_STEP).is_not_null() & pl.col(_STEP).is_not_nan() & pl.col("value").is_not_null()
    groups = rows.group_by("metric", "context", maintain_order=True).agg(
        *(pl.col(name).filter(has_both) for name in (*_AXES, "value")),
        (~has_both).sum().alias("skipped"),
    )
    return tuple(
        Curve(
            metric=metric,
            context=context,
            steps=tuple(steps),
            values=tuple(values),
            epochs=axis_of(epochs),
            times=moments_of(times),
            skipped=skipped,
            complete=is_complete,
        )
        for metric, context, steps, epochs, times, values, skipped in groups.iter_rows()
    )
