"""Damaged files of every binary format, from a seeded generator: never a failure, a hang, or a wrong "same".

Some hundreds of a format; `MLVER_MUTATIONS=10000` asks for more: ten minutes beside other work, half of it Parquet.
"""

from __future__ import annotations

import io
import os
import pickle
import random
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
import pytest

from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files, hold_same_values, kind_of
from mlver.model.change import Kind
from tests.support.model_files import gguf, onnx
from tests.support.tensor_files import safetensors
from tests.support.torch_files import Tensor, torch_file

MUTATIONS = int(os.environ.get("MLVER_MUTATIONS", "300"))
SLOWEST = 5.0
"""Seconds of the processor for one damaged file of some kilobytes."""
NUMBERS = np.linspace(-3, 3, 60, dtype=np.float32).reshape(5, 12)


def npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, NUMBERS)
    return buffer.getvalue()


def npz(save: Callable[..., None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer, w=NUMBERS, b=NUMBERS[0])
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a/b"), b"one" * 50, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("c"), b"two")
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("a", "b" * 120):
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"abc"))
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"id": list(range(50)), "x": [float(one) for one in range(50)], "s": ["a", "b"] * 25}).write_parquet(
        buffer
    )
    return buffer.getvalue()


FILES = {
    "w.npy": npy(),
    "w.npz": npz(np.savez),
    "packed.npz": npz(np.savez_compressed),
    "w.safetensors": safetensors({"w": NUMBERS, "b": NUMBERS[0]}, {"format": "pt"}),
    "m.pt": torch_file({"w": Tensor(NUMBERS), "n": {"lr": 0.1}}),
    "m.pkl": pickle.dumps({"w": NUMBERS, "n": [1, "a", (2.5, None)], "s": {1, 2}}),
    "z.joblib": zlib.compress(pickle.dumps({"w": NUMBERS, "n": 1})),
    "m.gguf": gguf({"w": NUMBERS}, {"name": "a", "n": 4, "words": [f"w{one}" for one in range(80)]}),
    "q.gguf": gguf({"q": (8, (2, 32), bytes(range(68))), "k": (12, (256,), bytes(144))}),
    "m.onnx": onnx({"W": NUMBERS}, [("MatMul", ["x", "W"], "y")], {"epoch": "3"}),
    "x.zip": zipped(),
    "x.tar": tarred(),
    "t.parquet": parquet(),
}
HOLDS_NUMBERS = {"w.npy", "w.npz", "w.safetensors", "m.pt", "m.gguf"}
"""Where what is called the same must hold the numbers as they are."""


def mutated(original: bytes, rng: random.Random) -> bytes:
    """Bits flipped, bytes set, lengths made huge, parts cut out, doubled, or moved."""
    content = bytearray(original)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(max(1, len(content)))
        span = rng.randint(1, 40)
        match rng.randrange(7):
            case 0 | 1:
                content[place : place + 1] = bytes([rng.randrange(256)])
            case 2 if place < len(content):
                content[place] ^= 1 << rng.randrange(8)
            case 3:
                width = rng.choice((1, 2, 4, 8))
                content[place : place + width] = rng.choice((b"\xff", b"\x7f", b"\0")) * width
            case 4:
                del content[place : place + span]
            case 5:
                content[place:place] = content[place : place + span]
            case _ if rng.random() < 0.3:
                del content[place:]
    return bytes(content)


def mutations(name: str) -> Iterator[bytes]:
    rng = random.Random(name)
    is_slow = name == "t.parquet" and "MLVER_MUTATIONS" not in os.environ  # each is read in a process of its own
    for _ in range(MUTATIONS // 4 if is_slow else MUTATIONS):
        yield mutated(FILES[name], rng)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", FILES)
def test_damaged_files_never_break_it_nor_pass_for_the_same(name: str) -> None:
    original = FILES[name]
    for damaged in mutations(name):
        start = time.process_time()
        change = compare_files(name, Blob(original), Blob(damaged))
        is_same = hold_same_values(name, Blob(original), Blob(damaged))

        assert time.process_time() - start < SLOWEST, damaged
        if damaged == original:
            assert change.kind is Kind.SAME
        elif change.kind is Kind.SAME or is_same:
            assert kind_of(name, damaged[:4096]) in {"npy", "npz", "safetensors", "pytorch", "gguf"}, damaged
            assert name not in HOLDS_NUMBERS or NUMBERS.tobytes() in damaged, damaged
