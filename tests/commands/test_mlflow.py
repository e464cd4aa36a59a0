"""What the commands say of the runs of an MLflow store that lies in no git repository."""

from __future__ import annotations

import pytest

from tests.support.commands import Shell
from tests.support.mlflow_stores import FileStoreWriter

CRASH, FIRST, SECOND, SWEEP = (letter * 32 for letter in "abcd")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A sweep with two runs inside, started in the millisecond in which a run of its own was."""
    folder = tmp_path_factory.mktemp("store")
    writer = FileStoreWriter(folder / "mlruns")
    writer.experiment("1", "digits")
    writer.run("1", SWEEP, run_name="sweep")
    for run_id, name in ((FIRST, "first"), (SECOND, "second")):
        writer.run("1", run_id, run_name=name, tags={"mlflow.parentRunId": SWEEP}, params={"lr": "0.1"})
    writer.run("1", CRASH, run_name="crash", metrics={"loss": ["1 9.0 0"]})
    return Shell(folder, {}, HOME=str(folder), XDG_CACHE_HOME=str(folder / "cache"))


def test_runs_inside_another_stand_under_it_where_their_times_tie(store: Shell) -> None:
    assert [line.split("  ")[0] for line in store.mlver("list").lines] == [
        "NAME", "crash", "sweep", "↳ first", "↳ second",
    ]  # fmt: skip


def test_a_run_is_not_replayed_because_nothing_of_it_is_pinned(store: Shell) -> None:
    for option in ((), ("--plan",), ("--yes",)):
        ran = store.mlver("replay", "crash", *option)

        assert ran.code == 1
        assert ran.err.startswith(
            "error: crash is an MLflow run, not recorded by mlver: its commands, inputs and environment are not pinned"
        )
        assert "git init" not in ran.err


def test_a_run_has_no_log_and_that_is_said(store: Shell) -> None:
    ran = store.mlver("show", "crash", "--log")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: no log was recorded of crash\n")
