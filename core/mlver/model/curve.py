"""Curves: the history of a metric over steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct


class Curve(Struct, frozen=True, kw_only=True):
    """One metric of one version over time."""

    metric: str
    context: str = ""
    """`train`, `eval`, or nothing."""
    steps: tuple[float, ...]
    values: tuple[float, ...]
    """As long as `steps`; NaN and infinities are kept."""
    epochs: tuple[float, ...] = ()
    """The epoch of each point; empty: the history does not tell it for every one."""
    times: tuple[float, ...] = ()
    """When each point was measured, in seconds since whatever moment; empty: not known for every one."""
    skipped: int = 0
    """Rows of the history that held no number."""
    complete: bool = True
    """False: the history was larger than the reading limit."""


EPOCH_COLUMN = "epoch"
TIME_COLUMNS = ("timestamp", "wall_time", "time")
"""What histories call the moment of a point; the first that is there counts."""

_MILLISECONDS_FROM = 1e11
"""Seconds since 1970 reach that in the year 5138; milliseconds reached it in 1973."""


def axis_of(cells: Sequence[float | None]) -> tuple[float, ...]:
    """The points' places on another axis than the steps; none when one of them has no place there."""
    found = tuple(cell for cell in cells if cell is not None and math.isfinite(cell))
    return found if len(found) == len(cells) else ()


def moments_of(cells: Sequence[float | None]) -> tuple[float, ...]:
    """When the points were measured, in seconds; none when one of them does not tell, or when time goes back.

    A column `time` may as well hold how long each step took: such numbers go up and down.
    """
    found = axis_of(cells)
    if any(later < earlier for earlier, later in pairwise(found)):
        return ()
    is_milliseconds = bool(found) and found[0] >= _MILLISECONDS_FROM
    return tuple(cell / 1000 for cell in found) if is_milliseconds else found
