"""Rows drawn from a table while it is read: few enough to be held, and the same ones however it is cut into batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

_FACTOR = 2_654_435_761
"""Knuth's multiplicative hash: rows are drawn by their position, as if at random, and the same ones every time."""
_ALL = 1 << 32
_DRAW = "draw"
_SLACK = 1.5
"""How many times the rows that are wanted are held before they are thinned out."""


class DrawnRows:
    """About so many rows of those that were added, all of them where they are fewer.

    How many there will be is not known beforehand: a row is held when it would be drawn of those seen so far, which all
    that are drawn in the end are.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._seen = self._held = 0
        self._parts: list[Frame] = []

    def add(self, cells: Mapping[str, pl.Series]) -> None:
        """The next rows of the table; of the columns those are kept that all rows have had."""
        import polars as pl

        height = len(next(iter(cells.values()), ()))
        place = pl.int_range(self._seen, self._seen + height, dtype=pl.UInt64, eager=True)
        self._seen += height
        draw = ((place * _FACTOR) % _ALL).alias(_DRAW)
        part = pl.DataFrame([draw, *(column.alias(name) for name, column in cells.items())])
        if self._seen > self._wanted:
            part = part.filter(part[_DRAW] < self._share())
        self._parts.append(part)
        self._agree()
        self._held += part.height
        if self._held > self._wanted * _SLACK:
            self._thin()

    def drawn(self) -> dict[str, pl.Series]:
        """The columns of the drawn rows, in the order of the table."""
        if not self._parts:
            return {}
        self._thin()
        return {column.name: column for column in self._parts[0] if column.name != _DRAW}

    def _share(self) -> int:
        """Rows whose hash is below are drawn of those that were seen."""
        return _ALL if self._seen <= self._wanted else self._wanted * _ALL // self._seen

    def _agree(self) -> None:
        """Leave the last part and those before it with the columns that all of them have."""
        import polars as pl

        before, last = self._parts[0], self._parts[-1]
        if before.columns != last.columns:
            shared = [name for name in before.columns if name in last.columns]
            self._parts = [part.select(pl.col(shared)) for part in self._parts]

    def _thin(self) -> None:
        import polars as pl

        held = pl.concat(self._parts)
        held = held.filter(held[_DRAW] < self._share())
        self._parts, self._held = [held], held.height
