"""Curves of several versions over one axis: what is drawn, and the exact values under a cursor."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.curve import Curve
from mlver.model.curve_pair import CurvesHeld, curves_held
from mlver.model.metric import Goal, Judgement, Metric, MetricMeaning, metric_delta
from mlver.model.status import Status
from mlver.model.version import VersionRow
from mlver_tui.view_models.chart_places import Stops
from mlver_tui.view_models.curve_axes import Axis, on_axis
from mlver_tui.view_models.curve_lines import CurveName, curve_named
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount, decimals_of, number
from mlver_tui.view_models.smoothing import smoothed
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import aligned
from mlver_tui.view_models.traces import LETTERS, Axes, Trace, TraceKind, hue_of
from mlver_tui.view_models.version_rows import judgement_tone, shown_name

MOST_CURVES = len(LETTERS)


class Charted(Struct, frozen=True, kw_only=True):
    """A version whose curves are shown; its place among them gives it its letter."""

    row: VersionRow
    curves: tuple[Curve, ...] | None = None
    """None: they are being read."""
    problem: str = ""
    """Why they cannot be read."""


def is_growing(row: VersionRow) -> bool:
    """Whether its curves may get longer while they are looked at."""
    return row.is_running or row.status is Status.RUNNING


class Wish(Struct, frozen=True, kw_only=True):
    """How curves are to be shown."""

    axis: Axis = Axis.STEP
    weight: float = 0.0
    """Of the smoothing."""
    log_y: bool = False


class Drawn(Struct, frozen=True, kw_only=True):
    """One version's curve on the axis, ready to be asked."""

    charted: Charted
    index: int
    curve: Curve | None
    """Over the axis; None: it has none there, `missing` says why."""
    missing: str = ""
    smooth: tuple[float, ...] = ()
    """The smoothed values; none: it is not smoothed."""
    order: Sequence[int] = ()
    """The points by their places on the axis; of those at one place the last written is last."""
    places: Sequence[float] = ()
    """The places in that order."""
    best: int | None = None
    """Which point is the best; None: nobody said which direction is good, or no point is finite."""
    ends: tuple[float, ...] = ()
    """The least and the greatest finite value; none: there is no finite one."""
    held: CurvesHeld = CurvesHeld()
    """Against A."""
    hidden: int = 0
    """Values that a logarithmic axis cannot show."""

    @property
    def letter(self) -> str:
        """What the version is called in the chart."""
        return LETTERS[self.index]

    @property
    def tone(self) -> Tone:
        """Its hue."""
        return hue_of(self.index)

    def point_at(self, cursor: float | None) -> int | None:
        """The last point that is not beyond the cursor; without one the last of all."""
        if cursor is None:
            return len(self.curve.values) - 1 if self.curve and self.curve.values else None
        place = bisect_right(self.places, cursor)
        return self.order[place - 1] if place else None


