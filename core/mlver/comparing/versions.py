"""Version numbers of packages, as PEP 440 writes them: which part of them moved, and whether up or down."""

from __future__ import annotations

import re
from enum import StrEnum

_RELEASE = re.compile(r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)(.*)", re.DOTALL)
_SUFFIX = re.compile(
    r"(?:[-_.]?(?P<pre>a|alpha|b|beta|c|rc|pre|preview)[-_.]?(?P<pre_n>\d*))?"
    r"(?:-(?P<post_only>\d+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_n>\d*))?"
    r"(?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_n>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
    re.IGNORECASE,
)
_PRE = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}

_LONGEST_NUMBER = 18
"""Digits; a longer number is no version number, and Python refuses to read very long ones."""


class Jump(StrEnum):
    """How far a package moved."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    PRE = "pre-release"
    """Only the alpha, beta, candidate or development number, or the step from one to the release."""
    POST = "post-release"
    LOCAL = "local build"
    """Only what stands behind `+`: the same sources built otherwise, for another CUDA for example."""
    SUFFIX = "suffix"
    """Only what stands behind the numbers, and is not of PEP 440."""
    SPELLING = "spelling"
    """The same version written otherwise: 1.0 and 1.0.0."""
    CHANGED = "changed"
    """Versions that are not numbers, and cannot be put in order."""


def jump_note(before: str, after: str) -> str:
    """`major`, `minor down`, `patch`, `pre-release`, `local build` or `changed`."""
    jump = jump_of(before, after)
    left, right = _release(before), _release(after)
    return f"{jump} down" if left is not None and right is not None and _order(right) < _order(left) else jump.value


def jump_of(before: str, after: str) -> Jump:
    """The first part that differs; an epoch counts as major.

    By PEP 440: epoch, then numbers, missing ones being 0, then pre-release, post-release, development, local build.
    """
    left, right = _release(before), _release(after)
    if left is None or right is None:
        return Jump.CHANGED
    numbers_left, numbers_right = _padded(left[0]), _padded(right[0])
    if numbers_left == numbers_right:
        return _suffix_jump(left[1], right[1])
    length = max(len(numbers_left), len(numbers_right))
    pairs = zip(_filled(numbers_left, length), _filled(numbers_right, length), strict=True)
    first = next(position for position, (ours, theirs) in enumerate(pairs) if ours != theirs)
    return (Jump.MAJOR, Jump.MAJOR, Jump.MINOR, Jump.PATCH)[min(first, 3)]


def _release(version: str) -> tuple[tuple[int, ...], str] | None:
    """Epoch and numbers, and the rest; None when it does not begin with a number."""
    found = _RELEASE.fullmatch(version.strip())
    if found is None or any(len(number) > _LONGEST_NUMBER for number in re.findall(r"\d+", version)):
        return None
    return (int(found[1] or 0), *map(int, found[2].split("."))), found[3]


_Suffix = tuple[tuple[str, int], int, tuple[bool, int], str]
"""Pre-release, post-release, development, local build; each as PEP 440 orders them."""


def _suffix(text: str) -> _Suffix | None:
    """None: not of PEP 440."""
    found = _SUFFIX.fullmatch(text)
    if found is None:
        return None
    pre, post, is_final = found["pre"], found["post"] or found["post_only"], not found["dev"]
    if pre:
        stage = (_PRE.get(pre.lower(), pre.lower()), int(found["pre_n"] or 0))
    else:
        # A development version alone comes before every pre-release, the release after all of them.
        stage = ("", 0) if not is_final and not post else ("z", 0)
    after = int(found["post_only"] or found["post_n"] or 0) if post else -1
    return stage, after, (is_final, int(found["dev_n"] or 0)), (found["local"] or "").lower()


def _suffix_jump(before: str, after: str) -> Jump:
    left, right = _suffix(before), _suffix(after)
    if left is None or right is None:
        return Jump.SUFFIX
    if left == right:
        return Jump.SPELLING
    if left[:3] == right[:3]:
        return Jump.LOCAL
    return Jump.POST if (left[0], left[2]) == (right[0], right[2]) else Jump.PRE


def _order(release: tuple[tuple[int, ...], str]) -> tuple[tuple[int, ...], object]:
    """What is older comes first; local builds, and suffixes of no standard, are in no order."""
    suffix = _suffix(release[1])
    return _padded(release[0]), suffix[:3] if suffix else (("z", 0), -1, (True, 0))


def _padded(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Without zeros at the end: 1.0 is 1."""
    kept = list(numbers)
    while kept and kept[-1] == 0:
        kept.pop()
    return tuple(kept)


def _filled(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    return numbers + (0,) * (length - len(numbers))
