"""Signals that end the explorer: it leaves as by its key, so the terminal is given back and what runs is stopped.

When a terminal goes away (a window is closed, SSH breaks off) the kernel sends a hangup and then "continue", as if the
program came back from the shell. Textual would take the screen again at that, write into nothing and wait for ever, its
reading thread busy: so without a terminal that signal is passed by, and whoever does not get away in time is ended.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from collections.abc import Callable
from threading import Timer
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGHUP)
_ENDED_BY = 128
"""A shell adds the signal's number."""
_PATIENCE_S = {signal.SIGTERM: 30.0, signal.SIGHUP: 2.0}
"""Long where a terminal behind a slow line is to be given back; short where there is none any more."""


def leave_by_signals(leave: Callable[[int], None]) -> None:
    """From now on each of the signals calls `leave` with the exit code that shells know it by; needs a running loop."""
    loop = asyncio.get_running_loop()

    def end(number: int, _frame: FrameType | None) -> None:
        # Not by the loop's own handlers: it may be waiting for a terminal that is not there any more.
        watchdog = Timer(_PATIENCE_S[signal.Signals(number)], os._exit, (_ENDED_BY + number,))
        watchdog.daemon = True
        watchdog.start()
        loop.call_soon_threadsafe(leave, _ENDED_BY + number)

    for ending in _ENDING:
        signal.signal(ending, end)
    _come_back_only_to_a_terminal()


def _come_back_only_to_a_terminal() -> None:
    come_back = signal.getsignal(signal.SIGCONT)

    def continued(number: int, frame: FrameType | None) -> None:
        if callable(come_back) and _has_terminal():
            come_back(number, frame)

    signal.signal(signal.SIGCONT, continued)


def _has_terminal() -> bool:
    try:
        termios.tcgetattr(sys.__stdin__ or 0)
    except (OSError, ValueError, termios.error):
        return False
    return True
