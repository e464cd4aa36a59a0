"""Signals that end the explorer: it leaves as by its key, so the terminal is given back and what runs is stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

_ENDING = (signal.SIGTERM, signal.SIGHUP)
_ENDED_BY = 128
"""A shell adds the signal's number."""


def leave_by_signals(leave: Callable[[int], None]) -> None:
    """From now on each of the signals calls `leave` with the exit code that shells know it by; needs a running loop."""
    loop = asyncio.get_running_loop()
    for number in _ENDING:
        loop.add_signal_handler(number, leave, _ENDED_BY + number)
