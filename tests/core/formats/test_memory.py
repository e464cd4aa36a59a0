"""What a comparison of tensor files takes, whatever their size: less than 64 MiB above the interpreter and its imports.

One interpreter for all files, for to start one takes longer than to compare most of them.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.model_files import gguf, onnx
from tests.support.tensor_files import safetensors, safetensors_of
from tests.support.torch_files import Tensor, torch_file

LARGE = 40 << 20
"""Both sides of it in memory are more than the bound."""
MOST = 64 << 20

MEASURING = """
import re, sys, json, hashlib, tarfile, zipfile, pickletools
from pathlib import Path
import numpy
from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files
def held(name):
    return int(re.search(rf"{name}:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) << 10
for line in sys.stdin:
    name, before, after = json.loads(line)
    start = held("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    change = compare_files(name, Blob(Path(before)), Blob(Path(after)))
    told = [node.label for node in change.children][:3]
    print(json.dumps([name, held("VmHWM") - start, change.complete, told, change.details]))
"""


def npz(value: int) -> bytes:
    made = io.BytesIO()
    arrays: Any = {f"w{number}": np.full(2000, value) for number in range(1500)}
    np.savez_compressed(made, **arrays)
    return made.getvalue()


def headed(value: int) -> bytes:
    said = {f"w{at}": {"dtype": "F32", "shape": [1], "data_offsets": [at * 4, at * 4 + 4]} for at in range(3000)}
    return safetensors_of(json.dumps(said), struct.pack("<f", value) * 3000)


def long(value: int) -> NDArray[np.float64]:
    return np.full(LARGE // 8, float(value))


FILES: dict[str, Callable[[int], bytes]] = {
    "array.pkl": lambda value: pickle.dumps({"w": long(value)}, 4),
    "array.joblib": lambda value: zlib.compress(pickle.dumps({"w": long(value)}, 4), 1),
    "array5.pkl": lambda value: pickle.dumps({"w": long(value)}, 5),
    "text.pkl": lambda value: pickle.dumps(str(value) * LARGE),
    "words.pkl": lambda value: pickle.dumps({f"word{at}": at + value for at in range(120_000)}),
    "nothing.pkl": lambda value: b"\x80\x04](" + b"N" * 300_000 + b"K" + bytes([value]) + b"e.",
    "m.pt": lambda value: torch_file({"w": Tensor(long(value)), "n": "x" * LARGE}),
    "m.npz": npz,
    "many.safetensors": headed,
    "said.safetensors": lambda value: safetensors({"w": np.ones(4, np.float32)}, {"k": str(value) * LARGE}),
    "text.gguf": lambda value: gguf({"w": np.ones(4, np.float32)}, {"k": str(value) * LARGE}),
    "keys.gguf": lambda value: gguf({}, {f"k{at}": str(value) * 400 for at in range(30_000)}),
    "nodes.onnx": lambda value: onnx({}, [("Add", ["x" * 40], f"n{at}{value}") for at in range(60_000)]),
}
SAID = {"words.pkl", "nothing.pkl", "said.safetensors", "keys.gguf", "nodes.onnx"}
"""More than is looked at: the answer says that it is not whole."""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is measured by Linux's own account")
def test_no_file_of_tensors_takes_more_than_its_bound(tmp_path: Path) -> None:
    asked = ""
    for name, written in FILES.items():
        paths = []
        for value in (1, 2):
            paths.append(str(tmp_path / f"{value}-{name}"))
            Path(paths[-1]).write_bytes(written(value))
        asked += json.dumps([name, *paths]) + "\n"

    done = subprocess.run([sys.executable, "-c", MEASURING], input=asked, capture_output=True, text=True, check=True)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {name: memory for name, memory, *_ in found if memory >= MOST} == {}
    assert {name for name, _, is_whole, *_ in found if not is_whole} == SAID
    assert all(any("looked at" in said or "more than" in said for said in details)
               for name, _, _, _, details in found if name in SAID)  # fmt: skip
    named = ("array.pkl", "array.joblib", "array5.pkl", "m.pt")
    assert {name: told[0] for name, _, _, told, _ in found if name in named} == dict.fromkeys(named, "w")


TABLES = """
import re, sys
from pathlib import Path
import polars as pl
from mlver.comparing.tables import compare_tables
def held(name):
    return int(re.search(rf"{name}:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) << 10
def table(rows, cell):
    columns = {f"x{at}": pl.Series([cell if row % 1000 == 0 else f"{row / 7:.9f}" for row in rows]) for at in range(6)}
    return pl.DataFrame({"id": pl.Series(map(str, rows)), **columns})
compare_tables(table(range(10), "a"), table(range(10), "b"))  # polars' threads are there
rows = range(200_000)
before, after = table(rows, "a"), table(rows[::-1], "b")
start = held("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
print(compare_tables(before, after).note, (held("VmHWM") - start) / before.estimated_size())
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is measured by Linux's own account")
def test_tables_whose_rows_stand_in_another_order_are_not_copied_whole() -> None:
    environment = {"PATH": os.environ["PATH"], "POLARS_MAX_THREADS": "2"}

    done = subprocess.run([sys.executable, "-c", TABLES], capture_output=True, text=True, check=True, env=environment)

    note, times = done.stdout.rsplit(maxsplit=1)
    assert note == "rows ~200"
    assert float(times) < 3
