"""Whether a Parquet file can be read at all, and in time, tried in a process of its own.

A few wrong bytes make polars ask for more memory than there is, and Rust then ends the whole process: no error that
could be caught. Others stand for more rows than can be read in a day, and nothing stops polars within a file. So a file
is read once where that ends nothing else, and can be ended. One process is kept for it, which starts another for every
file: to import polars again each time would take longer than to read most of them.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from time import monotonic

from msgspec import Struct

from mlver.errors import Interrupted
from mlver.formats.blob import Blob
from mlver.formats.format import USUAL, Limits, NotUnderstood, TooMuch
from mlver.progress import ShouldStop, never

_READING = """
import json, os, sys
os.environ["RUST_BACKTRACE"] = "0"  # to write one takes longer than all the rest
import polars as pl
for line in sys.stdin:
    child = os.fork()
    if not child:
        code = 0
        try:
            scan = pl.scan_parquet(json.loads(line), glob=False, hive_partitioning=False, use_statistics=False)
            scan.select(pl.all().null_count()).collect(engine="streaming")
        except pl.exceptions.PanicException:
            code = 1
        finally:
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""All columns are decoded, batch by batch; damage that is met in good order is for the reader itself to tell. A panic
is met here, for where it happens polars writes of it to the errors.

Nothing is asked of polars before the fork: it has no threads until then.
"""
_BYTES_A_SECOND = 16 << 20
"""What every reader manages, on a busy machine too."""
BREAKS_OFF = "it is damaged, so that its reader breaks off"
_ASKED_EVERY_S = 0.05
_MOST_REMEMBERED = 1000


class _Verdict(Struct, frozen=True):
    """What a trial came to; without a word: the file can be read."""

    said: str = ""
    is_late: bool = False
    is_lasting: bool = True
    """It is the file's doing, and would be found again."""


class _Trial:
    """The process, started when it is first needed; it ends with this one, whose end it hears."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[object, _Verdict] = {}

    def end(self) -> None:
        """End the process, and what it started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = None

    def verdict(self, file: Blob, seconds: float, should_stop: ShouldStop) -> _Verdict:
        """What reading it comes to. Raises Interrupted, and the MlverErrors of opening."""
        key = sha256(file.content).digest() if isinstance(file.content, bytes) else (file.content, file.stamp())
        with self._lock, _as_path(file) as path:
            if known := self._known.get(key):
                return known
            seconds += path.stat().st_size / _BYTES_A_SECOND
            found = self._asked(path, seconds, should_stop)
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            if found.is_lasting:
                self._known[key] = found
            return found

    def _alive(self) -> subprocess.Popen[bytes] | None:
        """The process, unless somebody ended it while it had nothing to do."""
        if self._process is not None and self._process.poll() is not None:
            self._process.communicate()
            self._process = None
        return self._process

    def _asked(self, path: Path, seconds: float, should_stop: ShouldStop) -> _Verdict:
        process = self._process = self._alive() or _started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(os.fspath(path)).encode() + b"\n")
        process.stdin.flush()
        end = monotonic() + seconds
        while not select.select([process.stdout], [], [], _ASKED_EVERY_S)[0]:
            if should_stop():
                self.end()
                raise Interrupted("the comparison of tables was stopped")
            if monotonic() > end:
                self.end()
                return _Verdict(f"it was not read within {seconds:.0f} s", is_late=True)
        answer = process.stdout.readline()
        if not answer:  # it was ended from outside, as by a system without memory
            self.end()
        return _read_verdict(answer)


def _read_verdict(answer: bytes) -> _Verdict:
    if answer == b"0\n":
        return _Verdict()
    if answer == b"1\n":
        return _Verdict(BREAKS_OFF)
    return _Verdict("it is damaged, so that reading it ends the program that does", is_lasting=False)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _READING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@contextmanager
def _as_path(file: Blob) -> Iterator[Path]:
    with file.open():  # refuses what is no regular file
        pass
    if isinstance(file.content, Path):
        yield file.content.absolute()
        return
    with NamedTemporaryFile(prefix="mlver-", suffix=".parquet") as copy:
        copy.write(file.content)
        copy.flush()
        yield Path(copy.name)


_TRIAL = _Trial()
atexit.register(_TRIAL.end)


def try_out(file: Blob, limits: Limits = USUAL, should_stop: ShouldStop = never) -> None:
    """Read a file as its reader will.

    Raises NotUnderstood where that ends a process or panics, TooMuch where it does not come to an end, and Interrupted.
    """
    verdict = _TRIAL.verdict(file, limits.trial_s, should_stop)
    if verdict.said:
        raise (TooMuch if verdict.is_late else NotUnderstood)(verdict.said)
