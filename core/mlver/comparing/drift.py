"""How far the values of a column moved between two tables; docs/comparing.md has the definitions and their sources.

Each measure is held against what chance alone may show in tables of these sizes: small ones differ where nothing moved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers: TypeAlias = npt.NDArray[np.float64]

BINS = 10
"""Of the population stability index: tenths of the first table."""
SMALL, LARGE = 0.1, 0.25
"""Thresholds of the index, by the rule of thumb of credit scoring (Siddiqi 2006); distances use SMALL and LARGE too."""
CHANCE = 0.01
"""How likely one column of the table, whichever, is called moved though none did."""

_EMPTY_ROWS = 0.5
"""Rows that stand in a bin where a side has none: the logarithm of 0 would be infinite."""


class Level(StrEnum):
    """How much a column moved."""

    NONE = "none"
    """Below the thresholds, or no more than chance alone shows."""
    SMALL = "small"
    LARGE = "large"


class NumberDrift(Struct, frozen=True, kw_only=True):
    """A column of numbers."""

    psi: float
    """Population stability index, over tenths of the first table."""
    ks: float
    """Kolmogorov-Smirnov distance: the largest gap between the shares of values up to any point."""
    p: float
    """How likely a gap as large is when both come from one distribution (asymptotic)."""
    level: Level


class CategoryDrift(Struct, frozen=True, kw_only=True):
    """A column of categories."""

    distance: float
    """Total variation: the share of rows that would have to be of another category."""
    most: str | None
    """The category whose share moved most, the first where none did; None: a missing value."""
    share_before: float
    share_after: float
    """Of that category."""
    level: Level


def number_drift(before: Numbers, after: Numbers, columns: int = 1) -> NumberDrift | None:
    """Two samples of numbers held against each other; None: one is empty.

    Args:
        before: finite numbers, in any order: the reference.
        after: the same of the other table.
        columns: how many are looked at: the more, the further one may stand out by chance.
    """
    import numpy as np

    if not before.size or not after.size:
        return None
    left, right = np.sort(before), np.sort(after)
    psi, ks = _stability_index(left, right), _largest_gap(left, right)
    p = _ks_p(ks, left.size, right.size)
    # The index has no test that holds for few rows: of 40 and 40 that come from one distribution it often says 0.3.
    is_chance = p >= CHANCE / max(1, columns)
    return NumberDrift(psi=psi, ks=ks, p=p, level=Level.NONE if is_chance else level_of(max(psi, ks)))


def category_drift(
    before: Mapping[str | None, int], after: Mapping[str | None, int], columns: int = 1
) -> CategoryDrift | None:
    """Rows by category held against each other; None: a side has no rows. A missing value is a category."""
    rows_before, rows_after = sum(before.values()), sum(after.values())
    if not rows_before or not rows_after:
        return None
    names = dict.fromkeys((*after, *before))
    moves = {name: after.get(name, 0) / rows_after - before.get(name, 0) / rows_before for name in names}
    distance = math.fsum(map(abs, moves.values())) / 2
    most = max(moves, key=lambda name: abs(moves[name]))
    by_chance = _distance_by_chance(before, after, CHANCE / max(1, columns))
    return CategoryDrift(
        distance=distance,
        most=most,
        share_before=before.get(most, 0) / rows_before,
        share_after=after.get(most, 0) / rows_after,
        level=level_of(distance if distance > by_chance else 0.0),
    )


def level_of(value: float) -> Level:
    """What an index or a distance amounts to."""
    return Level.LARGE if value >= LARGE else Level.SMALL if value >= SMALL else Level.NONE


def _stability_index(before: Numbers, after: Numbers) -> float:
    """Of sorted samples."""
    import numpy as np

    places = np.arange(1, BINS) * before.size // BINS
    # Equal edges make empty bins, and a bin below the smallest value holds nothing of the reference.
    edges = np.unique(before[places])
    cuts = [np.searchsorted(side, edges, side="right") for side in (before, after)]
    sizes = before.size, after.size
    counts = [np.diff(np.concatenate(([0], cut, [size]))) for cut, size in zip(cuts, sizes, strict=True)]
    held = counts[0] + counts[1] > 0
    ours, theirs = (np.maximum(count[held], _EMPTY_ROWS) / size for count, size in zip(counts, sizes, strict=True))
    return float(np.sum((theirs - ours) * np.log(theirs / ours)))


def _largest_gap(before: Numbers, after: Numbers) -> float:
    import numpy as np

    points = np.concatenate((before, after))
    order = np.argsort(
        points, kind="stable"
    )  # merges the two, for both are sorted: quicker than to search each in both
    ours = np.cumsum(order < before.size)
    theirs = np.arange(1, points.size + 1) - ours
    merged = points[order]
    # Of equal values all are counted before the gap is looked at.
    is_last = np.append(merged[1:] != merged[:-1], True)
    return float(np.max(np.abs(ours / before.size - theirs / after.size)[is_last]))


_TERMS = 100


def _ks_p(gap: float, before: int, after: int) -> float:
    """Kolmogorov's limit, with Stephens' correction for small samples (1970)."""
    root = math.sqrt(before * after / (before + after))
    reach = (root + 0.12 + 0.11 / root) * gap
    if reach < 0.2:  # noqa: PLR2004 - the series converges no more, and its value is 1 to 12 digits
        return 1.0
    terms = ((-1) ** (step - 1) * math.exp(-2 * (step * reach) ** 2) for step in range(1, _TERMS))
    return min(1.0, max(0.0, 2 * math.fsum(terms)))


def _distance_by_chance(before: Mapping[str | None, int], after: Mapping[str | None, int], allowed: float) -> float:
    """What total variation stays below where nothing moved: its mean at most, and McDiarmid's bound (1989) above it."""
    rows_before, rows_after = sum(before.values()), sum(after.values())
    spread = 1 / rows_before + 1 / rows_after
    pooled = ((before.get(name, 0) + after.get(name, 0)) / (rows_before + rows_after) for name in {**before, **after})
    mean = math.fsum(math.sqrt(share * (1 - share) * spread) for share in pooled) / 2
    return mean + math.sqrt(math.log(1 / allowed) * spread / 2)
