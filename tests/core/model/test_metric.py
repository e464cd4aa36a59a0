"""What a metric's move means."""

from __future__ import annotations

import math

import pytest

from mlver.model.metric import Goal, Judgement, Metric, MetricMeaning, Tolerance, metric_delta

UP = MetricMeaning(goal=Goal.MAXIMISE)
DOWN = MetricMeaning(goal=Goal.MINIMISE)
NAN, INF = math.nan, math.inf


def judged(before: float | str | bool | None, after: float | str | bool | None, meaning: MetricMeaning) -> Judgement:
    return metric_delta("m", Metric(value=before, meaning=meaning), Metric(value=after, meaning=meaning)).judgement


@pytest.mark.parametrize(
    ("before", "after", "meaning", "judgement"),
    [
        (0.9, 0.95, UP, Judgement.BETTER),
        (0.95, 0.9, UP, Judgement.WORSE),
        (2, 1, DOWN, Judgement.BETTER),
        (1, 2, DOWN, Judgement.WORSE),
        (1, 1.0, UP, Judgement.SAME),
        (0.0, -0.0, UP, Judgement.SAME),
        (1, 2, MetricMeaning(), Judgement.NO_GOAL),
        (1, 1, MetricMeaning(), Judgement.SAME),
        ("good", 1, UP, Judgement.UNKNOWN),
        (True, 1, UP, Judgement.UNKNOWN),
        (None, 1, UP, Judgement.UNKNOWN),
        (NAN, NAN, UP, Judgement.SAME),
        (1, NAN, UP, Judgement.WORSE),
        (1, NAN, DOWN, Judgement.WORSE),
        (1, NAN, MetricMeaning(), Judgement.WORSE),
        (NAN, 1, UP, Judgement.BETTER),
        (NAN, 1, DOWN, Judgement.BETTER),
        (INF, INF, UP, Judgement.SAME),
        (1, INF, UP, Judgement.BETTER),
        (1, INF, DOWN, Judgement.WORSE),
        (-INF, INF, UP, Judgement.BETTER),
        (1, -INF, UP, Judgement.WORSE),
        (INF, NAN, UP, Judgement.WORSE),
    ],
)
def test_a_move_is_judged(
    before: float | str | None, after: float | str | None, meaning: MetricMeaning, judgement: Judgement
) -> None:
    assert judged(before, after, meaning) is judgement


@pytest.mark.parametrize(
    ("tolerance", "before", "after", "judgement"),
    [
        (Tolerance(0.005), 0.95, 0.955, Judgement.SAME),
        (Tolerance(0.005), 0.95, 0.945, Judgement.SAME),
        (Tolerance(0.005), 0.95, 0.9551, Judgement.BETTER),
        (Tolerance(5, percent=True), 100, 105, Judgement.SAME),
        (Tolerance(5, percent=True), 100, 94.9, Judgement.WORSE),
        (Tolerance(5, percent=True), -100, -104, Judgement.SAME),
        (Tolerance(5, percent=True), 0, 0, Judgement.SAME),
        (Tolerance(5, percent=True), 0, 1e-9, Judgement.BETTER),
        (Tolerance(1e9), 1, NAN, Judgement.WORSE),
        (Tolerance(1e9), 1, INF, Judgement.BETTER),
        (Tolerance(0), 1, 1, Judgement.SAME),
    ],
)
def test_a_move_within_the_tolerance_is_none(
    tolerance: Tolerance, before: float, after: float, judgement: Judgement
) -> None:
    assert judged(before, after, MetricMeaning(goal=Goal.MAXIMISE, tolerance=tolerance)) is judgement


def test_a_delta_is_absolute_and_relative() -> None:
    delta = metric_delta("m", Metric(value=-4.0, meaning=UP), Metric(value=-3, meaning=DOWN))

    assert (delta.absolute, delta.relative) == (1.0, 0.25)
    assert delta.meaning is DOWN


def test_a_zero_base_has_no_relative_delta() -> None:
    delta = metric_delta("m", Metric(value=0), Metric(value=0.5))

    assert (delta.absolute, delta.relative) == (0.5, None)


@pytest.mark.parametrize(("before", "after"), [(NAN, 1.0), (1.0, INF), ("x", 1.0), (True, 1.0)])
def test_what_has_no_difference_has_no_delta(before: float | str, after: float | str) -> None:
    delta = metric_delta("m", Metric(value=before), Metric(value=after))

    assert (delta.absolute, delta.relative) == (None, None)


def test_a_metric_of_one_side_keeps_its_meaning() -> None:
    delta = metric_delta("m", Metric(value=1.0, meaning=UP), None)

    assert delta.meaning is UP
    assert (delta.after, delta.judgement) == (None, Judgement.UNKNOWN)


@pytest.mark.parametrize(
    ("tolerance", "text"), [(Tolerance(0.005), "0.005"), (Tolerance(5.0, percent=True), "5%"), (Tolerance(2.0), "2")]
)
def test_a_tolerance_is_written_as_people_write_it(tolerance: Tolerance, text: str) -> None:
    assert str(tolerance) == text
