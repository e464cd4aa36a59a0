"""Two files or two folders held against each other, whatever they belong to."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from mlver.comparing.renames import moved as moved_files
from mlver.comparing.wording import amount, grouped
from mlver.diffing.hashing import sha256_of
from mlver.diffing.watching import watched
from mlver.errors import BadArgument, Interrupted, LimitReached, MlverError
from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files, compare_pair
from mlver.model.change import Change, Kind, branch
from mlver.progress import Progress, Report, ShouldStop, never, silent

MOST_FILES = 100_000

Content: TypeAlias = Path | bytes
"""A file or a folder, or the bytes of a file."""


def compare_paths(
    before: Content,
    after: Content,
    name: str,
    *,
    report: Report = silent,
    should_stop: ShouldStop = never,
) -> Change:
    """What differs between two files, or file by file between two folders; `name` is what the change is called.

    A file of a folder that is gone and one that is new with the same bytes are one that moved. Links are not followed:
    two are the same when they lead to the same place. Folders without files are not told.

    Raises:
        BadArgument: one is a folder and the other is not.
        LimitReached: a folder holds more files than are compared.
    """
    folders = [isinstance(side, Path) and side.is_dir() for side in (before, after)]
    if isinstance(before, Path) and isinstance(after, Path) and all(folders):
        return _compare_folders(before, after, name, report, should_stop)
    if any(folders):
        raise BadArgument(f"{name}: a folder and a file", hint="name two files, or two folders")
    return compare_pair(watched(name, before, after, report), should_stop=should_stop)


class _Folder(Struct, frozen=True):
    """What lies below a folder, by the path there."""

    files: dict[str, Path]
    others: dict[str, str]
    """What is no file: where a link leads, that it is a pipe or a device, why it cannot be read."""


def _compare_folders(before: Path, after: Path, name: str, report: Report, should_stop: ShouldStop) -> Change:
    left, right = _listed(before), _listed(after)
    moved = _moved(left.files, right.files, should_stop)
    others = left.others.keys() | right.others.keys()
    paths = sorted((left.files.keys() | right.files.keys() | others) - set(moved.values()))
    nodes = []
    for number, path in enumerate(paths):
        if should_stop():
            raise Interrupted("the comparison of folders was stopped")
        report(Progress(doing=f"comparing {path}", done=number, total=len(paths)))
        if path in others:
            nodes.append(_other_node(path, left, right))
        elif path in moved:
            was = moved[path]
            nodes.append(Change(label=path, kind=Kind.MOVED, before=was, after=path, note=f"{was} → {path}"))
        else:
            nodes.append(_node(path, left.files.get(path), right.files.get(path), should_stop))
    differing = sum(node.kind is not Kind.SAME for node in nodes)
    note = f"{grouped(differing)} of {amount(len(nodes), 'file')}" if differing else ""
    return branch(name, tuple(nodes), note=note)


def _other_node(path: str, before: _Folder, after: _Folder) -> Change:
    """Of a link it is told where it leads; of what cannot be read nothing is known."""
    ours, theirs = (side.others.get(path, "a file" if path in side.files else "") for side in (before, after))
    if not ours or not theirs:
        return Change(label=path, kind=Kind.REMOVED if ours else Kind.ADDED, note=ours or theirs)
    if ours != theirs:
        return Change(label=path, kind=Kind.CHANGED, note=f"{ours} → {theirs}")
    if ours.startswith(_LINK):
        return Change(label=path, kind=Kind.SAME)
    return Change(label=path, kind=Kind.UNKNOWN, note=ours, complete=False)


_LINK = "a link to "


def _node(path: str, before: Path | None, after: Path | None, should_stop: ShouldStop) -> Change:
    if before is None or after is None:
        kind = Kind.ADDED if before is None else Kind.REMOVED
        side = before or after
        size = _size(side) if side else None
        return Change(label=path, kind=kind, note="" if size is None else amount(size, "byte"))
    try:
        return compare_files(path, Blob(before), Blob(after), should_stop=should_stop)
    except Interrupted:
        raise
    except MlverError as error:
        return Change(label=path, kind=Kind.UNKNOWN, note=f"cannot be read: {error.message}", complete=False)


def _listed(folder: Path) -> _Folder:
    """Everything below a folder but the folders; links are not followed. Raises LimitReached."""
    found = _Folder({}, {})

    def unreadable(error: OSError) -> None:
        place = Path(error.filename).relative_to(folder).as_posix()
        found.others[place] = f"cannot be read: {error.strerror}"

    for top, folders, names in os.walk(folder, onerror=unreadable, followlinks=False):
        links = [name for name in folders if Path(top, name).is_symlink()]
        for name in (*names, *links):
            path = Path(top, name)
            place = path.relative_to(folder).as_posix()
            if other := _no_file(path):
                found.others[place] = other
            else:
                found.files[place] = path
            if len(found.files) + len(found.others) > MOST_FILES:
                raise LimitReached(f"{folder.name} holds more than {MOST_FILES} files", hint="compare its parts")
    return found


def _no_file(path: Path) -> str:
    """What a path is that is no regular file; nothing: it is one."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return f"{_LINK}{path.readlink()}"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if stat.S_ISREG(mode) else "a pipe, a socket or a device"


def _moved(before: Mapping[str, Path], after: Mapping[str, Path], should_stop: ShouldStop) -> dict[str, str]:
    """New path -> old path of files with the same bytes; empty ones are like all others that are empty."""
    gone = {path: side for path, side in before.items() if path not in after}
    new = {path: side for path, side in after.items() if path not in before}
    sizes = {_size(side) for side in gone.values()} & {_size(side) for side in new.values()}
    return moved_files(*(_digests(files, sizes - {0, None}, should_stop) for files in (gone, new)))


def _digests(files: Mapping[str, Path], sizes: set[int | None], should_stop: ShouldStop) -> dict[str, str]:
    """Path -> digest of the files of these sizes."""
    found: dict[str, str] = {}
    for path, side in files.items():
        if _size(side) not in sizes:
            continue
        if should_stop():
            raise Interrupted("the comparison of folders was stopped")
        with suppress(OSError):  # gone meanwhile, or not to be read: not one that moved
            found[path] = sha256_of(side)
    return found


def _size(path: Path) -> int | None:
    """Bytes of a file; None: it is gone meanwhile."""
    try:
        return path.lstat().st_size
    except OSError:
        return None
