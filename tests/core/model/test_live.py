"""The newest value of a training under way, against another version at the same step."""

from __future__ import annotations

from mlver.model.curve import Curve
from mlver.model.live import Live, live_value, total_of
from mlver.model.metric import Goal, Judgement, MetricMeaning

LOSS = MetricMeaning(goal=Goal.MINIMISE)


def curve(metric: str, *values: float, context: str = "", first: int = 1) -> Curve:
    steps = tuple(float(step) for step in range(first, first + len(values)))
    return Curve(metric=metric, context=context, steps=steps, values=values)


def test_the_primary_metric_is_taken_else_the_first() -> None:
    live = Live(curves=(curve("lr", 0.1), curve("loss", 0.5, 0.4)))

    assert getattr(live_value(live, "loss", ()), "value", None) == 0.4
    assert getattr(live_value(live, "accuracy", ()), "metric", None) == "lr"
    assert live_value(Live(curves=(curve("loss"),)), "loss", ()) is None


def test_of_several_contexts_it_is_not_that_of_the_training_data() -> None:
    both = Live(curves=(curve("loss", 0.1, context="train"), curve("loss", 0.2, context="eval")))

    assert getattr(live_value(both, "loss", ()), "context", None) == "eval"
    assert getattr(live_value(Live(curves=both.curves[:1]), "loss", ()), "context", None) == "train"


def test_it_is_held_against_the_same_step_and_judged() -> None:
    value = live_value(Live(curves=(curve("loss", 0.9, 0.6),)), "loss", [curve("loss", 1.0, 0.8, 0.5)], lambda _: LOSS)

    assert value is not None
    assert value.delta is not None
    assert (value.delta.before, value.delta.after, value.delta.judgement) == (0.8, 0.6, Judgement.BETTER)
    assert value.delta_step == value.step == 2.0


def test_where_the_other_has_not_that_step_the_newest_they_share_is_told() -> None:
    value = live_value(Live(curves=(curve("loss", 0.9, 0.6, 0.5),)), "loss", [curve("loss", 1.0, 0.8)])

    assert value is not None
    assert (value.step, value.value, value.delta_step) == (3.0, 0.5, 2.0)
    assert value.delta is not None
    assert value.delta.after == 0.6


def test_another_metric_or_context_is_nothing_to_hold_it_against() -> None:
    live = Live(curves=(curve("loss", 0.9, context="eval"),))

    for other in (
        curve("loss", 0.9, context="train"),
        curve("error", 0.9),
        curve("loss", 0.9, context="eval", first=7),
    ):
        value = live_value(live, "loss", [other])
        assert value is not None
        assert value.delta is None


def test_how_far_it_counts_is_what_the_params_say_with_one_voice() -> None:
    assert total_of({"train": {"epochs": 60, "lr": 0.1}}, "epoch") == 60
    assert total_of({"a": {"epochs": 60}, "b": {"max_epochs": 60}}, "epoch") == 60
    assert total_of({"a": {"epochs": 60}, "b": {"epochs": 30}}, "epoch") is None
    assert total_of({"epochs": "many"}, "epoch") is None
    assert total_of({"epochs": True}, "epoch") is None
    assert total_of({"epochs": 60}, "step") is None
