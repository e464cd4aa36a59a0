"""Curves as text: the one facade over plotext.

plotext keeps its figure in the module and raises on infinities and on a logarithm of nothing, so the data is cleaned
and decimated first and drawing is done under a lock; it takes 15-25 ms, so it belongs into a worker's thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

from mlver.model.curve import Curve

Colour: TypeAlias = str | tuple[int, int, int]
"""One of plotext's names, or red, green and blue."""

_DRAWING = Lock()
_POINTS_PER_COLUMN = 2
_TICK_CELLS = 12
LEAST_COLUMNS, LEAST_ROWS = 20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve and its colour."""

    curve: Curve
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLook:
    """How a chart is drawn."""

    columns: int
    rows: int
    log_y: bool = False
    is_ascii: bool = False


def draw_curves(series: Sequence[Series], look: ChartLook) -> str:
    """The chart as lines of text with SGR colours; nothing when there is no room, or no point that can be drawn."""
    if look.columns < LEAST_COLUMNS or look.rows < LEAST_ROWS:
        return ""
    points = [(cleaned(one.curve, look), one.colour) for one in series]
    drawn = [(curve, colour) for curve, colour in points if curve.steps]
    if not drawn:
        return ""
    with _DRAWING:
        import plotext

        plotext.clear_figure()
        plotext.theme("clear")
        plotext.limitsize(False, False)
        plotext.plotsize(look.columns, look.rows)
        plotext.xticks(*_ticks([step for curve, _colour in drawn for step in curve.steps], look.columns))
        plotext.frame(False)
        if look.log_y:
            plotext.yscale("log")
        for curve, colour in drawn:
            marker = "*" if look.is_ascii else "braille"
            plotext.plot(list(curve.steps), list(curve.values), marker=marker, color=colour)
        text: str = plotext.build()
        plotext.clear_figure()
    return text


def _ticks(steps: Sequence[float], columns: int) -> tuple[list[float], list[str]]:
    """Round steps that all fit under the axis, and how they are written."""
    low, high = min(steps), max(steps)
    rough = (high - low) / max(1, columns // _TICK_CELLS) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    width = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / width)
    ticks = [(first + index) * width for index in range(int(high / width) - first + 1)]
    return ticks, [f"{tick:g}" for tick in ticks]


def cleaned(curve: Curve, look: ChartLook) -> Curve:
    """The points that can be drawn, about two per column: the smallest and the largest of each stretch are kept."""
    kept = [
        (step, value)
        for step, value in zip(curve.steps, curve.values, strict=True)
        if math.isfinite(step) and math.isfinite(value) and (value > 0 or not look.log_y)
    ]
    kept = _extremes(kept, look.columns * _POINTS_PER_COLUMN)
    return Curve(
        metric=curve.metric,
        context=curve.context,
        steps=tuple(step for step, _value in kept),
        values=tuple(value for _step, value in kept),
    )


def _extremes(points: list[tuple[float, float]], wanted: int) -> list[tuple[float, float]]:
    if len(points) <= wanted:
        return points
    stretch = math.ceil(len(points) / max(1, wanted // 2))
    kept = []
    for start in range(0, len(points), stretch):
        part = points[start : start + stretch]
        ends = {min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])}
        kept += [point for point in part if point in ends][:2]
    return kept


def left_out(curve: Curve, *, log_y: bool) -> int:
    """How many points cannot be drawn: not finite, or without a logarithm."""
    return sum(
        not (math.isfinite(step) and math.isfinite(value) and (value > 0 or not log_y))
        for step, value in zip(curve.steps, curve.values, strict=True)
    )
