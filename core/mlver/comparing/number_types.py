"""Types of numbers that tensors are made of: how wide they are, and their bytes as numbers that can be computed with.

Names and widths are those of the safetensors format; bfloat16 is the upper half of a float32, the two 8-bit floats are
those of the Open Compute Project (OFP8: E4M3 without infinities, E5M2 like a short float16).
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Reading(Enum):
    """How bytes become numbers."""

    NUMPY = "as numpy reads them"
    BFLOAT16 = "the upper half of a float32"
    FLOAT16 = "a short float"
    TABLE = "one byte, looked up"
    NONE = "not read"


class NumberType(Struct, frozen=True):
    """A type of numbers."""

    name: str
    """As people write it: `f32`."""
    itemsize: int
    """Bytes of one number, or of a block of numbers that are stored together."""
    numpy: str = ""
    """numpy's name of it, or of the integer of its width; little-endian."""
    reading: Reading = Reading.NUMPY
    block: int = 1
    """How many numbers are stored together."""

    @property
    def is_float(self) -> bool:
        """Whether it has NaN, and a negative zero."""
        return self.reading is not Reading.NUMPY or self.numpy[1] in "fc"

    def size_of(self, count: int) -> int:
        """Bytes that `count` numbers take, whole blocks of them."""
        return -(-count // self.block) * self.itemsize


KNOWN: dict[str, NumberType] = {
    "F64": NumberType("f64", 8, "<f8"),
    "F32": NumberType("f32", 4, "<f4"),
    "F16": NumberType("f16", 2, "<u2", Reading.FLOAT16),
    "BF16": NumberType("bf16", 2, "<u2", Reading.BFLOAT16),
    "F8_E4M3": NumberType("f8_e4m3", 1, "|u1", Reading.TABLE),
    "F8_E5M2": NumberType("f8_e5m2", 1, "|u1", Reading.TABLE),
    "F8_E8M0": NumberType("f8_e8m0", 1, "|u1", Reading.NONE),
    "F6_E2M3": NumberType("f6_e2m3", 3, "", Reading.NONE, block=4),
    "F6_E3M2": NumberType("f6_e3m2", 3, "", Reading.NONE, block=4),
    "F4": NumberType("f4", 1, "", Reading.NONE, block=2),
    "C64": NumberType("c64", 8, "<c8"),
    "C128": NumberType("c128", 16, "<c16"),
    "I64": NumberType("i64", 8, "<i8"),
    "I32": NumberType("i32", 4, "<i4"),
    "I16": NumberType("i16", 2, "<i2"),
    "I8": NumberType("i8", 1, "|i1"),
    "U64": NumberType("u64", 8, "<u8"),
    "U32": NumberType("u32", 4, "<u4"),
    "U16": NumberType("u16", 2, "<u2"),
    "U8": NumberType("u8", 1, "|u1"),
    "BOOL": NumberType("bool", 1, "|u1"),
}
"""By the names of the safetensors format."""


def numbers_of(kind: NumberType, content: memoryview | bytearray | bytes) -> NDArray[Any]:
    """The numbers in some bytes: float32 where that holds them exactly, else float64 or complex128.

    Integers become float64, which holds them exactly up to 2 to the 53rd.
    """
    import numpy as np

    raw = np.frombuffer(content, kind.numpy)
    if kind.reading is Reading.BFLOAT16:
        return (raw.astype(np.uint32) << 16).view(np.float32)
    if kind.reading is Reading.FLOAT16:
        return _float16(raw)
    if kind.reading is Reading.TABLE:
        found: NDArray[Any] = _table(kind.name)[raw]
        return found
    if kind.numpy in {"<f4", "<f8", "<c16"}:
        return raw
    with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
        return raw.astype(np.complex128 if kind.numpy == "<c8" else np.float64)


def are_exact(kind: NumberType, content: memoryview | bytearray | bytes, numbers: NDArray[Any]) -> NDArray[np.bool_]:
    """Which numbers that were made of some bytes are what stands there: integers of 64 bits can be too large."""
    import numpy as np

    if kind.numpy not in {"<i8", "<u8"}:
        return np.ones(len(numbers), np.bool_)
    raw = np.frombuffer(content, kind.numpy)
    # All that are exact in float64 survive the way there and back; the largest, rounded up, would not fit.
    largest = float(1 << (63 if kind.numpy == "<i8" else 64))
    fits = numbers.real < largest
    found: NDArray[np.bool_] = fits & (np.where(fits, numbers.real, 0.0).astype(kind.numpy) == raw)
    return found


def _float16(raw: NDArray[np.uint16]) -> NDArray[np.float32]:
    import numpy as np

    with np.errstate(invalid="ignore"):  # a signalling NaN stays one NaN
        return raw.view("<f2").astype(np.float32)


@cache
def _table(name: str) -> NDArray[np.float32]:
    """The number of each of the 256 bytes."""
    import numpy as np

    exponent_bits, bias = (4, 7) if name == "f8_e4m3" else (5, 15)
    fraction_bits = 7 - exponent_bits
    values = np.empty(256, np.float32)
    for byte in range(256):
        exponent = byte >> fraction_bits & (1 << exponent_bits) - 1
        fraction = byte & (1 << fraction_bits) - 1
        values[byte] = (-1.0 if byte & 0x80 else 1.0) * _magnitude(exponent, fraction, fraction_bits, bias)
    return values


def _magnitude(exponent: int, fraction: int, fraction_bits: int, bias: int) -> float:
    whole = 1 << fraction_bits
    if bias == 7 and exponent == 15 and fraction == whole - 1:  # noqa: PLR2004 - E4M3 has one NaN and no infinity
        return float("nan")
    if bias == 15 and exponent == 31:  # noqa: PLR2004 - E5M2's infinity and NaNs
        return float("nan") if fraction else float("inf")
    if exponent == 0:
        return float(fraction / whole * 2.0 ** (1 - bias))
    return float((1 + fraction / whole) * 2.0 ** (exponent - bias))
