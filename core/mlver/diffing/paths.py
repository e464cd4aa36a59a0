"""Two files or two folders held against each other, whatever they belong to."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from mlver.comparing.wording import amount, grouped
from mlver.diffing.hashing import sha256_of
from mlver.errors import BadArgument, Interrupted, LimitReached, MlverError
from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files
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

    A file of a folder that is gone and one that is new with the same bytes are one that moved. Links are not followed.

    Raises:
        BadArgument: one is a folder and the other is not.
        LimitReached: a folder holds more files than are compared.
    """
    folders = [isinstance(side, Path) and side.is_dir() for side in (before, after)]
    if isinstance(before, Path) and isinstance(after, Path) and all(folders):
        return _compare_folders(before, after, name, report, should_stop)
    if any(folders):
        raise BadArgument(f"{name}: a folder and a file", hint="name two files, or two folders")
    return compare_files(name, Blob(before), Blob(after), should_stop=should_stop)


def _compare_folders(before: Path, after: Path, name: str, report: Report, should_stop: ShouldStop) -> Change:
    left, right = _files(before), _files(after)
    moved = _moved(left, right, should_stop)
    paths = sorted((left.keys() | right.keys()) - set(moved.values()))
    nodes = []
    for number, path in enumerate(paths):
        if should_stop():
            raise Interrupted("the comparison of folders was stopped")
        report(Progress(doing=f"comparing {path}", done=number, total=len(paths)))
        if path in moved:
            was = moved[path]
            nodes.append(Change(label=path, kind=Kind.MOVED, before=was, after=path, note=f"{was} → {path}"))
        else:
            nodes.append(_node(path, left.get(path), right.get(path), should_stop))
    differing = sum(node.kind is not Kind.SAME for node in nodes)
    note = f"{grouped(differing)} of {amount(len(nodes), 'file')}" if differing else ""
    return branch(name, tuple(nodes), note=note)


def _node(path: str, before: Path | None, after: Path | None, should_stop: ShouldStop) -> Change:
    if before is None or after is None:
        kind = Kind.ADDED if before is None else Kind.REMOVED
        side = before or after
        return Change(label=path, kind=kind, note=amount(side.lstat().st_size, "byte") if side else "")
    try:
        return compare_files(path, Blob(before), Blob(after), should_stop=should_stop)
    except Interrupted:
        raise
    except MlverError as error:
        return Change(label=path, kind=Kind.UNKNOWN, note=f"cannot be read: {error.message}", complete=False)


def _files(folder: Path) -> dict[str, Path]:
    """Every regular file below a folder by its path there; links and devices are left out."""
    found: dict[str, Path] = {}
    for top, _, names in os.walk(folder, followlinks=False):
        for name in names:
            path = Path(top, name)
            if not stat.S_ISREG(path.lstat().st_mode):
                continue
            found[path.relative_to(folder).as_posix()] = path
            if len(found) > MOST_FILES:
                raise LimitReached(f"{folder.name} holds more than {MOST_FILES} files", hint="compare its parts")
    return found


def _moved(before: Mapping[str, Path], after: Mapping[str, Path], should_stop: ShouldStop) -> dict[str, str]:
    """New path -> old path of files with the same bytes; where several could be meant, none is."""
    gone = {path: side for path, side in before.items() if path not in after}
    new = {path: side for path, side in after.items() if path not in before}
    sizes = {side.lstat().st_size for side in gone.values()} & {side.lstat().st_size for side in new.values()}
    old_paths, new_paths = (_by_content(files, sizes - {0}, should_stop) for files in (gone, new))
    return {
        paths[0]: old_paths[digest][0]
        for digest, paths in new_paths.items()
        if len(paths) == 1 and len(old_paths.get(digest, ())) == 1
    }


def _by_content(files: Mapping[str, Path], sizes: set[int], should_stop: ShouldStop) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, side in files.items():
        if side.lstat().st_size in sizes:
            if should_stop():
                raise Interrupted("the comparison of folders was stopped")
            found.setdefault(sha256_of(side), []).append(path)
    return found
