"""How often each value of a column stands in a table, counted while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import polars as pl

_TEXT_KEPT = 200
"""Characters of a category."""


Column = TypeVar("Column", "pl.Series", "pl.Expr")


def as_category(column: Column) -> Column:
    """The values as texts, cut where they are long."""
    import polars as pl

    return column.cast(pl.String).str.slice(0, _TEXT_KEPT)


class ValueCounts:
    """Value -> rows, up to so many values."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[str | None, int] = {}

    def add(self, column: pl.Series) -> None:
        """The next rows."""
        if len(self._counts) > self._most:
            return
        found = as_category(column).value_counts()
        if found.height > self._most:
            found = found.head(self._most + 1)  # these are too many already
        for value, count in found.iter_rows():
            self._counts[value] = self._counts.get(value, 0) + count

    @property
    def counts(self) -> dict[str | None, int] | None:
        """The most frequent first; None: there are too many."""
        if len(self._counts) > self._most:
            return None
        return dict(sorted(self._counts.items(), key=lambda one: (-one[1], one[0] or "")))
