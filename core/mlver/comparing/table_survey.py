"""All that is found of a table in one pass over its batches: counts, digests of rows, labels, rows drawn for drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mlver.comparing.column_tally import ColumnTally, Read
from mlver.comparing.drawn_rows import DrawnRows
from mlver.comparing.moments import as_moments
from mlver.comparing.row_digests import RowDigests
from mlver.comparing.value_counts import ValueCounts, as_category

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

NUMBER, MOMENT, TEXT = "number ", "moment ", "text "
"""What the drawn cells of a column are held as, in front of its name."""


class Asked(Struct, frozen=True, kw_only=True):
    """What a survey is to find, besides what it counts of all columns."""

    schema: Mapping[str, pl.DataType]
    """Of all columns, by names that are no patterns to polars."""
    flat: tuple[str, ...]
    """Columns of single values: those whose rows are held against each other."""
    called_keys: tuple[str, ...] = ()
    label: str | None = None
    """The column whose values are counted."""
    most_values: int
    drawn: int
    """Rows to be drawn; 0: none."""


class TableSurvey:
    """What was found of the rows that were added."""

    def __init__(self, asked: Asked) -> None:
        self.tally = ColumnTally(asked.schema)
        self.digests = RowDigests(asked.flat, asked.called_keys)
        self.labels = ValueCounts(asked.most_values)
        self._asked = asked
        self._rows = DrawnRows(asked.drawn)

    def add(self, rows: Frame) -> None:
        """The next rows of the table."""
        read = self.tally.add(rows)
        self.digests.add(rows)
        if self._asked.label is not None:
            self.labels.add(rows[self._asked.label])
        if self._asked.drawn:
            self._draw(rows, read)

    def drawn(self) -> Mapping[str, pl.Series]:
        """The drawn cells, by what they are held as and their column; to be asked at the end.

        Without those of keys, and of a column whose texts were numbers or dates at first and then no longer.
        """
        return self._rows.drawn()

    def _draw(self, rows: Frame, read: Read) -> None:
        import polars as pl

        names = [name for name in self._asked.flat if name not in self.digests.maybe_keys]
        texts = [name for name in names if name not in read.numbers and name not in read.moments]
        cut = rows.select(as_category(pl.col(name)) for name in texts)
        self._rows.add(
            {NUMBER + name: read.numbers[name] for name in names if name in read.numbers}
            | {MOMENT + name: read.moments[name].cast(pl.Float64) for name in names if name in read.moments}
            | {TEXT + name: cut[name] for name in texts}
        )


def read_as(column: pl.Series, form: str) -> pl.Series:
    """The cells of a column as a survey holds them."""
    import polars as pl

    if form == MOMENT:
        return as_moments(column).cast(pl.Float64)
    return as_category(column) if form == TEXT else column.cast(pl.Float64, strict=column.dtype != pl.String)
