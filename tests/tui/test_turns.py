"""Workers stand back while the event loop has something to do."""

from __future__ import annotations

import asyncio
import threading
import time

from mlver.progress import breathe, giving_way
from mlver_tui.turns import Turns


def test_a_loop_that_waits_has_nothing_to_do_and_one_that_runs_has() -> None:
    turns, seen = Turns(), []

    async def worked() -> None:
        seen.append(turns.is_working)
        ready = threading.Event()

        def look() -> None:
            deadline = time.monotonic() + 60
            while turns.is_working and time.monotonic() < deadline:
                time.sleep(0.001)
            seen.append(turns.is_working)
            ready.set()

        threading.Thread(target=look).start()
        await asyncio.to_thread(ready.wait)
        seen.append(turns.is_working)

    with asyncio.Runner(loop_factory=turns.loop) as runner:
        runner.run(worked())
    assert seen == [True, False, True]


def test_what_breathes_goes_on_once_the_loop_has_nothing_to_do() -> None:
    turns, steps = Turns(), []
    turns.is_working = True

    def compute() -> None:
        with giving_way(turns.give_way):
            breathe()
        steps.append(turns.is_working)

    worker = threading.Thread(target=compute)
    worker.start()
    turns.is_working = False
    worker.join(60)
    assert steps == [False]


def test_a_loop_that_never_rests_only_slows_a_worker_down() -> None:
    turns, done = Turns(), 0
    turns.is_working = True
    with giving_way(turns.give_way):
        for _ in range(1000):  # a hundred seconds, were each to wait
            breathe()
            done += 1
    assert done == 1000


def test_nobody_waits_who_was_not_told_to() -> None:
    turns = Turns()
    turns.is_working = True
    with giving_way(turns.give_way):
        pass
    breathe()
