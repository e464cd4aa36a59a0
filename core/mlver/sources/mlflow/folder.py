"""A folder of a store: on disk, or in a commit.

Links in it are not followed: a store may come from anywhere, and its links lead anywhere.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Protocol

from mlver.errors import FileNotFoundInVersion, LimitReached, MlverError, StoreFailed
from mlver.model.manifest import FileFact
from mlver.sources.commits import Commits
from mlver.store.repository import TreeEntry

MOST_FILES = 10_000
"""Params, tags or metrics that one run may have."""

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe in a store would be waited for
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_SMALL = 256
"""Bytes; nearly every file of a store is smaller, and Python gives so few without asking the system."""

_CHUNK = 1 << 16
_DEPTH = 40
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG)


@dataclass(frozen=True, slots=True)
class Contents:
    """The files below a folder."""

    files: Mapping[str, bytes]
    """By path from the folder."""
    problems: tuple[str, ...] = ()
    """Files that cannot be read, and why."""


class Folder(Protocol):
    """Paths are relative, with `/`; the empty one is the folder itself."""

    is_fixed: bool
    """It cannot change: a commit's."""

    def names(self, path: str) -> Mapping[str, bool]:
        """Name -> whether it is a folder; links left out. Empty when there is no such folder."""

    def read(self, path: str, limit: int) -> bytes:
        """A file's bytes. Raises FileNotFoundInVersion, LimitReached, MlverError, StoreFailed."""

    def contents(self, path: str, limit: int) -> Contents:
        """Every file below a folder with its bytes."""

    def stamp(self, path: str) -> object:
        """Differs when the file, or which names the folder holds, may have changed; None: nothing is there."""

    def size(self, path: str) -> int | None:
        """Bytes of a file."""

    def checksum(self, path: str) -> str | None:
        """The digest of a file where the folder knows it without reading: `git:…`."""

    def where(self, path: str) -> Path | bytes | None:
        """Where the file lies, or its bytes; None: it is not here."""


def fingerprint(folder: Folder, path: str, leaving_out: tuple[str, ...] = ()) -> object:
    """Differs when anything below the path may have changed, but for the names left out at its top."""
    if folder.is_fixed:
        return folder.stamp(path)
    names = folder.names(path)
    below = [_below(folder, f"{path}/{name}", names[name], 0) for name in names if name not in leaving_out]
    return (folder.stamp(path), tuple(below))


def _below(folder: Folder, path: str, is_folder: bool, depth: int) -> object:
    own = (path, folder.stamp(path))
    if not is_folder or depth > _DEPTH:
        return own
    names = folder.names(path)
    return (own, tuple(_below(folder, f"{path}/{name}", names[name], depth + 1) for name in names))


def files_below(folder: Folder, path: str, depth: int = 0) -> Iterator[str]:
    """The files below a folder, relative to it, in the order of their names."""
    if depth > _DEPTH:
        return
    names = folder.names(path)
    for name in sorted(names):
        if names[name]:
            for inner in files_below(folder, joined(path, name), depth + 1):
                yield f"{name}/{inner}"
        else:
            yield name


def file_fact(folder: Folder, path: str, shown: str) -> FileFact:
    """What is known of a file without reading it."""
    return FileFact(path=shown, sha256=None, size=folder.size(path), checksum=folder.checksum(path))


def joined(*parts: str) -> str:
    """The path of these parts; empty ones count nothing."""
    return "/".join(part for part in parts if part)


class DiskFolder:
    """A folder on this machine."""

    is_fixed = False

    def __init__(self, top: Path) -> None:
        self.top = top
        self._prefix = f"{top}/"

    def names(self, path: str) -> Mapping[str, bool]:  # noqa: D102 - the protocol says
        try:
            with os.scandir(self._prefix + path) as entries:
                return {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries if not entry.is_symlink()}
        except OSError as error:
            if error.errno in _ABSENT:
                return {}
            raise StoreFailed(f"{self._prefix}{path}: cannot be listed: {error.strerror}") from error

    def read(self, path: str, limit: int) -> bytes:  # noqa: D102
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
        pending = [""]
        while pending and len(files) < MOST_FILES:
            above = pending.pop()
            try:
                descriptor = os.open(f"{self._prefix}{path}/{above}", _FOLDER)
            except OSError as error:
                problems.extend([] if error.errno in _ABSENT else [f"{path}/{above}: {error.strerror}"])
                continue
            try:
                inner = _read_all(descriptor, f"{path}/{above}", limit, (above, files, problems))
            finally:
                os.close(descriptor)
            pending.extend(inner if above.count("/") < _DEPTH else ())
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
        place = self.top
        *folders, name = path.split("/")
        if not name or any(part in {"", ".", ".."} for part in (*folders, name)):
            return None
        for folder in folders:
            place /= folder
            if not _is(place, S_ISDIR):
                return None
        return place / name if _is(place / name, S_ISREG) else None


