"""A fresh folder for a replay or an isolated run: its own, private, gone afterwards."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlver.errors import BadArgument, ReadOnly, StorageFull


@contextmanager
def workspace(root: Path, *, name: str, keep: bool = False) -> Iterator[Path]:
    """A new empty folder below `root`, readable by its user alone; removed at the end unless `keep`.

    `name` is a label for people and comes first in the folder's name, which is unique. What the folder holds is the
    caller's. Links in it are removed, never followed.
    """
    folder = make_workspace(root, name=name)
    try:
        yield folder
    finally:
        if not keep:
            remove_workspace(folder, root=root)


def make_workspace(root: Path, *, name: str) -> Path:
    """A new empty folder below `root`; raises ReadOnly or StorageFull when there can be none."""
    label = "".join(character if character.isalnum() or character in "-." else "-" for character in name)[:60]
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Path(tempfile.mkdtemp(prefix=f"{label.strip('.')}-", dir=root))  # mode 0700
    except OSError as error:
        kind = StorageFull if error.errno in {errno.ENOSPC, errno.EDQUOT} else ReadOnly
        raise kind(f"cannot make a workspace in {root}: {error.strerror}") from error


def remove_workspace(folder: Path, *, root: Path) -> None:
    """Remove a folder made by `make_workspace`, folders its commands made read-only included.

    Raises BadArgument for anything that is not a folder right below `root`, and ReadOnly when something stays.
    """
    if folder.parent != root or folder.is_symlink():
        raise BadArgument(f"{folder} is no workspace of {root}")
    if not folder.exists():
        return
    try:
        shutil.rmtree(folder)
    except PermissionError:
        _make_writable(folder)  # a command may take the write permission from what it made
        _remove(folder)
    except OSError as error:
        raise _stays(folder, error) from error


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise _stays(folder, error) from error


def _stays(folder: Path, error: OSError) -> ReadOnly:
    return ReadOnly(f"cannot remove {folder}: {error.strerror}", hint="remove it by hand")


def _make_writable(folder: Path) -> None:
    folder.chmod(0o700)
    for here, folders, _ in os.walk(folder):  # from the top, and not through links
        for below in (Path(here, name) for name in folders):
            if not below.is_symlink():
                below.chmod(0o700)
