"""16-bit floats read two at a time: every one there is, held to numpy's own reading."""

from __future__ import annotations

import numpy as np
import pytest

from mlver.comparing.movement import squared_norm
from mlver.comparing.number_types import KNOWN, numbers_of
from mlver.comparing.quick_numbers import are_beyond, quick_numbers

EVERY = np.arange(1 << 16, dtype="<u2")
INFINITY = {"F16": 0x7C00, "BF16": 0x7F80}


def quickly(name: str, raw: np.ndarray) -> np.ndarray:
    return quick_numbers(KNOWN[name], memoryview(raw.tobytes()), "test").copy()


@pytest.mark.parametrize("name", INFINITY)
def test_every_finite_number_comes_out_as_it_is(name: str) -> None:
    raw = EVERY[INFINITY[name] > (EVERY & 0x7FFF)]
    slowly = numbers_of(KNOWN[name], raw.tobytes())
    assert np.array_equal(np.sort(quickly(name, raw).view("<u4")), np.sort(slowly.view("<u4")))


@pytest.mark.parametrize("name", INFINITY)
def test_two_tensors_come_out_in_one_order(name: str) -> None:
    numbers = EVERY[:1000]
    places = [quickly(name, np.where(EVERY[:1000] == one, numbers, 0).astype("<u2")).argmax() for one in (3, 500, 999)]
    together = quickly(name, numbers)
    assert [together[place] for place in places] == [
        numbers_of(KNOWN[name], numbers[[one]].tobytes())[0] for one in (3, 500, 999)
    ]


@pytest.mark.parametrize("name", INFINITY)
@pytest.mark.parametrize("sign", [0, 0x8000])
def test_what_is_no_finite_number_is_noticed(name: str, sign: int) -> None:
    for bits in (INFINITY[name], INFINITY[name] + 1, 0x7FFF):
        for place in (0, 1):
            raw = np.zeros(1000, "<u2")
            raw[place] = bits | sign
            with np.errstate(all="ignore"):
                assert are_beyond(KNOWN[name], squared_norm(quickly(name, raw)))


def test_usual_numbers_are_not_beyond() -> None:
    for name in INFINITY:
        raw = np.full(1000, 0x3C00, "<u2")
        assert not are_beyond(KNOWN[name], squared_norm(quickly(name, raw)))


def test_an_odd_number_of_numbers_stays_in_order() -> None:
    raw = np.array([0x3C00, 0xBC00, 0x7C00], "<u2")
    assert quickly("F16", raw).tolist() == [1.0, -1.0, float("inf")]
