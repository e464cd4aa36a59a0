from __future__ import annotations

from dataclasses import replace

import pytest

from mlver.comparing.metrics import metric_deltas
from mlver.diffing.data import has_same_evaluation_data
from mlver.diffing.helped import helped
from mlver.model.manifest import DataFacts
from mlver.model.metric import Goal, Metric, MetricDelta, MetricMeaning
from tests.support.manifests import training


def deltas(**values: tuple[float | None, float | None, Goal | None]) -> tuple[MetricDelta, ...]:
    sides = [
        {
            name: Metric(value=value[side], meaning=MetricMeaning(goal=value[2]))
            for name, value in values.items()
            if value[side] is not None
        }
        for side in (0, 1)
    ]
    return metric_deltas(training(metrics=sides[0]), training(metrics=sides[1]))


UP, DOWN = Goal.MAXIMISE, Goal.MINIMISE


def test_better_and_worse_are_named() -> None:
    found = deltas(accuracy=(0.9, 0.95, UP), loss=(0.2, 0.1, DOWN), latency=(1, 2, DOWN), train_s=(1, 2, None))

    assert helped(found, same_evaluation_data=True) == (
        "better on accuracy and loss, worse on latency; the test set is the same"
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"a": (1, 1, UP)}, "the same on every metric with a goal"),
        ({"a": (1, 2, None)}, "not known: no metric has a goal"),
        ({"a": (1, None, UP)}, "not known: metrics are missing on one side"),
        ({"a": (1, None, UP), "b": (1, 0, DOWN)}, "better on b"),
        (dict.fromkeys("abcde", (0, 1, UP)), "better on a, b, c and 2 more"),
        ({}, "not known: no metric has a goal"),
    ],
)
def test_without_a_judged_move_it_says_why(
    values: dict[str, tuple[float | None, float | None, Goal | None]], sentence: str
) -> None:
    assert helped(deltas(**values)) == sentence


def test_another_test_set_is_said() -> None:
    assert helped(deltas(a=(1, 2, UP)), same_evaluation_data=False) == "better on a; the test set is another one"


@pytest.mark.parametrize(
    ("before", "after", "same"), [("1", "1", True), ("1", "2", False), ("1", None, None), (None, None, None)]
)
def test_evaluation_data_is_compared_by_digest(before: str | None, after: str | None, same: bool | None) -> None:
    data = DataFacts(name="eval", path="eval.csv", role="eval")
    left, right = (training(data=(replace(data, sha256=digest),)) for digest in (before, after))

    assert has_same_evaluation_data(left, right) is same
    assert has_same_evaluation_data(training(), right) is None
