"""Room for arrays that are made over and over, kept by each thread: to get new memory takes longer than to fill it."""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_kept = local()


def room(use: str, dtype: str, count: int) -> NDArray[Any]:
    """An array of `count` numbers, with whatever was left in it; the next of that use and type takes its place."""
    import numpy as np

    arrays: dict[tuple[str, str], NDArray[Any]] = _kept.__dict__.setdefault("arrays", {})
    kept = arrays.get((use, dtype))
    if kept is None or len(kept) < count:
        kept = arrays[use, dtype] = np.zeros(count, dtype)
    return kept[:count]
