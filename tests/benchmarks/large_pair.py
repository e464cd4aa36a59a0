"""Two versions with tensor files of some gigabytes, compared in the explorer in a real pty: keys, progress, a stop.

    python tests/benchmarks/large_pair.py FOLDER [GIB]

FOLDER is made where it is not there: two runs that each write a file of GIB gibibytes (4), which take minutes and four
times the room. MLVER_BIN names the folder of the programs: an install that is compiled and not editable.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from pathlib import Path

from tests.support.probe import Probe
from tests.support.training import TrainingProject

PROGRAMS = Path(os.environ.get("MLVER_BIN", Path(sys.executable).parent))
KEYS = 20
PROJECT = """\
mlver: 1
model: large
steps:
  train:
    run: "{python} make.py"
    inputs: [make.py, noise.txt]
    outputs: [w.safetensors]
"""
MAKER = """\
import json, struct
import numpy as np
each, count = 16 << 20, {gib} * 64
places = [[i * each, (i + 1) * each] for i in range(count)]
head = {{f"layer.{{i}}": {{"dtype": "F32", "shape": [each // 4], "data_offsets": at}} for i, at in enumerate(places)}}
head = json.dumps(head).encode()
head += b" " * (-len(head) % 8)
rng = np.random.default_rng(0)
base = rng.standard_normal(each // 4).astype("f4")
moved = base + np.float32(open("noise.txt").read()) * rng.standard_normal(each // 4).astype("f4")
with open("w.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(head)) + head)
    for _ in range(count):
        file.write(moved.tobytes())
"""


def main() -> None:
    """Print what keys and a stop take."""
    place, gib = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 4
    is_new = not (place / "toy").exists()
    project = TrainingProject(place / "toy", place / "home")
    if is_new:
        make(project.create(), gib)
    environment = {**os.environ, **project.environment}
    with Probe((str(PROGRAMS / "mlver-tui"),), project.folder, environment) as probe:
        begin(probe)
        answers = [probe.press(key, pause)[0] for _ in range(KEYS // 2) for key, pause in (("?", 0.02), ("\x1b", 0.12))]
        first = sorted(1000 * seconds for seconds in answers)
        shares = re.findall(rb"\d+ %", probe._seen)
        print(
            f"while {gib} GiB are compared: {KEYS} keys, first byte median {statistics.median(first):.0f} ms,"
            f" p95 {first[-2]:.0f} ms, at most {first[-1]:.0f} ms; told {b', '.join(shares[-3:]).decode()}"
        )
    with Probe((str(PROGRAMS / "mlver-tui"),), project.folder, environment) as probe:
        begin(probe)
        began = time.perf_counter()
        probe.send("\x03")
        probe.until("stopped")
        said = time.perf_counter() - began
        time.sleep(max(0.0, 0.2 - said))
        used = -processor_s(probe._process.pid)
        time.sleep(0.5)
        used += processor_s(probe._process.pid)
        print(
            f"a stop is told after {1000 * said:.0f} ms; from 200 ms on {used:.2f} s of processor time in half a second"
        )


def make(project: TrainingProject, gib: int) -> None:
    """Two runs, of other numbers."""
    project.write("mlver.yaml", PROJECT.format(python=sys.executable))
    project.write("make.py", MAKER.format(gib=gib))
    for noise in ("0.0", "0.001"):
        project.write("noise.txt", noise)
        project.commit(f"noise {noise}")
        project.run(reason=f"noise {noise}")


def begin(probe: Probe) -> None:
    """The two are being compared."""
    probe.until("noise 0.001")
    probe.settle(1.0)
    probe.send("d")
    probe.settle(0.05, 1.0)


def processor_s(pid: int) -> float:
    """Seconds that a process computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
