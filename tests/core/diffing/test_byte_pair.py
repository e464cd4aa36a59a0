from __future__ import annotations

import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing.chunk_pairs import CHUNK
from mlver.diffing.byte_pair import BytePair
from mlver.errors import Interrupted
from mlver.formats.blob import Blob
from tests.support.model_files import gguf
from tests.support.tensor_files import safetensors

WEIGHT = np.arange(6, dtype=np.float32).reshape(2, 3)


def pair(before: bytes | Path, after: bytes | Path) -> closing[BytePair]:
    return closing(BytePair.open(Blob(before), Blob(after)))


def test_windows_end_where_the_files_do() -> None:
    with pair(b"abcdef", b"abX") as both:
        assert both.sizes == (6, 3)
        assert both.read(2, 3) == (b"cde", b"X")
        assert both.read(9, 3) == (b"", b"")


small = st.binary(max_size=12)


@given(small, small, st.integers(0, 13))
def test_the_next_and_the_previous_difference_are_those_of_a_plain_search(left: Any, right: Any, place: int) -> None:
    with pair(left, right) as both:
        differing = [at for at in range(max(len(left), len(right))) if left[at : at + 1] != right[at : at + 1]]
        assert both.next_difference(place) == next((at for at in differing if at >= place), None)
        assert both.previous_difference(place) == next((at for at in reversed(differing) if at < place), None)


def test_from_a_byte_that_is_the_same_the_next_stretch_may_be_near() -> None:
    after = bytearray(100)
    after[8] = after[12] = after[60] = 1
    with pair(bytes(100), bytes(after)) as both:
        assert [both.next_stretch(place) for place in (0, 7, 8, 50, 60)] == [8, 8, 60, 60, None]
        assert [both.previous_stretch(place) for place in (100, 61, 60, 8)] == [60, 60, 8, None]


def test_differences_are_found_across_chunks(tmp_path: Path) -> None:
    before = bytearray(3 * CHUNK + 10)
    after = bytearray(before)
    places = [5, CHUNK - 1, CHUNK, 3 * CHUNK + 9]
    for place in places:
        after[place] = 1
    (tmp_path / "a").write_bytes(before)
    (tmp_path / "b").write_bytes(after)

    with pair(tmp_path / "a", tmp_path / "b") as both:
        found: list[int] = []
        while (following := both.next_difference(found[-1] + 1 if found else 0)) is not None:
            found.append(following)
        assert found == places
        assert both.previous_difference(3 * CHUNK) == CHUNK
        assert both.compare().differing == 4
        with pytest.raises(Interrupted):
            both.next_difference(6, should_stop=lambda: True)


def test_of_files_larger_than_memory_only_what_is_seen_is_read(tmp_path: Path) -> None:
    numbers = 1 << 36  # of four bytes each: 256 GiB that take no room on the disk
    named = {"w": {"dtype": "F32", "shape": [numbers], "data_offsets": [0, 4 * numbers]}}
    header = json.dumps(named).encode()
    read: list[int] = []
    for name in "ab":
        with (tmp_path / name).open("wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            file.truncate(8 + len(header) + 4 * numbers)
    last = 8 + len(header) + 4 * numbers - 4

    with closing(BytePair.open(*(Blob(tmp_path / name, read.append) for name in "ab"))) as both:
        assert both.read(last, 16) == (bytes(4), bytes(4))
        told, _ = both.elements_at(last + 1)
        assert told is not None
        assert (told.tensor, told.index, told.value) == ("w", (numbers - 1,), "0")
        assert both.start_of("w") == 8 + len(header)

    assert sum(read) < 1 << 20


def test_the_number_at_a_byte_is_named() -> None:
    after = WEIGHT.copy()
    after[1, 0] = 0.5
    left, right = safetensors({"b": WEIGHT[0], "w": WEIGHT}), safetensors({"b": WEIGHT[0], "w": after})

    with pair(left, right) as both:
        start = both.start_of("w")
        assert start == len(left) - WEIGHT.nbytes
        ours, theirs = both.elements_at(start + 3 * 4 + 1)
        assert ours is not None
        assert theirs is not None
        assert (ours.tensor, ours.kind, ours.index, ours.value) == ("w", "f32 2×3", (1, 0), "3")
        assert theirs.value == "0.5"
        assert both.elements_at(0) == (None, None)
        assert both.start_of("nothing") is None


def test_the_fields_of_one_record_are_tensors() -> None:
    layers = np.zeros((), [("w", "<f4", (2, 3)), ("b", "<f8", (2,))])
    layers["w"], layers["b"] = WEIGHT, [0.25, 0.5]
    buffer = io.BytesIO()
    np.save(buffer, layers)

    with pair(buffer.getvalue(), buffer.getvalue()) as both:
        last = both.elements_at(len(buffer.getvalue()) - 1)[0]
        assert last is not None
        assert (last.tensor, last.kind, last.index, last.value) == ("b", "f64 2", (1,), "0.5")
        assert both.start_of("w") == len(buffer.getvalue()) - 40


@pytest.mark.parametrize("is_fortran", [False, True])
def test_the_fields_of_many_records_are_named_with_their_record(is_fortran: bool) -> None:
    layers = np.zeros((2, 3), [("w", "<f4", (2,)), ("n", "<i8")], order="F" if is_fortran else "C")
    layers["w"], layers["n"] = np.arange(12).reshape(2, 3, 2), np.arange(6).reshape(2, 3) + 100
    buffer = io.BytesIO()
    np.save(buffer, layers)
    file = buffer.getvalue()
    start = len(file) - 6 * 16

    with pair(file, file) as both:
        for number in range(6):
            row, column = (number % 2, number // 2) if is_fortran else divmod(number, 3)
            told = [both.elements_at(start + number * 16 + place)[0] for place in (0, 5, 15)]
            assert [(one.tensor, one.kind, one.index, one.value) for one in told if one] == [
                ("w", "f32 2×3×2", (row, column, 0), f"{2 * (3 * row + column)}"),
                ("w", "f32 2×3×2", (row, column, 1), f"{2 * (3 * row + column) + 1}"),
                ("n", "i64 2×3", (row, column), f"{100 + 3 * row + column}"),
            ]
        assert both.elements_at(start - 1) == both.elements_at(len(file)) == (None, None)
        assert both.start_of("n") == start + 8


def test_numbers_of_quantised_blocks_have_no_value_of_their_own() -> None:
    file = gguf({"q": (8, (32,), b"\x01" * 34)})

    with pair(file, file) as both:
        element = both.elements_at(len(file) - 1)[0]
        assert element is not None
        assert (element.tensor, element.index, element.value) == ("q", None, "")
