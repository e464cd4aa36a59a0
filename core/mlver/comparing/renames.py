"""Files that were given another name: by content, then by likeness as git measures it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

ALIKE = 0.5
"""Files that share less are two files; git's threshold too."""
MOST_PAIRS = 10_000
"""Pairs that are held against each other; with more, only files of the same content are renamed."""


class Rename(Struct, frozen=True, kw_only=True):
    """One file under two names."""

    before: str
    after: str
    alike: float
    """1: the same content. Else the share of the larger one's bytes that stand in lines of both."""


def moved(gone: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """New name -> old name of things with the same content; where several could be meant, none is.

    Args:
        gone: what is not there any more, by name, each with what its content is known by.
        new: what was not there before, likewise.
    """
    old_names, new_names = (_only_name(names) for names in (gone, new))
    return {name: old_names[content] for content, name in new_names.items() if content in old_names}


def _only_name(contents: Mapping[str, str]) -> dict[str, str]:
    """Content -> name where one alone has it."""
    counts = Counter(contents.values())
    return {content: name for name, content in contents.items() if counts[content] == 1}


def same_content(gone: Mapping[str, str], new: Mapping[str, str]) -> list[Rename]:
    """Paths of the same blob. Where several could be meant, those of the same file name are, else none is."""
    by_blob: dict[str, list[str]] = {}
    for path, blob in gone.items():
        by_blob.setdefault(blob, []).append(path)
    counts = Counter(new.values())
    found: list[Rename] = []
    for path, blob in new.items():
        olds = by_blob.get(blob, [])
        if len(olds) > 1 or counts[blob] > 1:
            olds = [old for old in olds if _file_name(old) == _file_name(path)]
        if len(olds) == 1 and all(one.before != olds[0] for one in found):
            found.append(Rename(before=olds[0], after=path, alike=1.0))
    return found


def alike_content(gone: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[Rename]:
    """The likest pairs first, each file in one of them; empty files are like nothing."""
    if len(gone) * len(new) > MOST_PAIRS:
        return []
    left, right = ({path: _lines(content) for path, content in side.items() if content} for side in (gone, new))
    scored = [
        (_likeness(ours, theirs), _file_name(old) == _file_name(path), old, path)
        for old, ours in left.items()
        for path, theirs in right.items()
    ]
    found: list[Rename] = []
    used: set[tuple[bool, str]] = set()
    for score, _is_named_alike, old, path in sorted(scored, key=lambda one: (-one[0], not one[1], one[2], one[3])):
        if score >= ALIKE and (False, old) not in used and (True, path) not in used:
            used |= {(False, old), (True, path)}
            found.append(Rename(before=old, after=path, alike=score))
    return found


def _lines(content: bytes) -> Counter[bytes]:
    return Counter(content.splitlines(keepends=True))


def _likeness(before: Counter[bytes], after: Counter[bytes]) -> float:
    """Bytes in lines of both, of those of the larger."""
    larger = max(_size(before), _size(after))
    return _size(before & after) / larger if larger else 0.0


def _size(lines: Counter[bytes]) -> int:
    return sum(len(line) * count for line, count in lines.items())


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]
