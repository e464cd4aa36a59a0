"""A param against a metric: a point per version."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from mlver.model.change import MISSING, Missing
from mlver.model.curve import Curve
from mlver.model.data import Scalar
from mlver.model.metric import Goal, MetricMeaning
from mlver.model.version import VersionRow
from mlver_tui.view_models.chart_places import Stops
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount, decimals_of, number
from mlver_tui.view_models.param_axis import Param, number_of
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import aligned
from mlver_tui.view_models.traces import LETTERS, Axes, Trace, TraceKind, hue_of
from mlver_tui.view_models.values import value_text
from mlver_tui.view_models.version_rows import shown_name

_MOST_TOLD = 50
"""Versions told of one place."""


class ScatterPoint(Struct, frozen=True, kw_only=True):
    """A version in the scatter."""

    row: VersionRow
    x: float
    """The param, or the place of its text among the texts."""
    value: float


class ScatterChart(Struct, frozen=True, kw_only=True, dict=True):
    """A metric of versions over one of their params. What keys ask again is made once; hence no slots."""

    param: Param
    metric: str
    place: str
    """`2 of 5`, of the params."""
    points: tuple[ScatterPoint, ...]
    """By x, the best first of each."""
    categories: tuple[str, ...]
    """Safe to show; none: the param is a number."""
    letters: Mapping[str, int]
    decimals: int
    left_out: int
    log_y: bool
    glyphs: Glyphs = UNICODE

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """All points, and over them those of the versions that were chosen."""
        others = [point for point in self.points if point.row.key not in self.letters]
        chosen = [point for point in reversed(self.points) if point.row.key in self.letters]
        marks = [(point, self.letters[point.row.key]) for point in chosen]
        return (
            Trace(curve=self._curve(others), tone=Tone.PLAIN, sign=self.glyphs.point, kind=TraceKind.POINTS),
            *(
                Trace(curve=self._curve([point]), tone=hue_of(place), sign=LETTERS[place], kind=TraceKind.POINTS)
                for point, place in marks
            ),
        )

    def _curve(self, points: Sequence[ScatterPoint]) -> Curve:
        return Curve(
            metric=self.metric,
            steps=tuple(point.x for point in points),
            values=tuple(point.value for point in points),
        )

    @cached_property
    def axes(self) -> Axes:
        """Numbers, logarithmic where they spread over decades; or texts by their names."""
        return Axes(log_x=self.param.is_logarithmic, log_y=self.log_y, x_labels=self.categories)

    @cached_property
    def stops(self) -> Stops:
        """Every value of the param."""
        return Stops((list(self._by_place),) if self.points else ())

    @cached_property
    def _by_place(self) -> Mapping[float, list[ScatterPoint]]:
        """Ascending, as the points are."""
        found: dict[float, list[ScatterPoint]] = defaultdict(list)
        for point in self.points:
            found[point.x].append(point)
        return found

    @cached_property
    def meaning(self) -> MetricMeaning:
        """What a version says the metric means."""
        return self.points[-1].row.metrics[self.metric].meaning if self.points else MetricMeaning()

    def head(self) -> Line:
        """`accuracy over optimiser.lr · 2 of 5 · x: log · y: linear · 12 versions`."""
        dot, data = self.glyphs.dot, self.glyphs.data
        x = "text" if self.categories else "log" if self.axes.log_x else "linear"
        parts = [self.place, f"x: {x}", f"y: {'log' if self.log_y else 'linear'}"]
        parts += [amount(len(self.points), "version")]
        parts += [f"{self.left_out} without one of them"] if self.left_out else []
        named = (bright(data(self.metric)), " over ", bright(data(self.param.name)))
        return line(" ", *named, dim("".join(f" {dot} {part}" for part in parts)))

    def lines(self, cursor: float | None, width: int | None) -> list[Line]:
        """At the cursor the versions with that value, the best first; without one a row for each value."""
        if cursor is None:
            return self._overview(width)
        here = self._by_place[cursor]
        rows = [[line(dim(f" {self.place_text(cursor)}")), line(dim("NAME")), line(dim(self.glyphs.data(self.metric)))]]
        rows += [self._told(point) for point in here[:_MOST_TOLD]]
        more = len(here) - _MOST_TOLD
        return aligned(rows, right={2}, flexible=3, width=width) + ([line(dim(f" {more} more"))] if more > 0 else [])

    def _told(self, point: ScatterPoint) -> list[Line]:
        place = self.letters.get(point.row.key)
        letter = line(Span(f" {LETTERS[place]}", hue_of(place))) if place is not None else EMPTY
        name = line(shown_name(point.row, self.glyphs))
        return [letter, name, line(self._number(point.value)), line(dim(self.glyphs.remark(point.row.title)))]

    def _overview(self, width: int | None) -> list[Line]:
        heads = [line(dim(head)) for head in (f" {self.glyphs.data(self.param.name)}", "VERSIONS", self._best_head())]
        rows: list[list[Line]] = [heads]
        for x, points in list(self._by_place.items())[:_MOST_TOLD]:
            best = points[0]
            cells = (f" {self.place_text(x)}", str(len(points)), self._number(best.value))
            rows.append([*map(line, cells), line(dim(shown_name(best.row, self.glyphs)))])
        return aligned(rows, right={1, 2}, flexible=0, width=width)

    def _best_head(self) -> str:
        metric = self.glyphs.data(self.metric)
        return f"BEST {metric}" if self.meaning.goal else f"MOST {metric}"

    def place_text(self, x: float) -> str:
        """The param at a place of the axis."""
        if self.categories:
            return self.categories[round(x)]
        return number(x, decimals_of([x]), glyphs=self.glyphs)

    def _number(self, value: float) -> str:
        return number(value, self.decimals, glyphs=self.glyphs)


class ScatterWish(Struct, frozen=True, kw_only=True):
    """Which scatter, and how."""

    params: Sequence[Param]
    index: int = 0
    metric: str
    log_y: bool = False


def scatter_chart(
    rows: Sequence[VersionRow], chosen: Sequence[VersionRow], wish: ScatterWish, *, glyphs: Glyphs = UNICODE
) -> ScatterChart:
    """A metric of these versions over one of the params; a version that lacks one of both is left out."""
    param = wish.params[wish.index]
    categories = () if param.is_number else _categories(param, rows)
    points = list(_points(rows, param, wish.metric, categories))
    is_less_better = bool(points) and points[-1].row.metrics[wish.metric].meaning.goal is Goal.MINIMISE
    points.sort(key=lambda point: (point.x, point.value if is_less_better else -point.value))
    return ScatterChart(
        param=param,
        metric=wish.metric,
        place=f"{wish.index + 1} of {len(wish.params)}",
        points=tuple(points),
        categories=tuple(value_text(value, glyphs) for value in categories),
        letters={row.key: place for place, row in enumerate(chosen)},
        decimals=decimals_of([point.value for point in points]),
        left_out=len(rows) - len(points),
        log_y=wish.log_y,
        glyphs=glyphs,
    )


def _categories(param: Param, rows: Sequence[VersionRow]) -> tuple[Scalar | Missing, ...]:
    """The different values, in the order of their texts; last that it is not set, where it is not."""
    values: dict[tuple[str, Scalar], Scalar] = {}
    for value in param.values.values():
        values.setdefault((type(value).__name__, value), value)
    missing = (MISSING,) if any(row.key not in param.values for row in rows) else ()
    return (*sorted(values.values(), key=str), *missing)


def _points(
    rows: Sequence[VersionRow], param: Param, metric: str, categories: Sequence[Scalar | Missing]
) -> Iterator[ScatterPoint]:
    places = {_identity(value): float(place) for place, value in enumerate(categories)}
    for row in rows:
        measured = row.metrics.get(metric)
        value = measured.number if measured else None
        if value is None or not math.isfinite(value):
            continue
        found = param.values.get(row.key, MISSING)
        x = places.get(_identity(found)) if categories else number_of(found)
        if x is not None:
            yield ScatterPoint(row=row, x=x, value=value)


def _identity(value: Scalar | Missing) -> tuple[str, Scalar | Missing]:
    return type(value).__name__, value
