"""Reads a manifest many times with mlver and with PyYAML's C loader, side by side.

Run: python tests/benchmarks/documents_speed.py [FILE]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from mlver.documents.reading import read_yaml
from mlver.manifests.reading import read_manifest

ROUNDS = 40
REPEATS = 10


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "data" / "manifest.yaml"
    content = path.read_bytes()
    readers: dict[str, Callable[[], object]] = {
        "yaml.CSafeLoader": lambda: yaml.load(content, Loader=yaml.CSafeLoader),
        "mlver, data": lambda: read_yaml(content, name="x").data,
        "mlver, as a manifest": lambda: read_manifest(content, name="x"),
        "mlver, data and lines": lambda: read_yaml(content, name="x").lines[()],
    }
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(ROUNDS):  # in turns, so that a busy machine is unfair to none
        for name, read in readers.items():
            best[name] = min(best[name], timed(read))
    base = best["yaml.CSafeLoader"]
    sys.stdout.write(f"{path.name}, {len(content)} bytes\n")
    for name, seconds in best.items():
        sys.stdout.write(f"{name:24}{seconds * 1e3:8.3f} ms{seconds / base:8.2f} x\n")


def timed(read: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    start = time.process_time()
    for _ in range(REPEATS):
        read()
    return (time.process_time() - start) / REPEATS


if __name__ == "__main__":
    main()
