"""How fast two files are compared byte by byte, beside `cmp -s`, and bytes counted beside `cmp -l`; prints a table.

    python tests/benchmarks/byte_compare.py [MIB]

The files are written to the temporary folder and read once before, so both sides read from the page cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mlver.comparing.bytes import OpenFile, compare_bytes
from mlver.model.comparison import ByteComparison

MIB = 1 << 20
ROUNDS = 5


def main() -> None:
    """Print what was compared, GB/s of both, and their ratio."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 256
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder, "before.bin")
        before.write_bytes(os.urandom(MIB) * size)
        copy = Path(folder, "copy.bin")
        copy.write_bytes(before.read_bytes())
        print(f"{size} MiB         differing   ranges   compare_bytes GB/s   cmp -s | cmp -l, wc -l GB/s   ratio")
        for name, step in (("equal", 0), ("1 byte in 64 KiB", 1 << 16), ("every 17th byte", 17)):
            after = Path(folder, "after.bin")
            after.write_bytes(edited(before.read_bytes(), step))
            found = compare(before, after)
            other = partial(counted, before, after) if step else partial(cmp, before, copy)
            ours, theirs = best(partial(compare, before, after), other)
            print(
                f"{name:16} {found.differing:9d} {found.range_count:8d} {size * MIB / ours / 1e9:20.2f}"
                f" {size * MIB / theirs / 1e9:28.2f} {theirs / ours:7.1f}"
            )


def edited(content: bytes, step: int) -> bytes:
    """The content with every `step`-th byte another one; 0: none."""
    if not step:
        return content
    changed = bytearray(content)
    changed[::step] = bytes(255 - value for value in changed[::step])
    return bytes(changed)


def compare(before: Path, after: Path) -> ByteComparison:
    """Both files, opened and compared."""
    descriptors = [os.open(path, os.O_RDONLY) for path in (before, after)]
    try:
        left, right = (OpenFile.of(descriptor) for descriptor in descriptors)
        return compare_bytes(left, right)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def cmp(before: Path, after: Path) -> None:
    """Two equal files by cmp: it stops at the first difference."""
    subprocess.run(["cmp", "-s", before, after], check=False)


def counted(before: Path, after: Path) -> int:
    """The bytes that differ, counted by cmp and wc."""
    with subprocess.Popen(["cmp", "-l", before, after], stdout=subprocess.PIPE) as listing:
        return int(subprocess.check_output(["wc", "-l"], stdin=listing.stdout))


def best(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """The shortest time of each, taken in turns, so that a busy machine is busy for both."""
    times = [(timed(ours), timed(theirs)) for _ in range(ROUNDS)]
    return min(left for left, _ in times), min(right for _, right in times)


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
