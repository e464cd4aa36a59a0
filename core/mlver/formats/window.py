"""A part of a file, as a file."""

from __future__ import annotations

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile


class Window(Struct, frozen=True):
    """So many bytes from a place on."""

    file: BinaryFile
    start: int
    size: int

    @property
    def is_packed(self) -> bool:
        """As the file."""
        return self.file.is_packed

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from `offset`; fewer bytes at the window's end."""
        wanted = max(0, min(len(buffer), self.size - offset))
        return self.file.read_into(buffer[:wanted], self.start + offset)
