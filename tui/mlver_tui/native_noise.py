"""Panics of compiled libraries: a sentence to the user, and no word over the screen.

Where polars panics it writes some lines of its own before Python hears of it, and no setting stops it. Textual draws
through the same file: so while the screen is taken the descriptor of the errors leads nowhere, and Textual is given
another one that leads to the terminal. So are commands that read tables, which start no program that would need it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from mlver.errors import LibraryPanicked

T = TypeVar("T")

_ERRORS = 2


def without_panics(work: Callable[[], T]) -> T:
    """Do the work. Raises LibraryPanicked for a panic, which is no Exception and would pass by whoever waits."""
    try:
        return work()
    except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as panic:
        raise LibraryPanicked(str(panic)) from panic


@contextmanager
def noise_left_out() -> Iterator[None]:
    """Until the block is left, only `sys.__stderr__` leads where the errors led; programs are to be given that one."""
    own = sys.__stderr__
    if own is None:  # started without any: there is nothing to keep it off
        yield
        return
    own.flush()
    screen = os.fdopen(os.dup(_ERRORS), "w", encoding=own.encoding, errors=own.errors)
    _lead_errors_to(os.open(os.devnull, os.O_WRONLY))
    sys.__stderr__ = screen  # type: ignore[misc]  # Final to Python's users; Textual's driver writes to no other
    try:
        yield
    finally:
        sys.__stderr__ = own  # type: ignore[misc]
        _lead_errors_to(os.dup(screen.fileno()))
        screen.close()


@contextmanager
def own_words_only() -> Iterator[None]:
    """The same for a command, which itself writes to the errors: that, its progress too, goes where they led."""
    own = sys.stderr
    is_usual = own is sys.__stderr__
    with noise_left_out():
        if is_usual and sys.__stderr__ is not None:
            sys.stderr = sys.__stderr__
        try:
            yield
        finally:
            sys.stderr = own


def _lead_errors_to(target: int) -> None:
    os.dup2(target, _ERRORS)
    os.close(target)
