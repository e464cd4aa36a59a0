"""Numbers of tensors for what does not ask for their order, as counts and sums: those of 16 bits two at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from mlver.comparing.number_types import NumberType, Reading, numbers_of
from mlver.comparing.scratch import room

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PAIR = 4
"""Bytes."""
_UPPER_HALF = 0xFFFF0000
_SIGN_AND_MAGNITUDE = 0x8FFFE000 - (1 << 32)
"""The sign and bits 13 to 27, as a number of 32 bits with a sign."""
_LIMITS = {Reading.FLOAT16: 2.0**32, Reading.BFLOAT16: 2.0**240}
"""Squares of the first number that a short float cannot be, and that infinities and NaN become here; of one that is
far from the largest of the other kind."""


def quick_numbers(kind: NumberType, content: memoryview, use: str) -> NDArray[Any]:
    """As numbers_of, good until the next of that use; 16-bit floats in an order that their count alone decides.

    A short float that is infinite or no number becomes one of 65,536 or more: see are_beyond.
    """
    import numpy as np

    if kind.reading not in _LIMITS or len(content) % _PAIR:
        return numbers_of(kind, content)
    pairs = np.frombuffer(content, "<i4")
    wide = room(f"{use} wide", "<i4", 2 * len(pairs))
    upper, lower = wide[: len(pairs)], wide[len(pairs) :]
    np.left_shift(pairs, 16, out=lower)
    if kind.reading is Reading.BFLOAT16:
        np.bitwise_and(pairs.view("<u4"), np.uint32(_UPPER_HALF), out=upper.view("<u4"))
        return wide.view("<f4")
    # Moved into a float32's place and scaled. The sign, shifted in, fills the upper bits; the mask leaves one of it,
    # the exponent and the fraction, and nothing of the pair's other number.
    np.right_shift(pairs, 3, out=upper)
    lower >>= 3
    wide &= _SIGN_AND_MAGNITUDE
    numbers = wide.view("<f4")
    numbers *= np.float32(2.0**112)
    return numbers


def are_beyond(kind: NumberType, square: float) -> bool:
    """Whether numbers whose squares add up to this may be none, or too large for their differences."""
    return not square < _LIMITS.get(kind.reading, math.inf)
