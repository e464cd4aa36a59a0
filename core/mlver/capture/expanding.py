"""Which files a project's words stand for: a path, a folder, a glob -> files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from mlver.errors import RunRefused

SKIPPED = frozenset({".git", ".mlver", "__pycache__"})
"""Folders that are never content unless named outright: bookkeeping, and what Python rewrites as it pleases."""

_WILD = re.compile(r"[*?\[]")


def matches(folder: Path, patterns: Iterable[str], *, follow_links: bool = True) -> Mapping[str, tuple[str, ...]]:
    """Per pattern the sorted files it stands for, as paths from `folder` with `/`; empty: it matches nothing.

    A path stands for itself, a folder for all files below it, a glob for whatever it matches and all below that. In a
    glob `*`, `?` and `[...]` stay within one name and do not match a leading dot, `**` is any number of folders. A name
    that exists is taken as it is, brackets or not. Links are kept, not replaced by what they point at; with
    `follow_links` folders are entered through them. A device or FIFO is listed: `fingerprint` tells what is wrong.

    Raises RunRefused for a pattern that leaves the folder and for names that are not UTF-8.
    """
    return {pattern: tuple(sorted(_files(folder, checked(pattern), follow_links))) for pattern in patterns}


def checked(pattern: str) -> str:
    """The pattern without `./` and doubled slashes; RunRefused when it would leave the folder."""
    parts = [part for part in pattern.split("/") if part not in {"", "."}]
    if pattern.startswith("/") or ".." in parts:
        raise RunRefused(
            f"{pattern!r} leads out of the project", hint="name files by their path from the project file's folder"
        )
    if "\0" in pattern:
        raise RunRefused(f"{pattern!r} is no file name")
    return "/".join(parts)


def _files(folder: Path, pattern: str, follow_links: bool) -> Iterator[str]:
    named = folder / pattern
    if named.is_symlink() and not follow_links:
        yield pattern
    elif named.is_dir():
        yield from _below(named, pattern, follow_links)
    elif os.path.lexists(named):
        yield pattern
    elif _WILD.search(pattern):
        fixed = fixed_part(pattern)
        if (folder / fixed).is_dir():
            wanted = shape(pattern)
            yield from (file for file in _below(folder / fixed, fixed, follow_links) if wanted.fullmatch(file))


def fixed_part(pattern: str) -> str:
    """The folders of a glob before its first wildcard; a path that has none is all fixed."""
    fixed = []
    for part in pattern.split("/"):
        if _WILD.search(part):
            break
        fixed.append(part)
    return "/".join(fixed)


def _below(folder: Path, path: str, follow_links: bool) -> Iterator[str]:
    # A stack of (folder, its path, the folders it lies in), so that a deep tree needs no deep recursion.
    waiting: list[tuple[str, str, frozenset[tuple[int, int]]]] = [(str(folder), path, frozenset())]
    while waiting:
        here, prefix, outer = waiting.pop()
        status = os.stat(here)  # noqa: PTH116 - as quick as scandir below
        itself = (status.st_dev, status.st_ino)
        if itself in outer:
            continue  # a link back up: everything there is listed already
        with _listing(here) as entries:
            for entry in entries:
                name = f"{prefix}/{entry.name}" if prefix else entry.name
                if not entry.is_dir(follow_symlinks=follow_links):
                    yield _named(name)
                elif entry.name not in SKIPPED:
                    waiting.append((entry.path, name, outer | {itself}))


def _listing(folder: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
    try:
        return os.scandir(folder)
    except OSError as error:
        raise RunRefused(f"cannot list {folder}: {error.strerror}") from error


def _named(path: str) -> str:
    try:
        path.encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(path).decode(errors="replace")
        raise RunRefused(
            f"the name of {shown!r} is not UTF-8", hint="rename the file: a manifest can only hold UTF-8 names"
        ) from error
    return path


def shape(pattern: str) -> re.Pattern[str]:
    """A regular expression for the paths a glob stands for, and for all below them."""
    text = ""
    for part in pattern.split("/"):
        # Outside of `**` every part ends with the slash before the next one; the last slash is made optional below.
        text += r"(?:(?!\.)[^/]+/)*" if part == "**" else _part_shape(part) + "/"
    if text.endswith("/"):
        text = text[:-1] + "(?:/.*)?"
    else:
        text += ".*"
    return re.compile(text, re.DOTALL)


def _part_shape(part: str) -> str:
    text = r"(?!\.)" if part[0] in "*?[" else ""
    position = 0
    while position < len(part):
        character = part[position]
        end = part.find("]", position + 2) if character == "[" else -1
        if character == "*":
            text += "[^/]*"
        elif character == "?":
            text += "[^/]"
        elif end > 0:
            inner = part[position + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            text += f"(?!/)[{'^' + inner[1:] if inner[0] in '!^' else inner}]"
            position = end
        else:
            text += re.escape(character)
        position += 1
    return text
