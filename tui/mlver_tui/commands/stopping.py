"""Ctrl-C while steps run: the run is ended and recorded as interrupted, instead of being lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mlver.progress import ShouldStop

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE = 3
"""So many signals end the program at once: whoever insists wants out."""


@contextmanager
def stopped_by_signals(said: str) -> Iterator[ShouldStop]:
    """A question whose answer becomes yes with the first signal; `said` is told to the user then."""
    count = 0

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        if count >= _PATIENCE:
            raise KeyboardInterrupt
        if count == 1:
            # Not by the buffered stream: the signal may have come in the middle of a write to it.
            os.write(2, f"\n{said}\n".encode())

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield lambda: count > 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
