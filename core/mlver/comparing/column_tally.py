"""What is counted of the columns of a table while it is read: missing values, and what its texts are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mlver.comparing.moments import as_moments, have_times, is_typed_moment, may_be_moments, written_moment

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame
    Schema: TypeAlias = Mapping[str, pl.DataType]


class Read(Struct, frozen=True):
    """What of some rows is more than texts, by column."""

    numbers: Mapping[str, pl.Series]
    moments: Mapping[str, pl.Series]
    """Microseconds."""


class ColumnTally:
    """Counts over all rows that were added; the names of columns may be no patterns to polars."""

    def __init__(self, schema: Schema) -> None:
        import polars as pl

        self.rows = 0
        self._schema = schema
        self._floats = [name for name, kind in schema.items() if kind.is_float()]
        self._texts = [name for name, kind in schema.items() if kind == pl.String]
        self._nulls = dict.fromkeys(schema, 0)
        self._nans = dict.fromkeys(schema, 0)
        # Columns whose texts were all numbers so far, and integers: one that was broken is not asked again.
        self._numbers, self._integers = set(self._texts), set(self._texts)
        self._moments = {name for name, kind in schema.items() if kind == pl.String or is_typed_moment(kind)}
        self._with_times: set[str] = set()
        self._spans: dict[str, tuple[int, int]] = {}

    def add(self, rows: Frame) -> Read:
        """The next rows. Gives the columns that are numbers, or dates, until now."""
        self.rows += rows.height
        for name, count in zip(rows.columns, rows.null_count().row(0), strict=True):
            self._nulls[name] += count
        numbers = self._add_numbers(rows)
        self._moments -= numbers.keys()
        return Read(numbers, self._add_moments(rows))

    def _add_numbers(self, rows: Frame) -> dict[str, pl.Series]:
        import polars as pl

        whole = rows.select(pl.col(name).cast(pl.Int64, strict=False) for name in self._texts if name in self._integers)
        self._integers = {name for name in whole.columns if whole[name].null_count() == rows[name].null_count()}
        # Texts that are no numbers are read as such too, for `nan` among them is a missing value.
        made = rows.select(
            (whole[name] if name in self._integers else pl.col(name)).cast(pl.Float64, strict=False).alias(name)
            for name in self._texts
        )
        self._numbers &= {name for name in made.columns if made[name].null_count() == rows[name].null_count()}
        self._add_nans(made)
        self._add_nans(rows.select(self._floats))
        typed = rows.select(pl.col(name).cast(pl.Float64) for name, kind in self._schema.items() if kind.is_numeric())
        numbers = {name: made[name] for name in made.columns if self.is_number(name)}
        return numbers | {name: typed[name] for name in typed.columns}

    def _add_moments(self, rows: Frame) -> dict[str, pl.Series]:
        found = {}
        for name in sorted(self._moments):
            column = rows[name]
            is_empty = column.null_count() == column.len()
            moments = as_moments(column) if is_empty or may_be_moments(column) else None
            if moments is None or moments.null_count() > column.null_count():
                self._moments.discard(name)
                continue
            if not is_empty:
                self._widen(name, column, moments)
            if self.is_moment(name):
                found[name] = moments
        return found

    def _widen(self, name: str, column: pl.Series, moments: pl.Series) -> None:
        least, most = moments.min(), moments.max()
        if isinstance(least, int) and isinstance(most, int):
            was = self._spans.get(name, (least, most))
            self._spans[name] = min(was[0], least), max(was[1], most)
        if have_times(column):
            self._with_times.add(name)

    def span(self, name: str) -> tuple[str, str] | None:
        """The first and the last of a column of dates; None: it is none, or holds no value."""
        if not self.is_moment(name):
            return None
        least, most = (written_moment(one, with_time=name in self._with_times) for one in self._spans[name])
        return least, most

    def is_moment(self, name: str) -> bool:
        """Whether all values so far are dates; of texts one must have been."""
        return name in self._moments and name in self._spans

    def known(self, name: str) -> int:
        """Rows that have a value there."""
        return self.rows - self._nulls[name]

    def missing(self, name: str) -> int:
        """Empty cells, nulls and NaN."""
        return self._nulls[name] + self._nans[name]

    def is_number(self, name: str) -> bool:
        """Whether all values so far are numbers."""
        return self._schema[name].is_numeric() or (name in self._numbers and self.known(name) > 0)

    def type_word(self, name: str) -> str:
        """`integer`, `number`, `date`, `text`, ..., or what the file calls it. Of CSV: what all its texts are."""
        import polars as pl

        kind = self._schema[name]
        if self.is_moment(name) or is_typed_moment(kind):
            return "date and time" if name in self._with_times or kind.base_type() == pl.Datetime else "date"
        if kind == pl.String and self.known(name):
            return "integer" if name in self._integers else "number" if name in self._numbers else "text"
        if kind.is_integer():
            return "integer"
        words = {pl.String: "text", pl.Boolean: "true/false", pl.Null: "empty"}
        return "number" if kind.is_float() or kind.is_decimal() else words.get(kind.base_type(), str(kind).lower())

    def _add_nans(self, numbers: Frame) -> None:
        import polars as pl

        if numbers.width:
            for name, count in numbers.select(pl.all().is_nan().sum()).row(0, named=True).items():
                self._nans[name] += count
