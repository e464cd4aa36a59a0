"""Lists a store of 3,000 runs x 30 metrics with mlver and with mlflow.search_runs, of both kinds.

Run: MLVER_FOREIGN_TOOLS=.venv-foreign/bin python tests/benchmarks/mlflow_runs.py [RUNS]

Processor seconds; the import of mlflow is not counted, and of its two ways to answer (a table, a list) the quicker one
is. What mlver does when it polls is measured too: the signature, and the list again.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import md5
from pathlib import Path

from mlver.sources.mlflow.source import MlflowSource
from tests.support.mlflow_stores import FIRST_MILLISECOND, FileStoreWriter, run_script

METRICS = 30
PARAMS = 10
REPEATS = 3

ASKED = """
import time
import mlflow
mlflow.set_tracking_uri(sys.argv[1])
best = []
for kind in ("list", "pandas"):
    for _ in range(int(sys.argv[2])):
        start = time.process_time()
        found = mlflow.search_runs(search_all_experiments=True, output_format=kind)
        best.append(time.process_time() - start)
print(json.dumps({"seconds": min(best), "runs": len(found)}))
"""

EMPTY = """
import mlflow
mlflow.set_tracking_uri(sys.argv[1])
print(json.dumps(mlflow.create_experiment("many")))
"""


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_files(folder / "mlruns", count)
        database = write_database(folder / "mlflow.db", count, folder)
        for place, address in ((files, files.as_uri()), (database, f"sqlite:///{database}")):
            theirs = run_script(ASKED, address, str(REPEATS), folder=folder, home=folder)
            measure(place, count, theirs)


def measure(place: Path, count: int, theirs: dict[str, float]) -> None:
    """One store."""
    assert theirs["runs"] == count, theirs
    first = min(timed(lambda: len(MlflowSource.find(place)[0].runs())) for _ in range(2 * REPEATS))
    (source,) = MlflowSource.find(place)
    assert len(source.runs()) == count
    again = min(timed(source.runs) for _ in range(REPEATS))
    polled = min(timed(source.signature) for _ in range(REPEATS))
    print(
        f"{place.name:10} mlflow {theirs['seconds']:6.2f} s   mlver {first:5.2f} s, {theirs['seconds'] / first:5.1f} x"
        f"   again {again:5.2f} s   signature {polled * 1e3:6.1f} ms"
    )


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of one call: the machine may be busy."""
    start = time.process_time()
    work()
    return time.process_time() - start


def write_files(folder: Path, count: int) -> Path:
    """A file store."""
    writer = FileStoreWriter(folder)
    writer.experiment("1", "many")
    for number in range(count):
        writer.run(
            "1",
            md5(b"%d" % number).hexdigest(),
            params={f"param_{index}": f"{index * 0.1:.3f}" for index in range(PARAMS)},
            metrics={f"metric_{index}": [f"{FIRST_MILLISECOND} {number / count} 1"] for index in range(METRICS)},
            tags={"mlflow.user": "ada", "mlflow.source.name": "train.py", "mlflow.runName": f"run {number}"},
        )
    return folder


def write_database(path: Path, count: int, folder: Path) -> Path:
    """A database: its tables are made by mlflow, its rows are written here."""
    experiment = int(run_script(EMPTY, f"sqlite:///{path}", folder=folder, home=folder))
    runs = [md5(b"%d" % number).hexdigest() for number in range(count)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage,"
            " artifact_uri, experiment_id) VALUES (?, 'run', 'LOCAL', 'ada', 'FINISHED', ?, ?, 'active', '', ?)",
            [(run, FIRST_MILLISECOND, FIRST_MILLISECOND + 1, experiment) for run in runs],
        )
        connection.executemany(
            "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
            [(f"param_{index}", f"{index * 0.1:.3f}", run) for run in runs for index in range(PARAMS)],
        )
        connection.executemany(
            "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)",
            [(key, "ada", run) for run in runs for key in ("mlflow.user", "mlflow.source.name", "mlflow.runName")],
        )
        for table in ("metrics", "latest_metrics"):
            connection.executemany(
                f"INSERT INTO {table} (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, 1, 0, ?)",
                [(f"metric_{i}", i / METRICS, FIRST_MILLISECOND, run) for run in runs for i in range(METRICS)],
            )
    return path


if __name__ == "__main__":
    main()
