"""Smoothed curves, as TensorBoard smooths them."""

from __future__ import annotations

import math
from collections.abc import Sequence

WEIGHTS = (0.0, 0.3, 0.6, 0.9)
"""What a key steps through; 0 smooths nothing."""


def smoothed(values: Sequence[float], weight: float) -> tuple[float, ...]:
    """The exponential moving average without the bias of its beginning; what is not finite stays as it is.

    Args:
        values: the curve.
        weight: how much of the average comes from before, from 0 to less than 1.
    """
    if not weight or not values or min(values) == max(values):
        return tuple(values)
    are_finite = math.isfinite(sum(values))
    average, share, found = 0.0, 1.0, []
    for value in values:
        if are_finite or math.isfinite(value):
            average = average * weight + value * (1 - weight)
            share *= weight
            found.append(average / (1 - share))
        else:
            found.append(value)
    return tuple(found)


def next_weight(weight: float, step: int) -> float:
    """The weight after (or before) this one, around the ends."""
    place = WEIGHTS.index(weight) if weight in WEIGHTS else 0
    return WEIGHTS[(place + step) % len(WEIGHTS)]
