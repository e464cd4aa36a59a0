"""The one curve beside a summary: which it is, and what can be read from it exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlver.model.curve import Curve
from mlver.model.curve_pair import curves_held
from mlver.model.evaluation import EVALUATION_ROLES
from mlver.model.metric import Goal, MetricDelta
from mlver.model.version import VersionRow
from mlver_tui.view_models.chrome import rule_line
from mlver_tui.view_models.curve_lines import CurveName, curve_names
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, metric_value, number
from mlver_tui.view_models.overlay import meaning_of, place_text
from mlver_tui.view_models.spans import Line, Span, Tone, dim, line, width_of

_HELD_BACK = EVALUATION_ROLES | {"val", "valid", "validation"}


def summary_curve(before: Sequence[Curve], after: Sequence[Curve], metrics: Sequence[MetricDelta]) -> CurveName | None:
    """The curve of the primary metric, else of the first metric that has one, else the first; None: there is none."""
    names = curve_names(before, after)
    order = [delta.name for delta in sorted(metrics, key=lambda delta: not delta.meaning.primary)]
    # What is measured on data that was not trained on says more.
    by_metric = {name[0]: name for name in sorted(names, key=lambda name: name[1] not in _HELD_BACK, reverse=True)}
    return next((by_metric[metric] for metric in order if metric in by_metric), names[0] if names else None)


def curve_facts_line(before: Curve | None, after: Curve | None, goal: Goal | None, glyphs: Glyphs = UNICODE) -> Line:
    """`at step 40:  A 0.2214   B 0.1617   Δ −0.0597      best:  A 0.2214   B 0.1481`."""
    decimals = decimals_of([value for curve in (before, after) if curve for value in curve.values[-1:]])
    step, at = _last_common(before, after)
    spans: list[Span | str] = []
    if step is not None:
        difference = at[1] - at[0]
        moved = number(difference, decimals, sign=True, glyphs=glyphs) if math.isfinite(difference) else ""
        spans += [
            dim(f" at step {step:g}:  "),
            *_sides(at, decimals, glyphs),
            f"{glyphs.delta} {moved}" if moved else "",
        ]
    if goal is not None:
        spans += [dim("      best:  "), *_sides((_best(before, goal), _best(after, goal)), decimals, glyphs)]
    return line(*spans)


def held_lines(
    name: CurveName, before: Curve | None, after: Curve | None, rows: Sequence[VersionRow], glyphs: Glyphs = UNICODE
) -> tuple[Line, ...]:
    """`Δ −0.1411 at step 15, best −0.1290, last −0.1290, area −0.0812`; none where nothing is known.

    Args:
        name: of both curves.
        before: the curve of A.
        after: the curve of B.
        rows: the versions, which say which direction is good.
        glyphs: what the terminal can show.
    """
    held = curves_held(before, after, meaning_of(rows, name).goal)
    decimals = decimals_of([value for curve in (before, after) if curve for value in curve.values[-1:]])
    step = "" if held.step is None else f" at step {place_text(held.step, glyphs)}"
    moves = (("", held.at_step, step), ("best ", held.best, ""), ("last ", held.last, ""), ("area ", held.area, ""))
    told = [
        (dim(what), Span(number(moved, decimals, sign=True, glyphs=glyphs)), dim(where))
        for what, moved, where in moves
        if moved is not None
    ]
    spans = [span for place, one in enumerate(told) for span in ((dim(", "), *one) if place else one)]
    return (line(dim(f" {glyphs.delta} "), *spans),) if told else ()


def curve_rule(said: str, markers: tuple[str, str], width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`─ loss, eval · x: step ───────── A ─ B ─`: the rule over the curve, and which hue or sign is which side."""
    legend = line(
        *(part for side, tone, marker in zip("AB", (Tone.SIDE_A, Tone.SIDE_B), markers, strict=True)
          for part in (Span(f" {side} {marker or glyphs.rule * 2}", tone),)),
        dim(f" {glyphs.rule}"),
    )  # fmt: skip
    room = width - width_of(legend)
    return (*rule_line(said, room, glyphs), *legend) if room > len(said) + 4 else rule_line(said, width, glyphs)


def _sides(values: tuple[float | None, float | None], decimals: int, glyphs: Glyphs) -> list[Span]:
    return [
        part
        for side, tone, value in zip("AB", (Tone.SIDE_A, Tone.SIDE_B), values, strict=True)
        for part in (Span(f"{side} ", tone), Span(f"{metric_value(value, decimals, glyphs) or 'none'}   "))
    ]


def _last_common(before: Curve | None, after: Curve | None) -> tuple[float | None, tuple[float, float]]:
    """The last step that both have, and their values at it."""
    if before is None or after is None:
        return None, (math.nan, math.nan)
    left, right = (dict(zip(curve.steps, curve.values, strict=True)) for curve in (before, after))
    common = left.keys() & right.keys()
    if not common:
        return None, (math.nan, math.nan)
    step = max(common)
    return step, (left[step], right[step])


def _best(curve: Curve | None, goal: Goal) -> float | None:
    values = [value for value in curve.values if math.isfinite(value)] if curve else []
    return (max if goal is Goal.MAXIMISE else min)(values) if values else None
