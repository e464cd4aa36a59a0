from __future__ import annotations

import json
import os
import random
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlver.comparing.bytes import BytesInMemory
from mlver.errors import Interrupted
from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files, hold_same_values, kind_of
from mlver.formats.safetensors import read_safetensors
from mlver.formats.tensor_digests import content_digest
from mlver.model.change import Change, Kind
from mlver.progress import never
from tests.support.tensor_files import Stored, safetensors, safetensors_of

PATH = "model.safetensors"
WEIGHTS = np.arange(12, dtype=np.float32).reshape(3, 4)
BIAS = np.array([0.5, -1.0], np.float32)
FILE = safetensors({"w": WEIGHTS, "b": BIAS}, {"format": "pt"})


def compared(before: bytes, after: bytes, **more: Any) -> Change:
    return compare_files(PATH, Blob(before), Blob(after), **more)


def child(change: Change, name: str) -> Change:
    return next(node for node in change.children if node.label == name)


def test_a_file_is_recognised_by_its_header_whatever_it_is_called() -> None:
    assert kind_of(PATH, FILE) == kind_of("weights.bin", FILE) == "safetensors"
    assert kind_of("x.json", b'{"a": 1}') == "json"
    assert kind_of("x", b"\0" * 100) == "bytes"


def test_the_same_file_is_the_same() -> None:
    assert compared(FILE, FILE) == Change(label=PATH, kind=Kind.SAME)


def test_a_number_that_moved_is_told_with_its_tensor_and_how_far() -> None:
    after = WEIGHTS.copy()
    after[1, 2] += 0.25

    change = compared(FILE, safetensors({"w": after, "b": BIAS}, {"format": "pt"}))

    assert (change.kind, change.note) == (Kind.CHANGED, "1 of 2 tensors")
    moved = child(change, "w")
    assert moved.note == "f32 3×4, 1 of 12 numbers, max |d| 0.25"
    relative, cosine = 0.25 / np.linalg.norm(WEIGHTS), _cosine(WEIGHTS, after)
    assert moved.details[:3] == (f"mean |d| {0.25 / 12:.3g}", f"relative L2 {relative:.3g}", f"cosine {cosine:.6f}")
    assert child(change, "b").kind is Kind.SAME


def _cosine(before: NDArray[Any], after: NDArray[Any]) -> float:
    ours, theirs = before.ravel().astype(float), after.ravel().astype(float)
    return float(ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs))


def test_tensors_that_are_new_gone_renamed_reshaped_or_of_another_type_are_told_apart() -> None:
    before = safetensors(
        {"gone": BIAS, "old.name": WEIGHTS, "flat": WEIGHTS.reshape(12) + 1, "wide": WEIGHTS + 2, "grown": WEIGHTS + 3}
    )
    half = (WEIGHTS + 2).astype(np.float16)
    after = safetensors(
        {"new": BIAS * 3, "new.name": WEIGHTS, "flat": WEIGHTS + 1, "wide": half, "grown": np.zeros(5, np.float32)}
    )

    change = compared(before, after)

    assert {node.label: (node.kind, node.note) for node in change.children} == {
        "new": (Kind.ADDED, "f32 2, new"),
        "gone": (Kind.REMOVED, "f32 2, gone"),
        "new.name": (Kind.MOVED, "was old.name"),
        "flat": (Kind.CHANGED, "f32 12 → f32 3×4, reshaped, the same numbers"),
        "wide": (Kind.CHANGED, "f32 3×4 → f16 3×4, retyped, the same numbers"),
        "grown": (Kind.CHANGED, "f32 3×4 → f32 5"),
    }


def test_two_tensors_that_could_be_the_renamed_one_are_not_guessed() -> None:
    change = compared(safetensors({"a": BIAS, "b": BIAS}), safetensors({"c": BIAS, "b": BIAS + 1}))

    assert {node.label: node.kind for node in change.children} == {
        "c": Kind.MOVED, "b": Kind.CHANGED,
    }  # fmt: skip
    change = compared(safetensors({"a": BIAS, "b": BIAS}), safetensors({"c": BIAS}))
    assert {node.label: node.kind for node in change.children} == {
        "c": Kind.ADDED, "a": Kind.REMOVED, "b": Kind.REMOVED,
    }  # fmt: skip


