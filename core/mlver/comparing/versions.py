"""Version numbers of packages: which part of them moved."""

from __future__ import annotations

import re
from enum import StrEnum

_RELEASE = re.compile(r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)(.*)", re.DOTALL)

_LONGEST_NUMBER = 18
"""Digits; a longer number is no version number, and Python refuses to read very long ones."""


class Jump(StrEnum):
    """How far a package moved."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    SUFFIX = "suffix"
    """Only what stands behind the numbers: a pre-release, a local build."""
    CHANGED = "changed"
    """Versions that are not numbers, and cannot be put in order."""


def jump_note(before: str, after: str) -> str:
    """`major`, `minor down`, `patch`, `suffix` or `changed`."""
    jump = jump_of(before, after)
    left, right = _release(before), _release(after)
    went_down = left is not None and right is not None and _padded(right[0]) < _padded(left[0])
    return f"{jump} down" if went_down else jump.value


def jump_of(before: str, after: str) -> Jump:
    """The first part that differs; an epoch counts as major.

    Follows the release segment of PEP 440 as far as that is needed here: epoch, then numbers, missing ones being 0.
    """
    left, right = _release(before), _release(after)
    if left is None or right is None:
        return Jump.CHANGED
    numbers_left, numbers_right = _padded(left[0]), _padded(right[0])
    if numbers_left == numbers_right:
        return Jump.SUFFIX
    length = max(len(numbers_left), len(numbers_right))
    pairs = zip(_filled(numbers_left, length), _filled(numbers_right, length), strict=True)
    first = next(position for position, (ours, theirs) in enumerate(pairs) if ours != theirs)
    return (Jump.MAJOR, Jump.MAJOR, Jump.MINOR, Jump.PATCH)[min(first, 3)]


def _release(version: str) -> tuple[tuple[int, ...], str] | None:
    """Epoch and numbers, and the rest; None when it does not begin with a number."""
    found = _RELEASE.fullmatch(version.strip())
    if found is None or any(len(number) > _LONGEST_NUMBER for number in re.split(r"[.!]", found[0])):
        return None
    return (int(found[1] or 0), *map(int, found[2].split("."))), found[3]


def _padded(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Without zeros at the end: 1.0 is 1."""
    kept = list(numbers)
    while kept and kept[-1] == 0:
        kept.pop()
    return tuple(kept)


def _filled(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    return numbers + (0,) * (length - len(numbers))
