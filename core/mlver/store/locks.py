"""One run per working tree at a time: a lock that dies with its holder, and says who that is.

The kernel holds the lock (flock), so a killed run leaves none behind; the file's words are for people and are only
believed while the lock is held.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from mlver.errors import StoreFailed, WorkingTreeBusy
from mlver.store.foreign_errors import writing_error
from mlver.store.repository import Repository

_ATTEMPTS = 20
_PAUSE_S = 0.05
"""Whoever asks whether the lock is held has it, shared, for microseconds: so being refused once means nothing."""

_WORDS_BYTES = 4096


class Holder(Struct, frozen=True, kw_only=True):
    """Who holds a lock."""

    pid: int | None = None
    """None: not readable."""
    host: str = ""
    what: str = ""
    """What is under way, in the user's words: the run id."""
    since: float | None = None
    """Seconds since the epoch."""
    folder: str = ""
    """Where it works; empty: it does not say."""

    def __str__(self) -> str:
        process = f"process {self.pid}" if self.pid else "another process"
        place = f" on {self.host}" if self.host and self.host != socket.gethostname() else ""
        if self.since is None:
            return f"{self.what or 'a run'} ({process}{place})"
        moment = datetime.fromtimestamp(self.since, UTC)
        return f"{self.what or 'a run'} ({process}{place}, since {moment:%Y-%m-%d %H:%M:%S} UTC)"


def lock_of(repository: Repository) -> Path:
    """The lock of this working tree."""
    return repository.git_dir / "mlver" / "run.lock"


@contextmanager
def hold(lock: Path, what: str, *, since: float, folder: str = "") -> Iterator[None]:
    """Hold the lock for the length of a block. Raises WorkingTreeBusy naming the holder, ReadOnly, StorageFull."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise writing_error(error, str(lock)) from error
    try:
        if not _taken(handle):
            raise WorkingTreeBusy(
                f"another run is under way in this working tree: {_words(handle)}",
                hint="wait for it; runs with --isolated share a working tree, or make one more: git worktree add",
            )
        holder = Holder(pid=os.getpid(), host=socket.gethostname(), what=what, since=since, folder=folder)
        with suppress(
            OSError
        ):  # the words are a courtesy; a full disk stops the run where it writes something of value
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(asdict(holder)).encode(), 0)
        yield
    finally:
        os.close(handle)


def holder_of(lock: Path) -> Holder | None:
    """Who holds the lock now, without being in anyone's way; None: nobody."""
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _words(handle)
        except OSError as error:
            raise StoreFailed(f"{lock} cannot be asked who holds it: {error.strerror}") from error
        return None
    finally:
        os.close(handle)


def is_held(lock: Path) -> bool:
    """Whether a run is under way there."""
    return holder_of(lock) is not None


def _taken(handle: int) -> bool:
    for pause in (0.0, *[_PAUSE_S] * (_ATTEMPTS - 1)):
        time.sleep(pause)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError as error:
            raise StoreFailed(f"the working tree cannot be locked: {error.strerror}") from error
        return True
    return False


def _words(handle: int) -> Holder:
    try:
        said = json.loads(os.pread(handle, _WORDS_BYTES, 0))
        since = float(said["since"])
        datetime.fromtimestamp(since, UTC)
        return Holder(
            pid=int(said["pid"]),
            host=str(said["host"]),
            what=str(said["what"]),
            since=since,
            folder=str(said.get("folder", "")),
        )
    except (ValueError, TypeError, KeyError, OSError, OverflowError):
        return Holder()
