"""Noise keys: patterns like `**.run_name` on dotted paths, hidden in diffs by default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase


class NoisePatterns:
    """Patterns of keys that say nothing about the training.

    `*` stands for any text within one key, `**` for any number of keys, none included. What lies below a matched
    key is noise too. Matching is a walk over sets of positions, so no pattern makes it slow.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(tuple(pattern.split(".")) for pattern in patterns if pattern)

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def match(self, keys: Sequence[str]) -> bool:
        """Whether the path, from the top, is noise."""
        parts = [part for key in keys for part in key.split(".")]
        return any(_matches(pattern, parts) for pattern in self._patterns)


def _matches(pattern: tuple[str, ...], parts: list[str]) -> bool:
    states = _skipping_stars(pattern, {0})
    if len(pattern) in states:
        return True
    for part in parts:
        following = set()
        for state in states:
            if pattern[state] == "**":
                following.add(state)
            elif fnmatchcase(part, pattern[state]):
                following.add(state + 1)
        states = _skipping_stars(pattern, following)
        if len(pattern) in states:
            return True
    return False


def _skipping_stars(pattern: tuple[str, ...], states: set[int]) -> set[int]:
    reached = set(states)
    for state in sorted(states):
        after = state
        while after < len(pattern) and pattern[after] == "**":
            after += 1
            reached.add(after)
    return reached
