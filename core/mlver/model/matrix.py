"""Many versions side by side: params and outcomes as rows, versions as columns, one of them the base."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.change import Kind, Missing
from mlver.model.data import Data
from mlver.model.metric import Metric, MetricDelta, metric_delta
from mlver.model.version import VersionRow

MOST_VERSIONS = 50
"""Columns of a matrix; nobody reads more of them side by side."""

UNREAD = -1
"""The group of a cell whose version cannot be read."""

T = TypeVar("T")


class Area(StrEnum):
    """What a row is of: what went in, what came out, what the run used."""

    PARAMS = "params"
    METRICS = "metrics"
    RESOURCES = "resources"


class MatrixColumn(Struct, frozen=True, kw_only=True):
    """A version."""

    row: VersionRow
    place: int
    """Its place among the versions as they were asked for, whichever is the base."""
    problem: str = ""
    """Why the version cannot be read: none of its values is known."""


class MatrixRow(Struct, frozen=True, kw_only=True):
    """One param, metric or resource in every version."""

    area: Area
    path: tuple[str, ...]
    """Labels from the top: `("optimiser", "lr")`, `("layers", "[name=dense]", "size")`."""
    name: str
    """The path as people write it."""
    values: tuple[Data | Missing, ...]
    """One for each column. MISSING: the version has none; None is a value."""
    groups: tuple[int, ...]
    """Cells with the same number hold the same value; UNREAD: not known."""
    metrics: tuple[Metric | None, ...] = ()
    """Of an outcome: the measured value with its meaning."""
    is_noise: bool = False
    """It differs and is matched by an `ignore` pattern: hidden unless asked for, always counted."""

    @property
    def is_different(self) -> bool:
        """Whether any two known cells hold different values, a value and none included."""
        known = set(self.groups) - {UNREAD}
        return len(known) > 1

    def kind(self, column: int) -> Kind:
        """What the cell is against the base's, which stands in column 0."""
        ours, base = self.groups[column], self.groups[0]
        if UNREAD in {ours, base}:
            return Kind.UNKNOWN
        if ours == base:
            return Kind.SAME
        if isinstance(self.values[0], Missing):
            return Kind.ADDED
        return Kind.REMOVED if isinstance(self.values[column], Missing) else Kind.CHANGED

    def delta(self, column: int) -> MetricDelta | None:
        """How the outcome moved against the base; None: it is a param."""
        if not self.metrics:
            return None
        return metric_delta(self.name, self.metrics[0], self.metrics[column])


class Matrix(Struct, frozen=True, kw_only=True):
    """Versions side by side. Every row is here; displays hide those that are the same."""

    columns: tuple[MatrixColumn, ...]
    """The base first, the others as they were asked for."""
    rows: tuple[MatrixRow, ...]
    """Params in the order of their documents, then metrics, the primary first, then resources."""
    evaluations: tuple[int, ...] = ()
    """Columns with the same number were measured on the same data; UNREAD: not known. None: nobody looked."""
    notes: tuple[str, ...] = ()
    """Sentences a reader must see: which version cannot be read, which limit was hit."""
    complete: bool = True
    """False: a limit was hit or a version cannot be read, so there may be differences beyond these."""

    @property
    def base(self) -> VersionRow:
        """What the others are held against."""
        return self.columns[0].row

    def is_measured_alike(self, column: int) -> bool | None:
        """Whether a version was measured on the same data as the base; None: not known."""
        groups = self.evaluations
        if not groups or UNREAD in {groups[0], groups[column]}:
            return None
        return groups[column] == groups[0]

    @property
    def is_different(self) -> bool:
        """Whether anything differs. Noise does not count, nor time and memory used: no two runs have them alike."""
        return any(row.is_different and not row.is_noise for row in self.rows if row.area is not Area.RESOURCES)

    def shown(self, *, everything: bool) -> tuple[MatrixRow, ...]:
        """The rows that differ, without noise; or all of them."""
        return self.rows if everything else tuple(row for row in self.rows if row.is_different and not row.is_noise)

    def with_base(self, key: str) -> Matrix:
        """The same versions held against another of them; unchanged when none has that key."""
        chosen = next((column for column in self.columns if column.row.key == key), None)
        if chosen is None or chosen is self.columns[0]:
            return self
        others = sorted((column for column in self.columns if column is not chosen), key=lambda column: column.place)
        columns = (chosen, *others)
        order = [self.columns.index(column) for column in columns]
        return replace(
            self,
            columns=columns,
            rows=tuple(_reordered(row, order) for row in self.rows),
            evaluations=_picked(self.evaluations, order) if self.evaluations else (),
        )


def _reordered(row: MatrixRow, order: Sequence[int]) -> MatrixRow:
    return replace(
        row,
        values=_picked(row.values, order),
        groups=_picked(row.groups, order),
        metrics=_picked(row.metrics, order) if row.metrics else (),
    )


def _picked(cells: Sequence[T], order: Sequence[int]) -> tuple[T, ...]:
    return tuple(cells[index] for index in order)
