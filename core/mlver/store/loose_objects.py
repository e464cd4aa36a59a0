"""Writes single objects into git's database, so that they are on disk before anything names them.

dulwich is not used for it: its lock file beside the object fails two writers of the same object, and one left behind
by a killed process makes that object unwritable for ever. Git's way, a temporary name and a rename, has neither fault,
and `git gc` sweeps up what is left under `tmp_obj_*`.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from contextlib import suppress
from hashlib import sha1
from pathlib import Path

from mlver.store.foreign_errors import writing_error
from mlver.store.repository import Repository

_READ_ONLY = 0o444
_LEVEL = 1
"""Git's own level for single objects; `git gc` compresses better later."""


def write_blob(repository: Repository, content: bytes) -> str:
    """Write a file's bytes as they are; gives the id. Raises ReadOnly, StorageFull, StoreFailed."""
    return write_object(repository, "blob", content)


def blob_id(content: bytes) -> str:
    """The id a file with these bytes has."""
    return _id("blob", content)


def write_object(repository: Repository, kind: str, content: bytes) -> str:
    """Write one object unless it is there; gives its id. Raises ReadOnly, StorageFull, StoreFailed."""
    object_id = _id(kind, content)
    target = repository.common_dir / "objects" / object_id[:2] / object_id[2:]
    try:
        if _is_fresh(target) or repository.has(object_id):
            return object_id
        make_folder(target.parent)
        _write(target, b"%s %d\0" % (kind.encode(), len(content)) + content)
    except OSError as error:
        raise writing_error(error, f"object {object_id}") from error
    return object_id


def _id(kind: str, content: bytes) -> str:
    return sha1(b"%s %d\0" % (kind.encode(), len(content)) + content, usedforsecurity=False).hexdigest()


def _is_fresh(target: Path) -> bool:
    """Whether the object is there; told to be in use again, so that no `git gc` removes it as an old left-over."""
    with suppress(PermissionError):  # somebody else's object in a shared repository
        try:
            os.utime(target)
        except FileNotFoundError:
            return False
    return True


def make_folder(folder: Path) -> None:
    """A folder of the object database, open to whom the database is open."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(folder.parent.stat().st_mode & 0o7777)  # a repository shared by a group stays writable for all of it


def _write(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix="tmp_obj_", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.compress(content, _LEVEL))
            file.flush()
            os.fchmod(file.fileno(), _READ_ONLY)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
