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

MARKERS = ("*", "o", "+", "x", "#")
"""Signs that tell curves apart where there is no colour, or where there are no finer dots; all ASCII."""

_DRAWING = Lock()
_POINTS_PER_COLUMN = 2
_TICK_CELLS, _TICK_ROWS = 12, 3
_SMALLEST, _LARGEST = 1e-100, 1e100
"""Beyond these plotext's own arithmetic overflows; NaN and infinities are beyond, too."""
LEAST_COLUMNS, LEAST_ROWS = 20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve and its look."""

    curve: Curve
    colour: Colour
    marker: str = ""
    """The sign its line is drawn with; none: the finest dots there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLook:
    """How a chart is drawn."""

    columns: int
    rows: int
    log_y: bool = False


def draw_curves(series: Sequence[Series], look: ChartLook) -> str:
    """The chart as lines of text with SGR colours; nothing when there is no room, or no point that can be drawn."""
    if look.columns < LEAST_COLUMNS or look.rows < LEAST_ROWS:
        return ""
    drawn = [(curve, one) for one in series if (curve := cleaned(one.curve, look)).steps]
    if not drawn:
        return ""
    with _DRAWING:
        import plotext

        plotext.clear_figure()
        plotext.theme("clear")
        plotext.limitsize(False, False)
        plotext.plotsize(look.columns, look.rows)
        steps = _round_ticks(*_range([curve.steps for curve, _one in drawn]), look.columns // _TICK_CELLS)
        plotext.xticks(steps, [label.strip() for label in _labels(steps)])
        find_ticks = _log_ticks if look.log_y else _round_ticks
        values = find_ticks(*_range([curve.values for curve, _one in drawn]), look.rows // _TICK_ROWS)
        plotext.yticks(values, _labels(values))
        plotext.frame(False)
        if look.log_y:
            plotext.yscale("log")
        for curve, one in drawn:
            marker = one.marker or "braille"
            plotext.plot(list(curve.steps), list(curve.values), marker=marker, color=one.colour)
        text: str = plotext.build()
        plotext.clear_figure()
    return text


def _range(parts: Sequence[Sequence[float]]) -> tuple[float, float]:
    return min(map(min, parts)), max(map(max, parts))


def _round_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two values, `most` of them at most."""
    rough = (high - low) / max(1, most) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    width = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / width)
    return [(first + index) * width for index in range(min(most, int(high / width) - first) + 1)] or [low]


def _log_ticks(low: float, high: float, most: int) -> list[float]:
    """Values at equal distances on a logarithmic axis."""
    start, end = math.log10(low), math.log10(high)
    return [10 ** (start + (end - start) * index / max(1, most)) for index in range(most + 1)]


def _labels(ticks: Sequence[float]) -> list[str]:
    """How ticks are written, all equally wide. plotext's own labels overflow on very small numbers."""
    labels = [f"{tick:.4g}" for tick in ticks]
    if not any("e" in label for label in labels):
        decimals = max(len(label.partition(".")[2]) for label in labels)
        labels = [f"{tick:.{decimals}f}" for tick in ticks]
    width = max(map(len, labels))
    return [f"{label:>{width}}" for label in labels]


def cleaned(curve: Curve, look: ChartLook) -> Curve:
    """The points that can be drawn, about two per column: both ends, and the least and greatest of each stretch."""
    points = zip(curve.steps, curve.values, strict=True)
    kept = [(_seen(step), _seen(value)) for step, value in points if _can_draw(step, value, log_y=look.log_y)]
    kept = _extremes(kept, look.columns * _POINTS_PER_COLUMN)
    return Curve(
        metric=curve.metric,
        context=curve.context,
        steps=tuple(step for step, _value in kept),
        values=tuple(value for _step, value in kept),
    )


def _seen(value: float) -> float:
    return 0.0 if abs(value) < _SMALLEST else value


def _can_draw(step: float, value: float, *, log_y: bool) -> bool:
    if not (abs(step) <= _LARGEST and abs(value) <= _LARGEST):
        return False
    return value >= _SMALLEST if log_y else True


def _extremes(points: list[tuple[float, float]], wanted: int) -> list[tuple[float, float]]:
    if len(points) <= wanted:
        return points
    stretch = math.ceil(len(points) / max(1, wanted // 2))
    kept = []
    for start in range(0, len(points), stretch):
        part = points[start : start + stretch]
        ends = {min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])}
        kept += [point for point in part if point in ends][:2]
    return list(dict.fromkeys((points[0], *kept, points[-1])))
