"""GGUF (llama.cpp's files): metadata as keys and values, tensors by name.

By the published format, versions 2 and 3, little-endian: magic, version, how many tensors and keys; the keys with typed
values; for each tensor its name, dimensions (the fastest first), type and offset; then the numbers, aligned. Of most
quantised types it is only told which blocks differ. Everything is checked against the file's size first.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.number_types import KNOWN, NumberType, Reading
from mlver.formats.blob import Blob, Pair
from mlver.formats.file_object import FileObject
from mlver.formats.format import Limits, NotUnderstood, TooMuch
from mlver.formats.metadata import with_metadata
from mlver.formats.tensor import MOST_TENSORS, Tensor
from mlver.formats.tensors import compare_tensors, tensors_told
from mlver.model.change import Change
from mlver.model.data import Data
from mlver.progress import ShouldStop

MAGIC = b"GGUF"

_LONGEST_HEADER = 256 << 20
"""Bytes: vocabularies of some hundred thousand words stand in it."""
_MOST_KEYS = 100_000
_LONGEST_SHOWN = 64
"""Items of a list that are shown; a longer one is told by its length and digest."""
_MOST_KEPT = 6 << 20
"""Bytes of names, keys and texts; a longer text alone is told by its length and digest."""
_LONGEST_TEXT = 1 << 16
_MOST_WORDS = 4_000_000
"""Texts in lists that are gone through; vocabularies and their merges are a few hundred thousand."""
_EACH = 64
"""Bytes that a text takes beside its letters."""
_PART = 1 << 20
_DIGITS = 32
"""Of a digest: with fewer, two lists with the same ones could be made on purpose."""
_MOST_DIMENSIONS = 8
_STRING, _ARRAY = 8, 9
_SCALARS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
_TYPE_NAMES = {
    0: "u8", 1: "i8", 2: "u16", 3: "i16", 4: "u32", 5: "i32", 6: "f32", 7: "bool", 8: "text", 10: "u64", 11: "i64",
    12: "f64",
}  # fmt: skip
_PLAIN = {0: "F32", 1: "F16", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 30: "BF16"}
_QUANTISED = {
    2: ("q4_0", 32, 18), 3: ("q4_1", 32, 20), 6: ("q5_0", 32, 22), 7: ("q5_1", 32, 24), 8: ("q8_0", 32, 34),
    9: ("q8_1", 32, 40), 10: ("q2_k", 256, 84), 11: ("q3_k", 256, 110), 12: ("q4_k", 256, 144),
    13: ("q5_k", 256, 176), 14: ("q6_k", 256, 210), 15: ("q8_k", 256, 292), 16: ("iq2_xxs", 256, 66),
    17: ("iq2_xs", 256, 74), 18: ("iq3_xxs", 256, 98), 19: ("iq1_s", 256, 50), 20: ("iq4_nl", 32, 18),
    21: ("iq3_s", 256, 110), 22: ("iq2_s", 256, 82), 23: ("iq4_xs", 256, 136), 29: ("iq1_m", 256, 56),
    34: ("tq1_0", 256, 54), 35: ("tq2_0", 256, 66), 39: ("mxfp4", 32, 17),
}  # fmt: skip
"""Number of the type -> name, how many numbers are a block, bytes of a block."""
TYPES: dict[int, NumberType] = {number: KNOWN[name] for number, name in _PLAIN.items()} | {
    number: NumberType(name, size, "", Reading.NONE, block) for number, (name, block, size) in _QUANTISED.items()
}


class GgufFormat:
    """A model as llama.cpp reads it."""

    name = "gguf"
    tells_bytes = True
    vouches = True

    def recognises(self, path: str, head: bytes) -> bool:  # noqa: ARG002 - the magic tells
        """Whether it starts with the format's magic."""
        return head.startswith(MAGIC)

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Tensors by name, then the metadata."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = read_gguf(before), read_gguf(after)
            change = compare_tensors(pair.path, left.tensors, right.tensors, should_stop)
        change = with_metadata(change, left.metadata, right.metadata)
        if left.types == right.types:
            return change
        return with_metadata(change, left.types, right.types, label="types of metadata")

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Type and shape of each tensor, then the metadata."""
        with side.open() as file:
            said = read_gguf(file)
        return with_metadata(tensors_told(path, said.tensors), said.metadata, said.metadata)


class GgufFile(Struct, frozen=True):
    """What a file says it holds."""

    tensors: dict[str, Tensor]
    metadata: dict[str, Data]
    types: dict[str, Data]
    """Key -> how its value is stored: a program that looks for another type does not find it."""


def read_gguf(file: BinaryFile) -> GgufFile:
    """The header of a file. Raises NotUnderstood for anything that cannot be trusted."""
    header = _Header(file)
    try:
        return header.read()
    except (struct.error, ValueError, OverflowError, MemoryError) as error:
        raise NotUnderstood(f"the header cannot be read: {error}") from error


class _Header:
    def __init__(self, file: BinaryFile) -> None:
        self._file = file
        self._words = self._kept = 0
        self._stream = io.BufferedReader(FileObject(file, _LONGEST_HEADER), 1 << 16)

    def read(self) -> GgufFile:
        if self._bytes(4) != MAGIC or self._number("<I") not in {2, 3}:
            raise NotUnderstood("not of a version that is known")
        tensors, keys = self._number("<Q"), self._number("<Q")
        if tensors > MOST_TENSORS or keys > _MOST_KEYS:
            raise TooMuch("more tensors or keys than a model has")
        metadata: dict[str, Data] = {}
        types: dict[str, Data] = {}
        for _ in range(keys):
            key = self._text()
            if key in metadata:
                raise NotUnderstood("a key stands twice in the header")
            types[key], metadata[key] = self._typed()
        return GgufFile(self._tensors(tensors, metadata.get("general.alignment", 32)), metadata, types)

    def _typed(self) -> tuple[str, Data]:
        """A value with the name of its type."""
        kind = self._number("<I")
        if kind != _ARRAY:
            return _type_name(kind), self._value(kind)
        kind = self._number("<I")
        return f"list of {_type_name(kind)}", self._list(kind)

    def _tensors(self, count: int, alignment: Data) -> dict[str, Tensor]:
        said = [self._tensor() for _ in range(count)]
        if type(alignment) is not int or not 0 < alignment <= 1 << 20:
            raise NotUnderstood("an alignment that is none")
        start = -(-self._stream.tell() // alignment) * alignment
        tensors: dict[str, Tensor] = {}
        for name, kind, shape, offset in said:
            tensor = Tensor(name=name, kind=kind, shape=shape, file=self._file, offset=start + offset)
            if name in tensors or tensor.offset + tensor.size > self._file.size:
                raise NotUnderstood("a tensor lies outside the file, or two have one name")
            tensors[name] = tensor
        _check_places(tensors)
        return tensors

    def _tensor(self) -> tuple[str, NumberType, tuple[int, ...], int]:
        name, dimensions = self._text(), self._number("<I")
        if dimensions > _MOST_DIMENSIONS:
            raise NotUnderstood("a tensor of more dimensions than there are")
        shape = tuple(self._number("<Q") for _ in range(dimensions))
        kind = TYPES.get(self._number("<I"))
        if kind is None:
            raise NotUnderstood("numbers of a type that is not known")
        return name, kind, tuple(reversed(shape)), self._number("<Q")

    def _value(self, kind: int) -> Data:
        if kind == _STRING:
            return self._text_or_digest()
        value: Data = self._number(_layout(kind))
        return value

    def _list(self, kind: int) -> Data:
        """The items of a short list; of a long one how many there are and a digest of them."""
        count = self._number("<Q")
        if count <= _LONGEST_SHOWN:
            return [self._value(kind) for _ in range(count)]
        start = self._stream.tell()
        self._skip(kind, count)
        end = self._stream.tell()
        self._stream.seek(start)
        return f"{count} items, sha256 {self._digest(end - start)}"

    def _skip(self, kind: int, count: int) -> None:
        if kind != _STRING:
            self._stream.seek(count * struct.calcsize(_layout(kind)), io.SEEK_CUR)
            return
        self._words += count
        if self._words > _MOST_WORDS:
            raise TooMuch(f"more than {_MOST_WORDS} texts in lists")
        for _ in range(count):
            self._stream.seek(self._length(), io.SEEK_CUR)

    def _digest(self, size: int) -> str:
        """Of the bytes that follow, in parts: a list can be as long as headers are."""
        if size > _LONGEST_HEADER:
            raise TooMuch("a list is longer than is looked at")
        taken = sha256()
        for start in range(0, size, _PART):
            taken.update(self._bytes(min(_PART, size - start)))
        return taken.hexdigest()[:_DIGITS]

    def _length(self) -> int:
        length: int = self._number("<Q")
        if length > self._file.size:
            raise NotUnderstood("a text is longer than the file")
        return length

    def _text_or_digest(self) -> str:
        start = self._stream.tell()
        length = self._length()
        if length > _LONGEST_TEXT:
            return f"text of {length} bytes, sha256 {self._digest(length)}"
        self._stream.seek(start)
        return self._text()

    def _text(self) -> str:
        length = self._length()
        self._kept += length + _EACH
        if length > _LONGEST_TEXT or self._kept > _MOST_KEPT:
            raise TooMuch("names and texts of more than are looked at")
        # Surrogates for what is no UTF-8: no two byte strings become one text.
        return self._bytes(length).decode("utf-8", "surrogateescape")

    def _number(self, layout: str) -> Any:
        return struct.unpack(layout, self._bytes(struct.calcsize(layout)))[0]

    def _bytes(self, count: int) -> bytes:
        content = self._stream.read(count)
        if len(content) < count:
            raise NotUnderstood("the header is cut")
        return content


def _type_name(kind: int) -> str:
    if kind not in _TYPE_NAMES:
        raise NotUnderstood("a value of a type that is not known, or lists of lists")
    return _TYPE_NAMES[kind]


def _layout(kind: int) -> str:
    if kind not in _SCALARS:
        raise NotUnderstood("a value of a type that is not known")
    return _SCALARS[kind]


def _check_places(tensors: dict[str, Tensor]) -> None:
    place: Callable[[Tensor], int] = lambda tensor: tensor.offset  # noqa: E731 - one sort key
    end = 0
    for tensor in sorted(tensors.values(), key=place):
        if tensor.offset < end:
            raise NotUnderstood("two tensors lie in the same bytes")
        end = tensor.offset + tensor.size