def _read_all(folder: int, path: str, limit: int, into: tuple[str, dict[str, bytes], list[str]]) -> list[str]:
    """Read the files of an open folder; gives the folders in it. A listing of thousands of runs is this loop."""
    above, files, problems = into
    inner = []
    for name in sorted(os.listdir(folder)):
        try:
            descriptor = os.open(name, _FILE, dir_fd=folder)
            try:
                content = os.read(descriptor, _SMALL)
                if len(content) == _SMALL:
                    content += _rest(descriptor, limit, path + name)
            finally:
                os.close(descriptor)
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


def _is(place: Path, kind: object) -> bool:
    try:
        return bool(kind(os.lstat(place).st_mode))  # type: ignore[operator]  # S_ISDIR, S_ISREG
    except OSError:
        return False


class CommitFolder:
    """A folder of a commit."""

    is_fixed = True

    def __init__(self, commits: Commits, commit_id: str, top: str) -> None:
        self.commit_id = commit_id
        self.top = top.strip("/")
        self._repository = commits.repository
        self._trees: dict[str, Mapping[str, TreeEntry]] = {}

    def names(self, path: str) -> Mapping[str, bool]:  # noqa: D102
        entries = self._entries(path)
        return {name: entry.is_tree for name, entry in entries.items() if not (entry.is_link or entry.is_submodule)}

    def read(self, path: str, limit: int) -> bytes:  # noqa: D102
        entry = self._entry(path)
        if entry is None or entry.is_tree or entry.is_link or entry.is_submodule:
            raise FileNotFoundInVersion(f"{joined(self.top, path)} is not in {self.commit_id[:10]}")
        return self._repository.blob(entry.id, limit)

    def contents(self, path: str, limit: int) -> Contents:  # noqa: D102
        files: dict[str, bytes] = {}
        problems: list[str] = []
        for name in islice(files_below(self, path), MOST_FILES):
            try:
                files[name] = self.read(f"{path}/{name}", limit)
            except MlverError as error:
                problems.append(error.message)
        return Contents(files, tuple(problems))

    def stamp(self, path: str) -> object:  # noqa: D102
        entry = self._entry(path)
        return entry.id if entry else None

    def size(self, path: str) -> int | None:  # noqa: D102
        entry = self._entry(path)
        return None if entry is None or entry.is_tree else self._repository.blob_size(entry.id)

    def checksum(self, path: str) -> str | None:  # noqa: D102
        entry = self._entry(path)
        return None if entry is None or entry.is_tree else f"git:{entry.id}"

    def where(self, path: str) -> Path | bytes | None:  # noqa: D102
        try:
            return self.read(path, ARTIFACT_LIMIT)
        except FileNotFoundInVersion:
            return None

    def _entry(self, path: str) -> TreeEntry | None:
        full = joined(self.top, path)
        if not full:
            return TreeEntry(mode=0o040000, id=self._repository.commit(self.commit_id).tree)
        above, _, name = full.rpartition("/")
        return self._tree(above).get(name)

    def _entries(self, path: str) -> Mapping[str, TreeEntry]:
        return self._tree(joined(self.top, path))

    def _tree(self, full: str) -> Mapping[str, TreeEntry]:
        known = self._trees.get(full)
        if known is None:
            if full:
                above, _, name = full.rpartition("/")
                entry = self._tree(above).get(name)
                known = self._repository.tree(entry.id) if entry and entry.is_tree else {}
            else:
                known = self._repository.tree(self._repository.commit(self.commit_id).tree)
            self._trees[full] = known
        return known


ARTIFACT_LIMIT = 64 << 20
"""Bytes of an artifact that are taken out of a commit."""
