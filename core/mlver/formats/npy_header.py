"""The header of a `.npy` file: what it says its numbers are, believed only as far as it was checked.

By the published format (numpy.lib.format): a magic, two version bytes, the header's length, a Python literal. The
literal is read by patterns, never evaluated, and believed only when type x shape is what the file holds; arrays of
Python objects, which would be unpickled, are refused, and so are texts, dates, and records inside records.
"""

from __future__ import annotations

import math
import re

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.formats.format import NotUnderstood, TooMuch

MAGIC = b"\x93NUMPY"

_PREFIX = len(MAGIC) + 2

_LONGEST_HEADER = 1 << 16

_MOST_DIMENSIONS = 32

_NUMBER = r"[<>|=]?(?:[biufc]\d{1,2}|\?)"

_SHAPE = r"(?:\d{1,18}, ?)*(?:\d{1,18})?"

_FIELD = rf"\('(?P<name>[^'\\]{{1,200}})', ?'(?P<type>{_NUMBER})'(?:, ?\((?P<shape>{_SHAPE})\))?\)"

_UNNAMED_FIELD = re.sub(r"\?P<\w+>", "?:", _FIELD)

_HEADER = re.compile(
    rf"\{{'descr': ?(?:'(?P<type>{_NUMBER})'|\[(?P<fields>(?:{_UNNAMED_FIELD}(?:, ?)?)+)\]), ?"
    rf"'fortran_order': ?(?P<order>True|False), ?'shape': ?\((?P<shape>{_SHAPE})\),? ?\}}",
    re.ASCII,
)
"""The literal as numpy and most others write it: plain numbers and truth values, alone or as named fields of them."""


class Numbers(Struct, frozen=True, kw_only=True):
    """A block of plain numbers of one type."""

    dtype: str
    shape: tuple[int, ...]
    itemsize: int
    """Bytes of one number."""

    @property
    def count(self) -> int:
        """How many numbers."""
        return math.prod(self.shape)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.count * self.itemsize

    def __str__(self) -> str:
        return f"{self.dtype} {'×'.join(map(str, self.shape)) or 'scalar'}"


class ArrayHeader(Struct, frozen=True, kw_only=True):
    """What a `.npy` file says of itself, checked against its size."""

    fields: dict[str, tuple[int, Numbers]]
    """Name -> where it starts in a record, and its numbers there; of a plain array one field without a name."""
    shape: tuple[int, ...]
    """Of the array: of its numbers, or of its records."""
    is_fortran: bool
    offset: int
    """Where the values start."""

    @property
    def plain(self) -> Numbers | None:
        """The array's numbers when it has no fields."""
        if "" not in self.fields:
            return None
        number = self.fields[""][1]
        return Numbers(dtype=number.dtype, shape=self.shape, itemsize=number.itemsize)

    @property
    def count(self) -> int:
        """Records in the array."""
        return math.prod(self.shape)

    @property
    def record_size(self) -> int:
        """Bytes of one record."""
        return sum(numbers.size for _, numbers in self.fields.values())

    def whole(self, name: str) -> Numbers:
        """A field's numbers in all records together."""
        numbers = self.fields[name][1]
        return Numbers(dtype=numbers.dtype, shape=(*self.shape, *numbers.shape), itemsize=numbers.itemsize)

    def __str__(self) -> str:
        if self.plain:
            return str(self.plain)
        return f"{len(self.fields)} fields {'×'.join(map(str, self.shape)) or 'once'}"


def read_header(file: BinaryFile) -> ArrayHeader:
    """The header of a `.npy` file; NotUnderstood for anything that cannot be trusted."""
    start = read_bytes(file, 0, _PREFIX + 4)
    if len(start) < _PREFIX + 4 or not start.startswith(MAGIC):
        raise NotUnderstood("the header is cut")
    major = start[len(MAGIC)]
    if major not in {1, 2, 3}:
        raise NotUnderstood(f"npy version {major} is not known")
    width = 2 if major == 1 else 4
    length = int.from_bytes(start[_PREFIX : _PREFIX + width], "little")
    text = read_bytes(file, _PREFIX + width, min(length, _LONGEST_HEADER + 1))
    if len(text) < min(length, _LONGEST_HEADER + 1):
        raise NotUnderstood("the header is longer than the file")
    if length > _LONGEST_HEADER:
        raise TooMuch("the header is longer than is looked at")
    # Version 3 is UTF-8, for the names of fields; the earlier ones are Latin-1.
    return _checked(text.decode("utf-8" if major >= 3 else "latin-1", "replace"), _PREFIX + width + length, file.size)  # noqa: PLR2004


def read_bytes(file: BinaryFile, offset: int, count: int) -> bytearray:
    """Bytes of a file; fewer where it ends."""
    buffer = bytearray(count)
    filled = file.read_into(memoryview(buffer), offset)
    del buffer[filled:]
    return buffer


def _checked(text: str, offset: int, file_size: int) -> ArrayHeader:
    found = _HEADER.fullmatch(text.strip())
    if found is None:
        raise NotUnderstood("the header is not as numpy writes it, or its numbers are no plain numbers")
    fields = (
        _fields(found["fields"], file_size) if found["fields"] else {"": (0, _numbers(found["type"], "", file_size))}
    )
    header = ArrayHeader(
        fields=fields, shape=_shape(found["shape"], file_size), is_fortran=found["order"] == "True", offset=offset
    )
    if header.count * header.record_size != file_size - offset:
        raise NotUnderstood(_OTHER_SIZE)
    return header


_OTHER_SIZE = "the shape is not that of a file of this size"


def _fields(text: str, file_size: int) -> dict[str, tuple[int, Numbers]]:
    """Fields in their order, without gaps between them, as numpy packs them."""
    fields: dict[str, tuple[int, Numbers]] = {}
    offset = 0
    for found in re.finditer(_FIELD, text, re.ASCII):
        if found["name"] in fields:
            raise NotUnderstood("two fields have one name")
        numbers = _numbers(found["type"], found["shape"] or "", file_size)
        fields[found["name"]] = offset, numbers
        offset += numbers.size
    return fields


def _numbers(dtype: str, shape: str, file_size: int) -> Numbers:
    return Numbers(dtype=dtype, shape=_shape(shape, file_size), itemsize=_itemsize(dtype))


def _shape(text: str, file_size: int) -> tuple[int, ...]:
    """Lengths, none beyond the file's: Python's integers do not overflow, but their products can get long."""
    shape = tuple(int(length) for length in re.findall(r"\d+", text))
    if len(shape) > _MOST_DIMENSIONS or any(length > file_size for length in shape):
        raise NotUnderstood(_OTHER_SIZE)
    return shape


def _itemsize(descr: str) -> int:
    import numpy as np

    try:
        return np.dtype(descr).itemsize
    except TypeError as error:
        raise NotUnderstood(f"{descr} is no type of number") from error
