"""Two curves of one metric held against each other: at the same step, at their best, at their ends, as a whole."""

from __future__ import annotations

import math
from itertools import pairwise

from msgspec import Struct

from mlver.model.curve import Curve
from mlver.model.metric import Goal


class CurvesHeld(Struct, frozen=True, kw_only=True):
    """What B is more than A, docs/comparing.md; None: there is nothing to hold against each other."""

    step: float | None = None
    """The last one that both have a finite value at."""
    at_step: float | None = None
    best: float | None = None
    """None too where nobody said which direction is good."""
    last: float | None = None
    area: float | None = None
    """Between the curves over the steps that both cover, by their length: how far their means are apart."""


def curves_held(before: Curve | None, after: Curve | None, goal: Goal | None = None) -> CurvesHeld:
    """How the curve of B lies to that of A. Of two values at one step the last written counts."""
    sides = [_points(curve) for curve in (before, after)]
    if not (sides[0] and sides[1]):
        return CurvesHeld()
    common = sides[0].keys() & sides[1].keys()
    step = max(common) if common else None
    choose = {Goal.MAXIMISE: max, Goal.MINIMISE: min}.get(goal) if goal else None
    return CurvesHeld(
        step=step,
        at_step=None if step is None else _moved(sides[0][step], sides[1][step]),
        best=_moved(*(choose(side.values()) for side in sides)) if choose else None,
        last=_moved(*(side[max(side)] for side in sides)),
        area=_area(sides[0], sides[1]),
    )


def _points(curve: Curve | None) -> dict[float, float]:
    """The finite values by their steps."""
    points = zip(curve.steps, curve.values, strict=True) if curve else ()
    return {step: value for step, value in points if math.isfinite(value)}


def _area(before: dict[float, float], after: dict[float, float]) -> float | None:
    low, high = max(min(before), min(after)), min(max(before), max(after))
    if low >= high:
        return None
    return _moved(*(_mean(side, low, high) for side in (before, after)))


def _mean(points: dict[float, float], low: float, high: float) -> float:
    """By the trapezoid rule; at the ends between the points around them."""
    total = 0.0
    for (left, value), (right, other) in pairwise(sorted(points.items())):
        start, end = max(left, low), min(right, high)
        if start < end:
            slope = (other - value) / (right - left)
            total += (value + slope * ((start + end) / 2 - left)) * (end - start)
    return total / (high - low)


def _moved(before: float, after: float) -> float | None:
    return after - before if math.isfinite(after - before) else None
