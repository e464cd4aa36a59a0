from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing import chunks
from mlver.comparing.bytes import BytesInMemory
from mlver.comparing.chunks import Alignment, align
from mlver.errors import Interrupted


def aligned(before: bytes, after: bytes) -> Alignment:
    found = align(BytesInMemory(before), BytesInMemory(after))
    assert found is not None
    return found


def rebuilt(before: bytes, after: bytes, found: Alignment) -> bytes:
    """`after`, made of `before` and the regions alone."""
    made, place = bytearray(), 0
    for region in found.regions:
        made += before[place : region.before.start] + after[region.after.start : region.after.stop]
        place = region.before.stop
    return bytes(made + before[place:])


def test_ten_insertions_in_a_large_file_are_ten_regions() -> None:
    rng = random.Random(1)
    before = rng.randbytes(3 << 20)
    after = bytearray(before)
    sizes = [rng.randint(1, 50) for _ in range(10)]
    for number, size in enumerate(sizes):
        place = (number + 1) * 300_000
        after[place:place] = rng.randbytes(size)

    found = aligned(before, bytes(after))

    assert (len(found.regions), found.removed) == (10, 0)
    assert found.added == sum(sizes)
    assert rebuilt(before, bytes(after), found) == after


@pytest.mark.parametrize("alphabet", [bytes(range(256)), b"ab", b"\0"])
def test_the_regions_alone_make_one_of_the_other(alphabet: bytes) -> None:
    rng = random.Random(2)
    for _ in range(40):
        before = bytes(rng.choices(alphabet, k=rng.randrange(60_000)))
        after = bytearray(before)
        for _ in range(rng.randint(0, 5)):
            start = rng.randrange(len(after) + 1)
            after[start : start + rng.randint(0, 3000)] = bytes(rng.choices(alphabet, k=rng.randint(0, 2000)))

        found = aligned(before, bytes(after))

        assert rebuilt(before, bytes(after), found) == after
        assert (not found.regions) == (before == after)


blocks = st.lists(st.sampled_from([random.Random(seed).randbytes(5000) for seed in range(4)]), max_size=8)


@given(blocks, blocks)
def test_repeated_and_moved_parts_are_laid_out_truly(left: Any, right: Any) -> None:
    before, after = b"".join(left), b"".join(right)

    assert rebuilt(before, after, aligned(before, after)) == after


def test_it_stops_and_it_says_when_a_file_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Interrupted):
        align(BytesInMemory(b"a"), BytesInMemory(b"b"), lambda: True)
    monkeypatch.setattr(chunks, "MOST_BYTES", 3)
    assert align(BytesInMemory(b"aaaa"), BytesInMemory(b"b")) is None