class Overlay(Struct, frozen=True, kw_only=True, dict=True):
    """One metric of several versions. What a key asks again and again is made once; hence no slots."""

    name: CurveName
    place: str
    """`1 of 5`."""
    wish: Wish
    meaning: MetricMeaning
    drawn: tuple[Drawn, ...]
    glyphs: Glyphs = UNICODE
    _decimals: int = 0

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """The raw curves behind the smoothed ones; A is drawn last, over all others."""
        raw = [
            Trace(curve=one.curve, tone=Tone.DIM, kind=TraceKind.RAW)
            for one in reversed(self.drawn)
            if one.curve and one.smooth
        ]
        lines = [
            Trace(
                curve=replace(one.curve, values=one.smooth) if one.smooth else one.curve,
                tone=one.tone,
                sign=one.letter,
            )
            for one in reversed(self.drawn)
            if one.curve
        ]
        return (*raw, *lines)

    @cached_property
    def axes(self) -> Axes:
        """Numbers on both."""
        return Axes(log_y=self.wish.log_y)

    @cached_property
    def stops(self) -> Stops:
        """Every point of every curve."""
        return Stops(tuple(one.places for one in self.drawn if one.places))

    def head(self) -> Line:
        """`loss, eval · 1 of 5 · x: step · y: log · smoothed 0.6`."""
        metric, context = self.name
        named = self.glyphs.data(f"{metric}, {context}" if context else metric)
        y = "log" if self.wish.log_y else "linear"
        unit = f" in {self.glyphs.data(self.meaning.unit)}" if self.meaning.unit else ""
        seconds = " in s" if self.wish.axis is Axis.TIME else ""
        parts = [self.place, f"x: {self.wish.axis.value}{seconds}", f"y: {y}{unit}"]
        parts += [f"smoothed {self.wish.weight:g}"] if self.wish.weight else []
        return line(" ", bright(named), dim("".join(f" {self.glyphs.dot} {part}" for part in parts)))

    def lines(self, cursor: float | None, width: int | None) -> list[Line]:
        """A row per version: its value at the cursor and its last; without a cursor how far it is from A as a whole."""
        heads = self._head_cells(cursor)
        rows = [heads, *(self._cells(one, cursor) for one in self.drawn)]
        return aligned(rows, right=set(range(2, len(heads))) - {3}, flexible=1, width=width)

    def _head_cells(self, cursor: float | None) -> list[Line]:
        value = "LAST" if cursor is None else f"AT {place_text(cursor, self.glyphs)}"
        rest = self._held_heads() if cursor is None else ["LAST"]
        heads = [" ", "NAME", value, "", f"{self.glyphs.delta} A", *self._best_heads(), *rest]
        heads += ["SMOOTHED"] if self.wish.weight else []
        return [line(dim(head)) for head in heads]

    def _best_heads(self) -> list[str]:
        return ["BEST", "AT"] if self.meaning.goal else ["LEAST", "MOST"]

    def _held_heads(self) -> list[str]:
        """Against A at the last place that both have, and over all that both cover."""
        if all(one.held.area is None and one.held.at_step is None for one in self.drawn):
            return []
        return [f"{self.glyphs.delta} SAME {self.wish.axis.value.upper()}", f"{self.glyphs.delta} AREA"]

    def _held(self, one: Drawn) -> list[Line]:
        if not self._held_heads():
            return []
        held = one.held
        at = "" if held.step is None else f" at {place_text(held.step, self.glyphs)}"
        same, area = (
            "" if moved is None else number(moved, self._decimals, sign=True, glyphs=self.glyphs)
            for moved in (held.at_step, held.area)
        )
        return [line(same, dim(at if same else "")), line(area)]

    def _cells(self, one: Drawn, cursor: float | None) -> list[Line]:
        name = [line(Span(f" {one.letter}", one.tone)), line(shown_name(one.charted.row, self.glyphs))]
        if one.curve is None:
            columns = len(self._head_cells(cursor)) - len(name)
            return [*name, *[EMPTY] * columns, line(dim(self.glyphs.remark(one.missing)))]
        at = one.point_at(cursor)
        cells = [*name, line(self._value(one, at)), *self._delta(one, at, cursor), *self._extremes(one)]
        cells += self._held(one) if cursor is None else [line(self._value(one, one.point_at(None)))]
        if self.wish.weight:
            cells.append(line(self._number(one.smooth[at]) if at is not None and one.smooth else ""))
        return [*cells, line(Span(", ".join(self._notes(one, at, cursor)), Tone.DIM))]

    def _number(self, value: float) -> str:
        return number(value, self._decimals, glyphs=self.glyphs)

    def _value(self, one: Drawn, at: int | None) -> str:
        return self._number(one.curve.values[at]) if one.curve and at is not None else ""

    def _delta(self, one: Drawn, at: int | None, cursor: float | None) -> list[Line]:
        base = self.drawn[0]
        there = base.point_at(self._held_at(one, at, cursor))
        if one is base or at is None or there is None or one.curve is None or base.curve is None:
            return [EMPTY, EMPTY]
        before, after = (
            Metric(value=v, meaning=self.meaning) for v in (base.curve.values[there], one.curve.values[at])
        )
        delta = metric_delta(self.name[0], before, after)
        if delta.absolute is None:
            return [EMPTY, EMPTY]
        tone = judgement_tone(delta.judgement)
        sign = self.glyphs.judgement[delta.judgement] if delta.judgement is not Judgement.NO_GOAL else " "
        moved = number(delta.absolute, self._decimals, sign=True, glyphs=self.glyphs)
        return [line(Span(sign, tone)), line(Span(moved, tone))]

    def _held_at(self, one: Drawn, at: int | None, cursor: float | None) -> float | None:
        """Where A is looked at: a run under way says nothing against the end of one that is over."""
        if cursor is None and at is not None and one.curve and is_growing(one.charted.row):
            return one.curve.steps[at]
        return cursor

    def _extremes(self, one: Drawn) -> list[Line]:
        if one.curve is None or not one.ends:
            return [EMPTY, EMPTY]
        if one.best is None:
            return [line(self._number(end)) for end in one.ends]
        where = place_text(one.curve.steps[one.best], self.glyphs)
        return [line(self._number(one.curve.values[one.best])), line(dim(where))]

    def _notes(self, one: Drawn, at: int | None, cursor: float | None) -> list[str]:
        assert one.curve
        notes = []
        if cursor is not None and at is not None and one.curve.steps[at] != cursor:
            notes.append(f"at {place_text(one.curve.steps[at], self.glyphs)}")
        if cursor is None and at is not None and is_growing(one.charted.row):
            notes.append(f"running, at {place_text(one.curve.steps[at], self.glyphs)}")
        if one.hidden:
            notes.append(f"{amount(one.hidden, 'value')} {self.glyphs.at_most} 0 not drawn")
        if one.curve.skipped:
            notes.append(f"{amount(one.curve.skipped, 'row')} without a number")
        return notes if one.curve.complete else [*notes, "incomplete: longer than the limit"]


