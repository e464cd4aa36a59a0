"""The wire form of protocol buffers: numbered fields, read where they lie, without a schema.

By the published encoding: a varint of field number and wire type, then a varint, four or eight bytes, or a length and
that many bytes. Parts are given as places in the file, so that gigabytes of numbers are never read for their length.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.errors import Interrupted
from mlver.formats.file_object import FileObject
from mlver.formats.format import NotUnderstood, TooMuch
from mlver.progress import ShouldStop, never

MOST_READ = 256 << 20
"""Bytes of fields that are read in all; what is stepped over does not count."""

MOST_FIELDS = 2_000_000
"""A graph of 100 000 nodes has about a million."""
_ASKED_EVERY = 4096

_VARINT, _EIGHT, _PART, _FOUR = 0, 1, 2, 5
_LONGEST_VARINT = 10
_SIGN = 1 << 63


class Part(Struct, frozen=True):
    """A place in the file: bytes, a text, or a message."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start


class Wire:
    """A file of protocol buffers."""

    def __init__(self, file: BinaryFile, should_stop: ShouldStop = never) -> None:
        self._file = file
        self._should_stop = should_stop
        self._fields = 0
        self._stream = io.BufferedReader(FileObject(file, MOST_READ), 1 << 14)

    @property
    def whole(self) -> Part:
        """The file as one message."""
        return Part(0, self._file.size)

    def fields(self, part: Part) -> Iterator[tuple[int, int | Part]]:
        """Number and value of each field of a message, in their order. Raises NotUnderstood."""
        place = part.start
        while place < part.end:
            self._stream.seek(place)
            number, kind = divmod(self._varint(), 8)
            value: int | Part
            if kind == _VARINT:
                value = self._varint()
                place = self._stream.tell()
            else:
                length = {_EIGHT: 8, _FOUR: 4}.get(kind)
                if kind == _PART:
                    length = self._varint()
                if length is None or number == 0:
                    raise NotUnderstood("a field of no type that there is")
                start = self._stream.tell()
                value = Part(start, start + length)
                place = value.end
            self._count_field()
            if place > part.end:
                raise NotUnderstood("a field is longer than what it stands in")
            yield number, value

    def _count_field(self) -> None:
        self._fields += 1
        if self._fields > MOST_FIELDS:
            raise TooMuch(f"more than {MOST_FIELDS} fields")
        if self._fields % _ASKED_EVERY == 0 and self._should_stop():
            raise Interrupted("the comparison of models was stopped")

    def content(self, part: Part, most: int) -> bytes:
        """The bytes of a part. Raises NotUnderstood for more than `most`."""
        if part.size > most:
            raise TooMuch("a text is longer than is looked at")
        self._stream.seek(part.start)
        content = self._stream.read(part.size)
        if len(content) < part.size:
            raise NotUnderstood("a field is cut")
        return content

    def varints(self, part: Part) -> Iterator[int]:
        """The numbers of a packed field."""
        self._stream.seek(part.start)
        while self._stream.tell() < part.end:
            yield self._varint()

    def _varint(self) -> int:
        value = 0
        for shift in range(_LONGEST_VARINT):
            byte = self._stream.read(1)
            if not byte:
                raise NotUnderstood("a number is cut")
            value |= (byte[0] & 0x7F) << 7 * shift
            if byte[0] < 0x80:  # noqa: PLR2004 - the bit that says more follow
                return value
        raise NotUnderstood("a number is longer than numbers are")


def signed(value: int) -> int:
    """A varint of a type that can be negative."""
    return value - (1 << 64) if value >= _SIGN else value
