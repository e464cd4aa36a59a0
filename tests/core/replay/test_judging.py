from __future__ import annotations

import pytest

from mlver.model.manifest import FileFact, Manifest, StepFacts
from mlver.model.metric import Goal, Metric, MetricMeaning, Tolerance
from mlver.model.replay import OutputVerdict
from mlver.model.version import Agreement
from mlver.replay.judging import first_divergence, metric_verdicts, overall

ACCURACY = Metric(value=0.95, meaning=MetricMeaning(goal=Goal.MAXIMISE, tolerance=Tolerance(0.005)))
LATENCY = Metric(value=1.0, meaning=MetricMeaning(goal=Goal.MINIMISE, tolerance=Tolerance(5, percent=True), unit="ms"))
LOSS = Metric(value=0.3)


def output(agreement: Agreement, path: str = "w.npy", step: str = "train") -> OutputVerdict:
    return OutputVerdict(
        path=path, step=step, agreement=agreement, recorded=FileFact(path=path, sha256="0" * 64), replayed=None
    )


def test_bytes_decide_when_all_are_the_same() -> None:
    metrics = metric_verdicts({"latency": LATENCY}, {"latency": Metric(value=9.0)})

    assert overall([output(Agreement.IDENTICAL)], metrics, {"latency": LATENCY}) is Agreement.IDENTICAL


def test_content_is_the_second_rung() -> None:
    rungs = [output(Agreement.IDENTICAL), output(Agreement.CONTENT)]

    assert overall(rungs, (), {}) is Agreement.CONTENT


@pytest.mark.parametrize(
    ("replayed", "verdict"),
    [(0.9549, Agreement.WITHIN_TOLERANCE), (0.9551, Agreement.DIFFERENT), (0.96, Agreement.DIFFERENT)],
)
def test_metrics_decide_when_bytes_differ(replayed: float, verdict: Agreement) -> None:
    recorded = {"accuracy": ACCURACY, "loss": LOSS}
    metrics = metric_verdicts(recorded, {"accuracy": Metric(value=replayed), "loss": LOSS})

    assert overall([output(Agreement.DIFFERENT)], metrics, recorded) is verdict


SAME_BYTES = (output(Agreement.IDENTICAL),)
SAME_CONTENT = (output(Agreement.IDENTICAL), output(Agreement.CONTENT))


@pytest.mark.parametrize(("outputs", "rung"), [(SAME_BYTES, Agreement.IDENTICAL), (SAME_CONTENT, Agreement.CONTENT)])
@pytest.mark.parametrize(
    ("replayed", "is_capped"),
    [
        ({"accuracy": Metric(value=0.95), "loss": LOSS}, False),
        ({"accuracy": Metric(value=0.951), "loss": LOSS}, False),
        ({"accuracy": Metric(value=0.8), "loss": LOSS}, True),
        ({"accuracy": Metric(value=0.95), "loss": Metric(value=0.31)}, True),
        ({"accuracy": Metric(value=0.95)}, True),
        ({}, True),
    ],
)
def test_equal_outputs_do_not_hide_a_metric_that_came_out_otherwise(
    outputs: tuple[OutputVerdict, ...], rung: Agreement, replayed: dict[str, Metric], *, is_capped: bool
) -> None:
    recorded = {"accuracy": ACCURACY, "loss": LOSS}
    metrics = metric_verdicts(recorded, replayed)

    assert overall(outputs, metrics, recorded) is (Agreement.DIFFERENT if is_capped else rung)


def test_a_metric_without_tolerance_that_moved_is_not_within_the_tolerance_of_another() -> None:
    recorded = {"accuracy": ACCURACY, "loss": LOSS}
    metrics = metric_verdicts(recorded, {"accuracy": ACCURACY, "loss": Metric(value=0.5)})

    assert overall([output(Agreement.DIFFERENT)], metrics, recorded) is Agreement.DIFFERENT


def test_without_outputs_metrics_within_their_tolerance_are_no_more_than_that() -> None:
    recorded = {"accuracy": ACCURACY}
    metrics = metric_verdicts(recorded, {"accuracy": Metric(value=0.951)})

    assert overall((), metrics, recorded) is Agreement.WITHIN_TOLERANCE


def test_without_outputs_a_metric_that_is_gone_is_different() -> None:
    assert overall((), metric_verdicts({"loss": LOSS}, {}), {"loss": LOSS}) is Agreement.DIFFERENT


def test_a_metric_that_measures_the_machine_decides_nothing() -> None:
    recorded = {"accuracy": ACCURACY, "latency": LATENCY}
    metrics = metric_verdicts(recorded, {"accuracy": Metric(value=0.95), "latency": Metric(value=3.0)})

    assert overall([output(Agreement.DIFFERENT)], metrics, recorded) is Agreement.WITHIN_TOLERANCE


def test_without_any_tolerance_other_bytes_are_different() -> None:
    metrics = metric_verdicts({"loss": LOSS}, {"loss": LOSS})

    assert overall([output(Agreement.DIFFERENT)], metrics, {"loss": LOSS}) is Agreement.DIFFERENT


def test_without_outputs_equal_metrics_are_identical() -> None:
    recorded = {"loss": LOSS, "latency": LATENCY}
    metrics = metric_verdicts(recorded, {"loss": LOSS, "latency": Metric(value=7.0)})

    assert overall((), metrics, recorded) is Agreement.IDENTICAL


def test_with_nothing_to_compare_nothing_is_said() -> None:
    assert overall((), (), {}) is Agreement.NOT_COMPARABLE


def test_a_metric_that_is_gone_is_not_within_tolerance() -> None:
    recorded = {"accuracy": ACCURACY}

    assert overall([output(Agreement.DIFFERENT)], metric_verdicts(recorded, {}), recorded) is Agreement.DIFFERENT


def test_the_first_divergence_follows_the_steps_not_the_paths() -> None:
    manifest = Manifest(model="m", steps=(StepFacts(name="prepare", run="a"), StepFacts(name="train", run="b")))
    outputs = [output(Agreement.DIFFERENT, "a.npy"), output(Agreement.CONTENT, "z.csv", "prepare")]

    assert first_divergence(manifest, outputs) == "prepare: z.csv"
    assert first_divergence(manifest, [output(Agreement.IDENTICAL)]) is None
