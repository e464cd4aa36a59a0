"""Metric histories as curves."""

from __future__ import annotations

from collections.abc import Iterable

from mlver.model.curve import Curve
from mlver.sources.mlflow.records import Histories, Point


def curves_of(histories: Histories) -> tuple[Curve, ...]:
    """One curve per metric, by step; where nobody gave steps, by the order in time.

    What stands twice with the same step, time and value was logged once: a file store of MLflow 3 repeats it.
    """
    return tuple(
        _curve(metric, sorted(_once(points)), histories.skipped.get(metric, 0), complete=metric not in histories.cut)
        for metric, points in sorted(histories.points.items())
        if points
    )


def _once(points: Iterable[Point]) -> Iterable[Point]:
    return {(one.step, one.time, repr(one.value)): one for one in points}.values()  # NaN is not equal to itself


def _curve(metric: str, points: list[Point], skipped: int, *, complete: bool) -> Curve:
    steps = [float(one.step) for one in points]
    if len(points) > 1 and not any(steps):
        steps = [float(number) for number in range(len(points))]  # all at step 0: logged without one
    return Curve(
        metric=metric,
        steps=tuple(steps),
        values=tuple(one.value for one in points),
        times=tuple(one.time / 1000 for one in points) if all(one.time > 0 for one in points) else (),
        skipped=skipped,
        complete=complete,
    )
