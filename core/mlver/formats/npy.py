"""NumPy arrays (`.npy`): shape, type, and how many numbers moved how far.

The header is parsed here, by the published format (numpy.lib.format): a magic, two version bytes, the header's length,
a Python literal. It is read by a pattern, never evaluated, and believed only when type x shape is what the file holds;
arrays of Python objects, which would be unpickled, are refused. Values are read in chunks, so memory stays flat.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlver.comparing.bytes import CHUNK, BinaryFile
from mlver.comparing.wording import grouped
from mlver.errors import Interrupted
from mlver.formats.blob import Pair
from mlver.formats.format import Limits, NotUnderstood
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAGIC = b"\x93NUMPY"

_PREFIX = len(MAGIC) + 2

_LONGEST_HEADER = 1 << 16

_MOST_DIMENSIONS = 32

_HEADER = re.compile(
    r"\{'descr': ?'(?P<type>[<>|=]?(?:[biufc]\d{1,2}|\?))', ?'fortran_order': ?(?P<order>True|False), ?"
    r"'shape': ?\((?P<shape>(?:\d{1,18}, ?)*(?:\d{1,18})?)\),? ?\}",
    re.ASCII,
)
"""The literal as numpy and most others write it: plain numbers and truth values; no objects, records, texts, dates."""


@dataclass(frozen=True, slots=True)
class ArrayHeader:
    """What a `.npy` file says of itself, checked against its size."""

    dtype: str
    shape: tuple[int, ...]
    is_fortran: bool
    offset: int
    """Where the values start."""
    itemsize: int

    @property
    def count(self) -> int:
        """Numbers in the array."""
        return math.prod(self.shape)

    def __str__(self) -> str:
        return f"{self.dtype} {'×'.join(map(str, self.shape)) or 'scalar'}"


class NpyFormat:
    """One array in a file."""

    name = "npy"

    def recognises(self, path: str, head: bytes) -> bool:  # noqa: ARG002 - the magic tells
        """Whether it starts with numpy's magic."""
        return head.startswith(MAGIC)

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:
        """Header first; values number by number when both are arrays of one shape and type."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = read_header(before), read_header(after)
            if (left.shape, left.dtype, left.is_fortran) != (right.shape, right.dtype, right.is_fortran):
                return Change(label=pair.path, kind=Kind.CHANGED, note=_header_note(left, right))
            tally = _Tally()
            for ours, theirs in _chunks((before, left), (after, right), limits.elements):
                if should_stop():
                    raise Interrupted("the comparison of arrays was stopped")
                tally.add(ours, theirs)
        return _change(pair.path, right, tally)


def read_header(file: BinaryFile) -> ArrayHeader:
    """The header of a `.npy` file; NotUnderstood for anything that cannot be trusted."""
    start = _bytes(file, 0, _PREFIX + 4)
    if len(start) < _PREFIX + 4 or not start.startswith(MAGIC):
        raise NotUnderstood("the header is cut")
    major = start[len(MAGIC)]
    if major not in {1, 2, 3}:
        raise NotUnderstood(f"npy version {major} is not known")
    width = 2 if major == 1 else 4
    length = int.from_bytes(start[_PREFIX : _PREFIX + width], "little")
    text = _bytes(file, _PREFIX + width, min(length, _LONGEST_HEADER + 1))
    if length > _LONGEST_HEADER or len(text) < length:
        raise NotUnderstood("the header is longer than the file, or than headers are")
    return _checked(bytes(text), _PREFIX + width + length, file.size)


def _checked(text: bytes, offset: int, file_size: int) -> ArrayHeader:
    found = _HEADER.fullmatch(text.decode("latin-1").strip())
    if found is None:
        raise NotUnderstood("the header is not as numpy writes it, or its numbers are no plain numbers")
    shape = tuple(int(length) for length in re.findall(r"\d+", found["shape"]))
    itemsize = _itemsize(found["type"])
    # Python's integers do not overflow, and a length beyond the file's is refused before they are multiplied.
    is_possible = len(shape) <= _MOST_DIMENSIONS and all(length <= file_size for length in shape)
    if not is_possible or math.prod(shape) * itemsize != file_size - offset:
        raise NotUnderstood("the shape is not that of a file of this size")
    return ArrayHeader(found["type"], shape, found["order"] == "True", offset, itemsize)


def _itemsize(descr: str) -> int:
    import numpy as np

    try:
        return np.dtype(descr).itemsize
    except TypeError as error:
        raise NotUnderstood(f"{descr} is no type of number") from error


class _Tally:
    """What was found so far."""

    def __init__(self) -> None:
        self.compared = 0
        self.differing = 0
        self.largest = 0.0
        self.not_numbers = 0
        """Pairs of which one is finite and the other is not, or which are different non-numbers."""

    def add(self, before: NDArray[Any], after: NDArray[Any]) -> None:
        """Count one chunk of both; NaN equals NaN, as everywhere, and -0.0 is not 0.0."""
        import numpy as np

        self.compared += len(after)
        if before.tobytes() == after.tobytes():
            return
        differs = ~_same(before, after)
        count = int(np.count_nonzero(differs))
        if not count:
            return
        self.differing += count
        ours, theirs = _wide(before[differs]), _wide(after[differs])
        with np.errstate(all="ignore"):
            distance = np.abs(theirs - ours)
        finite = np.isfinite(distance)
        self.not_numbers += count - int(np.count_nonzero(finite))
        if finite.any():
            # Large integers lose their last digits as floats; those that differ do so by one at least.
            least = 0.0 if before.dtype.kind in "fc" else 1.0
            self.largest = max(self.largest, float(distance[finite].max()), least)


def _same(before: NDArray[Any], after: NDArray[Any]) -> NDArray[np.bool_]:
    import numpy as np

    same: NDArray[np.bool_] = before == after
    if before.dtype.kind == "f":
        same &= np.signbit(before) == np.signbit(after)
        same |= np.isnan(before) & np.isnan(after)
    elif before.dtype.kind == "c":
        same |= np.isnan(before) & np.isnan(after)
    return same


def _wide(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers that can be subtracted without overflow."""
    import numpy as np

    if values.dtype.kind == "c":
        return values.astype(np.complex128)
    return values.astype(np.float64) if values.dtype.itemsize <= 8 or values.dtype.kind != "f" else values  # noqa: PLR2004


