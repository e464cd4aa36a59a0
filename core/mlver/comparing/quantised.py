"""Numbers that are stored in blocks, made into float32: two types of llama.cpp, and integers of four bits.

By the published layouts. Q8_0: a scale of 16 bits and 32 integers of 8. Q4_0: a scale of 16 bits and 16 bytes, whose
lower halves are the first 16 numbers and whose upper halves the others, each less 8. Of ONNX's integers of four bits
the lower half of a byte is the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlver.comparing.number_types import NumberType, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INT4, UINT4 = (NumberType(name, 1, "", Reading.NONE, block=2) for name in ("int4", "uint4"))

_HALF = 0xF
_SIGN = 8
"""Of four bits; and what Q4_0 takes off each of its numbers."""


def are_read(kind: NumberType) -> bool:
    """Whether numbers of a type that is stored in blocks are known."""
    return kind.name in _READERS


def numbers_of_blocks(kind: NumberType, content: memoryview | bytes) -> NDArray[np.float32]:
    """The numbers of whole blocks, one behind the other."""
    import numpy as np

    with np.errstate(all="ignore"):  # a scale may be infinite
        return _READERS[kind.name](content)


def _q8_0(content: memoryview | bytes) -> NDArray[np.float32]:
    scale, numbers = _scaled(content, "i1", 32)
    return _flat(scale * numbers)


def _q4_0(content: memoryview | bytes) -> NDArray[np.float32]:
    import numpy as np

    scale, halves = _scaled(content, "u1", 16)
    numbers = np.concatenate((halves & _HALF, halves >> 4), axis=1).astype(np.float32)
    return _flat(scale * (numbers - _SIGN))


def _scaled(content: memoryview | bytes, numbers: str, count: int) -> tuple[NDArray[np.float32], NDArray[Any]]:
    import numpy as np

    blocks = np.frombuffer(content, np.dtype([("scale", "<f2"), ("numbers", numbers, (count,))]))
    return blocks["scale"].astype(np.float32)[:, None], blocks["numbers"]


def _int4(content: memoryview | bytes) -> NDArray[np.float32]:
    numbers = _uint4(content)
    numbers[numbers >= _SIGN] -= 2 * _SIGN
    return numbers


def _uint4(content: memoryview | bytes) -> NDArray[np.float32]:
    import numpy as np

    halves = np.frombuffer(content, np.uint8)
    return np.stack((halves & _HALF, halves >> 4), axis=1).astype(np.float32).reshape(-1)


def _flat(numbers: NDArray[Any]) -> NDArray[np.float32]:
    import numpy as np

    return np.ascontiguousarray(numbers, np.float32).reshape(-1)


_READERS: dict[str, Callable[[memoryview | bytes], NDArray[np.float32]]] = {
    "q8_0": _q8_0, "q4_0": _q4_0, "int4": _int4, "uint4": _uint4,
}  # fmt: skip
