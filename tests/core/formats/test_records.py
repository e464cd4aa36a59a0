"""Arrays of records: their fields are tensors to whoever compares two models."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing.chunk_pairs import CHUNK
from mlver.formats.blob import Blob
from mlver.formats.format import Limits
from mlver.formats.registry import compare_files, hold_same_values
from mlver.model.change import Change, Kind

LAYERS = [("hidden", "<f8", (4, 3)), ("bias", "<f4", (3,)), ("steps", "<i8")]


def model(layers: Any = LAYERS, shape: tuple[int, ...] = (), **values: Any) -> bytes:
    """A file of one array whose fields have these values, else zero."""
    array = np.zeros(shape, np.dtype(layers))
    for name, value in values.items():
        array[name] = value
    return npy(array)


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def compared(before: bytes, after: bytes, **more: Any) -> Change:
    return compare_files("weights.npy", Blob(before), Blob(after), **more)


def told(change: Change) -> dict[str, tuple[Kind, str]]:
    return {child.label: (child.kind, child.note) for child in change.children}


def test_fields_are_compared_as_tensors() -> None:
    change = compared(model(), model(hidden=0.5, steps=7))

    assert (change.kind, change.note) == (Kind.CHANGED, "2 of 3 tensors")
    assert change.details[0] == "81.2 % of 16 numbers, max |d| 7"
    assert told(change) == {
        "hidden": (Kind.CHANGED, "<f8 4×3, all 12 numbers, max |d| 0.5"),
        "bias": (Kind.SAME, "<f4 3"),
        "steps": (Kind.CHANGED, "<i8 scalar, all 1 numbers, max |d| 7"),
        "bytes": (Kind.CHANGED, "8.1 % of bytes, 1 range"),
    }
    assert [child.label for child in change.children[-1].children] == ["0xc6"], "the ranges stay within reach"


def test_a_field_that_came_went_or_has_another_shape_is_told() -> None:
    after = [("hidden", "<f8", (4, 5)), ("bias", "<f4", (3,)), ("scale", "<f4")]

    change = compared(model(), model(after, bias=1))

    assert change.note == "4 of 4 tensors"
    assert {label: one for label, one in told(change).items() if label != "bytes"} == {
        "hidden": (Kind.CHANGED, "<f8 4×3 → <f8 4×5"),
        "bias": (Kind.CHANGED, "<f4 3, all 3 numbers, max |d| 1"),
        "scale": (Kind.ADDED, "<f4 scalar, new"),
        "steps": (Kind.REMOVED, "<i8 scalar, gone"),
    }


def test_many_records_are_one_tensor_per_field() -> None:
    before, after = (model(shape=(100_000,), steps=np.arange(100_000) // by) for by in (2, 1))

    change = compared(before, after)

    assert change.note == "1 of 3 tensors"
    assert told(change)["steps"][1].startswith("<i8 100000, 100 % of 100\N{THIN SPACE}000 numbers, max |d| 5e+04")


def test_a_record_larger_than_memory_should_hold_is_read_in_chunks() -> None:
    layers = [("large", "<f8", (CHUNK // 4,)), ("small", "<f8", (2,))]
    moved = np.zeros(CHUNK // 4)
    moved[-1] = 2

    change = compared(model(layers), model(layers, large=moved, small=[0, 1]))

    assert [child.note for child in change.children[:2]] == [
        "<f8 262144, 1 of 262\N{THIN SPACE}144 numbers, max |d| 2",
        "<f8 2, 1 of 2 numbers, max |d| 1",
    ]


def test_the_same_tensors_in_another_order_hold_the_same_values() -> None:
    before, after = model(hidden=1), model(LAYERS[::-1], hidden=1)

    change = compared(before, after)

    assert (change.kind, change.note) == (Kind.SAME, "same values, written otherwise")
    assert "the tensors stand in another order" in change.details
    assert hold_same_values("w.npy", Blob(before), Blob(after))


def test_an_array_that_became_records_is_told_by_its_header() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))

    assert compared(buffer.getvalue(), model()).note == "<f8 3 → 3 fields once"
    assert compared(model(), model(shape=(2,))).note == "3 fields once → 3 fields 2"


def test_a_limit_on_numbers_makes_the_fields_incomplete() -> None:
    layers = [("large", "<f8", (CHUNK // 4,)), ("small", "<f8", (2,))]

    change = compared(model(layers), model(layers, small=1), limits=Limits(elements=1000))

    assert (change.kind, change.complete) == (Kind.UNKNOWN, False)
    assert "only 1\N{THIN SPACE}000 numbers were compared" in change.details


def forged(descr: str, values: bytes, shape: str = "") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': ({shape}), }}"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + values


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(forged("[('a', '|O')]", b"\0" * 8), id="objects"),
        pytest.param(forged("[('a', '<U4')]", b"\0" * 16), id="texts"),
        pytest.param(forged("[('a', '<M8[s]')]", b"\0" * 8), id="dates"),
        pytest.param(forged("[('a', [('b', '<f8')])]", b"\0" * 8), id="records inside"),
        pytest.param(forged("[('a', '<f8'), ('a', '<f8')]", b"\0" * 16), id="one name twice"),
        pytest.param(forged("[('a', '<f8'), ('', '|V4')]", b"\0" * 12), id="padding"),
        pytest.param(forged("[]", b""), id="no fields"),
        pytest.param(forged("[('a', '<f8', (1000000000000000000,))]", b"\0" * 8), id="shape of 1e18"),
        pytest.param(forged("[('a', '<f8', (99, 99, 99))]", b"\0" * 8), id="more than the file"),
        pytest.param(forged("[('a', '<f8', (2,))]", b"\0" * 8), id="cut"),
        pytest.param(forged("[('a', '<f3')]", b"\0" * 3), id="no such type"),
        pytest.param(forged("[" + "('a', '<f8'), " * 4000 + "x]", b""), id="long and wrong at its end"),
        pytest.param(forged("[(__import__('os'), '<f8')]", b"\0" * 8), id="code"),
    ],
)
def test_hostile_records_are_compared_as_bytes(hostile: bytes) -> None:
    change = compared(hostile, model())

    assert change.kind is Kind.CHANGED
    assert any(detail.startswith("not compared as npy: ") for detail in change.details)


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_damaged_file_never_stops_the_comparison(place: int, flip: int) -> None:
    whole = model(hidden=1)
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= flip

    change = compared(whole, bytes(damaged))

    assert change.kind is Kind.CHANGED or change.note == "same values, written otherwise"
    assert compared(whole, whole[: place % len(whole)]).kind is Kind.CHANGED


@given(
    st.dictionaries(st.text("abé", min_size=1, max_size=3), st.sampled_from(["<f8", "<i2", "|b1", "<c8"]), min_size=1),
    st.sampled_from([(), (1,), (3, 2)]),
    st.data(),
)
def test_whatever_fields_there_are_a_change_is_in_its_own(
    fields: dict[str, str], shape: tuple[int, ...], data: st.DataObject
) -> None:
    layers = [(name, dtype, (2,)) for name, dtype in fields.items()]
    moved = data.draw(st.sampled_from(sorted(fields)))

    change = compared(model(layers, shape), model(layers, shape, **{moved: 1}))

    assert [child.label for child in change.children[:-1] if child.kind is Kind.CHANGED] == [moved]


def test_a_signalling_nan_and_a_step_beyond_double_precision_are_counted_right() -> None:
    signalling = np.array([0x7D00, 0x3C00], np.uint16).view(np.float16)
    assert compare_files("w.npy", Blob(npy(signalling)), Blob(npy(np.array([1, 1], np.float16)))).note == (
        "1 of 2 numbers, 1 no longer NaN or infinite"
    )
    far = compare_files("w.npy", Blob(npy(np.array([1e308, 0]))), Blob(npy(np.array([-1e308, 0]))))
    assert far.note == "1 of 2 numbers, max |d| inf"
    parts = [np.array([complex(np.nan, one)]) for one in (1, 2)]
    assert not hold_same_values("w.npy", *(Blob(npy(part)) for part in parts))


@pytest.mark.parametrize(
    "dtype", [">f8", ">f4", "<f2", ">i4", "<u8", "|b1", ">c16", "<c8", np.longdouble, np.clongdouble]
)
def test_every_type_of_numbers_moves_as_it_does_in_double_precision(dtype: Any) -> None:
    before = np.arange(1, 4000).astype(dtype)
    after = before.copy()
    after[[3, 3000]] = 0

    change = compare_files("w.npy", Blob(npy(before)), Blob(npy(after)))

    distance = np.abs(before[[3, 3000]]).astype(float)
    assert change.note == f"2 of 3\N{THIN SPACE}999 numbers, max |d| {distance.max():.3g}"
    relative = np.sqrt((distance**2).sum() / (np.abs(before).astype(float) ** 2).sum())
    assert change.details[1:3] == (f"mean |d| {distance.sum() / 3999:.3g}", f"relative L2 {relative:.3g}")


@pytest.mark.skipif(bool(np.finfo(np.longdouble).nmant <= 52), reason="no longer float here")
def test_numbers_beyond_double_precision_are_not_the_same_infinity() -> None:
    huge = np.array(["1e400", "1"], np.longdouble)

    assert compare_files("w.npy", Blob(npy(huge)), Blob(npy(huge * np.array([2, 1])))).note.startswith("1 of 2 numbers")