def _chunks(
    before: tuple[BinaryFile, ArrayHeader], after: tuple[BinaryFile, ArrayHeader], most: int
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Both arrays' numbers in file order, as far as both files give them."""
    import numpy as np

    header = after[1]
    per_chunk = max(1, CHUNK // header.itemsize)
    done = 0
    while done < min(header.count, most):
        count = min(per_chunk, min(header.count, most) - done)
        parts = [_bytes(file, own.offset + done * own.itemsize, count * own.itemsize) for file, own in (before, after)]
        whole = min(map(len, parts)) // header.itemsize
        yield tuple(np.frombuffer(part, header.dtype, whole) for part in parts)  # type: ignore[misc]  # two parts
        if whole < count:
            return
        done += count


def _bytes(file: BinaryFile, offset: int, count: int) -> bytearray:
    buffer = bytearray(count)
    filled = file.read_into(memoryview(buffer), offset)
    del buffer[filled:]
    return buffer


def _header_note(before: ArrayHeader, after: ArrayHeader) -> str:
    if str(before) == str(after):
        return f"{after}, rows and columns are stored in another order"
    return f"{before} → {after}"


def _change(label: str, header: ArrayHeader, tally: _Tally) -> Change:
    is_whole = tally.compared == header.count
    parts = [str(header)]
    if tally.differing:
        parts.append(f"{_share(tally.differing, tally.compared)} of {grouped(tally.compared)} numbers differ")
        parts.append(f"at most by {tally.largest:.3g}")
    if tally.not_numbers:
        parts.append(f"{grouped(tally.not_numbers)} became NaN, infinite or a number again")
    if not is_whole:
        parts.append(f"only the first {grouped(tally.compared)} numbers were compared")
    kind = Kind.CHANGED if tally.differing else Kind.SAME if is_whole else Kind.UNKNOWN
    return Change(label=label, kind=kind, note=", ".join(parts), complete=is_whole)


def _share(part: int, whole: int) -> str:
    return f"{part}" if part < 10 else f"{100 * part / whole:.3g} %"  # noqa: PLR2004 - a handful is told as a number
