from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from typing import Any

import numpy as np
import pytest

from mlver.comparing.bytes import BytesInMemory
from mlver.formats.blob import Blob
from mlver.formats.npz import read_arrays
from mlver.formats.registry import compare_files, kind_of
from mlver.formats.tensor_digests import content_digest
from mlver.model.change import Change, Kind
from mlver.progress import never

WEIGHTS = np.arange(1000, dtype=np.float64).reshape(10, 100)


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def packed(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def compared(before: bytes, after: bytes, **more: Any) -> Change:
    return compare_files("model.npz", Blob(before), Blob(after), **more)


def test_it_is_recognised_by_its_first_member_too() -> None:
    assert kind_of("model.npz", npz(w=WEIGHTS)) == kind_of("weights", npz(w=WEIGHTS)) == "npz"
    assert kind_of("x.zip", archive(("readme", b"x"))) != "npz"


@pytest.mark.parametrize("writes", [npz, packed])
def test_arrays_are_compared_by_name(writes: Any) -> None:
    moved = WEIGHTS.copy()
    moved[3, 3] += 1

    change = compared(npz(w=WEIGHTS, b=WEIGHTS[0], old=WEIGHTS[1]), writes(w=moved, b=WEIGHTS[0], new=WEIGHTS[2]))

    assert {node.label: (node.kind, node.note) for node in change.children} == {
        "w": (Kind.CHANGED, "f64 10×100, 1 of 1\u2009000 numbers, max |d| 1"),
        "b": (Kind.SAME, "f64 100"),
        "new": (Kind.ADDED, "f64 100, new"),
        "old": (Kind.REMOVED, "f64 100, gone"),
    }


def test_compression_is_no_difference_of_values() -> None:
    change = compared(npz(w=WEIGHTS), packed(w=WEIGHTS))

    assert (change.kind, change.note) == (Kind.SAME, "same tensors, other layout")


def test_arrays_larger_than_a_chunk_are_read_in_order_out_of_the_compression() -> None:
    large = np.random.default_rng(1).standard_normal(400_000)
    after = large.copy()
    after[[0, 150_000, 399_999]] += 1

    change = compared(packed(w=large), packed(w=after))

    assert change.children[0].note == "f64 400000, 3 of 400\u2009000 numbers, max |d| 1"


def _bomb() -> bytes:
    """A member that declares its numbers and inflates to far more."""
    content = npy(WEIGHTS)
    made = bytearray(archive(("w.npy", content + b"\0" * (64 << 20)), method=zipfile.ZIP_DEFLATED))
    true, false = struct.pack("<I", len(content) + (64 << 20)), struct.pack("<I", len(content))
    return bytes(made).replace(true, false)


def _overlapping() -> bytes:
    """Two names in the directory for the bytes of one member."""
    made = archive(("a.npy", npy(WEIGHTS)), ("b.npy", npy(WEIGHTS)))
    directory = made.rindex(b"PK\x01\x02")
    return made[: directory + 42] + struct.pack("<I", 0) + made[directory + 46 :]


def _twice_named() -> bytes:
    return archive(("w.npy", npy(WEIGHTS)), ("v.npy", npy(WEIGHTS))).replace(b"v.npy", b"w.npy")


def _encrypted() -> bytes:
    made = bytearray(npz(w=WEIGHTS))
    made[made.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


@pytest.mark.parametrize(
    "damaged",
    [
        npz(w=WEIGHTS)[:-30], npz(w=WEIGHTS)[:200], packed(w=WEIGHTS)[:-200] + npz(w=WEIGHTS)[-120:], _bomb(),
        _overlapping(), _encrypted(), _twice_named(),
        archive(("w.npy", b"\x93NUMPY\x01\x00")), archive(("w.npy", npy(WEIGHTS)), ("../../etc/passwd", b"x")),
        archive(("w.npy", npy(np.array([{}], dtype=object)))), archive(("w.npy", npy(np.zeros(2, ">f8")))),
        archive(("w.npy", npy(WEIGHTS)), method=zipfile.ZIP_BZIP2),
    ],
    ids=lambda damaged: str(len(damaged)),
)  # fmt: skip
def test_damaged_and_lying_archives_are_compared_as_bytes(damaged: bytes) -> None:
    for before, after in ((npz(w=WEIGHTS), damaged), (damaged, npz(w=WEIGHTS))):
        change = compared(before, after)

        assert change.kind is Kind.CHANGED
        assert any(said.startswith("not compared as npz") for said in change.details), change


def test_mutated_archives_never_break_it_and_are_never_the_same_with_other_values() -> None:
    rng = random.Random(3)
    original = packed(w=WEIGHTS[0], b=WEIGHTS[1, :7])
    for _ in range(300):
        damaged = bytearray(original)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        change = compared(original, bytes(damaged))
        if change.kind is Kind.SAME:
            assert _values(bytes(damaged)) == _values(original)


def _values(file: bytes) -> dict[str, bytes]:
    """By numpy; a checksum that was hit says nothing of the values."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        infos = archive.infolist()
        return {info.filename: np.load(io.BytesIO(_inflated(file, info))).tobytes() for info in infos}


def _inflated(file: bytes, info: zipfile.ZipInfo) -> bytes:
    name_length, extra_length = struct.unpack("<HH", file[info.header_offset + 26 : info.header_offset + 30])
    start = info.header_offset + 30 + name_length + extra_length
    content = file[start : start + info.compress_size]
    return zlib.decompress(content, -15) if info.compress_type else content


def test_an_array_stored_the_other_way_round_is_not_the_renamed_one() -> None:
    square = np.arange(9.0).reshape(3, 3)

    change = compared(npz(a=square), npz(b=np.asfortranarray(square.T)))

    assert {node.label: node.kind for node in change.children} == {"a": Kind.REMOVED, "b": Kind.ADDED}
    written = [read_arrays(BytesInMemory(npz(a=array))) for array in (square, np.asfortranarray(square.T))]
    assert len({content_digest(arrays, never) for arrays in written}) == 2, "their bytes are the same"