def test_nan_that_appears_is_said_and_is_in_no_sum() -> None:
    after = WEIGHTS.copy()
    after[0] = [np.nan, np.inf, 3.0, 3.0]

    moved = child(compared(FILE, safetensors({"w": after, "b": BIAS})), "w")

    assert moved.note == "f32 3×4, 3 of 12 numbers, max |d| 1, 2 NaN or infinite now"
    back = child(compared(safetensors({"w": after}), safetensors({"w": WEIGHTS})), "w")
    assert back.note.endswith("2 no longer NaN or infinite")


def test_one_nan_is_as_good_as_another_and_a_negative_zero_is_another_zero() -> None:
    quiet, other = (np.array([bits], np.uint32).view(np.float32) for bits in (0x7FC00000, 0x7FC00001))

    assert child(compared(safetensors({"x": quiet}), safetensors({"x": other})), "x").kind is Kind.SAME
    zeros = np.array([0.0], np.float32)
    assert child(compared(safetensors({"x": zeros}), safetensors({"x": -zeros})), "x").kind is Kind.CHANGED


def test_large_integers_differ_though_a_float_could_not_tell() -> None:
    before, after = np.array([2**60], np.int64), np.array([2**60 + 1], np.int64)

    assert child(compared(safetensors({"n": before}), safetensors({"n": after})), "n").note == (
        "i64 1, all 1 numbers, max |d| 1"
    )


def test_other_metadata_is_a_change_of_its_own() -> None:
    change = compared(FILE, safetensors({"w": WEIGHTS, "b": BIAS}, {"format": "np", "step": "9"}))

    assert (change.kind, change.note) == (Kind.CHANGED, "same tensors, other metadata")
    told = child(child(change, "metadata"), "format")
    assert (told.before, told.after) == ("pt", "np")


def test_another_order_is_the_same_content_and_its_digest_is_told() -> None:
    other = safetensors({"b": BIAS, "w": WEIGHTS}, {"format": "pt"})

    change = compared(FILE, other)

    assert (change.kind, change.note) == (Kind.SAME, "same tensors, other layout")
    lines = (
        f"{name}\0f32\0{shape}\0{sha256(array.tobytes()).hexdigest()}\n"
        for name, shape, array in (("b", "2", BIAS), ("w", "3,4", WEIGHTS))
    )
    assert change.details[0] == f"tensors sha256:{sha256(''.join(lines).encode()).hexdigest()}"
    assert "the tensors stand in another order" in change.details
    assert hold_same_values(PATH, Blob(FILE), Blob(other))


def test_the_digest_of_tensors_is_of_names_types_shapes_and_bytes_alone() -> None:
    def digest(tensors: dict[str, NDArray[Any]], metadata: dict[str, str] | None = None) -> str:
        return content_digest(read_safetensors(BytesInMemory(safetensors(tensors, metadata))).tensors, never)

    usual = digest({"w": WEIGHTS, "b": BIAS})
    assert usual == digest({"b": BIAS, "w": WEIGHTS}, {"format": "pt"})
    others: list[dict[str, NDArray[Any]]] = [
        {"w": WEIGHTS}, {"v": WEIGHTS, "b": BIAS}, {"w": WEIGHTS.T.reshape(4, 3), "b": BIAS},
        {"w": WEIGHTS.view(np.int32), "b": BIAS}, {"w": WEIGHTS + 1, "b": BIAS}, {"w": BIAS, "b": WEIGHTS},
    ]  # fmt: skip
    assert len({usual, *(digest(other) for other in others)}) == 1 + len(others)


def test_of_tensors_that_are_alike_but_for_the_bits_of_a_nan_no_digest_is_told() -> None:
    quiet, other = (np.array([bits], np.uint32).view(np.float32) for bits in (0x7FC00000, 0x7FC00001))

    change = compared(safetensors({"x": quiet}), safetensors({"x": other}))

    assert (change.kind, change.note) == (Kind.SAME, "same values, written otherwise")
    assert not any("sha256" in said for said in change.details)


