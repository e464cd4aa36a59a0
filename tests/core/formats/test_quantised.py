"""Numbers that are stored in blocks: which blocks differ, and how far the numbers moved of the types that are read."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing.chunk_pairs import CHUNK
from mlver.comparing.quantised import INT4, UINT4, numbers_of_blocks
from mlver.formats.blob import Blob
from mlver.formats.gguf import TYPES
from mlver.formats.registry import compare_files
from mlver.model.change import Change, Kind
from tests.support.model_files import gguf, onnx, onnx_field
from tests.support.torch_files import Quantised, torch_file

Q4_0, Q8_0, Q4_K = 2, 8, 12


def compared(before: bytes, after: bytes, path: str = "m.gguf") -> Change:
    return compare_files(path, Blob(before), Blob(after))


def tensor(change: Change, name: str = "w") -> Change:
    return next(node for node in change.children if node.label == name)


def plainly(kind: str, content: bytes) -> list[float]:
    """Number by number, from what the formats say."""
    if kind in {"int4", "uint4"}:
        halves = [half for byte in content for half in (byte & 15, byte >> 4)]
        return [float(half - 16 if kind == "int4" and half > 7 else half) for half in halves]
    numbers: list[float] = []
    width = {"q8_0": 34, "q4_0": 18}[kind]
    for start in range(0, len(content), width):
        scale = struct.unpack("<e", content[start : start + 2])[0]
        rest = content[start + 2 : start + width]
        integers = (
            struct.unpack("<32b", rest)
            if kind == "q8_0"
            else [byte % 16 - 8 for byte in rest] + [byte // 16 - 8 for byte in rest]
        )
        numbers += [float(np.float32(scale) * np.float32(one)) for one in integers]
    return numbers


@given(st.sampled_from([TYPES[Q8_0], TYPES[Q4_0], INT4, UINT4]), st.integers(1, 4), st.data())
def test_numbers_of_blocks_are_those_of_a_plain_reader(kind: Any, blocks: int, data: st.DataObject) -> None:
    size = blocks * kind.itemsize
    content = data.draw(st.binary(min_size=size, max_size=size))

    read = numbers_of_blocks(kind, content)

    assert np.array_equal(read, np.array(plainly(kind.name, content), np.float32), equal_nan=True)


def q8_0(scale: float, *numbers: int) -> bytes:
    return struct.pack("<e32b", scale, *numbers, *[0] * (32 - len(numbers)))


def test_of_types_that_are_read_blocks_and_numbers_are_told() -> None:
    before, after = q8_0(0.5, 1, 2) * 3, q8_0(0.5, 1, 2) * 2 + q8_0(0.5, 5, 2)

    change = compared(gguf({"w": (Q8_0, (3, 32), before)}), gguf({"w": (Q8_0, (3, 32), after)}))

    assert tensor(change).note == "q8_0 3×32, 1 of 3 blocks of 32, 1 of 96 numbers, max |d| 2"


def test_blocks_that_are_written_otherwise_are_never_called_the_same() -> None:
    before, after = (gguf({"w": (Q8_0, (32,), q8_0(0.0, one))}) for one in (1, 2))

    assert tensor(compared(before, after)).note == "q8_0 32, all 1 blocks of 32, the same numbers"


def test_of_other_types_blocks_are_told_and_that_these_are_bytes() -> None:
    before = bytes(144 * 20)
    after = bytes(144) + b"\1" * 144 * 10 + bytes(144 * 9)

    change = compared(gguf({"w": (Q4_K, (20, 256), before)}), gguf({"w": (Q4_K, (20, 256), after)}))

    assert tensor(change).note == "q4_k 20×256, 50 % of 20 blocks of 256"
    assert tensor(change).details == ("compared by their bytes: numbers of this type are not read",)


def test_blocks_are_counted_across_the_ends_of_chunks() -> None:
    blocks = CHUNK // 34 + 3
    after = bytearray(bytes(34 * blocks))
    for place in (0, CHUNK // 34, blocks - 1):
        after[place * 34 + 33] = 1

    before, moved = (gguf({"w": (Q8_0, (blocks, 32), side)}) for side in (bytes(len(after)), bytes(after)))
    change = compared(before, moved)

    assert f"3 of {blocks:,} blocks".replace(",", "\N{THIN SPACE}") in tensor(change).note


def test_weights_that_were_quantised_are_held_against_what_they_were() -> None:
    weights = np.arange(64, dtype=np.float32).reshape(2, 32)
    weights[1, 0] = 100

    change = compared(
        gguf({"w": weights}), gguf({"w": (Q8_0, (2, 32), b"".join(q8_0(1, *range(at, at + 32)) for at in (0, 32)))})
    )

    assert tensor(change).note == "f32 2×32 → q8_0 2×32, retyped, 1 of 64 numbers, max |d| 68"


@pytest.mark.parametrize(
    ("number", "note"),
    [
        (22, "int4 3, 1 of 2 blocks of 2, 1 of 3 numbers, max |d| 2"),
        (21, "uint4 3, 1 of 2 blocks of 2, 1 of 3 numbers, max |d| 14"),
    ],
)
def test_integers_of_four_bits_in_onnx_are_numbers(number: int, note: str) -> None:
    def model(last: bytes) -> bytes:
        said = b"\x08\x03\x10" + bytes([number]) + onnx_field(8, b"w") + onnx_field(9, b"\x21" + last)
        return onnx({}) + onnx_field(7, onnx_field(5, said))

    assert tensor(compared(model(b"\x01"), model(b"\x0f"), "m.onnx")).note == note


def test_quantised_tensors_of_torch_are_compared_as_their_integers_and_their_scales_beside() -> None:
    integers = np.arange(6, dtype=np.int8)

    change = compared(
        torch_file({"w": Quantised(integers, 0.5)}), torch_file({"w": Quantised(integers + 1, 0.25)}), "m.pt"
    )

    assert tensor(change, "w.storage").note == "i8 6, all 6 numbers, max |d| 1"
    others = tensor(change, "other values")
    assert [(leaf.before, leaf.after) for leaf in others.children] == [(0.5, 0.25)]
    assert change.kind is Kind.CHANGED
