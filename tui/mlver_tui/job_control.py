"""Whether a shell waits that could bring this program back once it is suspended."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

NO_JOB_CONTROL = "nothing here could bring mlver back: no shell with job control"


def has_job_control() -> bool:
    """Whether a shell started this program as a job of its own.

    Otherwise it would stop for ever: a terminal's only program (`ssh -t box mlver-tui`, a pane of tmux) has nobody to
    say `fg`, and behind a script or a launcher the shell waits for that, which goes on.
    """
    own, parent = os.getpid(), os.getppid()
    try:
        return os.getpgrp() == own and os.getpgid(parent) != own and os.getsid(parent) == os.getsid(0)
    except OSError:
        return False


@contextmanager
def stopped_only_for_a_shell() -> Iterator[None]:
    """Meanwhile another program has the terminal, and a ctrl-z in it is told to this one, too.

    Textual stops at that, so where no shell could bring it back it is passed by. By a handler: what is ignored would
    be ignored by the other program as well.
    """
    if has_job_control():
        yield
        return
    before = signal.signal(signal.SIGTSTP, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)
