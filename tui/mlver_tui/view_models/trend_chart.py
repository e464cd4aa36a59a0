"""The trend of a metric as a chart: a point per version, regressions and what is deployed marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from mlver.model.curve import Curve
from mlver.model.metric import Goal, Judgement, MetricMeaning
from mlver.model.version import VersionRow
from mlver_tui.view_models.chart_places import Stops
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.ledger_lines import stages_named
from mlver_tui.view_models.numbers import age, amount, decimals_of, number
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, join, line
from mlver_tui.view_models.tables import aligned
from mlver_tui.view_models.traces import LETTERS, Axes, Trace, TraceKind, hue_of
from mlver_tui.view_models.trend import NO_GOAL, TrendPoint, trend_points
from mlver_tui.view_models.version_rows import judgement_tone, shown_name

_MOST_NAMED = 6
"""Regressions, and versions that are deployed, told by name."""


class TrendChart(Struct, frozen=True, kw_only=True, dict=True):
    """A metric of a model's versions, the oldest on the left. What keys ask again is made once; hence no slots."""

    metric: str
    place: str
    """`1 of 5`."""
    points: tuple[TrendPoint, ...]
    letters: Mapping[str, int]
    """Key -> place among the versions that were chosen to be charted."""
    log_y: bool
    decimals: int
    now: float
    glyphs: Glyphs = UNICODE

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """The line, and over it what is marked: a regression before a stage, that before a letter."""
        marks = [self._mark(point) for point in self.points]
        return (
            Trace(curve=self._curve(range(len(self.points))), tone=Tone.PLAIN),
            *(
                Trace(
                    curve=self._curve([index for index, other in enumerate(marks) if other == mark]),
                    tone=mark[1],
                    sign=mark[0],
                    kind=TraceKind.POINTS,
                )
                for mark in dict.fromkeys(marks)
                if mark is not None
            ),
        )

    def _mark(self, point: TrendPoint) -> tuple[str, Tone] | None:
        if point.is_regression:
            return self.glyphs.judgement[Judgement.WORSE], Tone.WORSE
        if point.holds_stage:
            return self.glyphs.stage, Tone.ACCENT
        place = self.letters.get(point.row.key)
        return None if place is None else (LETTERS[place], hue_of(place))

    def _curve(self, places: Sequence[int]) -> Curve:
        return Curve(
            metric=self.metric,
            steps=tuple(float(place) for place in places),
            values=tuple(self.points[place].value for place in places),
        )

    @cached_property
    def axes(self) -> Axes:
        """Versions by their names."""
        return Axes(log_y=self.log_y, x_labels=tuple(shown_name(point.row, self.glyphs) for point in self.points))

    @cached_property
    def stops(self) -> Stops:
        """Every version."""
        return Stops((tuple(map(float, range(len(self.points)))),) if self.points else ())

    @cached_property
    def meaning(self) -> MetricMeaning:
        """What the newest version says the metric means."""
        return self.points[-1].row.metrics[self.metric].meaning if self.points else MetricMeaning()

    def head(self) -> Line:
        """`accuracy · 1 of 5 · x: version · y: linear · 12 versions`."""
        y, dot = "log" if self.log_y else "linear", self.glyphs.dot
        unit = f" in {self.glyphs.data(self.meaning.unit)}" if self.meaning.unit else ""
        parts = (self.place, "x: version", f"y: {y}{unit}", amount(len(self.points), "version"))
        return line(" ", bright(self.glyphs.data(self.metric)), dim("".join(f" {dot} {part}" for part in parts)))

    def lines(self, cursor: float | None, width: int | None) -> list[Line]:
        """The version under the cursor (else the newest), the best one, the regressions, what is deployed."""
        if not self.points:
            return []
        last = len(self.points) - 1
        point = self.points[last if cursor is None else max(0, min(round(cursor), last))]
        lines = [self._told(point), *self._of_all]
        return [fitted(one, width) if width else one for one in lines if one]

    def _number(self, value: float, *, sign: bool = False) -> str:
        return number(value, self.decimals, sign=sign, glyphs=self.glyphs)

    def _told(self, point: TrendPoint) -> Line:
        row = point.row
        place = self.letters.get(row.key)
        letter = line(Span(LETTERS[place], hue_of(place))) if place is not None else EMPTY
        parts = [
            letter,
            line(bright(shown_name(row, self.glyphs))),
            line(dim(age(row.created, self.now))),
            line(bright(self._number(point.value))),
            self._delta(point),
            line(self.glyphs.remark(row.title)),
            line(stages_named(row.stages, self.glyphs)) if row.stages else EMPTY,
        ]
        return (Span(" "), *join(parts))

    def _delta(self, point: TrendPoint) -> Line:
        delta = point.delta
        if delta is None or delta.absolute is None:
            return EMPTY
        sign = self.glyphs.judgement[delta.judgement]
        moved = self._number(delta.absolute, sign=True)
        return line(Span(f"{sign} {moved}", judgement_tone(delta.judgement)))

    @cached_property
    def _of_all(self) -> tuple[Line, ...]:
        return self._best(), self._regressions(), self._stages()

    def _best(self) -> Line:
        goal = self.meaning.goal
        if goal is None:
            return line(" ", dim(NO_GOAL))
        choose = min if goal is Goal.MINIMISE else max
        best = choose(self.points, key=lambda point: point.value)
        return line(" ", dim("best    "), self._number(best.value), "  ", shown_name(best.row, self.glyphs))

    def _regressions(self) -> Line:
        names = [shown_name(point.row, self.glyphs) for point in reversed(self.points) if point.is_regression]
        sign = Span(self.glyphs.judgement[Judgement.WORSE], Tone.WORSE)
        return line(" ", dim("worse   "), sign, f" {_named(names)}") if names else line(" ", dim("worse   none"))

    def _stages(self) -> Line:
        glyphs = self.glyphs
        names = [
            f"{shown_name(point.row, glyphs)} {glyphs.data(', '.join(point.row.stages))}"
            for point in reversed(self.points)
            if point.holds_stage
        ]
        return line(" ", dim("stages  "), Span(glyphs.stage, Tone.ACCENT), f" {_named(names)}") if names else EMPTY


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f", {more} more" if more > 0 else "")


