"""The process that tries Parquet files out: it may be gone when the next file comes."""

from __future__ import annotations

import os
import signal
from io import BytesIO

import polars as pl
import pytest

from mlver.formats import parquet_trial
from mlver.formats.blob import Blob
from mlver.formats.format import Limits, TooMuch
from mlver.formats.parquet_trial import try_out
from mlver.formats.registry import compare_files
from mlver.formats.table_scans import TableFiles
from mlver.formats.tables import PARQUET
from mlver.model.change import Kind
from tests.support.parquet_files import endless_parquet


def parquet(value: int) -> Blob:
    made = BytesIO()
    pl.DataFrame({"a": [value]}).write_parquet(made)
    return Blob(made.getvalue())


def test_a_process_that_was_ended_meanwhile_is_started_anew() -> None:
    try_out(parquet(1))
    process = parquet_trial._TRIAL._process
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    try_out(parquet(2))

    assert parquet_trial._TRIAL._process is not process


def test_damage_that_its_reader_panics_at_is_told_without_a_word_of_the_reader(
    capfd: pytest.CaptureFixture[str],
) -> None:
    whole = parquet(1)
    assert isinstance(whole.content, bytes)
    damaged = Blob(whole.content.replace(b",\x15\x02", b",\x15\x12"))  # a page of one value says it has nine

    change = compare_files("t.parquet", whole, damaged)

    assert any("it is damaged, so that its reader breaks off" in said for said in change.details)
    assert capfd.readouterr().err == ""


def test_a_file_whose_reading_does_not_end_is_given_up_and_said_to_be() -> None:
    endless = Blob(endless_parquet())
    hurried = Limits(trial_s=0.5)
    try_out(parquet(1))  # known then, however long it takes to start

    change = compare_files("t.parquet", parquet(1), endless, limits=hurried)

    assert change.kind is Kind.CHANGED
    assert not change.complete
    assert any("not compared as parquet: it was not read within" in said for said in change.details)
    with pytest.raises(TooMuch, match="was not read within"):  # at once: it is known of this file
        TableFiles((("t.parquet", endless),), PARQUET).scan()
    assert compare_files("t.parquet", parquet(1), parquet(3)).note == "rows +1 −1"
