"""One run per working tree: the lock names its holder and dies with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlver.errors import WorkingTreeBusy
from mlver.store.locks import hold, holder_of, is_held, lock_of
from tests.support.git import RepoBuilder

NOW = 1_790_000_000.0

HOLD_FOR_EVER = """
import sys, time
from pathlib import Path
from mlver.store.locks import hold
with hold(Path(sys.argv[1]), "r3fa92c1e-k7q2mx", since=1790000000.0):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "mlver" / "run.lock"

    with (
        hold(lock, "r3fa92c1e-k7q2mx", since=NOW),
        pytest.raises(WorkingTreeBusy) as caught,
        hold(lock, "x", since=NOW),
    ):
        pass

    assert "r3fa92c1e-k7q2mx" in caught.value.message
    assert f"process {os.getpid()}, since 2026-09-21 14:13:20 UTC" in caught.value.message


def test_the_lock_is_free_after_the_block_and_after_a_failure(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"

    with pytest.raises(ZeroDivisionError), hold(lock, "one", since=NOW):
        _ = 1 / 0

    assert not is_held(lock)
    with hold(lock, "two", since=NOW):
        assert is_held(lock)


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD_FOR_EVER, str(lock)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while_alive = holder_of(lock)
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert while_alive is not None
    assert (while_alive.pid, while_alive.what, while_alive.since) == (process.pid, "r3fa92c1e-k7q2mx", NOW)
    assert holder_of(lock) is None
    with hold(lock, "next", since=NOW):
        pass


def test_asking_all_the_time_never_keeps_a_run_from_starting(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    lock.touch()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            holder_of(lock)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(50):
            with hold(lock, "run", since=time.time()):
                pass
    finally:
        stop.set()
        for asker in askers:
            asker.join()


@pytest.mark.parametrize(
    "words",
    [b"", b"garbage", b"[]", b'{"pid": "x"}', b"\xff" * 5000, b'{"pid": 1, "host": "", "what": "", "since": 1e300}'],
)
def test_a_holder_whose_words_cannot_be_read_still_holds(tmp_path: Path, words: bytes) -> None:
    lock = tmp_path / "run.lock"

    with hold(lock, "run", since=NOW):
        lock.write_bytes(words)
        holder = holder_of(lock)

    assert holder is not None
    assert str(holder) == "a run (another process)"


def test_each_working_tree_has_a_lock_of_its_own(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    second = repo.worktree()

    with repo.open() as main, second.open() as other:
        assert lock_of(main) != lock_of(other)
        with hold(lock_of(other), "second's run", since=NOW), hold(lock_of(main), "main's run", since=NOW):
            holders = [holder_of(lock_of(one)) for one in (main, other)]

    assert [holder.what for holder in holders if holder] == ["main's run", "second's run"]


def test_where_no_run_ever_was_nothing_is_held_and_nothing_written(repo: RepoBuilder) -> None:
    with repo.open() as repository:
        assert not is_held(lock_of(repository))

    assert not (repo.folder / ".git/mlver").exists()
