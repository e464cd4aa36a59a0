"""The receipt: what tells versions apart comes before what does not."""

from __future__ import annotations

from dataclasses import replace

from mlver.model.data import Data
from mlver_tui.view_models.detail import Detail
from mlver_tui.view_models.receipt import receipt_lines
from mlver_tui.view_models.spans import text_of
from tests.support.explorer import digits_rows, version_of


def test_params_that_are_noise_come_last() -> None:
    row = digits_rows()[0]
    whole = version_of(row)
    params: dict[str, Data] = {"log": {"run_name": "one", "every": 10}, "lr": 0.03, "hidden": 32, "momentum": 0.9}
    manifest = replace(whole.manifest, params=params, ignore=("log.*",))

    shown = "\n".join(
        text_of(line) for line in receipt_lines(Detail(row=row, version=replace(whole, manifest=manifest)), 80)
    )

    assert "lr 0.03  hidden 32  momentum 0.9  +2" in shown
