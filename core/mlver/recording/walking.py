"""A bounded look at the files below a folder of the working tree, for what a person is told."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from mlver.store.untracked import ENVIRONMENT_MARKS, NEVER_ENTERED

_MOST_ENTRIES = 20_000
_DEEPEST = 8


def files_below(folder: Path, *, is_closed: Callable[[str], bool]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Regular files and their paths from the folder, the nearest to its top first; links are not followed.

    Folders of tools, and those that `is_closed` says so of, are not entered; what cannot be listed is passed over.
    """
    waiting = deque([("", 0)])
    seen = 0
    while waiting and seen < _MOST_ENTRIES:
        below, depth = waiting.popleft()
        entries = _entries(folder / below, _MOST_ENTRIES - seen)
        seen += len(entries)
        if any(entry.name in ENVIRONMENT_MARKS for entry in entries):
            continue
        for entry in entries:
            path = f"{below}{entry.name}"
            if entry.is_file(follow_symlinks=False):
                yield path, entry
            elif entry.is_dir(follow_symlinks=False) and not (_is_of_tools(entry.name) or is_closed(path)):
                waiting += [(f"{path}/", depth + 1)] if depth < _DEEPEST else []


def _is_of_tools(name: str) -> bool:
    return any(fnmatchcase(f"{name}/", pattern) for pattern in NEVER_ENTERED)


def _entries(folder: Path, most: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(islice(entries, most), key=lambda entry: entry.name)
    except OSError:
        return []
