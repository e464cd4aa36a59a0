"""One side of a file comparison: bytes that are here already, or a regular file."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile, BytesInMemory, OpenFile
from mlver.errors import LimitReached, ObjectMissing, RepositoryDamaged
from mlver.progress import Report, silent

HEAD_BYTES = 4096
"""How much of a file a format sees when it is asked whether it recognises it."""

_PIECE = 1 << 20

Watch: TypeAlias = Callable[[int], None]
"""Called with how many bytes were read; by several threads."""


class WatchedFile(Struct, frozen=True):
    """A file that tells how much of it is read."""

    file: BinaryFile
    watch: Watch

    @property
    def size(self) -> int:
        """Bytes."""
        return self.file.size

    @property
    def is_packed(self) -> bool:
        """As the file."""
        return self.file.is_packed

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from `offset`."""
        count = self.file.read_into(buffer, offset)
        self.watch(count)
        return count


class Blob(Struct, frozen=True):
    """The bytes, or where they are."""

    content: bytes | Path
    watch: Watch | None = None
    """Told of every read; for files whose comparison takes long."""

    @contextmanager
    def open(self) -> Iterator[BinaryFile]:
        """The bytes to be read at offsets.

        A pipe, a device or a link is refused: opening one could hang, or leave the place it was found in. Raises
        ObjectMissing, RepositoryDamaged.
        """
        if isinstance(self.content, bytes):
            yield BytesInMemory(self.content)
            return
        descriptor = _opened(self.content)
        try:
            file = _measured(descriptor, self.content)
            yield WatchedFile(file, self.watch) if self.watch else file
        except OSError as error:
            raise ObjectMissing(f"{self.content.name} cannot be read: {error.strerror}") from error
        finally:
            os.close(descriptor)

    def stamp(self) -> tuple[int, ...]:
        """What changes when the file is written to, or another takes its place; of bytes nothing does.

        Raises ObjectMissing.
        """
        if isinstance(self.content, bytes):
            return ()
        try:
            found = self.content.lstat()
        except OSError as error:
            raise ObjectMissing(f"{self.content.name} cannot be opened: {error.strerror}") from error
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def head(self) -> bytes:
        """The first bytes."""
        with self.open() as file:
            return _read(file, min(file.size, HEAD_BYTES))

    def read(self, limit: int) -> bytes:
        """All bytes; raises LimitReached when there are more than `limit`."""
        with self.open() as file:
            if file.size > limit:
                raise LimitReached(f"the file holds {file.size} bytes, more than {limit}")
            return _read(file, file.size)


def file_pieces(content: Path | bytes) -> Iterator[bytes]:
    """All bytes of a file, a piece after the other, however many they are. Raises as `Blob.open` does."""
    with Blob(content).open() as file:
        for offset in range(0, file.size, _PIECE):
            buffer = bytearray(min(_PIECE, file.size - offset))
            if file.read_into(memoryview(buffer), offset) < len(buffer):
                raise RepositoryDamaged("the file became shorter while it was read")
            yield bytes(buffer)


class Pair(Struct, frozen=True, kw_only=True):
    """A file on both sides."""

    path: str
    """By this name a format may recognise it; and what the change is called."""
    before: Blob
    after: Blob
    report: Report = silent
    """Told by formats that hold more than they read how far they are."""


def _opened(path: Path) -> int:
    try:
        # Without O_NONBLOCK, opening a pipe waits for a writer that never comes.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise ObjectMissing(f"{path.name} cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RepositoryDamaged(f"{path.name} is not a regular file")
    return descriptor


def _measured(descriptor: int, path: Path) -> OpenFile:
    """The file with its size; one that says it is empty and is not, as those below /proc, would equal all others."""
    file = OpenFile.of(descriptor)
    if not file.size and os.pread(descriptor, 1, 0):
        raise RepositoryDamaged(f"{path.name} does not say how long it is")
    return file


def _read(file: BinaryFile, size: int) -> bytes:
    buffer = bytearray(size)
    count = file.read_into(memoryview(buffer), 0)
    return bytes(buffer[:count])
