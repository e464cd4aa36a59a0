from __future__ import annotations

import math

import pytest

from mlver.model.curve import Curve
from mlver.model.curve_pair import CurvesHeld, curves_held
from mlver.model.metric import Goal


def curve(*points: tuple[float, float]) -> Curve:
    return Curve(metric="loss", steps=tuple(step for step, _ in points), values=tuple(value for _, value in points))


A = curve((0, 1.0), (10, 0.5), (20, 0.4))
B = curve((0, 0.8), (10, 0.2), (20, 0.3), (30, 0.25))


def test_curves_are_held_at_the_same_step_at_their_best_at_their_ends_and_as_a_whole() -> None:
    """Areas of 0 to 20 by hand: A 7.5 + 4.5 = 12, B 5 + 2.5 = 7.5; a difference of 4.5 over 20 steps."""
    found = curves_held(A, B, Goal.MINIMISE)

    assert found.step == 20
    assert (found.at_step, found.best, found.last) == pytest.approx((-0.1, -0.2, -0.15))
    assert found.area == pytest.approx(-4.5 / 20)
    assert curves_held(A, B, Goal.MAXIMISE).best == pytest.approx(-0.2)
    assert curves_held(A, B).best is None


def test_the_area_is_that_of_the_steps_both_cover_whatever_points_they_have() -> None:
    """From 5 to 15: A goes 0.75, 0.5, 0.45, so 3.125 + 2.375 = 5.5; B is 1 throughout, 10."""
    found = curves_held(A, curve((15, 1), (5, 1), (12, 1)))

    assert found.area == pytest.approx((10 - 5.5) / 10)
    assert (found.step, found.at_step) == (None, None)
    assert found.last == pytest.approx(0.6), "the last by its step"


def test_of_two_values_at_a_step_the_last_written_counts_and_what_is_not_finite_does_not() -> None:
    found = curves_held(curve((0, 9), (0, 1), (1, 1), (2, math.nan)), curve((0, 2), (1, 2), (2, math.inf)))

    assert found == CurvesHeld(step=1, at_step=1, last=1, area=1)


@pytest.mark.parametrize("other", [None, curve(), curve((0, math.nan))])
def test_without_a_curve_on_both_sides_nothing_is_known(other: Curve | None) -> None:
    assert curves_held(A, other, Goal.MINIMISE) == curves_held(other, A, Goal.MINIMISE) == CurvesHeld()


def test_one_point_and_curves_that_do_not_meet_have_no_area() -> None:
    assert curves_held(curve((0, 1)), B) == CurvesHeld(step=0, at_step=-0.19999999999999996, last=-0.75)
    assert curves_held(A, curve((20, 1), (30, 1))).area is None


def test_values_too_large_to_be_summed_are_not_told() -> None:
    assert curves_held(curve((0, -1e308), (1, -1e308)), curve((0, 1e308), (1, 1e308))) == CurvesHeld(step=1)
