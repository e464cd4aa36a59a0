"""The receipt: what tells versions apart comes before what does not."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.data import Data
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.detail_tabs import detail_lines
from mlver_tui.view_models.receipt import receipt_lines
from mlver_tui.view_models.spans import Span, Tone, text_of, width_of, wrapped_spans
from tests.support.explorer import NOW, digits_rows, failed_row, version_of


def test_params_that_are_noise_come_last() -> None:
    row = digits_rows()[0]
    whole = version_of(row)
    params: dict[str, Data] = {"log": {"run_name": "one", "every": 10}, "lr": 0.03, "hidden": 32, "momentum": 0.9}
    manifest = replace(whole.manifest, params=params, ignore=("log.*",))

    shown = "\n".join(
        text_of(line) for line in receipt_lines(Detail(row=row, version=replace(whole, manifest=manifest)), 80)
    )

    assert "lr 0.03  hidden 32  momentum 0.9  +2" in shown


def test_why_a_run_failed_is_whole_at_eighty_columns() -> None:
    row = replace(failed_row(), problem="step train ended with exit code 1")

    shown = [text_of(line) for line in receipt_lines(Detail(row=row, version=version_of(row)), 78)]

    assert any(line.startswith("failed  step train ended with exit code 1 ") for line in shown)
    assert not any(line.startswith("log ") for line in shown), "a report has no keys"


def test_a_run_that_failed_names_the_key_that_opens_its_log() -> None:
    for row in (failed_row(), digits_rows()[0]):
        detail = Detail(row=row, version=version_of(row), log_key="e")
        shown = [text_of(line) for line in receipt_lines(detail, 78)]
        assert any(one.startswith("log     e opens what it wrote") for one in shown) is (row.key == failed_row().key)


def test_with_a_whole_screen_nothing_of_the_receipt_is_cut() -> None:
    row = replace(digits_rows()[4], names=("v1.4.0", *(f"experiment/of-a-long-name-{index}" for index in range(9))))
    detail = Detail(row=row, version=version_of(row), now=NOW)

    lines = detail_lines(detail, DetailTab.RECEIPT, 80, is_whole=True)

    shown = "\n".join(text_of(one) for one in lines)
    assert all(f"experiment/of-a-long-name-{index}" in shown for index in range(9))
    assert "…" not in shown
    assert all(width_of(one) == 80 for one in lines)


def test_a_word_longer_than_the_line_goes_on_in_the_next() -> None:
    lines = wrapped_spans((Span("ab "), Span("x" * 12, Tone.BRIGHT), Span(" cd")), 5)

    assert [text_of(one) for one in lines] == ["ab ", "xxxxx", "xxxxx", "xx cd"]
