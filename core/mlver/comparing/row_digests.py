"""Digests of the rows of a table, gathered while it is read: which columns are keys, how many rows stand twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Frame: TypeAlias = pl.DataFrame
    Digests: TypeAlias = NDArray[np.uint64]

HASHED_ROWS = 1 << 25
"""Rows whose digests are held at once to find equal ones; of a longer table duplicates are not counted."""

_WORD = 1 << 64
_ODD = 0x9E3779B97F4A7C15
"""What a column's digest is multiplied by, with the column's place in it, before it is added to the row's."""


def digests_of(rows: Frame, columns: Sequence[str], *, as_text: bool = False) -> pl.Series:
    """One 64-bit digest per row of these columns; two rows share one by chance once in 10^19."""
    import polars as pl

    # By their places: equal rows have equal digests whatever the columns are called.
    cells = [rows[name].alias(str(place)) for place, name in enumerate(columns)]
    return pl.DataFrame([cell.cast(pl.String) if as_text else cell for cell in cells]).to_struct("row").hash(0)


class RowDigests:
    """What equal rows are found by; a key is a column that is called one and holds no value twice."""

    def __init__(self, columns: Sequence[str], called_keys: Sequence[str]) -> None:
        import numpy as np

        self._seen = 0
        self._others = [name for name in columns if name not in called_keys]
        self._rows: list[Digests] = []
        """Of the columns that are no keys, batch by batch."""
        self._maybe: dict[str, list[Digests]] = {name: [] for name in called_keys}
        """Of each column that may still be a key: apart, as keys tell rows apart and say nothing of them."""
        self._keys: tuple[str, ...] | None = None
        self._factors = {name: np.uint64(_ODD * (2 * place + 1) % _WORD) for place, name in enumerate(called_keys)}

    @property
    def has_too_many(self) -> bool:
        """Whether there were more rows than digests are held of; then none are."""
        return self._seen > HASHED_ROWS

    @property
    def maybe_keys(self) -> tuple[str, ...]:
        """Columns that held no value twice yet, in any one batch."""
        return tuple(self._maybe)

    def add(self, rows: Frame) -> None:
        """The next rows of the table."""
        import numpy as np

        self._seen += rows.height
        if self.has_too_many:
            self._rows, self._maybe = [], {}
            return
        found = digests_of(rows, self._others).to_numpy() if self._others else np.zeros(rows.height, np.uint64)
        for name, factor in self._factors.items():
            if name not in self._maybe:
                found = found + rows[name].hash(0).to_numpy() * factor
        self._rows.append(found)
        for name, parts in list(self._maybe.items()):
            digests = rows[name].hash(0)
            parts.append(digests.to_numpy())
            if digests.n_unique() < digests.len():
                self._is_no_key(name)

    def keys(self) -> tuple[str, ...]:
        """The keys among all rows that were added; to be asked at the end."""
        if self._keys is None:
            for name, parts in list(self._maybe.items()):
                if _different(parts) < self._seen:
                    self._is_no_key(name)
            self._keys = tuple(self._maybe) if self._seen else ()
        return self._keys

    def duplicates(self) -> int | None:
        """Rows that were there before, apart from their key; None: too many rows, or all columns are keys."""
        has_others = self._others or len(self.keys()) < len(self._factors)
        if self.has_too_many or not has_others:
            return None
        return self._seen - _different(self._rows)

    def _is_no_key(self, name: str) -> None:
        """Its cells are part of what rows say; in whatever order columns turn out to be none, the digests are equal."""
        factor = self._factors[name]
        parts = self._maybe.pop(name)
        self._rows = [ours + theirs * factor for ours, theirs in zip(self._rows, parts, strict=True)]


def _different(parts: Sequence[Digests]) -> int:
    import numpy as np
    import polars as pl

    return pl.Series(np.concatenate(parts)).n_unique() if parts else 0
