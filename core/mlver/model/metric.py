"""What a metric means, and how two values of it compare."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from mlver.model.data import Scalar


class Goal(StrEnum):
    """Which direction of a metric is better."""

    MAXIMISE = "maximise"
    MINIMISE = "minimise"


class Judgement(StrEnum):
    """What a delta means."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    """Equal, or within the tolerance."""
    NO_GOAL = "no goal"
    """It moved, and nobody said which direction is good."""
    UNKNOWN = "unknown"
    """One side is missing or is not a number."""


class Tolerance(Struct, frozen=True):
    """How far a metric may move and still count as the same."""

    amount: float
    """Absolute in the metric's unit, or percent of the value before."""
    percent: bool = False

    def __str__(self) -> str:
        number = f"{self.amount:g}"
        return f"{number}%" if self.percent else number

    def allows(self, before: float, after: float) -> bool:
        """Whether the move is within the tolerance; never for NaN or infinities."""
        if not (math.isfinite(before) and math.isfinite(after)):
            return False
        room = abs(before) * self.amount / 100 if self.percent else self.amount
        # One part in 1e9 of slack: 0.955 - 0.95 is 0.0050000000000000044 in binary and means 0.005.
        return abs(after - before) <= room * (1 + 1e-9)


class MetricMeaning(Struct, frozen=True, kw_only=True):
    """What the project says about a metric."""

    goal: Goal | None = None
    tolerance: Tolerance | None = None
    unit: str = ""
    primary: bool = False


class Metric(Struct, frozen=True, kw_only=True):
    """A measured value with its meaning."""

    value: float | int | str | bool | None
    """Text is kept as it was measured: a metrics file may hold anything."""
    meaning: MetricMeaning = MetricMeaning()

    @property
    def number(self) -> float | None:
        """The value when it is a number (NaN and infinities are), else None."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            return None
        try:
            return float(self.value)
        except OverflowError:
            return math.inf if self.value > 0 else -math.inf


class MetricDelta(Struct, frozen=True, kw_only=True):
    """How one metric moved between two versions."""

    name: str
    before: float | int | str | bool | None
    """None: the metric did not exist there."""
    after: float | int | str | bool | None
    meaning: MetricMeaning
    absolute: float | None
    """after - before, in the metric's unit; None where that has no meaning."""
    relative: float | None
    """absolute / |before|, 0.1 is 10 %; None where before is zero or there is no absolute."""
    judgement: Judgement


class SliceDelta(Struct, frozen=True, kw_only=True):
    """How a metric moved on one part of the evaluation data."""

    metric: str
    slice: Mapping[str, Scalar]
    """`{"class": 3}`."""
    delta: MetricDelta


def metric_delta(name: str, before: Metric | None, after: Metric | None) -> MetricDelta:
    """The delta of one metric; the meaning is that of the newer side, else of the older one."""
    first = before.number if before else None
    second = after.number if after else None
    side = after or before
    meaning = side.meaning if side else MetricMeaning()
    absolute = relative = None
    if first is not None and second is not None and math.isfinite(first) and math.isfinite(second):
        absolute = second - first
        relative = absolute / abs(first) if first else None
    return MetricDelta(
        name=name,
        before=before.value if before else None,
        after=after.value if after else None,
        meaning=meaning,
        absolute=absolute,
        relative=relative,
        judgement=_judged(first, second, meaning),
    )


def _judged(before: float | None, after: float | None, meaning: MetricMeaning) -> Judgement:
    if before is None or after is None:
        return Judgement.UNKNOWN
    if before == after or (math.isnan(before) and math.isnan(after)):
        return Judgement.SAME
    if meaning.tolerance and meaning.tolerance.allows(before, after):
        return Judgement.SAME
    if math.isnan(before) or math.isnan(after):
        # Losing the number is worse whatever the goal; regaining it is better.
        return Judgement.WORSE if math.isnan(after) else Judgement.BETTER
    if meaning.goal is None:
        return Judgement.NO_GOAL
    went_up = after > before
    return Judgement.BETTER if went_up == (meaning.goal is Goal.MAXIMISE) else Judgement.WORSE
