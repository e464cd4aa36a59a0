"""A version that is being made in this moment: what it has shown so far, against another at the same step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.metric import Metric, MetricDelta, MetricMeaning, metric_delta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mlver.model.curve import Curve
    from mlver.model.data import Data

_TRAINING = "train"
_TOTALS = {
    "epoch": frozenset({"epochs", "n_epochs", "num_epochs", "max_epochs", "num_train_epochs"}),
    "step": frozenset({"steps", "n_steps", "num_steps", "max_steps", "iterations", "max_iter"}),
}
"""What projects call the number that a training counts up to."""


class Live(Struct, frozen=True, kw_only=True):
    """What is there of a training under way."""

    curves: tuple[Curve, ...] = ()
    """Their newest points; the first ones may be missing."""
    axis: str = "step"
    """`epoch` or `step`: what it counts."""
    total: int | None = None
    """How far it will count; None: not known."""


class LiveValue(Struct, frozen=True, kw_only=True):
    """The newest number of a training under way."""

    metric: str
    context: str
    step: float
    value: float
    delta: MetricDelta | None = None
    """From the other version to this one, at one step; None: they have none in common."""
    delta_step: float | None = None
    """The newest step that both have."""


def live_value(
    live: Live,
    primary: str | None,
    others: Iterable[Curve],
    meaning_of: Callable[[str], MetricMeaning] = lambda _metric: MetricMeaning(),
) -> LiveValue | None:
    """The newest value of the primary metric, else of the first curve, held against the curves of another version.

    Of a metric measured on several sets of data it is not the one on the training data. None: nothing was measured yet.
    """
    curve = _foremost(live.curves, primary)
    if curve is None:
        return None
    found = LiveValue(metric=curve.metric, context=curve.context, step=curve.steps[-1], value=curve.values[-1])
    other = next((one for one in others if (one.metric, one.context) == (curve.metric, curve.context)), None)
    known = dict(zip(other.steps, other.values, strict=True)) if other else {}
    common = next((place for place in reversed(range(len(curve.steps))) if curve.steps[place] in known), None)
    if common is None:
        return found
    meaning, step = meaning_of(curve.metric), curve.steps[common]
    before, after = Metric(value=known[step], meaning=meaning), Metric(value=curve.values[common], meaning=meaning)
    return replace(found, delta=metric_delta(curve.metric, before, after), delta_step=step)


def _foremost(curves: Sequence[Curve], primary: str | None) -> Curve | None:
    drawn = [curve for curve in curves if curve.steps]
    wanted = [curve for curve in drawn if curve.metric == primary] or drawn[:1]
    same = [curve for curve in drawn if wanted and curve.metric == wanted[0].metric]
    return min(same, key=lambda curve: curve.context == _TRAINING, default=None)


def total_of(params: Mapping[str, Data], axis: str) -> int | None:
    """How far a training counts, where its params say so with one voice; None: they do not."""
    totals = set(_totals(params, _TOTALS.get(axis, frozenset())))
    return totals.pop() if len(totals) == 1 else None


def _totals(params: Mapping[str, Data], names: frozenset[str]) -> Iterator[int]:
    for key, value in params.items():
        if isinstance(value, dict):
            yield from _totals(value, names)
        elif key in names and isinstance(value, int) and not isinstance(value, bool) and value > 0:
            yield value
