"""What is counted of the columns of a table while it is read: missing values, and whether its texts are numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame
    Schema: TypeAlias = Mapping[str, pl.DataType]


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

    def add(self, rows: Frame) -> dict[str, pl.Series]:
        """The next rows. Gives as numbers the columns that are some: texts that are no numbers are null."""
        import polars as pl

        self.rows += rows.height
        for name, count in zip(rows.columns, rows.null_count().row(0), strict=True):
            self._nulls[name] += count
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
        """`integer`, `number`, `text`, `true/false`, or what the file calls it. Of CSV: what all its texts are."""
        import polars as pl

        kind = self._schema[name]
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
