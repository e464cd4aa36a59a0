"""Which untracked files are source code and belong to a snapshot, and which are left out."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from mlver.errors import RunRefused
from mlver.store.working_index import WorkingIndex

MOST_FILES = 2000
"""More untracked source than that is somebody else's code that nobody ignored."""

NEVER_ENTERED = ("node_modules/", "__pycache__/", "site-packages/", ".*/")
"""Folders of tools; they are listed as left out, and not walked."""

ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")
"""What lies at the top of an environment of installed packages."""


class Wish(Protocol):
    """What the search has to know."""

    @property
    def include(self) -> tuple[str, ...]:
        """Name patterns of source files."""

    @property
    def size_limit(self) -> int:
        """Bytes."""

    def is_left_out(self, path: str, /) -> bool:
        """Whether the path belongs to no snapshot."""


class Untracked(Struct, frozen=True, kw_only=True):
    """What lies in the working tree and is not tracked."""

    source: tuple[str, ...]
    left_out: tuple[str, ...]
    """Folders of which nothing is source end with `/`."""
    warnings: tuple[str, ...] = ()


def find_untracked(index: WorkingIndex, top: Path, wish: Wish) -> Untracked:
    """Sort the untracked, not ignored files.

    Raises RunRefused when there is more source among them than anyone writes by hand.
    """
    # Folders in which nothing is tracked come as one line: a data folder of a million files is not walked for this.
    roots = index.listed("ls-files", "--others", "--exclude-standard", "--directory", "--no-empty-directory", "-z")
    roots = [path for path in roots if not wish.is_left_out(path.rstrip("/"))]
    closed = [path for path in roots if path.endswith("/") and _is_closed(top, path)]
    excludes = [f"--exclude={pattern}" for pattern in (*NEVER_ENTERED, *(f"/{_literal(path)}" for path in closed))]
    candidates = index.listed("ls-files", "--others", "--exclude-standard", *excludes, "-z")
    candidates = [path for path in candidates if not wish.is_left_out(path)]
    environments = {path.rpartition("/")[0] + "/" for path in candidates if path.rpartition("/")[2] == "pyvenv.cfg"}
    source = [
        path
        for path in candidates
        if not path.startswith(tuple(environments)) and _is_source(top / path, wish) and not path.endswith("/")
    ]
    if len(source) > MOST_FILES:
        raise RunRefused(
            f"{len(source)} untracked source files would be recorded, most of them in {_fullest(source)}",
            hint="name the folder in .gitignore, or commit what is yours",
        )
    embedded = [path for path in roots if path.endswith("/") and (top / path / ".git").exists()]
    return Untracked(
        source=tuple(source),
        left_out=tuple(_left_out(roots, candidates, set(source))),
        warnings=tuple(f"{path} is a repository of its own; its files are not recorded" for path in embedded),
    )


def _is_closed(top: Path, folder: str) -> bool:
    """Whether the folder is a tool's: an environment of installed packages."""
    return any((top / folder / mark).exists() for mark in ENVIRONMENT_MARKS)


def _is_source(path: Path, wish: Wish) -> bool:
    if not any(fnmatchcase(path.name, pattern) for pattern in wish.include):
        return False
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISLNK(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_size <= wish.size_limit)


def _left_out(roots: Iterable[str], candidates: Iterable[str], source: set[str]) -> list[str]:
    """Single files where a folder holds source too, the whole folder where it holds none."""
    opened = tuple(root for root in roots if root.endswith("/") and any(path.startswith(root) for path in source))
    whole = [root for root in roots if root not in opened and root not in source]
    inside = [path for path in candidates if path.startswith(opened) and path not in source] if opened else []
    return sorted({*whole, *inside})


def _fullest(paths: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for path in paths:
        folder = path.partition("/")[0] if "/" in path else "."
        counts[folder] = counts.get(folder, 0) + 1
    return max(counts, key=lambda folder: counts[folder])


def _literal(path: str) -> str:
    """An exclude pattern that means this path alone."""
    return "".join(f"\\{letter}" if letter in "*?[]\\!# " else letter for letter in path)
