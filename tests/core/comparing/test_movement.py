"""How far numbers moved, held to what double precision says of the same bytes, for every type of numbers."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlver.comparing.bytes import BytesInMemory
from mlver.comparing.movement import Movement
from mlver.comparing.movement_wording import movement_details, movement_note
from mlver.comparing.number_types import KNOWN, Reading
from mlver.formats.tensor import Tensor, TensorPair
from mlver.formats.tensor_numbers import moved
from mlver.progress import never

READ = [name for name, kind in KNOWN.items() if kind.reading is not Reading.NONE]
FLOATS = {"F64": "<f8", "F32": "<f4"}


def tensor(name: str, content: bytes) -> Tensor:
    kind = KNOWN[name]
    return Tensor(name="x", kind=kind, shape=(len(content) // kind.itemsize,), file=BytesInMemory(content), offset=0)


def movement(name: str, before: bytes, after: bytes, other: str = "") -> Movement:
    return moved(tensor(name, before), tensor(other or name, after), TensorPair(never))


def slowly(name: str, content: bytes) -> list[complex]:
    """One number after the other, as the definitions of the types say."""
    kind = KNOWN[name]
    parts = [content[start : start + kind.itemsize] for start in range(0, len(content), kind.itemsize)]
    return [complex(_number(name, part)) for part in parts]


def _number(name: str, part: bytes) -> complex:
    if name in {"C64", "C128"}:
        return complex(*struct.unpack("<2f" if name == "C64" else "<2d", part))
    if name in {"F64", "F32", "F16"}:
        found: float = struct.unpack({"F64": "<d", "F32": "<f", "F16": "<e"}[name], part)[0]
        return found
    if name == "BF16":
        widened: float = struct.unpack("<f", b"\0\0" + part)[0]
        return widened
    if name.startswith("F8"):
        return _small_float(part[0], *((4, 3, 7) if name == "F8_E4M3" else (5, 2, 15)))
    return int.from_bytes(part, "little", signed=name.startswith("I"))


def _small_float(byte: int, exponent_bits: int, fraction_bits: int, bias: int) -> float:
    sign = -1.0 if byte >> 7 else 1.0
    exponent, fraction = byte >> fraction_bits & 2**exponent_bits - 1, byte & 2**fraction_bits - 1
    if exponent_bits == 4 and byte & 0x7F == 0x7F:
        return math.nan
    if exponent_bits == 5 and exponent == 31:
        return math.nan if fraction else sign * math.inf
    lead = 1 if exponent else 0
    return sign * math.ldexp(lead + fraction / 2**fraction_bits, max(exponent, 1) - bias)


def is_nan(number: complex) -> bool:
    return math.isnan(number.real) or math.isnan(number.imag)


def is_finite(number: complex) -> bool:
    return math.isfinite(number.real) and math.isfinite(number.imag)


def contents(name: str, kind: str, rng: np.random.Generator, count: int) -> tuple[bytes, bytes]:
    width = KNOWN[name].itemsize
    if kind == "any bits":
        before, after = (bytearray(rng.integers(0, 256, count * width, np.uint8).tobytes()) for _ in range(2))
    else:
        before = bytearray(rng.integers(0, 64, count * width, np.uint8).tobytes())
        after = bytearray(before)
        for place in rng.integers(0, count, max(1, count // 10)).tolist():
            after[place * width] ^= 1
    same = slice(0, count // 2 * width)
    after[same] = before[same]
    return bytes(before), bytes(after)


@pytest.mark.parametrize("kind", ["any bits", "a few"])
@pytest.mark.parametrize("name", READ)
def test_it_says_what_double_precision_says(name: str, kind: str) -> None:
    rng = np.random.default_rng(READ.index(name))
    for count in (1, 7, 3000):
        before, after = contents(name, kind, rng, count)
        if name == "BOOL":
            before, after = (bytes(byte & 1 for byte in side) for side in (before, after))
        found = movement(name, before, after)
        ours, theirs = slowly(name, before), slowly(name, after)
        width = KNOWN[name].itemsize
        bits = [before[at : at + width] != after[at : at + width] for at in range(0, len(before), width)]
        is_complex = name.startswith("C")
        differs = [
            other and (is_complex or not (is_nan(left) and is_nan(right)))
            for other, left, right in zip(bits, ours, theirs, strict=True)
        ]
        finite = [
            (left, right) for left, right in zip(ours, theirs, strict=True) if is_finite(left) and is_finite(right)
        ]

        assert found.compared == count
        if not is_complex:
            assert found.changed == sum(differs)
        if not found.changed:
            continue
        steps = [abs(right - left) for left, right in finite]
        least = (
            1 if name[0] in "IUB" and name != "BF16" else 0
        )  # integers that differ do so by one, also where a float cannot tell
        assert found.largest == pytest.approx(max(least, *steps, 0.0), rel=1e-6)
        assert found.mean == pytest.approx(sum(steps) / count, rel=1e-5)
        lengths = [math.hypot(*(abs(pair[side]) for pair in finite)) for side in (0, 1)]
        if found.relative is not None:
            assert found.relative == pytest.approx(math.hypot(*steps) / lengths[0], rel=1e-5)
        if found.cosine is not None:
            cosine = sum((left / lengths[0]).conjugate() * (right / lengths[1]) for left, right in finite)
            assert found.cosine == pytest.approx(cosine.real, abs=1e-5)


@pytest.mark.parametrize("name", ["F32", "F64"])
@pytest.mark.parametrize("scale", [1e30, 1e18, 1.0, 1e-18, 1e-25, 1e-37])
def test_neither_large_nor_small_numbers_lose_their_norms(name: str, scale: float) -> None:
    rng = np.random.default_rng(1)
    before, after = ((rng.standard_normal(200_000) * scale).astype(FLOATS[name]) for _ in range(2))
    after[:70_000] = before[:70_000]

    found = movement(name, before.tobytes(), after.tobytes())

    ours, theirs = before.astype(np.float64) / scale, after.astype(np.float64) / scale
    assert found.relative == pytest.approx(np.linalg.norm(theirs - ours) / np.linalg.norm(ours), rel=1e-5)
    assert found.cosine == pytest.approx(_cosine(ours, theirs), abs=1e-6)
    assert found.mean == pytest.approx(np.abs(theirs - ours).mean() * scale, rel=1e-5)


def test_the_angle_of_vectors_of_very_different_length_is_right() -> None:
    rng = np.random.default_rng(2)
    before = rng.standard_normal(100_000).astype(np.float32) * np.float32(1e-5)
    after = (before * 1e5 + rng.standard_normal(100_000)).astype(np.float32)

    found = movement("F32", before.tobytes(), after.tobytes())

    assert found.cosine == pytest.approx(_cosine(before.astype(float), after.astype(float)), abs=1e-6)


def _cosine(before: NDArray[Any], after: NDArray[Any]) -> float:
    return float(before @ after / np.linalg.norm(before) / np.linalg.norm(after))


def test_norms_beyond_double_precision_are_left_out_not_made_up() -> None:
    before, after = np.array([1e200, 1.0]), np.array([2e200, 1.0])

    found = movement("F64", before.tobytes(), after.tobytes())

    assert (found.relative, found.cosine, found.largest) == (None, None, 1e200)
    assert movement_details(found) == ("mean |d| 5e+199",)


def test_nan_that_comes_and_nan_that_goes_are_both_told() -> None:
    before, after = np.array([np.nan, 1.0, np.inf, 2.0]), np.array([1.0, np.nan, np.nan, 2.0])

    assert movement_note(movement("F64", before.tobytes(), after.tobytes())) == (
        "3 of 4 numbers, 1 NaN or infinite now, 1 no longer NaN or infinite"
    )


def test_what_lies_between_another_nan_and_the_first_difference_is_in_the_norms() -> None:
    count = (1 << 20) // 4
    before = np.ones(4 * count, np.float32)
    after = before.copy()
    before[count] = np.array([0x7FC00000], np.uint32).view(np.float32)[0]
    after.view(np.uint32)[count] = 0x7FC00001
    after[-1] = 3
    before[2 * count : 3 * count] = after[2 * count : 3 * count] = 5

    found = movement("F32", before.tobytes(), after.tobytes())

    assert (found.changed, found.compared) == (1, 4 * count)
    assert found.relative == pytest.approx(2 / math.sqrt(3 * count - 1 + 25 * count), rel=1e-6)


@pytest.mark.parametrize(
    ("kinds", "before", "after", "changed"),
    [
        (("I64", "F64"), struct.pack("<q", 2**53 + 1), struct.pack("<d", 2.0**53), 1),
        (("I64", "U64"), struct.pack("<q", 2**60), struct.pack("<Q", 2**60 + 1), 1),
        (("I64", "F64"), struct.pack("<q", 2**63 - 1), struct.pack("<d", 2.0**63), 1),
        (("I64", "F32"), struct.pack("<q", 2**40), struct.pack("<f", 2.0**40), 0),
        (("I64", "U64"), struct.pack("<q", -5), struct.pack("<Q", 5), 1),
        (("F32", "F64"), struct.pack("<f", 0.0), struct.pack("<d", -0.0), 1),
        (("F32", "F64"), struct.pack("<f", 0.5), struct.pack("<d", 0.5), 0),
        (("F32", "F64"), b"\x01\0\x80\x7f", struct.pack("<d", math.nan), 0),
        (("F16", "C64"), b"\x01\x7d", struct.pack("<2f", math.nan, 0), 0),
        (("BOOL", "I32"), b"\x01", struct.pack("<i", 1), 0),
    ],
)  # fmt: skip
def test_numbers_of_two_types_are_the_same_only_when_they_are(
    kinds: tuple[str, str], before: bytes, after: bytes, changed: int
) -> None:
    assert movement(kinds[0], before, after, kinds[1]).changed == changed


def test_complex_numbers_of_which_one_part_is_nan_differ_by_the_other() -> None:
    before, after = np.array([complex(math.nan, 1)]), np.array([complex(math.nan, 2)])

    assert movement("C128", before.tobytes(), after.tobytes()).changed == 1
