"""The values of one param through the versions of a model, and what can be learned from them."""

from __future__ import annotations

from typing import Any

import pytest

from mlver.comparing.param_history import param_history, value_along
from mlver.model.change import MISSING
from mlver.model.metric import Goal, Metric, MetricMeaning
from mlver.model.param_history import ParamHistory
from mlver.model.status import Status
from mlver.model.version import VersionRow

BETTER_HIGH = MetricMeaning(goal=Goal.MAXIMISE, primary=True)


def version(
    number: int,
    accuracy: float | str | None,
    *,
    strip: str = "··P···",
    meaning: MetricMeaning = BETTER_HIGH,
    status: Status = Status.DONE,
) -> VersionRow:
    """The n-th version of a model, the child of the one before."""
    return VersionRow(
        key=f"v{number}",
        source="native",
        ref="",
        commit=f"{number:040x}",
        model="digits",
        name=f"v{number}",
        created=1000.0 + number,
        parent=f"v{number - 1}" if number else None,
        strip=strip,
        status=status,
        primary="accuracy",
        metrics={} if accuracy is None else {"accuracy": Metric(value=accuracy, meaning=meaning)},
    )


def asked(*tried: tuple[Any, VersionRow], **others: Any) -> ParamHistory:
    """The history of `lr`; what is told of others is `{key of a version: its other params}`."""
    params = {row.key: {"optimiser": {"lr": value, **others.get(row.key, {})}} for value, row in tried}
    return param_history([row for _value, row in tried], params, ("optimiser", "lr"), ignore=("**.run_name",))


def test_values_stand_in_the_order_of_time_whatever_the_order_of_the_rows() -> None:
    tried = [(0.1, version(0, 0.9)), (0.1, version(1, 0.92)), (0.3, version(2, 0.91)), (0.1, version(3, 0.9))]

    told = asked(*reversed(tried))

    assert [(one.value, one.count) for one in told.stretches] == [(0.1, 2), (0.3, 1), (0.1, 1)]


def test_the_best_is_told_of_each_value_in_the_order_of_the_values() -> None:
    told = asked((0.3, version(0, 0.9)), (0.1, version(1, 0.92)), (0.1, version(2, 0.95)))

    assert told.is_best
    assert [(one.value, one.measured, one.count) for one in told.tried] == [(0.1, 0.95, 2), (0.3, 0.9, 1)]
    assert told.tried[0].version is not None
    assert told.tried[0].version.key == "v2"


def test_the_best_of_a_metric_to_be_minimised_is_the_least() -> None:
    loss = MetricMeaning(goal=Goal.MINIMISE, primary=True)

    told = asked((1, version(0, 0.5, meaning=loss)), (1, version(1, 0.2, meaning=loss)))

    assert [one.measured for one in told.tried] == [0.2]


def test_without_a_goal_nobody_knows_the_best_so_it_is_the_median() -> None:
    plain = MetricMeaning(primary=True)

    told = asked(*((1, version(number, value, meaning=plain)) for number, value in enumerate((3.0, 9.0, 4.0))))

    assert not told.is_best
    assert [(one.measured, one.version) for one in told.tried] == [(4.0, None)]


def test_the_type_tells_values_apart() -> None:
    told = asked((1, version(0, 0.9)), (1.0, version(1, 0.9)), ("1", version(2, 0.9)), (None, version(3, 0.9)))

    assert [one.value for one in told.stretches] == [1, 1.0, "1", None]
    assert len(told.tried) == 4


def test_a_value_that_came_in_alone_has_no_caution() -> None:
    told = asked((0.1, version(0, 0.9)), (0.3, version(1, 0.95)), (0.3, version(2, 0.91, strip="C·····")))

    assert [one.also_changed for one in told.tried] == [(), ()]


def test_what_changed_on_the_way_to_the_best_is_named() -> None:
    told = asked(
        (0.1, version(0, 0.9)),
        (0.3, version(1, 0.91)),
        (0.3, version(2, 0.95, strip="CDP···")),
        v1={"momentum": 0.9, "run_name": "b"},
        v2={"momentum": 0.9, "epochs": 60, "run_name": "c"},
    )

    assert [one.also_changed for one in told.tried] == [
        (),
        ("optimiser.epochs", "optimiser.momentum", "code", "data"),
    ]


def test_a_run_that_failed_is_part_of_the_history_and_not_of_the_evidence() -> None:
    told = asked((0.1, version(0, 0.9)), (0.3, version(1, 0.99, status=Status.FAILED)), (0.5, version(2, "much")))

    assert [one.value for one in told.stretches] == [0.1, 0.3, 0.5]
    assert [one.value for one in told.tried] == [0.1]


def test_versions_whose_params_are_not_known_are_counted() -> None:
    told = param_history([version(0, 0.9), version(1, 0.9)], {"v0": {"lr": 1}}, ("lr",))

    assert told.unread == 1
    assert [one.count for one in told.stretches] == [1]


def test_without_a_metric_there_are_only_values() -> None:
    told = asked((0.1, version(0, None)))

    assert told.metric is None
    assert told.tried == ()
    assert [one.value for one in told.stretches] == [0.1]


@pytest.mark.parametrize(
    ("labels", "value"),
    [
        (("layers", "[name=dense]", "size"), 64),
        (("layers", "[1]", "size"), 10),
        (("layers", "[7]"), MISSING),
        (("layers", "[name=none]"), MISSING),
        (("a.b",), 3),
        (("a.b", "c"), MISSING),
        (("layers", "[" + "9" * 5000 + "]"), MISSING),
    ],
)
def test_the_labels_of_a_change_tree_lead_to_the_value(labels: tuple[str, ...], value: Any) -> None:
    params: Any = {"layers": [{"name": "dense", "size": 64}, {"name": "out", "size": 10}], "a.b": 3}

    assert value_along(params, labels) == value
