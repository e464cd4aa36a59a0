"""The trend under the list: the primary metric from version to version, drawn with lines and judged point by point."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.metric import Judgement, Tolerance
from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.ledger_lines import PROTECTED
from mlver_tui.view_models.numbers import amount, decimals_of, number
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, join, line, width_of
from mlver_tui.view_models.text import cell_width, cut, cut_start, padded
from mlver_tui.view_models.trend import NO_GOAL, TrendPoint, trend_points
from mlver_tui.view_models.version_rows import judgement_tone, shown_name

_AXIS_WIDTH = 9
"""Cells of the y axis: number, tick and the first space."""
_WIDEST_STEP, _LEAST_STEP = 12, 2
"""Cells from one point to the next."""
_LABEL_WIDTH = 5
"""Cells of a name, where a wider step has no room for more."""
_SHORT_NAME, _RECIPE = 3, 8
"""What is shown of a recipe's digest: a little, or as much as a list shows."""
_FEW = 2
_MOST_TICKS = 5
_LEAST_HEIGHT = 4
"""Rule, two rows of the drawing, the names."""


class Trend(Struct, frozen=True, kw_only=True):
    """The primary metric of versions of one model."""

    metric: str
    points: tuple[TrendPoint, ...]
    """The oldest first; versions without a finite number have none."""
    left_out: int = 0
    """Older points that there is no room for."""
    glyphs: Glyphs = UNICODE

    @property
    def tolerance(self) -> Tolerance | None:
        """How far the metric may move and still count as the same, by the newest version's word."""
        return self.points[-1].row.metrics[self.metric].meaning.tolerance if self.points else None

    @property
    def has_goal(self) -> bool:
        """Whether any version says which way is better."""
        return any(point.row.metrics[self.metric].meaning.goal for point in self.points)

    @property
    def stage(self) -> str:
        """The stage whose holder is marked: the protected one, else the newest version's; empty: none is held."""
        stages = [stage for point in reversed(self.points) for stage in point.row.stages]
        return PROTECTED if PROTECTED in stages else next(iter(stages), "")


def trend_of(rows: Sequence[VersionRow], glyphs: Glyphs = UNICODE) -> Trend | None:
    """The trend of versions of one model, which come newest first; None: they have no metric."""
    primaries = Counter(row.primary for row in rows if row.primary)
    if not primaries:
        return None
    ((metric, _),) = primaries.most_common(1)
    return Trend(metric=metric, points=trend_points(rows, metric), glyphs=glyphs)


def trend_lines(trend: Trend, width: int, height: int) -> list[Line]:
    """The whole pane: its rule, the drawing, the names below, what the signs mean."""
    trend = _fitting(trend, width)
    glyphs = trend.glyphs
    lines = [trend_head(trend, width)]
    if len(trend.points) < _FEW or height < _LEAST_HEIGHT:
        said = f"of {glyphs.data(trend.metric)} {amount(len(trend.points), 'number', glyphs)}: a trend needs two"
        return [*lines, fitted(line(" ", dim(said)), width)][:height]
    rest = height - 1 - 2
    with_legend = rest > _FEW
    drawn = _drawing(trend, width, rest if with_legend else rest + 1)
    lines += [*drawn, _names_line(trend, width)]
    return [*lines, _legend(trend, width)] if with_legend else lines


def trend_head(trend: Trend, width: int) -> Line:
    """`─ trend · accuracy by version · tolerance ±0.005 ────`."""
    glyphs = trend.glyphs
    parts = ["", f"{glyphs.data(trend.metric)} by version"]
    if trend.tolerance:
        sign = "+-" if glyphs.is_ascii else "±"
        parts.append(f"tolerance {sign}{str(trend.tolerance).replace('%', ' %')}")
    if trend.left_out:
        parts.append(f"the newest {len(trend.points)}")
    said = f" {glyphs.dot} ".join(parts)
    start = line(dim(f"{glyphs.rule} "), bright("trend"), dim(f"{said} "))
    return fitted((*start, dim(glyphs.rule * max(0, width - width_of(start)))), width)