def place_text(x: float, glyphs: Glyphs) -> str:
    """A place on the x axis: `40`, `0.5`."""
    return number(x, decimals_of([x]), glyphs=glyphs)


def overlay_of(
    versions: Sequence[Charted], names: Sequence[CurveName], index: int, wish: Wish, *, glyphs: Glyphs = UNICODE
) -> Overlay:
    """The chart of the metric with that index; slow where curves are long, so made off the UI's thread."""
    name = names[index]
    meaning = meaning_of([one.row for one in versions], name)
    alone = [_drawn(one, number, name, wish, meaning) for number, one in enumerate(versions)]
    held = (curves_held(alone[0].curve, one.curve, meaning.goal) for one in alone[1:])
    drawn = (*alone[:1], *(replace(one, held=how) for one, how in zip(alone[1:], held, strict=True)))
    told = [value for one in drawn if one.curve for value in _telling(one)]
    return Overlay(
        name=name,
        place=f"{index + 1} of {len(names)}",
        wish=wish,
        meaning=meaning,
        drawn=drawn,
        glyphs=glyphs,
        _decimals=decimals_of(told),
    )


def _telling(one: Drawn) -> list[float]:
    """The values that say how many decimals are worth reading."""
    values = one.curve.values if one.curve else ()
    return [*values[:1], *values[-1:], *([values[one.best]] if one.best is not None else [])]


def _drawn(one: Charted, index: int, name: CurveName, wish: Wish, meaning: MetricMeaning) -> Drawn:
    if one.curves is None:
        return Drawn(charted=one, index=index, curve=None, missing=one.problem or "being read")
    found = curve_named(one.curves, name)
    curve = on_axis(found, wish.axis) if found else None
    if found is None or curve is None or not curve.steps:
        why = f"its history tells no {wish.axis.value}" if found and curve is None else "has no such curve"
        return Drawn(charted=one, index=index, curve=None, missing=one.problem or why)
    order, ends = _by_place(curve.steps), _ends(curve.values)
    return Drawn(
        charted=one,
        index=index,
        curve=curve,
        smooth=smoothed(curve.values, wish.weight) if wish.weight else (),
        order=order,
        places=curve.steps if isinstance(order, range) else [curve.steps[point] for point in order],
        best=_best(curve.values, ends, meaning.goal),
        ends=ends,
        hidden=sum(value <= 0 for value in curve.values) if wish.log_y else 0,
    )


def _by_place(steps: Sequence[float]) -> Sequence[int]:
    if list(steps) == sorted(steps):  # nearly always; sorting what is sorted takes a millisecond
        return range(len(steps))
    return sorted(range(len(steps)), key=steps.__getitem__)


def _best(values: Sequence[float], ends: tuple[float, ...], goal: Goal | None) -> int | None:
    if goal is None or not ends:
        return None
    return values.index(ends[0] if goal is Goal.MINIMISE else ends[1])


def _ends(values: Sequence[float]) -> tuple[float, ...]:
    """A sum tells at once whether all are finite; looking at each of them takes ten times as long."""
    finite = values if math.isfinite(sum(values)) else [value for value in values if math.isfinite(value)]
    return (min(finite), max(finite)) if finite else ()


def meaning_of(rows: Sequence[VersionRow], name: CurveName) -> MetricMeaning:
    """What the versions say of the metric a curve is of, under the names that tools write it with."""
    metric, context = name
    names = (f"{context}_{metric}", f"{context}/{metric}", metric) if context else (metric,)
    found = (row.metrics[known].meaning for row in reversed(rows) for known in names if known in row.metrics)
    return next((meaning for meaning in found if meaning.goal), MetricMeaning())
