"""What one table holds: rows, types, missing values, duplicates, labels, and a sample of its columns.

All that is asked of it is found in one pass over its batches, so the file may be larger than memory; what is kept is
bounded by the constants here and of row_digests. Raises what polars raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mlver.comparing.drawn_rows import DrawnRows
from mlver.comparing.row_digests import digests_of
from mlver.comparing.table_survey import Asked, TableSurvey, read_as
from mlver.comparing.tables import is_called_key
from mlver.comparing.value_counts import ValueCounts

if TYPE_CHECKING:
    import polars as pl

    Lazy: TypeAlias = pl.LazyFrame
    Frame: TypeAlias = pl.DataFrame

MOST_COLUMNS = 2_000
"""Of a wider table the first are looked at."""
SAMPLE_CELLS = 1 << 23
"""Cells that are held at once for drift; of a larger table rows are drawn."""
_BATCH_ROWS, _BATCH_CELLS = 1 << 16, 1 << 22
"""Of a batch, about: of a wide table polars would give a few hundred rows at once, each batch with its own costs."""
MOST_CATEGORIES = 1_000
"""A column of texts with more values than this is names, not categories."""
TARGET_NAMES = ("label", "target", "class", "y")
"""What the column that is learned is called, in order of preference, where the project does not name it."""


def _heedless(_rows: int) -> None:
    """Nobody wants to know."""


class ColumnProfile(Struct, frozen=True, kw_only=True):
    """One column."""

    name: str
    type: str
    """`integer`, `number`, `date`, `text`, ..., or what the file calls it. Of CSV: what all its texts are."""
    missing: int
    """Empty cells, nulls and NaN."""
    span: tuple[str, str] | None = None
    """The first and the last of dates; None: it is no column of dates, or holds none."""

    @property
    def is_number(self) -> bool:
        """Whether it has a mean."""
        return self.type in {"integer", "number"}


class TableProfile:
    """A table, read when it is first asked of its content."""

    def __init__(self, table: Lazy, on_rows: Callable[[int], None] = _heedless, *, only_keys: bool = False) -> None:
        """A table of which nothing is read but its schema.

        Args:
            table: where it is read from.
            on_rows: told of every batch how many rows it has; what it raises ends the reading.
            only_keys: nothing will be asked but rows, keys and digests: little is read for the first two.
        """
        import polars as pl

        self._on_rows = on_rows
        self._only_keys = only_keys
        self._label: str | None = None
        schema = table.collect_schema()
        self.width = len(schema)
        self.schema = dict(list(schema.items())[:MOST_COLUMNS])
        self.names = tuple(self.schema)
        # A column may be called `*` or `^.*$`, which polars takes for all of them: here they are called by their place.
        self._table = table.select(pl.nth(place).alias(str(place)) for place in range(len(self.names)))
        self._places = {name: str(place) for place, name in enumerate(self.names)}
        self.flat = tuple(name for name, kind in self.schema.items() if not kind.is_nested() and not _is_object(kind))
        """Columns that hold no lists or records: those are counted and not looked into."""

    def count_labels(self, name: str) -> None:
        """Say before the first question which column's values will be asked for."""
        self._label = name

    def _batches(self, columns: Sequence[str]) -> Iterator[Frame]:
        """The rows of these columns, called by their places, a batch at a time; each is told of before it is given."""
        wanted = self._table.select(self._places[name] for name in columns)
        size = min(_BATCH_ROWS, max(1, _BATCH_CELLS // max(1, len(columns))))
        for batch in wanted.collect_batches(chunk_size=size, engine="streaming"):
            self._on_rows(batch.height)
            yield batch

    @cached_property
    def _survey(self) -> TableSurvey:
        called = [name for name in self.flat if is_called_key(name)]
        names = (called or self.names[:1]) if self._only_keys else self.names
        place = self._places
        asked = Asked(
            schema={place[name]: self.schema[name] for name in names},
            flat=tuple(place[name] for name in names if name in self.flat),
            called_keys=tuple(place[name] for name in called),
            label=None if self._label is None else place[self._label],
            most_values=MOST_CATEGORIES,
            drawn=0 if self._only_keys else _sampled(len(self.names)),
        )
        survey = TableSurvey(asked)
        for batch in self._batches(names):
            survey.add(batch)
        return survey

    @property
    def rows(self) -> int:
        """How many it has."""
        return self._survey.tally.rows

    @cached_property
    def columns(self) -> dict[str, ColumnProfile]:
        """By name, in the table's order."""
        tally = self._survey.tally
        return {
            name: ColumnProfile(
                name=name, type=tally.type_word(place), missing=tally.missing(place), span=tally.span(place)
            )
            for name, place in self._places.items()
        }

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Columns that are called a key and hold no value twice: they tell rows apart and say nothing of them."""
        keys = self._survey.digests.keys()
        return tuple(name for name in self.flat if self._places[name] in keys)

    @cached_property
    def duplicates(self) -> int | None:
        """Rows that were there before, apart from their key; None: too many rows, or nothing to compare them by."""
        digests = self._survey.digests
        return digests.duplicates() if len(self.flat) == len(self.names) else None

    @cached_property
    def target(self) -> str | None:
        """The column that is learned, by its name; None: none is called so."""
        lowered = {name.lower(): name for name in reversed(self.flat)}
        return next((lowered[name] for name in TARGET_NAMES if name in lowered), None)

    def counts_of(self, name: str) -> dict[str | None, int] | None:
        """Value -> rows, over all rows, the most frequent first; None: there are too many values."""
        if name == self._label:
            return self._survey.labels.counts
        counted = ValueCounts(MOST_CATEGORIES)
        for batch in self._batches([name]):
            counted.add(batch[self._places[name]])
        return counted.counts

    def digests(self, names: Sequence[str], *, as_text: bool = False) -> pl.Series:
        """One 64-bit digest per row of these columns; those of another table's equal rows are the same."""
        import polars as pl

        places = [self._places[name] for name in names]
        parts = [digests_of(batch, places, as_text=as_text) for batch in self._batches(names)]
        return pl.concat(parts) if parts else pl.Series("row", [], pl.UInt64)

    @property
    def sampled_rows(self) -> int:
        """About how many rows are drawn for drift; all of them where they are few."""
        return min(self.rows, _sampled(len(self.names)))

    def sample(self, forms: Mapping[str, str]) -> Mapping[str, pl.Series]:
        """Columns of drawn rows, each as NUMBER or MOMENT (floats), or as TEXT."""
        held = self._survey.drawn()
        found = {name: held[cell] for name, form in forms.items() if (cell := form + self._places[name]) in held}
        rest = {name: form for name, form in forms.items() if name not in found}
        return {**found, **self._read_sample(rest)} if rest else found

    def _read_sample(self, forms: Mapping[str, str]) -> dict[str, pl.Series]:
        """What the pass did not hold: keys of one side, columns whose texts were numbers only at first."""
        rows = DrawnRows(self.sampled_rows)
        for batch in self._batches(list(forms)):
            rows.add({name: read_as(batch[self._places[name]], form) for name, form in forms.items()})
        return rows.drawn()


def _sampled(columns: int) -> int:
    return max(1, SAMPLE_CELLS // max(1, columns))


def _is_object(kind: pl.DataType) -> bool:
    import polars as pl

    return kind in {pl.Object, pl.Binary}
