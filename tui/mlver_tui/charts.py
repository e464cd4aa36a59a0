"""Charts as text: the one facade over plotext.

plotext keeps its figure in the module, raises on infinities and on a logarithm of nothing, and slows down with the
number of points; so the data is cleaned, made logarithmic and decimated first and drawing is done under a lock. It
takes 15-25 ms, so it belongs into a worker's thread.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.curve import Curve
from mlver_tui.view_models.spans import Tone
from mlver_tui.view_models.text import cell_width, cut
from mlver_tui.view_models.traces import Axes, Trace, TraceKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]

Colour: TypeAlias = str | tuple[int, int, int]
"""One of plotext's names, or red, green and blue."""

MARKERS = ("*", "o", "+", "x", "#")
"""Signs that tell curves apart where there is no colour, or where there are no finer dots; all ASCII."""

NAMED_COLOURS: dict[Tone, str] = {
    Tone.SIDE_A: "green",
    Tone.SIDE_B: "magenta",
    Tone.SIDE_C: "orange",
    Tone.SIDE_D: "blue+",
    Tone.SIDE_E: "cyan",
    Tone.SIDE_F: "red",
    Tone.SIDE_G: "white",
    Tone.SIDE_H: "gray+",
    Tone.DIM: "gray+",
    Tone.WORSE: "orange",
    Tone.ACCENT: "cyan",
}
"""What a chart is drawn with where the theme has the terminal's own sixteen colours."""


_DRAWING = Lock()
_POINTS_PER_COLUMN = 2
_TICK_CELLS, _TICK_ROWS = 12, 3
_SIGN_CELLS = 16
"""A fine line has its sign about that often."""
_LARGEST_STEP = 1e9
"""What is larger is a moment, no step."""
_SMALLEST, _LARGEST = 1e-100, 1e100
"""Beyond these plotext's own arithmetic overflows; NaN and infinities are beyond, too."""
LEAST_COLUMNS, LEAST_ROWS = 20, 5
_FINE = "braille"
_DOTS_IN_ROW = 4


class Series(Struct, frozen=True, kw_only=True):
    """One curve and its look."""

    curve: Curve
    colour: Colour
    marker: str = ""
    """The sign its line is drawn with; none: the finest dots there are."""
    sign: str = ""
    """Stands here and there on the fine line, so that it is known without its colour."""
    is_line: bool = True
    """False: points that nothing connects."""


class ChartLook(Struct, frozen=True, kw_only=True):
    """How a chart is drawn."""

    columns: int
    rows: int
    log_y: bool = False
    log_x: bool = False
    x_range: tuple[float, float] | None = None
    """The part of the x axis that is shown; None: all there is."""
    x_labels: Sequence[str] = ()
    """What stands at 0, 1, 2, ... on an x axis of things that are no numbers; none: it is of numbers."""

    @classmethod
    def of(cls, axes: Axes, *, columns: int, rows: int) -> ChartLook:
        """The look of a chart with these axes, in so much room."""
        return cls(
            columns=columns,
            rows=rows,
            log_x=axes.log_x,
            log_y=axes.log_y,
            x_range=axes.x_range,
            x_labels=axes.x_labels,
        )


class Drawing(Struct, frozen=True, kw_only=True):
    """A chart as text, and where its points are."""

    text: str = ""
    """Lines with SGR colours; nothing when there is no room, or no point that can be drawn."""
    left: int = 0
    """Cells that the labels of the y axis take."""
    columns: int = 1
    """Cells of the x axis."""
    low: float = 0.0
    high: float = 1.0
    """The ends of the x axis; logarithms where that is logarithmic."""
    log_x: bool = False

    def column_of(self, x: float) -> int | None:
        """The column of a place on the x axis; None: it is out of sight, or nothing was drawn."""
        if not self.text or (self.log_x and x <= 0):
            return None
        place = math.log10(x) if self.log_x else x
        if not self.low <= place <= self.high:
            return None
        return self.column_at(place)

    def place_at(self, column: int) -> float | None:
        """The place on the x axis that a column shows; None: it shows none."""
        share = (column - self.left) / max(1, self.columns - 1)
        if not self.text or not 0 <= share <= 1:
            return None
        place = self.low + share * (self.high - self.low)
        return 10**place if self.log_x else place

    def column_at(self, place: float) -> int:
        """The column of a place that is in sight, or of its logarithm."""
        return self.left + round((place - self.low) / (self.high - self.low) * (self.columns - 1))