def header(**fields: Any) -> str:
    return json.dumps({"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} | fields})


@pytest.mark.parametrize(
    "damaged",
    [
        FILE[:5], FILE[:40], FILE[:-1], FILE + b"\0", b"\xff" * 8 + FILE[8:],
        safetensors_of("{not json}", b"\0" * 4), safetensors_of("[" * 50_000, b""),
        safetensors_of(header(shape=[2**62, 2**62]), b"\0" * 4), safetensors_of(header(shape=[-1]), b"\0" * 4),
        safetensors_of(header(shape=[True]), b"\0" * 4), safetensors_of(header(shape="1"), b"\0" * 4),
        safetensors_of(header(dtype="F99"), b"\0" * 4), safetensors_of(header(dtype=[1]), b"\0" * 4),
        safetensors_of(header(data_offsets=[4, 8]), b"\0" * 8), safetensors_of(header(data_offsets=[0]), b"\0" * 4),
        safetensors_of(header(data_offsets=[0, 1e999]), b"\0" * 4), safetensors_of('{"x": 3}', b"\0" * 4),
        safetensors_of(header()[:-1] + ', "x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}', b"\0" * 4),
        safetensors_of(header()[:-1] + ', "y": {"dtype": "F32", "shape": [1], "data_offsets": [2, 6]}}', b"\0" * 6),
        safetensors_of('{"__metadata__": {"a": 1}}'), safetensors_of('{"__metadata__": 4}'),
    ],
)  # fmt: skip
def test_a_damaged_file_is_compared_as_bytes_and_says_why(damaged: bytes) -> None:
    for before, after in ((FILE, damaged), (damaged, FILE)):
        change = compared(before, after)

        assert change.kind is not Kind.SAME
        assert not any(node.label == "w" for node in change.children)


def test_sub_byte_numbers_are_compared_by_their_bytes() -> None:
    before: dict[str, Stored] = {"q": ("F4", (4,), b"\x12\x34"), "s": ("F8_E8M0", (2,), b"\x01\x02")}
    after: dict[str, Stored] = {"q": ("F4", (4,), b"\x12\x35"), "s": ("F8_E8M0", (2,), b"\x01\x02")}

    change = compared(safetensors(before), safetensors(after))

    assert child(change, "q").note == "f4 4, 1 of 2 blocks of 2"
    assert child(change, "q").details == ("compared by their bytes: numbers of this type are not read",)
    assert child(change, "s").kind is Kind.SAME


def test_it_stops_when_it_is_told_to() -> None:
    with pytest.raises(Interrupted):
        compared(FILE, safetensors({"w": WEIGHTS * 2, "b": BIAS}), should_stop=lambda: True)


def test_a_file_that_is_cut_after_its_header_was_read_is_told_as_bytes(tmp_path: Path) -> None:
    large = np.zeros(1 << 20, np.float32)
    left, right = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    left.write_bytes(safetensors({"w": large}))
    right.write_bytes(safetensors({"w": large + 1}))
    asked = iter([False])

    def cut() -> bool:
        # First asked while the bytes are held against each other, then while the numbers are.
        if next(asked, True):
            os.truncate(right, 2000)
        return False

    change = compare_files(PATH, Blob(left), Blob(right), should_stop=cut)

    assert change.kind is not Kind.SAME
    assert any("shorter" in said for said in change.details)


def test_mutated_files_never_break_it_and_are_never_the_same_as_what_they_were() -> None:
    rng = random.Random(7)
    for _ in range(400):
        damaged = bytearray(FILE)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        if rng.random() < 0.3:
            del damaged[rng.randrange(len(damaged)) :]
        change = compared(FILE, bytes(damaged))
        if change.kind is Kind.SAME and bytes(damaged) != FILE:
            assert _values(bytes(damaged)) == _values(FILE)


def _values(file: bytes) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    """By a reading of its own: what the file's tensors are."""
    length = int.from_bytes(file[:8], "little")
    said = json.loads(file[8 : 8 + length])
    said.pop("__metadata__", None)
    return {
        name: (one["dtype"], tuple(one["shape"]), file[8 + length :][slice(*one["data_offsets"])])
        for name, one in said.items()
    }
