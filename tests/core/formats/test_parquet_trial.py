"""The process that tries Parquet files out: it may be gone when the next file comes."""

from __future__ import annotations

import os
import signal
from io import BytesIO

import polars as pl

from mlver.formats import parquet_trial
from mlver.formats.blob import Blob
from mlver.formats.parquet_trial import try_out


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