def draw_chart(series: Sequence[Series], look: ChartLook) -> Drawing:
    """The chart; the later of two series lies on the earlier."""
    if look.columns < LEAST_COLUMNS or look.rows < LEAST_ROWS:
        return Drawing()
    drawn = [replace(one, curve=curve) for one in series if (curve := cleaned(one.curve, look)).steps]
    if not drawn:
        return Drawing()
    drawn = [replace(one, curve=_on_axes(one.curve, look)) for one in drawn]
    low, high = _ends(look, [one.curve.steps for one in drawn])
    bottom, top = _apart(*_range([one.curve.values for one in drawn]))
    heights, labels = _ticks(bottom, top, look.rows // _TICK_ROWS, is_log=look.log_y)
    left = max(map(len, labels))
    with _DRAWING:
        canvas = _plotted(drawn, look, (low, high), (bottom, top), (heights, labels))
    drawing = Drawing(text=canvas, left=left, columns=look.columns - left, low=low, high=high, log_x=look.log_x)
    return replace(drawing, text=canvas + _x_axis(drawing, look))


def _plotted(
    drawn: Sequence[Series],
    look: ChartLook,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    y_ticks: tuple[list[float], list[str]],
) -> str:
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limitsize(False, False)
    plotext.plotsize(look.columns, look.rows - 1)
    plotext.xlim(*x_range)
    plotext.ylim(*y_range)
    plotext.xticks([])
    plotext.yticks(*y_ticks)
    plotext.frame(False)
    is_fine = any(one.is_line and not one.marker for one in drawn)
    for one in drawn:
        draw = plotext.plot if one.is_line else plotext.scatter
        is_sign = is_fine and not one.is_line and one.marker
        values = _on_fine_rows(one.curve.values, y_range, look.rows - 1) if is_sign else one.curve.values
        draw(list(one.curve.steps), list(values), marker=one.marker or _FINE, color=one.colour)
    for index, one in enumerate(drawn):
        if one.sign:
            xs, ys = _signed(one.curve, look.columns, index, x_range)
            plotext.scatter(xs, _on_fine_rows(ys, y_range, look.rows - 1), marker=one.sign, color=one.colour)
    text: str = plotext.build()
    plotext.clear_figure()
    return text


def _on_fine_rows(values: Sequence[float], y_range: tuple[float, float], rows: int) -> list[float]:
    """The values moved to where a sign of a whole cell stands in the row that has the fine dots of the same value.

    plotext rounds a cell and a dot each on its own, and a sign would stand a row above or below its line.
    """
    (low, high), dots = y_range, rows * _DOTS_IN_ROW
    places = (math.floor(round(0.5 + (dots - 1) * (value - low) / (high - low), 8)) for value in values)
    return [low + (high - low) * (place // _DOTS_IN_ROW) / (rows - 1) for place in places]


def _signed(curve: Curve, columns: int, index: int, x_range: tuple[float, float]) -> tuple[list[float], list[float]]:
    """Where a curve has its sign: at its end, and here and there before, not where the next curve has it."""
    low, high = x_range
    count = max(1, columns // _SIGN_CELLS)
    shift = (index * 0.382) % 1  # of the golden ratio: neighbours never meet, however many there are
    wanted = [low + (high - low) * (number + shift) / count for number in range(count)]
    found = [(curve.steps[-1], curve.values[-1])]
    for place in wanted:
        behind = bisect_right(curve.steps, place)
        if 0 < behind < len(curve.steps):
            found.append((place, _between_points(curve, behind, place)))
    return [x for x, _y in found], [y for _x, y in found]


def _between_points(curve: Curve, behind: int, place: float) -> float:
    """Where the line to the point `behind` is at that place."""
    (before, after), (low, high) = curve.steps[behind - 1 : behind + 1], curve.values[behind - 1 : behind + 1]
    share = (place - before) / (after - before) if after > before else 1.0
    return low + (high - low) * min(max(share, 0.0), 1.0)


def _on_axes(curve: Curve, look: ChartLook) -> Curve:
    """The curve with logarithms for its numbers where the axis is logarithmic. plotext's own overflow."""
    return Curve(
        metric=curve.metric,
        steps=tuple(map(math.log10, curve.steps)) if look.log_x else curve.steps,
        values=tuple(map(math.log10, curve.values)) if look.log_y else curve.values,
    )


def _ends(look: ChartLook, parts: Sequence[Sequence[float]]) -> tuple[float, float]:
    if look.x_range is None:
        return (-0.5, len(look.x_labels) - 0.5) if look.x_labels else _around_steps(*_range(parts))
    low, high = look.x_range
    return _apart(math.log10(max(low, _SMALLEST)), math.log10(max(high, _SMALLEST))) if look.log_x else (low, high)


def _around_steps(low: float, high: float) -> tuple[float, float]:
    """Two different ends of an axis of steps: of a single one the steps beside it, and none before the first."""
    if low == high and low >= 0 and low == int(low) < _LARGEST_STEP:
        return max(0.0, low - 1), low + 1
    return _apart(low, high)


def _apart(low: float, high: float) -> tuple[float, float]:
    """Two different ends for an axis."""
    if high > low and high - low > abs(high) * 1e-12:
        return low, high
    room = abs(low) / 2 or 0.5
    return low - room, high + room


def _range(parts: Sequence[Sequence[float]]) -> tuple[float, float]:
    return min(map(min, parts)), max(map(max, parts))


def _x_axis(drawing: Drawing, look: ChartLook) -> str:
    """The line below the chart. plotext's own puts its labels somewhere else at each start of the program."""
    drawn, end = "", drawing.left + drawing.columns
    for place, label in zip(*_x_ticks(drawing.low, drawing.high, look), strict=True):
        width = cell_width(label)
        start = max(0, min(drawing.column_at(place) - width // 2, end - width))
        taken = cell_width(drawn)
        if start > taken or not drawn:
            drawn += " " * (start - taken) + label
    return drawn + " " * (end - cell_width(drawn))


def _x_ticks(low: float, high: float, look: ChartLook) -> tuple[list[float], list[str]]:
    if look.x_labels:
        each = max(1, math.ceil((high - low) * _TICK_CELLS / look.columns))
        shown = range(max(0, math.ceil(low)), min(len(look.x_labels), math.floor(high) + 1), each)
        return [float(number) for number in shown], [cut(look.x_labels[number], _TICK_CELLS - 2) for number in shown]
    places, labels = _ticks(low, high, look.columns // _TICK_CELLS, is_log=look.log_x)
    return places, [label.strip() for label in labels]


def _ticks(low: float, high: float, most: int, *, is_log: bool) -> tuple[list[float], list[str]]:
    """Where an axis has its numbers, and how they are written."""
    if not is_log:
        places = _round_ticks(low, high, most)
        return places, _labels(places)
    places = _log_ticks(low, high, most)
    return places, _labels([10**place for place in places])


def _round_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two values, `most` of them and one more at most, and two at least: one tells no scale."""
    rough = (high - low) / max(1, most) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    widths = [factor * power for factor in (10, 5, 2, 1, 0.5, 0.2, 0.1)]
    ticks: list[float] = []
    for width in [one for one in widths if one >= rough][-1:] + [one for one in widths if one < rough]:
        first, last = math.ceil(low / width), math.floor(high / width)
        ticks = [(first + index) * width for index in range(last - first + 1)]
        if len(ticks) > 1 or low == high:
            break
    return (ticks if len(ticks) <= most + 1 else [ticks[0], ticks[-1]]) or [low]


def _log_ticks(low: float, high: float, most: int) -> list[float]:
    """Logarithms of round numbers: of 1, 2 and 5 in every power of ten, or of the powers, or of whatever is round."""
    powers = range(math.floor(low), math.ceil(high) + 1)
    for factors in ((1, 2, 5), (1,)):
        places = [power + math.log10(factor) for power in powers for factor in factors]
        inside = [place for place in places if low <= place <= high]
        if 1 < len(inside) <= most + 1:
            return inside
    return [math.log10(place) for place in _round_ticks(10**low, 10**high, most) if place > 0]


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
    import numpy as np

    # Of a tuple that is three times as fast as an array of it.
    steps, values = (np.fromiter(part, float, len(part)) for part in (curve.steps, curve.values))
    kept = (np.abs(steps) <= _LARGEST) & (np.abs(values) <= _LARGEST)  # NaN is not
    if look.log_y:
        kept &= values >= _SMALLEST
    if look.log_x:
        kept &= steps >= _SMALLEST
    steps, values = steps[kept], values[kept]
    if look.x_range is not None:
        steps, values = _between(steps, values, *look.x_range)
    places = _extremes(values, look.columns * _POINTS_PER_COLUMN)
    steps, values = (np.where(np.abs(part) < _SMALLEST, 0.0, part)[places] for part in (steps, values))
    return Curve(metric=curve.metric, context=curve.context, steps=tuple(steps.tolist()), values=tuple(values.tolist()))


def _between(steps: Numbers, values: Numbers, low: float, high: float) -> tuple[Numbers, Numbers]:
    """The points of a part of the x axis, and where the lines to their neighbours leave it."""
    import numpy as np

    inside = (steps >= low) & (steps <= high)
    if not len(steps) or np.any(np.diff(steps) < 0):
        return steps[inside], values[inside]
    ends = np.array([end for end in (low, high) if steps[0] < end < steps[-1]])
    at_ends = np.interp(ends, steps, values)
    steps, values = np.concatenate((steps[inside], ends)), np.concatenate((values[inside], at_ends))
    order = np.argsort(steps, kind="stable")
    return steps[order], values[order]


def _extremes(values: Numbers, wanted: int) -> NDArray[np.intp]:
    """Which points are kept, in their order."""
    import numpy as np

    count = len(values)
    if count <= wanted:
        return np.arange(count)
    stretch = math.ceil(count / max(1, wanted // 2))
    filled = np.pad(values, (0, -count % stretch), mode="edge").reshape(-1, stretch)
    starts = np.arange(len(filled)) * stretch
    places = np.concatenate(([0], starts + filled.argmin(axis=1), starts + filled.argmax(axis=1), [count - 1]))
    return np.unique(np.minimum(places, count - 1))


def series_of(trace: Trace, colours: Mapping[Tone, str], *, is_ascii: bool) -> Series:
    """A trace as it is drawn in a theme's colours: lines of fine dots with their signs, in ASCII of signs alone."""
    is_line = trace.kind is not TraceKind.POINTS
    sign = trace.sign or ("." if is_ascii else "")
    is_coarse = is_ascii or not is_line
    return Series(
        curve=trace.curve,
        colour=_colour(colours.get(trace.tone, ""), NAMED_COLOURS.get(trace.tone, "white")),
        marker=sign if is_coarse else "",
        sign="" if is_coarse else sign,
        is_line=is_line,
    )


def _colour(value: str, named: str) -> Colour:
    """A theme's colour for the chart: red, green and blue; by name where the theme has the terminal's own."""
    if not value.startswith("#"):
        return named
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
