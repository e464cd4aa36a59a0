from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlver.comparing import chunk_pairs
from mlver.comparing.bytes import ByteLimits, BytesInMemory, OpenFile, are_equal, compare_bytes
from mlver.comparing.chunk_pairs import CHUNK
from mlver.errors import Interrupted
from mlver.model.comparison import ByteComparison


def compared(before: bytes, after: bytes, limits: ByteLimits | None = None) -> ByteComparison:
    return compare_bytes(BytesInMemory(before), BytesInMemory(after), limits=limits or ByteLimits())


def ranges(found: ByteComparison) -> list[tuple[int, int]]:
    return [(part.start, part.end) for part in found.ranges]


def plain_ranges(before: bytes, after: bytes, gap: int) -> list[tuple[int, int]]:
    """The rule once more, byte by byte."""
    length = max(len(before), len(after))
    differing = [n for n in range(length) if before[n : n + 1] != after[n : n + 1]]
    found: list[tuple[int, int]] = []
    for place in differing:
        if found and place - found[-1][1] < gap:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found


@given(st.binary(max_size=120), st.binary(max_size=120), st.integers(1, 20), st.integers(0, 4))
def test_ranges_are_those_of_the_plain_rule(before: bytes, after: bytes, gap: int, most: int) -> None:
    found = compared(before, after, ByteLimits(gap=gap, max_ranges=most))

    expected = plain_ranges(before, after, gap)
    assert ranges(found) == expected[:most]
    assert found.range_count == len(expected)
    assert found.differing == sum(before[n : n + 1] != after[n : n + 1] for n in range(max(len(before), len(after))))
    assert found.is_same == (before == after)


@given(st.lists(st.integers(0, 399), max_size=60), st.integers(1, 20), st.integers(0, 4))
@example([31, 32, 34], 1, 0)
def test_two_threads_find_what_one_does(places: list[int], gap: int, most: int) -> None:
    before, after = bytes(400), bytearray(400)
    for place in places:
        after[place] = 1
    expected = plain_ranges(before, bytes(after), gap)

    with pytest.MonkeyPatch.context() as patch:  # as if it were long
        patch.setattr(chunk_pairs, "CHUNK", 16)
        patch.setattr(chunk_pairs, "_STRETCH", 32)
        found = compared(before, bytes(after), ByteLimits(gap=gap, max_ranges=most))
        same = are_equal(BytesInMemory(before), BytesInMemory(bytes(after)))

    assert ranges(found) == expected[:most]
    assert found.range_count == len(expected)
    assert found.differing == sum(ours != theirs for ours, theirs in zip(before, after, strict=True))
    assert found.is_same == same == (before == after)


def test_what_lies_behind_a_cut_is_not_told_of(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"a" * 200)
    with path.open("rb") as opened, pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunk_pairs, "CHUNK", 16)
        patch.setattr(chunk_pairs, "_STRETCH", 32)
        file = OpenFile.of(opened.fileno())
        os.truncate(path, 40)
        found = compare_bytes(file, BytesInMemory(b"a" * 35 + b"b" * 165))

    assert (found.complete, ranges(found)) == (False, [(35, 40)])


@given(
    st.lists(st.integers(0, 3 * CHUNK + 50), max_size=12),
    st.integers(0, 60),
    st.integers(0, 3),
    st.sampled_from([1, 16]),
)
def test_ranges_go_on_across_chunks(places: list[int], near: int, most: int, gap: int) -> None:
    before = bytes(3 * CHUNK + 100)
    after = bytearray(before)
    for place in [*places, CHUNK - 1, CHUNK + near, 2 * CHUNK]:
        after[place] = 1

    found = compared(before, bytes(after), ByteLimits(gap=gap, max_ranges=most))

    expected: list[tuple[int, int]] = []
    for place in sorted({*places, CHUNK - 1, CHUNK + near, 2 * CHUNK}):
        if expected and place - expected[-1][1] < gap:
            expected[-1] = (expected[-1][0], place + 1)
        else:
            expected.append((place, place + 1))
    assert ranges(found) == expected[:most]
    assert found.range_count == len(expected)


def test_every_second_byte_is_counted_though_few_ranges_are_kept() -> None:
    before = bytes(2 * CHUNK)
    after = b"\0\1" * CHUNK

    found = compared(before, after, ByteLimits(gap=1, max_ranges=5))

    assert (found.differing, found.range_count, len(found.ranges)) == (CHUNK, CHUNK, 5)
    assert found.complete


def test_a_longer_file_differs_by_its_tail() -> None:
    found = compared(b"abc", b"abcdef")

    assert (ranges(found), found.differing) == ([(3, 6)], 3)


def test_a_limit_makes_the_answer_incomplete() -> None:
    found = compared(b"a" * 100, b"a" * 100, ByteLimits(max_bytes=10))

    assert not found.is_same
    assert found.reason == "only the first 10 bytes were compared"


def test_a_file_cut_while_it_is_read_is_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"a" * (3 * CHUNK))
    descriptor = os.open(path, os.O_RDONLY)
    try:
        file = OpenFile.of(descriptor)
        os.truncate(path, CHUNK + 7)

        found = compare_bytes(file, BytesInMemory(b"a" * (3 * CHUNK)))
    finally:
        os.close(descriptor)

    assert (found.complete, found.differing, found.is_same) == (False, 0, False)
    assert found.reason == "a file became shorter while it was read"


def test_a_file_that_grows_is_compared_as_long_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"a" * 10)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        file = OpenFile.of(descriptor)
        with path.open("ab") as writer:
            writer.write(b"b" * 10)

        assert compare_bytes(file, BytesInMemory(b"a" * 10)).is_same
    finally:
        os.close(descriptor)


def test_a_comparison_stops_when_asked() -> None:
    with pytest.raises(Interrupted):
        compare_bytes(BytesInMemory(b"a"), BytesInMemory(b"b"), should_stop=lambda: True)


def test_empty_files_are_the_same() -> None:
    assert compared(b"", b"").is_same
