"""mlver's own store of large files: every content once, named by its SHA-256, never changed.

A file goes in and out as a copy-on-write clone where the file system has that, else as a copy. Never as a hard link:
the next program that opens its output for writing would write into the store.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from mlver.errors import Interrupted, MlverError, ObjectMissing, RepositoryDamaged, StoreFailed
from mlver.progress import Progress, Report, ShouldStop, never, silent
from mlver.store.foreign_errors import reading_error, writing_error
from mlver.store.repository import Repository

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
_CLONE = 0x40049409
"""FICLONE of <linux/fs.h>: share the blocks of another file until one of the two is written."""

_STALE_S = 24 * 3600
"""What lies half-written for a day was left by a process that was killed."""


class Stored(Struct, frozen=True, kw_only=True):
    """A file's content as the store knows it."""

    sha256: str
    size: int


class ObjectStore(Struct, frozen=True):
    """The large files of one repository, shared by all its working trees. Processes may use it side by side."""

    folder: Path

    @classmethod
    def of(cls, repository: Repository) -> ObjectStore:
        """The store of that repository."""
        return cls(repository.common_dir / "mlver" / "objects" / "sha256")

    @staticmethod
    def digest_of(content: bytes) -> str:
        """The name of this content."""
        return hashlib.sha256(content).hexdigest()

    def path_of(self, sha256: str) -> Path | None:
        """Where the content is, to be read only; None: not here."""
        path = self._path(sha256)
        return path if path.is_file() else None

    def has(self, sha256: str) -> bool:
        """Whether the content is here."""
        return self.path_of(sha256) is not None

    def add(
        self, path: Path, *, expected: str | None = None, report: Report = silent, should_stop: ShouldStop = never
    ) -> Stored:
        """Keep the file's content; it is read once. `expected`: its digest of a moment ago, to spare a second copy.

        Raises StoreFailed when it is no regular file, StorageFull, ReadOnly, Interrupted.
        """
        with _regular(path) as source:
            copying = _Copying(f"storing {path.name}", os.fstat(source.fileno()).st_size, report, should_stop)
            if expected and self.has(expected):
                stored = copying.hash(source)
                if stored.sha256 == expected:
                    return stored
                source.seek(0)
            return self._keep(source, copying, path)

    def place(self, sha256: str, target: Path, *, should_stop: ShouldStop = never) -> None:
        """Put the content at `target`, replacing what is there; the digest is checked on the way.

        Raises ObjectMissing, RepositoryDamaged, StorageFull, ReadOnly.
        """
        path = self.path_of(sha256)
        if path is None:
            raise ObjectMissing(f"the file with sha256 {sha256[:12]} is not in mlver's store")
        damage = RepositoryDamaged(f"the stored file with sha256 {sha256[:12]} is damaged", hint=f"it is {path}")
        _copy_checked(path, target, sha256, damage, should_stop)

    def copy_checked(self, source: Path, target: Path, sha256: str, *, should_stop: ShouldStop = never) -> None:
        """Put another file's content at `target` if it is the one wanted. Raises ObjectMissing when it is not."""
        other = ObjectMissing(f"{source} holds another content than the wanted sha256 {sha256[:12]}")
        _copy_checked(source, target, sha256, other, should_stop)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise StoreFailed(f"{sha256[:80]!r} is no SHA-256 digest")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def _keep(self, source: BinaryIO, copying: _Copying, path: Path) -> Stored:
        incoming = self.folder.parent / "incoming"
        try:
            incoming.mkdir(parents=True, exist_ok=True)
            _sweep(incoming)
            with _new_file(incoming / "object") as (file, name):
                stored = copying.copy(source, file)
                target = self._path(stored.sha256)
                if target.is_file() and target.stat().st_size == stored.size:
                    return stored
                os.fchmod(file.fileno(), 0o444)
                os.fsync(file.fileno())
                target.parent.mkdir(parents=True, exist_ok=True)
                name.replace(target)
                for folder in (target.parent, target.parent.parent, self.folder):
                    _sync_folder(folder)
        except OSError as error:
            raise writing_error(error, f"{path.name} in mlver's store") from error
        return stored


class _Copying(Struct, frozen=True):
    """A pass over a file that reports how far it is and can be stopped."""

    doing: str
    total: int
    report: Report
    should_stop: ShouldStop

    def copy(self, source: BinaryIO, target: BinaryIO) -> Stored:
        """Clone or copy; what is hashed is what arrived."""
        try:
            fcntl.ioctl(target.fileno(), _CLONE, source.fileno())
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise
            stored = self.hash(source, target.write)
            target.flush()
            return stored
        with Path(f"/proc/self/fd/{target.fileno()}").open("rb") as cloned:
            return self.hash(cloned)

    def hash(self, source: BinaryIO, write: Callable[[bytes], object] = len) -> Stored:
        """Read to the end, handing every chunk on to `write`."""
        digest = hashlib.sha256()
        done = 0
        while chunk := source.read(_CHUNK):
            if self.should_stop():
                raise Interrupted(f"stopped while {self.doing}")
            digest.update(chunk)
            write(chunk)
            done += len(chunk)
            self.report(Progress(doing=self.doing, done=done, total=self.total))
        return Stored(sha256=digest.hexdigest(), size=done)


def _copy_checked(source: Path, target: Path, sha256: str, otherwise: MlverError, should_stop: ShouldStop) -> None:
    with _regular(source) as file:
        copying = _Copying(f"copying {target.name}", 0, silent, should_stop)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _new_file(target) as (copy, name):
                stored = copying.copy(file, copy)
                if stored.sha256 != sha256:
                    raise otherwise
                name.replace(target)
        except OSError as error:
            raise writing_error(error, str(target)) from error


@contextmanager
def _regular(path: Path) -> Iterator[BinaryIO]:
    """The file, open; a FIFO would wait for ever, a device never end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise reading_error(error, str(path)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StoreFailed(f"{path} is no regular file")
    with open(handle, "rb", buffering=0) as file:  # noqa: PTH123 - it is open already
        yield file


@contextmanager
def _new_file(near: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file beside `near` under a temporary name, which is gone at the end unless it was renamed."""
    name = near.with_name(f".mlver-{secrets.token_hex(8)}")
    handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - it is open already
            yield file, name
    finally:
        with suppress(FileNotFoundError):
            name.unlink()


def _sweep(incoming: Path) -> None:
    for left in incoming.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE_S:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
