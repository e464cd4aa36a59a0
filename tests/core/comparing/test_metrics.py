from __future__ import annotations

from mlver.comparing.metrics import metric_deltas, slice_deltas
from mlver.model.manifest import Resources, Slice
from mlver.model.metric import Judgement, Metric
from tests.support.manifests import ACCURACY, LATENCY, next_training, training


def test_the_primary_metric_comes_first_and_resources_last() -> None:
    before = training(
        metrics={"old": Metric(value=1), "accuracy": Metric(value=0.9, meaning=ACCURACY)},
        resources=Resources(wall_s=1.0, peak_rss_bytes=100),
    )
    after = next_training(
        metrics={"new": Metric(value=2), "accuracy": Metric(value=0.95, meaning=ACCURACY)},
        resources=Resources(wall_s=1.5, cpu_s=1.0),
    )

    deltas = metric_deltas(before, after)

    assert [delta.name for delta in deltas] == ["accuracy", "new", "old", "wall_s", "cpu_s", "peak_rss_bytes"]
    assert deltas[0].judgement is Judgement.BETTER
    assert deltas[3].judgement is Judgement.NO_GOAL
    assert deltas[3].relative == 0.5
    assert {delta.judgement for delta in (deltas[1], deltas[2], deltas[4])} == {Judgement.UNKNOWN}


def test_a_metric_called_like_a_resource_is_the_one_that_counts() -> None:
    own = training(metrics={"wall_s": Metric(value=7.0)}, resources=Resources(wall_s=1.0))

    assert [(delta.name, delta.after) for delta in metric_deltas(own, own)] == [("wall_s", 7.0)]


def test_texts_and_missing_values_have_no_delta() -> None:
    before = training(metrics={"a": Metric(value="n/a"), "b": Metric(value=None), "c": Metric(value=True)})
    after = training(metrics={"a": Metric(value=1.0), "b": Metric(value=1.0), "c": Metric(value=False)})

    assert {(delta.absolute, delta.judgement) for delta in metric_deltas(before, after)} == {(None, Judgement.UNKNOWN)}


def test_slices_are_matched_by_their_values() -> None:
    before = training(
        slices=(
            Slice(metric="accuracy", slice={"class": 3, "split": "eval"}, value=0.9),
            Slice(metric="accuracy", slice={"class": 4}, value=0.5),
            Slice(metric="accuracy", slice={"class": True}, value=0.1),
        )
    )
    after = training(
        slices=(
            Slice(metric="accuracy", slice={"class": 1.0}, value=0.7),
            Slice(metric="accuracy", slice={"split": "eval", "class": 3.0}, value=0.91),
        )
    )

    deltas = slice_deltas(before, after)

    assert [(dict(delta.slice), delta.delta.before, delta.delta.after) for delta in deltas] == [
        ({"class": 1.0}, None, 0.7),
        ({"split": "eval", "class": 3.0}, 0.9, 0.91),
        ({"class": 4}, 0.5, None),
        ({"class": True}, 0.1, None),
    ]
    assert deltas[1].delta.judgement is Judgement.BETTER, "the tolerance is for the whole, not for a part"


def test_latency_within_its_percentage_is_the_same() -> None:
    before = training(metrics={"latency_ms": Metric(value=0.40, meaning=LATENCY)})
    after = training(metrics={"latency_ms": Metric(value=0.42, meaning=LATENCY)})

    assert metric_deltas(before, after)[0].judgement is Judgement.SAME
