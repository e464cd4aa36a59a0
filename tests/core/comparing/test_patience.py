from __future__ import annotations

from threading import Event
from threading import enumerate as threads

import pytest

from mlver.comparing.patience import RowsRead, Task, patiently
from mlver.errors import Interrupted
from mlver.progress import Progress, never


def test_a_stop_is_heard_while_the_work_is_in_a_long_piece() -> None:
    began, goes_on, ended = Event(), Event(), Event()

    def work(task: Task) -> None:
        began.set()
        goes_on.wait()
        try:
            task.check()
        finally:
            ended.set()

    with pytest.raises(Interrupted):
        patiently(work, should_stop=began.is_set)

    assert not ended.is_set()
    goes_on.set()
    assert ended.wait(60), "the work ends at its next check"
    for thread in threads():
        if thread.name == "patiently":
            thread.join()


def test_what_the_work_raises_is_raised_a_panic_too() -> None:
    class Panic(BaseException):
        """As polars raises."""

    def work(_task: Task) -> None:
        raise Panic("no such thing")

    with pytest.raises(Panic, match="no such thing"):
        patiently(work, should_stop=never)


def test_progress_is_told_by_whoever_waits() -> None:
    told: list[Progress] = []
    heard = Event()

    def report(progress: Progress) -> None:
        told.append(progress)
        heard.set()

    def work(task: Task) -> int:
        RowsRead(task, "comparing a.csv", 10).add(7)
        heard.wait(60)
        return 3

    assert patiently(work, report=report, should_stop=never) == 3
    assert told == [Progress(doing="comparing a.csv", done=7, total=10)]


def test_an_estimate_of_rows_is_never_overrun() -> None:
    task = Task()
    rows = RowsRead(task, "comparing", 10)

    rows.add(8)
    rows.add(8)

    assert task.told == Progress(doing="comparing", done=10, total=10)