def trend_table(chart: TrendChart) -> list[Line]:
    """Every version in a line, the oldest first: for output that shows no chart."""
    glyphs = chart.glyphs
    rows = [[line(dim(head)) for head in ("NAME", "AGE", glyphs.data(chart.metric), "", glyphs.delta, "STAGE")]]
    for point in chart.points:
        row, delta = point.row, point.delta
        moved, judged = EMPTY, EMPTY
        if delta is not None and delta.absolute is not None:
            tone = judgement_tone(delta.judgement)
            judged = line(Span(glyphs.judgement[delta.judgement], tone))
            moved = line(Span(number(delta.absolute, chart.decimals, sign=True, glyphs=glyphs), tone))
        value = number(point.value, chart.decimals, glyphs=glyphs)
        cells = (shown_name(row, glyphs), age(row.created, chart.now), value)
        rows.append([*map(line, cells), judged, moved, line(stages_named(row.stages, glyphs))])
    return aligned(rows, right={1, 2, 4})


class TrendWish(Struct, frozen=True, kw_only=True):
    """Which trend, and how."""

    metrics: Sequence[str]
    index: int = 0
    log_y: bool = False


def trend_chart(
    rows: Sequence[VersionRow],
    chosen: Sequence[VersionRow],
    wish: TrendWish,
    *,
    now: float,
    glyphs: Glyphs = UNICODE,
) -> TrendChart:
    """The trend of one of the metrics over versions of one model."""
    metric = wish.metrics[wish.index]
    points = trend_points(rows, metric)
    return TrendChart(
        metric=metric,
        place=f"{wish.index + 1} of {len(wish.metrics)}",
        points=points,
        letters={row.key: place for place, row in enumerate(chosen)},
        log_y=wish.log_y,
        decimals=decimals_of([point.value for point in points]),
        now=now,
        glyphs=glyphs,
    )
