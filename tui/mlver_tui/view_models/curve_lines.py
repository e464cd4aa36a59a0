"""Which curves two versions have, and the head of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from mlver.model.curve import Curve
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, metric_value
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line

CurveName: TypeAlias = tuple[str, str]
"""Metric and context."""


class CurveSide(Struct, frozen=True):
    """What one side has of a curve."""

    curve: Curve | None
    marker: str = ""
    """The sign its line is drawn with; none: its colour tells."""


def curve_names(before: Sequence[Curve], after: Sequence[Curve]) -> tuple[CurveName, ...]:
    """The curves of both sides, in the newer side's order; those of one point, which draw nothing, last."""
    curves = (*after, *before)
    drawn = [curve for curve in curves if len(curve.steps) > 1]
    return tuple(dict.fromkeys((curve.metric, curve.context) for curve in (*drawn, *curves)))


def curve_named(curves: Sequence[Curve], name: CurveName) -> Curve | None:
    """The curve of that name; None: that side has none."""
    return next((curve for curve in curves if (curve.metric, curve.context) == name), None)


def curve_head(
    names: Sequence[CurveName],
    index: int,
    sides: tuple[CurveSide, CurveSide],
    *,
    y_axis: str = "",
    glyphs: Glyphs = UNICODE,
) -> tuple[Line, ...]:
    """What the chart shows on which axes; under it which hue or marker is which side, and where both ended."""
    metric, context = names[index]
    named = glyphs.data(f"{metric}, {context}" if context else metric)
    place = f"{index + 1} of {len(names)}"
    before, after = sides
    is_hidden = before.curve is not None and before.curve == after.curve
    return (
        line(" ", bright(named), dim(f" {glyphs.dot} {place} {glyphs.dot} x: step"), dim(y_axis and f"  {y_axis}")),
        line(
            " ",
            Span(f"A {before.marker}".rstrip() + " ", Tone.SIDE_A),
            _last(before.curve, glyphs),
            Span("  "),
            Span(f"B {after.marker}".rstrip() + " ", Tone.SIDE_B),
            Span("lies on A") if is_hidden else _last(after.curve, glyphs),
        ),
    )


def y_axis_words(*, log_y: bool, key: str) -> str:
    """How the y axis is, and the key that changes it: `y: linear  (Y: log)`."""
    now, other = ("log", "linear") if log_y else ("linear", "log")
    return f"y: {now}  ({key}: {other})"


def _last(curve: Curve | None, glyphs: Glyphs) -> Span:
    if curve is None or not curve.values:
        return dim("no curve")
    value = curve.values[-1]
    return Span(f"ends at {metric_value(value, decimals_of([value]), glyphs)}")
