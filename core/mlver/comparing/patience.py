"""Work that a library does in long pieces: whoever waits for it hears the user's stop at once, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeVar

from mlver.errors import Interrupted
from mlver.progress import Progress, Report, ShouldStop, silent

T = TypeVar("T")

_ASKED_EVERY_S = 0.05


class Task:
    """What the work tells and is told."""

    def __init__(self) -> None:
        self.told: Progress | None = None
        """How far it is."""
        self._stopped = Event()

    def check(self) -> None:
        """To be called between pieces. Raises Interrupted when nobody waits any more."""
        if self._stopped.is_set():
            raise Interrupted("the comparison was stopped")

    def stop(self) -> None:
        """End the work at its next check."""
        self._stopped.set()


class RowsRead:
    """Tells a task's progress by rows, batch by batch."""

    def __init__(self, task: Task, doing: str, total: int) -> None:
        """`total` may be wrong a little: it is never overrun."""
        self._task = task
        self._doing = doing
        self._total = total
        self._done = 0

    def add(self, rows: int) -> None:
        """So many more were read. Raises Interrupted."""
        self._task.check()
        self._done = min(self._done + rows, self._total)
        self._task.told = Progress(doing=self._doing, done=self._done, total=self._total)


class PartsDone:
    """Tells a task's progress by the share of the time that its parts usually take."""

    def __init__(self, task: Task, doing: str) -> None:
        self._task = task
        self._doing = doing
        self._share = 0.0

    def done(self, share: float) -> None:
        """So much of all is done. Raises Interrupted."""
        self._task.check()
        self._share = min(1.0, share)
        self._task.told = Progress(doing=self._doing, done=int(100 * self._share), total=100)

    def each(self, share: float) -> Callable[[], None]:
        """To be called for every part of that share."""
        return lambda: self.done(self._share + share)


def patiently(work: Callable[[Task], T], *, report: Report = silent, should_stop: ShouldStop) -> T:
    """Do the work in a thread of its own and wait for it. Raises what it raises, and Interrupted as soon as stopped.

    A stopped thread ends at its next check and is not waited for: polars may be in the middle of a batch, and cannot be
    told. The process does wait for it at its end, for a thread that dies inside polars takes the process with it.
    """
    task = Task()
    doing = _Doing(work, task)
    thread = Thread(target=doing.run, name="patiently")
    thread.start()
    last = None
    try:
        while True:
            thread.join(_ASKED_EVERY_S)
            if (told := task.told) is not None and told is not last:
                last = told
                report(told)
            if not thread.is_alive():
                break
            if should_stop():
                raise Interrupted("the comparison was stopped")
    finally:
        task.stop()
    return doing.outcome()


class _Doing(Generic[T]):
    """What the thread came to."""

    def __init__(self, work: Callable[[Task], T], task: Task) -> None:
        self._work = work
        self._task = task
        self._made: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._made.append(self._work(self._task))
        except BaseException as error:  # noqa: BLE001 - polars panics with one; it is raised where it is waited for
            self._error = error

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._made[0]
