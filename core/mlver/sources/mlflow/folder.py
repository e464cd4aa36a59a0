"""A folder of a store: what a store is read through, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from mlver.model.manifest import FileFact

MOST_FILES = 10_000
"""Params, tags or metrics that one run may have."""

DEPTH = 40
"""Folders within folders that are looked into."""


class Contents(Struct, frozen=True):
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
        """A file's bytes. Raises FileNotFoundInVersion, LimitReached, StoreFailed, ObjectMissing."""

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
    if not is_folder or depth > DEPTH:
        return own
    names = folder.names(path)
    return (own, tuple(_below(folder, f"{path}/{name}", names[name], depth + 1) for name in names))


def files_below(folder: Folder, path: str, depth: int = 0) -> Iterator[str]:
    """The files below a folder, relative to it, in the order of their names."""
    if depth > DEPTH:
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
