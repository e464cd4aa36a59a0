"""A folder of a store on this machine.

Links in it are not followed: a store may come from anywhere, and its links lead anywhere.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from mlver.errors import FileNotFoundInVersion, LimitReached, MlverError, StoreFailed
from mlver.sources.mlflow.folder import DEPTH, MOST_FILES, Contents

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe in a store would be waited for
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_SMALL = 448
"""Bytes; nearly every file of a store is smaller, and Python gives so few without asking the system."""

_CHUNK = 1 << 16

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG)


class DiskFolder:
    """A folder on this machine."""

    is_fixed = False

    def __init__(self, top: Path) -> None:
        self.top = top
        self._prefix = f"{top}/"
        self._plain: set[str] = {""}
        """Folders that are reached without a link."""

    def names(self, path: str) -> Mapping[str, bool]:  # noqa: D102 - the protocol says
        if not self._is_plain(path):
            return {}
        try:
            with os.scandir(self._prefix + path) as entries:
                return {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries if not entry.is_symlink()}
        except OSError as error:
            if error.errno in _ABSENT:
                return {}
            raise StoreFailed(f"{self._prefix}{path}: cannot be listed: {error.strerror}") from error

    def read(self, path: str, limit: int) -> bytes:  # noqa: D102
        if not self._is_plain(path.rpartition("/")[0]):
            raise FileNotFoundInVersion(f"{path} is not in {self.top}")
        try:
            descriptor = os.open(self._prefix + path, _FILE)
            try:
                content = os.read(descriptor, _SMALL)
                return content + _rest(descriptor, limit, path) if len(content) == _SMALL else content
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno in _ABSENT:
                raise FileNotFoundInVersion(f"{path} is not in {self.top}") from error
            raise StoreFailed(f"{self._prefix}{path}: cannot be read: {error.strerror}") from error

    def contents(self, path: str, limit: int) -> Contents:  # noqa: D102
        files: dict[str, bytes] = {}
        problems: list[str] = []
        pending = [""] if self._is_plain(path.rpartition("/")[0]) else []
        while pending and len(files) < MOST_FILES:
            above = pending.pop()
            try:
                # Behind a slash at its end a link would be followed.
                descriptor = os.open(f"{self._prefix}{path}/{above}".rstrip("/"), _FOLDER)
            except OSError as error:
                problems.extend([] if error.errno in _ABSENT else [f"{path}/{above}: {error.strerror}"])
                continue
            try:
                inner = _read_all(descriptor, f"{path}/{above}", limit, (above, files, problems))
            finally:
                os.close(descriptor)
            pending.extend(inner if above.count("/") < DEPTH else ())
        if len(files) >= MOST_FILES:
            problems.append(f"{path}: holds {MOST_FILES} files or more; the rest is not read")
        return Contents(files, tuple(problems))

    def stamp(self, path: str) -> object:  # noqa: D102
        try:
            found = os.lstat(self._prefix + path)
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size)

    def size(self, path: str) -> int | None:  # noqa: D102
        try:
            found = os.lstat(self._prefix + path)
        except OSError:
            return None
        return found.st_size if S_ISREG(found.st_mode) else None

    def checksum(self, path: str) -> str | None:  # noqa: ARG002, D102
        return None

    def where(self, path: str) -> Path | bytes | None:  # noqa: D102
        if any(part in {"", ".", ".."} for part in path.split("/")) or not self._is_plain(path.rpartition("/")[0]):
            return None
        return self.top / path if self.size(path) is not None else None

    def _is_plain(self, folder: str) -> bool:
        if folder in self._plain:
            return True
        try:
            is_folder = S_ISDIR(os.lstat(self._prefix + folder).st_mode)
        except OSError:
            return False
        if not (is_folder and self._is_plain(folder.rpartition("/")[0])):
            return False
        self._plain.add(folder)
        return True


def _read_all(folder: int, path: str, limit: int, into: tuple[str, dict[str, bytes], list[str]]) -> list[str]:
    """Read the files of an open folder; gives the folders in it. A listing of thousands of runs is this loop."""
    above, files, problems = into
    opened, read, close = os.open, os.read, os.close  # looked up once: this is done a hundred thousand times
    inner = []
    for name in sorted(os.listdir(folder))[: MOST_FILES - len(files)]:
        try:
            descriptor = opened(name, _FILE, dir_fd=folder)
            try:
                content = read(descriptor, _SMALL)
                if len(content) == _SMALL:
                    content += _rest(descriptor, limit, path + name)
            finally:
                close(descriptor)
        except IsADirectoryError:
            inner.append(f"{above}{name}/")
        except (OSError, MlverError) as error:
            if not (isinstance(error, OSError) and error.errno in _ABSENT):
                problems.append(f"{path}{name}: cannot be read: {error}")
        else:
            files[above + name] = content
    return inner


def _rest(descriptor: int, limit: int, path: str) -> bytes:
    chunks, size = [], _SMALL
    while size <= limit and (chunk := os.read(descriptor, _CHUNK)):
        chunks.append(chunk)
        size += len(chunk)
    if size > limit:
        raise LimitReached(f"{path}: more than {limit} bytes")
    return b"".join(chunks)
