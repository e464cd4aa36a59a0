"""What a replay costs beyond its steps when every output has other bytes and the same values; prints a table.

    python tests/benchmarks/replay_overhead.py

The outputs are written otherwise each time: other spaces in the JSON files, another padding of the .npy header. So none
of them is identical and the content of all is compared.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from mlver.model.version import VersionRow
from mlver.project import Project
from tests.support.training import TrainingProject

ROUNDS = 3

STEP = """
import json, os, pathlib, sys
files, json_kb, npy_mb = map(int, sys.argv[1:])
here = pathlib.Path("models")
here.mkdir(exist_ok=True)
pad = " " * (1 + int.from_bytes(os.urandom(2), "big"))
for number in range(files):
    values = {f"layer{n}": [n / 7, number, "relu"] for n in range(json_kb * 1000 // 40)}
    (here / f"config{number}.json").write_text(json.dumps(values) + pad)
if npy_mb:
    count = npy_mb * (1 << 20) // 8
    head = repr({"descr": "<f8", "fortran_order": False, "shape": (count,)}) + " " * (64 * (len(pad) % 500)) + chr(10)
    with (here / "weights.npy").open("wb") as file:
        file.write(bytes((0x93,)) + b"NUMPY" + bytes((1, 0)) + len(head).to_bytes(2, "little") + head.encode())
        piece = b"".join((n / 3).hex().encode()[:8].ljust(8, b"0") for n in range(1 << 17))
        for _ in range(npy_mb):
            file.write(piece)
"""

PROJECT_FILE = """\
mlver: 1
model: overhead
steps:
  train:
    run: python3 train.py {sizes}
    inputs: [train.py]
    outputs: [models/]
"""

CASES = (
    ("3 small files", "3 1 0"),
    ("100 JSON files of 20 kB", "100 20 0"),
    ("10 JSON files of 1 MB", "10 1000 0"),
    ("a .npy of 64 MiB", "0 1 64"),
    ("a .npy of 256 MiB", "0 1 256"),
)


def main() -> None:
    """Print the verdict, the seconds of the step, those beside it, and mlver's own CPU: the best of some rounds."""
    print(f"{'outputs':26} {'verdict':>10} {'step s':>8} {'overhead s':>11} {'CPU s':>6}")
    for name, sizes in CASES:
        with tempfile.TemporaryDirectory() as folder:
            verdict, step_s, overhead_s, cpu_s = measured(Path(folder), sizes)
        print(f"{name:26} {verdict:>10} {step_s:8.2f} {overhead_s:11.2f} {cpu_s:6.2f}")


def measured(folder: Path, sizes: str) -> tuple[str, float, float, float]:
    """Of the round with the least overhead."""
    made = TrainingProject(folder / "project", folder / "home").create()
    made.write("train.py", STEP)
    made.write("mlver.yaml", PROJECT_FILE.format(sizes=sizes))
    made.commit("the outputs to compare")
    row = made.run()
    with made.opened() as project:
        return min((once(project, row) for _ in range(ROUNDS)), key=lambda found: found[2])


def once(project: Project, row: VersionRow) -> tuple[str, float, float, float]:
    """Plan and replay, timed as a user waits for it."""
    start, cpu_start = time.perf_counter(), time.process_time()
    record = project.replay(project.plan_replay(row), on_event=lambda _event: None)
    total, cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
    step_s = sum(float(step["wall_s"] or 0) for step in record.steps)
    return record.agreement.value, step_s, total - step_s, cpu_s


if __name__ == "__main__":
    main()
