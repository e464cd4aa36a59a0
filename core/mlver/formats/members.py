"""The files inside a zip archive, read where they lie: none is extracted, none inflates beyond what it declared.

Python's zipfile reads the directory at the end; what it says is checked here: no name twice, no two members in the same
bytes, none outside the file. Names are only labels, so one that climbs out of a folder is shown, never followed.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.formats.file_object import FileObject
from mlver.formats.format import NotUnderstood, TooMuch
from mlver.formats.window import Window

if TYPE_CHECKING:
    from zipfile import ZipInfo

ZIP_MAGIC = b"PK\x03\x04"
MOST_MEMBERS = 200_000
MOST_OF_TENSORS = 20_000
"""Of a file of tensors, whose comparison has a bound in memory: a member takes about a kilobyte."""
LONGEST_DIRECTORY = 64 << 20
"""Bytes from the directory to the end that are read; more names than that are no model."""

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1
_INFLATED_AT_ONCE = 1 << 16
_MOST_AWAKE = 4
"""Members of an archive that remember where they were read."""
_TIMES, _ALWAYS = 32, 256 << 20
"""How many times a member may be inflated again, and bytes of it that always may: a second of work."""


class Inflated:
    """A deflated member as a file: quick when it is read in order, from its beginning again when not.

    Reading raises NotUnderstood where it inflates to more or less than it declared, or is damaged; TooMuch where it is
    begun again and again, as for many tensors that lie in one member in no order.
    """

    def __init__(self, packed: Window, size: int, awake: list[Inflated]) -> None:
        self.size = size
        self._packed = packed
        self._awake = awake
        self._again = self._given = 0

    @property
    def is_packed(self) -> bool:
        """It is inflated from its beginning on."""
        return True

    def _begin(self) -> None:
        self._again += self._given
        if self._again > max(_TIMES * self.size, _ALWAYS):
            raise TooMuch("a compressed member is read to and fro more than is looked at")
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._taken = self._given = 0
        self._ready = memoryview(b"")
        if self not in self._awake:
            self._awake.append(self)
        if len(self._awake) > _MOST_AWAKE:
            self._awake.pop(0).sleep()

    def sleep(self) -> None:
        """Forget where it is: each member that is read takes some ten kilobytes, and there can be thousands."""
        del self._inflater, self._ready

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from `offset`."""
        if offset < self._given or self not in self._awake:
            self._begin()
        filled = 0
        while filled < len(buffer) and (part := self._next(offset + len(buffer) - self._given)):
            skipped = min(len(part), max(0, offset - self._given))
            self._given += len(part)
            kept = part[skipped:]
            buffer[filled : filled + len(kept)] = kept
            filled += len(kept)
        if self._given == self.size:
            self._check_end()
        return filled

    def _check_end(self) -> None:
        while not self._ready and not self._inflater.eof:
            self._inflate()
        if self._ready:
            raise NotUnderstood("a member holds more than it declares")

    def _next(self, most: int) -> memoryview:
        """Some of the bytes that follow; none at the end."""
        while not self._ready and not self._inflater.eof:
            self._inflate()
        if not self._ready and self._given != self.size:
            raise NotUnderstood("a member holds less than it declares")
        most = min(most, max(0, self.size - self._given))
        part, self._ready = self._ready[:most], self._ready[most:]
        return part

    def _inflate(self) -> None:
        packed = self._inflater.unconsumed_tail
        if not packed:
            fresh = bytearray(min(_INFLATED_AT_ONCE, self._packed.size - self._taken))
            count = self._packed.read_into(memoryview(fresh), self._taken)
            self._taken += count
            packed = bytes(fresh[:count])
        try:
            # At most so much at a time: a few bytes can inflate to a gigabyte.
            made = self._inflater.decompress(packed, _INFLATED_AT_ONCE)
        except zlib.error as error:
            raise NotUnderstood(f"a member is damaged: {error}") from error
        if not made and not packed and not self._inflater.eof:
            raise NotUnderstood("a member is cut")
        self._ready = memoryview(made)


class Member(Struct, frozen=True, kw_only=True):
    """A file inside an archive."""

    name: str
    file: BinaryFile
    crc: int
    """As the archive says; believed by nobody."""


class _Directory(FileObject):
    """An archive as zipfile reads it; raises TooMuch before it makes an object for each of too many members."""

    def __init__(self, file: BinaryFile, most: int) -> None:
        super().__init__(file, min(LONGEST_DIRECTORY, most * _ENTRY_BYTES))
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes."""
        content = super().read(size)
        if content.count(_ENTRY) > self._most:
            raise TooMuch(f"more than {self._most} members")
        return content


_ENTRY, _ENTRY_BYTES = b"PK\x01\x02", 512
"""What a member's entry begins with, and how long it is at most, about: names of a few hundred letters."""


def read_members(file: BinaryFile, most: int | None = None) -> dict[str, Member]:
    """The members of a zip archive by name, in the directory's order. Raises NotUnderstood."""
    entries = _entries(file, most or MOST_MEMBERS)
    names = list(dict.fromkeys(entry.filename for entry in entries))
    if len(names) < len(entries):
        raise NotUnderstood("two members have one name")
    entries.sort(key=_place, reverse=True)
    awake: list[Inflated] = []
    found: dict[str, Member] = {}
    end = 0
    while entries:
        entry = entries.pop()  # each takes half a kilobyte, and goes when what it says is known
        window = _window(entry, file)
        if entry.header_offset < end:
            raise NotUnderstood("two members lie in the same bytes")
        end = window.start + window.size
        if not entry.filename.endswith("/"):  # is_dir of zipfile fails on a name without letters
            found[entry.filename] = Member(name=entry.filename, file=_content(window, entry, awake), crc=entry.CRC)
    return {name: found[name] for name in names if name in found}


def _entries(file: BinaryFile, most: int) -> list[ZipInfo]:
    """The directory, of which nothing else holds the entries any more."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(_Directory(file, most)) as archive:
            return archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError, EOFError) as error:
        raise NotUnderstood(f"the archive's directory cannot be read: {error}") from error


def _place(entry: ZipInfo) -> int:
    return entry.header_offset


def _window(info: ZipInfo, file: BinaryFile) -> Window:
    """Where a member's bytes lie, by its own header: the directory does not say how long that is."""
    if info.flag_bits & _ENCRYPTED:
        raise NotUnderstood("a member is encrypted")
    if info.header_offset < 0:
        raise NotUnderstood("a member lies before the file")
    header = bytearray(_LOCAL_HEADER.size)
    if file.read_into(memoryview(header), info.header_offset) < len(header):
        raise NotUnderstood("a member lies outside the file")
    magic, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = info.header_offset + len(header) + name_length + extra_length
    if magic != ZIP_MAGIC or start + info.compress_size > file.size:
        raise NotUnderstood("a member lies outside the file")
    return Window(file, start, info.compress_size)


def _content(window: Window, info: ZipInfo, awake: list[Inflated]) -> BinaryFile:
    if info.compress_type == _DEFLATED:
        return Inflated(window, info.file_size, awake)
    if info.compress_type != _STORED:
        raise NotUnderstood(f"a member is packed by method {info.compress_type}")
    if info.file_size != info.compress_size:
        raise NotUnderstood("a member has two sizes")
    return window
