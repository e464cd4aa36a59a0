"""SQLite databases: while somebody writes, in every journal mode, old, broken, and never written to."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mlver.errors import StoreFailed
from mlver.sources.mlflow.source import MlflowSource
from tests.core.sources.mlflow.conftest import MadeStore
from tests.core.sources.mlflow.test_against_mlflow import tree
from tests.support.foreign_tools import python_of
from tests.support.mlflow_stores import mlflow_environment

WRITER = """
import logging, sqlite3, sys
import mlflow
logging.disable(logging.CRITICAL)
address, mode = sys.argv[1], sys.argv[2]
held = sqlite3.connect(address); held.execute(f"PRAGMA journal_mode={mode}").fetchall()
mlflow.set_tracking_uri(f"sqlite:///{address}")
client = mlflow.MlflowClient()
run = client.create_run("0").info.run_id
step = 0
print(run, flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        step += 1
        client.log_metric(run, "loss", float(step), step=step)
    print(step, flush=True)
"""


@pytest.fixture
def database(made_stores: dict[str, MadeStore], tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copy(made_stores["database"].place, tmp_path / "mlflow.db"))


def read(database: Path) -> MlflowSource:
    (source,) = MlflowSource.find(database)
    return source


@contextmanager
def changed(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection, connection:
        yield connection


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_database_is_read_while_mlflow_writes_it(database: Path, tmp_path: Path, mode: str) -> None:
    command = [str(python_of("mlflow")), "-W", "ignore", "-c", WRITER, str(database), mode]
    writer = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=mlflow_environment(tmp_path),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        run_id = writer.stdout.readline().strip()
        writer.stdin.write("3\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "3\n"
        source, before = read(database), tree(tmp_path)

        (run,) = [one for one in source.runs() if one.run_id == run_id]

        assert run.metrics["loss"].value == 3.0
        assert tree(tmp_path) == before
        assert ("mlflow.db-wal" in before) is (mode == "WAL")
        signature = source.signature()
        writer.stdin.write("40\n")
        writer.stdin.flush()
        seen = [next(one for one in source.runs() if one.run_id == run_id) for _ in range(20)]
        assert writer.stdout.readline() == "43\n"
        values = [one.metrics["loss"].number or 0 for one in seen]
        assert values == sorted(values)
        assert source.signature() != signature
        (curve,) = source.curves(run_id)
        assert curve.values == tuple(float(step) for step in range(1, 44))
        writer.stdin.close()


def test_a_write_ahead_log_nobody_has_open_leaves_no_trace(database: Path) -> None:
    with changed(database) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    before = tree(database.parent)

    runs = read(database).runs()

    assert len(runs) == 5
    assert tree(database.parent) == before
    assert list(before) == ["mlflow.db"]


def test_a_log_that_a_killed_writer_left_is_read(database: Path, tmp_path: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE runs SET name = 'in the log' WHERE name = 'first'")
        connection.commit()
        for part in ("", "-wal", "-shm"):
            shutil.copy(f"{database}{part}", left)
    before = tree(left)

    names = {run.name for run in read(left / "mlflow.db").runs()}

    assert "in the log" in names
    assert tree(left) == before
    (left / "mlflow.db-shm").unlink()
    with pytest.raises(StoreFailed, match="cannot be read without writing beside it"):
        read(left / "mlflow.db").runs()
    assert not (left / "mlflow.db-shm").exists()


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with changed(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE runs (x)")

    with pytest.raises(StoreFailed, match=r"other.db is no database of MLflow: it has no table alembic_version"):
        read(tmp_path / "other.db").runs()


def test_a_damaged_database_says_so(database: Path) -> None:
    content = database.read_bytes()
    database.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

    with pytest.raises(StoreFailed, match=r"mlflow.db: cannot be read: "):
        read(database).runs()


def test_older_tables_lack_what_newer_ones_have(database: Path, made_stores: dict[str, MadeStore]) -> None:
    whole = {run.run_id: run.metrics.keys() for run in made_stores["database"].source().runs()}
    with changed(database) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for table in ("latest_metrics", "registered_model_aliases", "logged_models", "input_tags", "inputs"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE runs DROP COLUMN deleted_time")
        connection.execute("ALTER TABLE experiments ADD COLUMN unheard_of TEXT")

    source = read(database)

    assert {run.run_id: run.metrics.keys() for run in source.runs()} == whole
    run_id = made_stores["database"].run("first")
    (first,) = [run for run in source.runs() if run.run_id == run_id]
    assert (first.metrics["loss"].value, first.metrics["val/acc"].value) == (1.0, 0.75)
    assert source.manifest(run_id, "m").data == ()
    assert [one.stage for one in source.ledger().holders] == ["Production"]


def test_what_is_no_text_and_no_number_is_noted(database: Path, made_stores: dict[str, MadeStore]) -> None:
    run_id = made_stores["database"].run("first")
    with changed(database) as connection:
        connection.execute("UPDATE params SET value = CAST(x'ff41' AS TEXT) WHERE key = 'lr'")
        connection.execute("UPDATE latest_metrics SET value = 'high' WHERE key = 'loss'")
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("UPDATE runs SET status = 'DREAMING', start_time = 1e300 WHERE run_uuid = ?", [run_id])

    (run,) = [one for one in read(database).runs() if one.run_id == run_id]

    assert run.params["lr"] == "\ufffdA"
    assert "loss" not in run.metrics
    assert run.created is None
    assert run.notes == (
        f"run {run_id}: the status 'DREAMING' is none MLflow has",
        f"run {run_id}: the metric 'loss' has no number",
    )


def test_a_run_id_that_leads_elsewhere_finds_no_artifacts(database: Path) -> None:
    (database.parent / "artifacts").mkdir()
    (database.parent / "artifacts" / "x").write_text("not of this run")
    with changed(database) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE runs SET run_uuid = '../..', artifact_uri = '../artifacts' WHERE name = 'forever'")

    assert read(database).manifest("../..", "m").artifacts == ()