def why_no_trend(order: str, models: int, sort_key: str, model_key: str, *, is_time: bool) -> str:
    """Why there is no trend of what is listed now; nothing: there is one."""
    if not is_time:
        return f"a trend goes by time, the list by {order}: {sort_key} changes that"
    return f"a trend is of one model, and {models} are listed: {model_key} chooses one" if models > 1 else ""


def _fitting(trend: Trend, width: int) -> Trend:
    """The newest points that there is room for."""
    most = max(1, (width - _AXIS_WIDTH) // _LEAST_STEP)
    more = len(trend.points) - most
    return replace(trend, points=trend.points[-most:], left_out=trend.left_out + more) if more > 0 else trend


def _step(trend: Trend, width: int) -> int:
    room = width - _AXIS_WIDTH - _LABEL_WIDTH
    return max(_LEAST_STEP, min(_WIDEST_STEP, room // max(1, len(trend.points) - 1)))


def _drawing(trend: Trend, width: int, height: int) -> list[Line]:
    """The rows of the drawing, each with its part of the y axis."""
    values = [point.value for point in trend.points]
    low, high = min(values), max(values)
    rows = [_row_of(value, low, high, height) for value in values]
    step = _step(trend, width)
    cells: list[dict[int, Span]] = [{} for _ in range(height)]
    for place, (row, after) in enumerate(pairwise(rows)):
        _connect(cells, (place * step, row), (place * step + step, after), trend.glyphs)
    for place, (point, row) in enumerate(zip(trend.points, rows, strict=True)):
        cells[row][place * step] = _sign(point, trend)
    ticks = _ticks(low, high, height)
    decimals = decimals_of(values)
    axis = [
        _axis(_tick(ticks[row], decimals, trend.glyphs) if row in ticks else "", trend.glyphs) for row in range(height)
    ]
    return [fitted((*axis[row], *_row_spans(cells[row])), width) for row in range(height)]


def _row_of(value: float, low: float, high: float, height: int) -> int:
    """The row of a value, from the top; all in the middle where none differs."""
    share = (high - value) / (high - low) if 0 < high - low < math.inf else 0.5
    return round(share * (height - 1))


def _connect(cells: list[dict[int, Span]], start: tuple[int, int], end: tuple[int, int], glyphs: Glyphs) -> None:
    """A line from one point to the next: along, then up or down just before it, then along."""
    (left, row), (right, after) = start, end
    turn = right - 2 if right - left > _LEAST_STEP + 1 else right - 1
    if row == after:
        for column in range(left + 1, right):
            cells[row][column] = dim(glyphs.rule)
        return
    top_left, top_right, bottom_left, bottom_right = tuple(glyphs.corners)
    goes_up = after < row
    for column in range(left + 1, turn):
        cells[row][column] = dim(glyphs.rule)
    cells[row][turn] = dim(bottom_right if goes_up else top_right)
    for between in range(min(row, after) + 1, max(row, after)):
        cells[between][turn] = dim(glyphs.bar_line)
    cells[after][turn] = dim(top_left if goes_up else bottom_left)
    for column in range(turn + 1, right):
        cells[after][column] = dim(glyphs.rule)


def _row_spans(cells: dict[int, Span]) -> Iterable[Span]:
    at = 0
    for column in sorted(cells):
        if column > at:
            yield Span(" " * (column - at))
        yield cells[column]
        at = column + 1


def _sign(point: TrendPoint, trend: Trend) -> Span:
    glyphs = trend.glyphs
    if trend.stage in point.row.stages:
        return Span(glyphs.stage, Tone.ACCENT)
    if point.delta and point.delta.judgement in {Judgement.BETTER, Judgement.WORSE}:
        return Span(glyphs.judgement[point.delta.judgement], judgement_tone(point.delta.judgement))
    return Span(glyphs.mark)


def _ticks(low: float, high: float, height: int) -> dict[int, float]:
    """Row -> the value written there."""
    if not 0 < high - low < math.inf:
        return {_row_of(low, low, high, height): low}
    count = min(_MOST_TICKS, height)
    rows = {round(place * (height - 1) / (count - 1)) for place in range(count)} if count > 1 else {0}
    return {row: high - (high - low) * row / max(1, height - 1) for row in rows}


def _tick(value: float, decimals: int, glyphs: Glyphs) -> str:
    written = number(value, decimals, glyphs=glyphs)
    return written if cell_width(written) <= _AXIS_WIDTH - 3 else f"{value:.0e}".replace("-", glyphs.minus)


def _axis(written: str, glyphs: Glyphs) -> Line:
    tick = glyphs.tick_line if written else glyphs.bar_line
    label = padded(cut(written, _AXIS_WIDTH - 3), _AXIS_WIDTH - 3, right=True)
    return line(dim(f"{label} {tick} "))


def _names_line(trend: Trend, width: int) -> Line:
    """Under each point a part of its name, where there is room for it and a blank before."""
    step, rows = _step(trend, width), [point.row for point in trend.points]
    text = " " * (_AXIS_WIDTH - 1)
    labels = (_labels(rows, room, trend.glyphs) for room in (max(_LABEL_WIDTH, step - 1), _LABEL_WIDTH))
    for place, (label, short) in enumerate(zip(*labels, strict=True)):
        start = _AXIS_WIDTH - 1 + place * step
        if (start > len(text) or not place) and start + min(len(label), _LABEL_WIDTH) <= width:
            text = text.ljust(start) + (label if start + len(label) <= width else cut(short, width - start))
    return fitted(line(dim(text)), width)


def _labels(rows: Sequence[VersionRow], room: int, glyphs: Glyphs) -> list[str]:
    """The beginnings of the names; where several begin alike (`sweep-1`, `sweep-2`, runs of a recipe), their ends, too.

    Releases lose their `v` together, where one of them has no room for it.
    """
    names = [shown_name(row, glyphs) for row in rows]
    with_v = all(cell_width(name) <= room for name in names if _is_release(name))
    labels = [_label(row, name, room, with_v=with_v) for row, name in zip(rows, names, strict=True)]
    alike = Counter(labels)
    return [
        (cut_start(name, room - 1) if row.names else _with_ordinal(name, label)) if alike[label] > 1 else label
        for row, name, label in zip(rows, names, labels, strict=True)
    ]


def _is_release(name: str) -> bool:
    return name.startswith("v") and name[1:2].isdigit()


def _label(row: VersionRow, name: str, room: int, *, with_v: bool) -> str:
    """Of a name that people gave as much as there is room for; of a recipe's a little."""
    if not row.names:
        return name if len(name) <= room else name[: _RECIPE if room >= _RECIPE else _SHORT_NAME]
    return cut(name.removeprefix("v") if _is_release(name) and not with_v else name, room)


def _with_ordinal(name: str, label: str) -> str:
    """`8d.2`: less of the recipe, and which of its runs it is."""
    recipe, dot, ordinal = name.partition(".")
    return recipe[: max(_SHORT_NAME - 1, len(label) - len(dot + ordinal))] + dot + ordinal


def _legend(trend: Trend, width: int) -> Line:
    glyphs = trend.glyphs
    met = {point.delta.judgement if point.delta else None for point in trend.points}
    stage = line(Span(glyphs.stage, Tone.ACCENT), dim(f" {glyphs.data(trend.stage)}")) if trend.stage else EMPTY
    if not trend.has_goal:
        return fitted((Span(" " * (_AXIS_WIDTH - 1)), *join([stage, line(dim(NO_GOAL))], "   ")), width)
    parts = [
        stage,
        _meaning(Judgement.BETTER, "better", glyphs),
        _meaning(Judgement.WORSE, "worse than its parent", glyphs),
        line(glyphs.mark, dim(" same")) if met - {Judgement.BETTER, Judgement.WORSE} else EMPTY,
    ]
    return fitted((Span(" " * (_AXIS_WIDTH - 1)), *join(parts, "   ")), width)


def _meaning(judgement: Judgement, word: str, glyphs: Glyphs) -> Line:
    return line(Span(glyphs.judgement[judgement], judgement_tone(judgement)), dim(f" {word}"))
