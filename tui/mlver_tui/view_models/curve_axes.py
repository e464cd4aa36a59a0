"""What curves can be drawn over: steps, epochs, time; and where their points are on that axis."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec.structs import replace

from mlver.model.curve import Curve


class Axis(StrEnum):
    """The x axis of a chart of metrics."""

    STEP = "step"
    EPOCH = "epoch"
    TIME = "time"
    """Seconds since the first point of the version's curve."""
    VERSION = "version"
    """No curve at all: how the metric ended, from version to version."""


def axes_of(curves: Iterable[Curve]) -> tuple[Axis, ...]:
    """The axes that any of the curves has, the usual one first; steps that count epochs are epochs alone."""
    curves = [curve for curve in curves if curve.steps]
    has_epochs = any(curve.epochs for curve in curves)
    counts_steps = any(curve.epochs != curve.steps for curve in curves)
    has_times = any(curve.times and min(curve.times) < max(curve.times) for curve in curves)
    found = ((Axis.STEP, counts_steps), (Axis.EPOCH, has_epochs), (Axis.TIME, has_times))
    return tuple(axis for axis, is_there in found if is_there)


def on_axis(curve: Curve, axis: Axis) -> Curve | None:
    """The curve with its places on that axis for steps; None: it does not tell them."""
    if axis is Axis.STEP:
        return curve
    places = curve.epochs if axis is Axis.EPOCH else curve.times
    if not places:
        return None
    first = min(places) if axis is Axis.TIME else 0.0
    return replace(curve, steps=tuple(place - first for place in places))
