"""What one table holds: rows, types, missing values, duplicates, labels, and a sample of its columns.

Works on a lazy frame in passes that keep a batch at a time, so the file may be larger than memory; what is kept is
bounded by the constants here. Raises what polars raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from mlver.comparing.tables import is_called_key
from mlver.errors import Interrupted
from mlver.progress import ShouldStop, never

if TYPE_CHECKING:
    import polars as pl

    Lazy: TypeAlias = pl.LazyFrame
    Frame: TypeAlias = pl.DataFrame
    Expr: TypeAlias = pl.Expr

MOST_COLUMNS = 2_000
"""Of a wider table the first are looked at."""
SAMPLE_CELLS = 1 << 23
"""Cells that are held at once for drift; of a larger table rows are drawn."""
HASHED_ROWS = 1 << 25
"""Rows whose digests are held at once to find equal ones; of a longer table duplicates are not counted."""
TARGET_NAMES = ("label", "target", "class", "y")
"""What the column that is learned is called, in order of preference; nothing else says which one it is."""

_TEXT_KEPT = 200
"""Characters of a category."""
_DRAW = 2_654_435_761
"""Knuth's multiplicative hash: rows are drawn by their position, as if at random, and the same ones every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One column."""

    name: str
    type: str
    """`integer`, `number`, `text`, `true/false`, or what the file calls it. Of CSV: what all its texts are."""
    missing: int
    """Empty cells, nulls and NaN."""

    @property
    def is_number(self) -> bool:
        """Whether it has a mean."""
        return self.type in {"integer", "number"}


