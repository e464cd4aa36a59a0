"""Records a run in this process and kills it, without any warning, at its n-th write.

    python killed_run.py FOLDER STATE N      N = 0: to the end; prints how many writes there were

A write is whatever Python itself reports of changing a file, and every start of git: the hook sits in the interpreter,
so nothing in mlver knows of it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from mlver.project import Project, RunRequest

WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "subprocess.Popen", "os.truncate"}


class Counter:
    """Counts writes and ends the process at the chosen one."""

    def __init__(self, folder: str, fatal: int) -> None:
        self._folder = folder
        self._fatal = fatal
        self.count = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """The audit hook."""
        opened_for_writing = (
            event == "open"
            and isinstance(arguments[2], int)
            and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            and str(arguments[0]).startswith(self._folder)
        )
        if event in WRITES or opened_for_writing:
            self.count += 1
            if self.count == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run, and be killed."""
    folder, state, fatal = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    with Project.open(folder, environment=dict(os.environ), cache=state) as project:
        project.refresh()
        counter = Counter(str(folder), fatal)
        sys.addaudithook(counter)
        project.run(RunRequest(folder=folder), on_event=lambda _event: None)
    sys.stdout.write(f"{counter.count}\n")


if __name__ == "__main__":
    main()
