"""What `u` brings back: how the list was marked, filtered and sorted before the last few things that changed it."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

from msgspec import Struct

_MOST = 100


class Before(Struct, frozen=True, kw_only=True):
    """How the list was before something was done."""

    what: str
    """What was done: `the filter lr`; showable."""
    marks: tuple[Hashable, ...]
    words: str
    order: str
    is_reversed: bool


class Undoing:
    """The last things that were done, the newest to be undone first."""

    def __init__(self) -> None:
        self._done: deque[Before] = deque(maxlen=_MOST)

    def remember(self, before: Before) -> None:
        """Something is about to be done."""
        self._done.append(before)

    @property
    def newest(self) -> str:
        """What would be undone; empty: nothing."""
        return self._done[-1].what if self._done else ""

    def take(self) -> Before | None:
        """How the list was before the last thing, which is forgotten."""
        return self._done.pop() if self._done else None