class TableProfile:
    """A table, asked once and answered in one pass each."""

    def __init__(self, table: Lazy, should_stop: ShouldStop = never) -> None:
        """`should_stop` is asked before each pass, which is not left before its end; then Interrupted is raised."""
        self._should_stop = should_stop
        import polars as pl

        schema = table.collect_schema()
        self.width = len(schema)
        self.schema = dict(list(schema.items())[:MOST_COLUMNS])
        self.names = tuple(self.schema)
        # A column may be called `*` or `^.*$`, which polars takes for all of them: here they are called by their place.
        self._table = table.select(pl.nth(place).alias(str(place)) for place in range(len(self.names)))
        self._places = {name: str(place) for place, name in enumerate(self.names)}
        self.flat = tuple(name for name, kind in self.schema.items() if not kind.is_nested() and not _is_object(kind))
        """Columns that hold no lists or records: those are counted and not looked into."""

    def read(self, table: Lazy) -> Frame:
        """The rows of a lazy frame, made batch by batch."""
        if self._should_stop():
            raise Interrupted("the comparison was stopped")
        return table.collect(engine="streaming")

    @cached_property
    def _counts(self) -> dict[str, int]:
        import polars as pl

        asked: list[Expr] = [pl.len().alias("rows")]
        for place, name in enumerate(self.names):
            counted = _counted(self._places[name], self.schema[name])
            asked += [one.alias(f"{place}.{what}") for what, one in counted.items()]
        found = self.read(self._table.select(asked))
        return {name: int(value or 0) for name, value in found.row(0, named=True).items()}

    @property
    def rows(self) -> int:
        """How many it has."""
        return self._counts["rows"]

    @cached_property
    def columns(self) -> dict[str, ColumnProfile]:
        """By name, in the table's order."""
        return {name: self._column(number, name) for number, name in enumerate(self.names)}

    def _column(self, number: int, name: str) -> ColumnProfile:
        counts = {what: self._counts.get(f"{number}.{what}", 0) for what in ("null", "nan", "integer", "number")}
        return ColumnProfile(
            name=name,
            type=_type_word(self.schema[name], self.rows - counts["null"], counts),
            missing=counts["null"] + counts["nan"],
        )

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Columns that are called a key and hold no value twice: they tell rows apart and say nothing of them."""
        import polars as pl

        called = [name for name in self.flat if is_called_key(name)]
        if not called or not self.rows or self.rows > HASHED_ROWS:
            return ()
        found = self.read(self._table.select(pl.col(self._places[name]).hash(0).n_unique() for name in called)).row(0)
        return tuple(name for name, count in zip(called, found, strict=True) if count == self.rows)

    @cached_property
    def duplicates(self) -> int | None:
        """Rows that were there before, apart from their key; None: too many rows, or nothing to compare them by."""
        import polars as pl

        names = [name for name in self.flat if name not in self.keys]
        if not names or self.rows > HASHED_ROWS or len(self.flat) < len(self.names):
            return None
        return self.rows - int(self.read(self.hashed(names).select(pl.col("row").n_unique())).item())

    @cached_property
    def target(self) -> str | None:
        """The column that is learned, by its name; None: none is called so."""
        lowered = {name.lower(): name for name in reversed(self.flat)}
        return next((lowered[name] for name in TARGET_NAMES if name in lowered), None)

    def counts_of(self, name: str, most: int) -> dict[str | None, int] | None:
        """Value -> rows, over all rows; None: there are more than `most` values."""
        import polars as pl

        value = pl.col(self._places[name]).cast(pl.String).str.slice(0, _TEXT_KEPT).alias("value")
        found = self.read(self._table.select(value).group_by("value").len("rows").head(most + 1))
        if found.height > most:
            return None
        return dict(sorted(found.iter_rows(), key=lambda one: (-one[1], one[0] or "")))

    def hashed(self, names: Sequence[str], *, as_text: bool = False) -> Lazy:
        """One 64-bit digest per row of these columns, in `row`; two rows share one by chance once in 10^19."""
        import polars as pl

        columns = (pl.col(self._places[name]).alias(str(place)) for place, name in enumerate(names))
        cells = (column.cast(pl.String) if as_text else column for column in columns)
        return self._table.select(pl.struct(*cells).hash(0).alias("row"))

    @cached_property
    def sampled_rows(self) -> int:
        """About how many rows are drawn for drift; all of them where they are few."""
        return min(self.rows, max(1, SAMPLE_CELLS // max(1, len(self.names))))

    def sample(self, numbers: Sequence[str], categories: Sequence[str]) -> Frame:
        """Columns of drawn rows: numbers as floats, the others as texts."""
        import polars as pl

        table = self._table
        if self.sampled_rows < self.rows:
            share = self.sampled_rows * (1 << 32) // self.rows
            place = pl.int_range(pl.len(), dtype=pl.UInt64)
            table = table.filter((place * _DRAW) % (1 << 32) < share)
        cells = [_as_number(self._places[name], self.schema[name]).alias(name) for name in numbers]
        cells += [
            pl.col(self._places[name]).cast(pl.String).str.slice(0, _TEXT_KEPT).alias(name) for name in categories
        ]
        return self.read(table.select(cells))


def _counted(name: str, kind: pl.DataType) -> dict[str, Expr]:
    """What is counted of a column in the one pass over all rows."""
    import polars as pl

    column = pl.col(name)
    asked = {"null": column.null_count()}
    if kind.is_float():
        asked["nan"] = column.is_nan().sum()
    elif kind == pl.String:
        number = column.cast(pl.Float64, strict=False)
        asked |= {"integer": column.cast(pl.Int64, strict=False).count(), "number": number.count()}
        asked["nan"] = number.is_nan().sum()
    return asked


def _type_word(kind: pl.DataType, known: int, counts: dict[str, int]) -> str:
    import polars as pl

    if kind == pl.String and known:
        return "integer" if counts["integer"] == known else "number" if counts["number"] == known else "text"
    if kind.is_integer():
        return "integer"
    words = {pl.String: "text", pl.Boolean: "true/false", pl.Null: "empty"}
    return "number" if kind.is_float() or kind.is_decimal() else words.get(kind.base_type(), str(kind).lower())


def _as_number(name: str, kind: pl.DataType) -> Expr:
    import polars as pl

    return pl.col(name).cast(pl.Float64, strict=kind != pl.String)


def _is_object(kind: pl.DataType) -> bool:
    import polars as pl

    return kind in {pl.Object, pl.Binary}
