"""How fast two safetensors files are compared, beside `cmp -s`; run it, it prints a table.

    python tests/benchmarks/tensor_files.py [MIB] [diffoscope]

The files lie in the page cache. With the path of a diffoscope, `mlver diff` of two files of 96 MiB is timed beside it
as whole processes. Memory is the most that a fresh interpreter takes for the comparison, above what it takes for the
imports.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files
from mlver.model.change import Change, Kind
from tests.support.tensor_files import Stored, safetensors

MIB = 1 << 20
ROUNDS = 5
WIDTHS = {"F32": 4, "BF16": 2, "F16": 2}
MEASURING = """
import re, sys
from pathlib import Path
import numpy
from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files
def kilobytes(name):
    return int(re.search(rf"{name}:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
before = kilobytes("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
compare_files("x.safetensors", *(Blob(Path(name)) for name in sys.argv[1:]))
print(kilobytes("VmHWM") - before)
"""


def main() -> None:
    """Print GB/s of both and their ratio."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 256
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{size} MiB, 4 MiB a tensor     ours GB/s   cmp -s GB/s   ratio   MiB above the imports")
        for dtype in WIDTHS:
            before, after = folder / "before.safetensors", folder / "after.safetensors"
            before.write_bytes(written(size, dtype, 0.0))
            copy = folder / "copy.safetensors"
            copy.write_bytes(before.read_bytes())
            after.write_bytes(written(size, dtype, 1e-3))
            for case, other, kind in (("equal", copy, Kind.SAME), ("changed", after, Kind.CHANGED)):
                ours, theirs = best(partial(compare, before, other), partial(cmp, before, copy))
                assert compare(before, other).kind is kind
                print(
                    f"{dtype:5} {case:22} {size * MIB / ours / 1e9:9.2f} {size * MIB / theirs / 1e9:13.2f}"
                    f" {theirs / ours:7.2f} {memory(before, other):10.0f}"
                )
        if len(sys.argv) > 2:
            beside_diffoscope(folder, sys.argv[2])


def written(size: int, dtype: str, noise: float) -> bytes:
    """A file of tensors of 4 MiB, every number moved by the noise."""
    count = 4 * MIB // WIDTHS[dtype]
    rng = np.random.default_rng(0)
    base = rng.standard_normal(count).astype(np.float32)
    moved = base + np.float32(noise) * rng.standard_normal(count).astype(np.float32)
    tensor: Stored = (dtype, (count,), packed(moved, dtype))
    return safetensors({f"layer.{number}": tensor for number in range(size // 4)})


def packed(numbers: NDArray[Any], dtype: str) -> bytes:
    """As the type stores them."""
    if dtype == "BF16":
        return (numbers.view(np.uint32) >> 16).astype(np.uint16).tobytes()
    return numbers.astype({"F32": np.float32, "F16": np.float16}[dtype]).tobytes()


def compare(before: Path, after: Path) -> Change:
    """Both files."""
    return compare_files("x.safetensors", Blob(before), Blob(after))


def cmp(before: Path, after: Path) -> None:
    """`cmp -s`, which stops at the first difference: so it gets two files that are the same."""
    subprocess.run(["cmp", "-s", before, after], check=True)


def best(*works: Callable[[], object]) -> list[float]:
    """Seconds of each, the best of some rounds in turn, so that both meet the same machine."""
    found = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for index, work in enumerate(works):
            start = time.perf_counter()
            work()
            found[index] = min(found[index], time.perf_counter() - start)
    return found


def memory(before: Path, after: Path) -> float:
    """MiB that a comparison adds to an interpreter with the imports done."""
    done = subprocess.run([sys.executable, "-c", MEASURING, before, after], check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def beside_diffoscope(folder: Path, diffoscope: str) -> None:
    """`mlver diff` beside it, each as a whole process."""
    before, after = folder / "a.safetensors", folder / "b.safetensors"
    before.write_bytes(written(96, "F32", 0.0))
    after.write_bytes(written(96, "F32", 1e-3))
    mlver = Path(sys.executable).with_name("mlver")
    ours, theirs = (
        best_of(partial(subprocess.run, [program, *more, before, after], check=False, capture_output=True), rounds)
        for program, more, rounds in ((mlver, ["diff"], ROUNDS), (diffoscope, [], 1))
    )
    print(f"whole processes, 96 MiB: mlver diff {ours:.3f} s, diffoscope {theirs:.1f} s, {theirs / ours:.0f} x")


def best_of(work: Callable[[], object], rounds: int) -> float:
    """Seconds of the best round."""
    found = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - start)
    return found


if __name__ == "__main__":
    main()
