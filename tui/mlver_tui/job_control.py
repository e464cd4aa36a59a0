"""Whether a shell waits that could bring this program back once it is suspended."""

from __future__ import annotations

import os

NO_JOB_CONTROL = "nothing here could bring mlver back: it was not started from a shell with job control"


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
