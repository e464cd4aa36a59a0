"""Dates and times in columns: of columns that are typed so, and of texts written as ISO 8601 has them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_DATE = len("2026-11-21")
_TO_MINUTES = len("2026-11-21 10:00")
_FORM = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z?)?$"


def is_typed_moment(kind: pl.DataType) -> bool:
    """Whether all values of a type are dates, or dates with times."""
    import polars as pl

    return kind.base_type() in {pl.Date, pl.Datetime}


def may_be_moments(column: pl.Series) -> bool:
    """Whether a column is of dates, or its first text is written as one; cheap."""
    if is_typed_moment(column.dtype):
        return True
    first = column.first(ignore_nulls=True)
    return isinstance(first, str) and re.match(_FORM, first) is not None


def as_moments(column: pl.Series) -> pl.Series:
    """Microseconds since 1970, of times with a zone in UTC; null where a text is no date."""
    import polars as pl

    if column.dtype == pl.String:
        column = _parsed(column)
    elif getattr(column.dtype, "time_zone", None):
        column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return column.cast(pl.Datetime("us"), strict=False).cast(pl.Int64)


def have_times(column: pl.Series) -> bool:
    """Whether any value is more than a day."""
    import polars as pl

    if column.dtype != pl.String:
        return column.dtype != pl.Date
    return bool((column.str.len_bytes() > _DATE).any())


def written_moment(microseconds: int, *, with_time: bool) -> str:
    """`2026-11-21`, or `2026-11-21 10:00:00`; by its number where it is in no year from 1 to 9999."""
    try:
        moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    except OverflowError:  # polars would panic
        return f"{microseconds} microseconds since 1970"
    written = moment.replace(tzinfo=None).isoformat(" ", "seconds")
    return written if with_time else written[:_DATE]


def _parsed(texts: pl.Series) -> pl.Series:
    import polars as pl

    text = pl.col("text").str.replace("T", " ", literal=True).str.strip_suffix("Z")
    whole = (
        pl.when(text.str.len_bytes() == _DATE)
        .then(text + " 00:00:00")
        .when(text.str.len_bytes() == _TO_MINUTES)
        .then(text + ":00")
        .otherwise(text)
    )
    moment = whole.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    is_one = pl.col("text").str.contains(_FORM)
    return texts.to_frame("text").select(pl.when(is_one).then(moment)).to_series()
