"""Drift between two tables of three million rows, how soon a stop is heard, and flips of a million predictions.

    python tests/benchmarks/table_drift.py [ROWS]        3,000,000 unless told

The yardstick is polars reading the cells of both files once, in batches, and nothing more. A stop has 200 ms.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from mlver.comparing.answers import answers_of
from mlver.comparing.flips import compare_answers
from mlver.diffing.table_drift import Looking, table_changes
from mlver.errors import Interrupted
from mlver.formats.blob import Blob
from mlver.formats.table_scans import TableFiles
from mlver.formats.tables import read_table
from mlver.progress import never

ANSWERS = 1_000_000
STOPS = 8


def main() -> None:
    """Build, measure, print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
    with tempfile.TemporaryDirectory(prefix="mlver-benchmark-") as folder:
        for suffix in (".csv", ".parquet"):
            paths = [written(Path(folder), name, shift, rows, suffix) for name, shift in (("a", 0.0), ("b", 0.3))]
            measure(suffix, paths)
        print(f"flips of {ANSWERS:,} predictions: {took(lambda: flips(Path(folder))):.1f} s")


def written(folder: Path, name: str, shift: float, rows: int, suffix: str) -> Path:
    """A table of a key, numbers, categories, a truth and labels."""
    draw = np.random.default_rng(len(name) + ord(name))
    table = pl.DataFrame(
        {
            "id": np.arange(rows),
            "x": draw.normal(shift, 1, rows),
            "y": draw.exponential(1, rows).round(3),
            "n": draw.integers(0, 100, rows),
            "colour": draw.choice(["red", "green", "blue"], rows),
            "city": draw.choice([f"city {number}" for number in range(300)], rows),
            "flag": draw.random(rows) < 0.5,
            "label": draw.integers(0, 10, rows),
        }
    )
    path = folder / (name + suffix)
    table.write_csv(path) if suffix == ".csv" else table.write_parquet(path)
    return path


def measure(suffix: str, paths: list[Path]) -> None:
    """Drift beside a plain reading, and the slowest of some stops."""
    sides = [TableFiles.of([(path.name, Blob(path))]) for path in paths]
    assert sides[0]
    assert sides[1]
    before, after = sides[0], sides[1]

    def compare(should_stop: Callable[[], bool]) -> None:
        table_changes("table", before, after, Looking(should_stop=should_stop))

    plain = took(lambda: [sum(one.height for one in side.scan().collect_batches()) for side in (before, after)])
    whole = took(lambda: compare(never))
    slowest = max(stopped_after(compare, whole * number / STOPS) for number in range(1, STOPS))
    print(f"{suffix}: drift {whole:.1f} s, {whole / plain:.1f} x reading; slowest stop {slowest * 1000:.0f} ms")


def stopped_after(compare: Callable[[Callable[[], bool]], None], seconds: float) -> float:
    """How long a stop at that moment took; nothing when it was done before."""
    until = time.perf_counter() + seconds
    try:
        compare(lambda: time.perf_counter() > until)
    except Interrupted:
        return time.perf_counter() - until
    return 0.0


def flips(folder: Path) -> None:
    """The predictions of two versions, read and joined."""
    draw = np.random.default_rng(1)
    truth = draw.integers(0, 10, ANSWERS)
    sides = []
    for name in "ab":
        said = np.where(draw.random(ANSWERS) < 0.9, truth, draw.integers(0, 10, ANSWERS))
        path = folder / f"{name}-answers.csv"
        pl.DataFrame({"row": np.arange(ANSWERS), "truth": truth, "prediction": said}).write_csv(path)
        sides.append(answers_of(read_table(path.name, Blob(path)), path.name))
    compare_answers(sides[0], sides[1])


def took(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
