"""A replay in lines: signs a terminal has, and what decides before what does not."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.replay import MetricVerdict, PlannedStep, ReplayPlan
from mlver.model.version import Agreement
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.replay_rows import plan_lines, verdict_lines
from mlver_tui.view_models.spans import text_of
from tests.support.explorer import digits_rows, plan_of, record_of


def test_an_ascii_terminal_gets_the_arrows_of_a_plan_as_it_can_show_them() -> None:
    said = "numpy 1.26.4 → 2.4.6"
    plan = replace(plan_of(digits_rows()[0]), drift=(said,), expectation=said, obstacles=(said,))

    shown = "\n".join(text_of(line) for line in plan_lines(plan, 80, ASCII))

    assert shown.count("numpy 1.26.4 -> 2.4.6") == 3
    assert "\\u" not in shown


def test_nothing_of_what_will_run_is_cut() -> None:
    words = [f"--option-{number}=value-{number}" for number in range(20)]
    paths = tuple(f"models/part-{number}.npy" for number in range(12))
    step = PlannedStep(name="train", run=("python", "train.py", *words), cwd="src", outputs=paths)
    plan = replace(plan_of(digits_rows()[0]), steps=(step,))

    lines = [text_of(line) for line in plan_lines(plan, 80)]

    shown = " ".join(lines).split()
    assert {"python", "train.py", *words, *paths} <= set(shown)
    assert all(len(text) <= 80 and "…" not in text for text in lines)


def test_a_plan_says_that_nothing_drifted_only_when_that_was_looked_at() -> None:
    known = replace(plan_of(digits_rows()[0]), drift=())
    stopped = replace(known, is_drift_known=False, obstacles=("data/digits.csv is not here",))
    strange = replace(known, is_drift_known=False, is_trusted=False)

    def drift(plan: ReplayPlan) -> str:
        return next(text for line in plan_lines(plan, 80) if (text := text_of(line).strip()).startswith("drift"))

    assert "none: this machine is as recorded" in drift(known)
    assert "not looked at: it cannot run here" in drift(stopped)
    assert "not looked at: that would start a program" in drift(strange)


def test_an_ascii_terminal_gets_the_arrows_of_a_verdict_as_it_can_show_them() -> None:
    said = "numpy 1.26.4 → 2.4.6"
    record = replace(record_of(digits_rows()[0]), drift=(said,), problem=said, first_divergence=said)

    shown = "\n".join(text_of(line) for line in verdict_lines(record, 80, ASCII))

    assert shown.count("numpy 1.26.4 -> 2.4.6") == 3
    assert "\\u" not in shown


def test_a_wide_verdict_keeps_the_values_beside_their_names() -> None:
    record = record_of(digits_rows()[0])

    narrow, wide = ([text_of(line).rstrip() for line in verdict_lines(record, width)] for width in (80, 140))

    assert narrow == wide


def test_metrics_come_first_when_the_verdict_is_different() -> None:
    row = digits_rows()[0]

    def heads(agreement: Agreement) -> list[str]:
        words = [text_of(line).split() for line in verdict_lines(record_of(row, agreement), 80)]
        return [first for first, *_ in filter(None, words) if first in {"METRIC", "OUTPUT"}]

    assert heads(Agreement.DIFFERENT) == ["METRIC", "OUTPUT"]
    assert heads(Agreement.IDENTICAL) == ["OUTPUT", "METRIC"]


def test_a_time_that_differs_beside_identical_bytes_is_explained() -> None:
    record = record_of(digits_rows()[0])
    slower = MetricVerdict(name="latency_ms", agreement=Agreement.DIFFERENT, recorded=1.2, replayed=1.9)
    said = "measured time and memory never decide: latency_ms"

    confirmed = [text_of(one) for one in verdict_lines(replace(record, metrics=(*record.metrics, slower)), 80)]
    different = replace(record, agreement=Agreement.DIFFERENT, metrics=(slower,))

    assert confirmed[1].strip() == said
    assert not any("never decide" in text_of(one) for one in verdict_lines(record, 80))
    assert not any("never decide" in text_of(one) for one in verdict_lines(different, 80))
