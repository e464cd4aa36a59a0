"""A file as Python's own readers want one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mlver.comparing.bytes import BinaryFile
from mlver.formats.format import TooMuch

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class FileObject(io.RawIOBase):
    """Reads a BinaryFile, in all not more than `most` bytes: then it raises TooMuch."""

    def __init__(self, file: BinaryFile, most: int) -> None:
        self._file = file
        self._place = 0
        self._left = most

    def seekable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place that is read next."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place. Raises ValueError for one before the beginning."""
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size}[whence]
        if place < 0:
            raise ValueError("before the beginning")
        self._place = place
        return place

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes. Raises TooMuch for more than are looked at, before room is made for them."""
        rest = max(0, self._file.size - self._place)
        wanted = rest if size is None or size < 0 else min(size, rest)
        if wanted > self._left:
            raise TooMuch("more would be read than is looked at")
        return super().read(wanted) or b""

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer; fewer bytes at the end of the file."""
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), max(0, self._file.size - self._place))
        if wanted > self._left:
            raise TooMuch("more would be read than is looked at")
        count = self._file.read_into(view[:wanted], self._place) if wanted else 0
        self._left -= count
        self._place += count
        return count
