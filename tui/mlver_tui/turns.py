"""Who computes when a key is pressed: its answer first, a worker's thread in what is left.

Python lets one thread compute at a time. Turns by the clock halve the speed of an answer and add a wait to each step
of it: the key is read by one thread, dealt with by another, its screen written by a third. So workers stand back.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectors import SelectorKey

_LOOK_S = 0.001
_LONGEST_S = 0.1
"""The longest that a worker stands back, and as long it then computes: a loop that never rests must not stop it."""


class Turns:
    """Knows whether the event loop has something to do."""

    def __init__(self) -> None:
        self.is_working = False
        self._mine_until = 0.0

    def loop(self) -> asyncio.AbstractEventLoop:
        """An event loop that is watched."""
        return asyncio.SelectorEventLoop(_Selector(self))

    def give_way(self) -> None:
        """In a worker's thread, between two small pieces of work: wait while the loop works."""
        if not self.is_working:
            return
        now = time.monotonic()
        if now < self._mine_until:
            return
        while self.is_working and time.monotonic() < now + _LONGEST_S:
            time.sleep(_LOOK_S)
        if self.is_working:
            self._mine_until = time.monotonic() + _LONGEST_S


class _Selector(selectors.DefaultSelector):
    """What the loop rests in: whenever it waits for keys and files here, it has nothing to do."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """As the standard library's."""
        self._turns.is_working = timeout is not None and timeout <= 0
        try:
            return super().select(timeout)
        finally:
            self._turns.is_working = True
