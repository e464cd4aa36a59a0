"""A program in a pty, timed from outside: when a text stands there, how soon a key is answered, how many bytes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_ESCAPE = re.compile(rb"\x1b\][^\x07\x1b]*\x07|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_=>]")
_LIMIT_S = 60.0


class Probe:
    """One run of a program; the clock starts before it does."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], size: tuple[int, int] = (80, 24)
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._seen = b""
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 5
        while self._process.poll() is None and time.monotonic() < until:
            self.read(0.05)  # it may wait for its last words to be taken
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def read(self, patience_s: float, most: int = 1 << 16) -> bytes:
        """What came, waiting for it so long."""
        if not select.select([self._ours], [], [], patience_s)[0]:
            return b""
        try:
            data = os.read(self._ours, most)
        except OSError:
            return b""
        self._seen += data
        return data

    def send(self, keys: str) -> None:
        """Press keys; what was seen is forgotten. An answer of a program that ended would be none."""
        if self._process.poll() is not None:
            raise RuntimeError(f"it ended: {_ESCAPE.sub(b'', self._seen)[-300:]!r}")
        self._seen = b""
        os.write(self._ours, keys.encode())

    def until(self, text: str) -> float:
        """Seconds from the start to this text."""
        while text.encode() not in _ESCAPE.sub(b"", self._seen):
            if time.perf_counter() - self._started > _LIMIT_S:
                raise TimeoutError(f"{text!r} did not come: {_ESCAPE.sub(b'', self._seen)[-300:]!r}")
            self.read(0.2)
        return time.perf_counter() - self._started

    def settle(self, quiet_s: float = 0.3, most_s: float = 10.0) -> int:
        """Read until it is quiet; how many bytes."""
        until, count = time.perf_counter() + most_s, 0
        while time.perf_counter() < until and (data := self.read(quiet_s)):
            count += len(data)
        return count

    def press(self, key: str, quiet_s: float = 0.15) -> tuple[float, int]:
        """Seconds to the first byte that answers a key, and all its bytes."""
        started = time.perf_counter()
        self.send(key)
        data = self.read(2.0)
        first = time.perf_counter() - started
        return first, len(data) + self.settle(quiet_s)

    def hold(self, key: str, seconds: float, bytes_per_s: float) -> float:
        """Hold a key on a slow line; seconds that the screen goes on changing after the last one."""
        started = last = changed = time.perf_counter()
        got = sent = 0
        while (now := time.perf_counter()) - started < seconds or now - max(changed, last) < 1:
            if now - started < seconds and sent < (now - started) * 30:  # as fast as keyboards repeat
                os.write(self._ours, key.encode())
                sent, last = sent + 1, now
            if got > (now - started) * bytes_per_s:
                time.sleep(0.002)
            elif data := self.read(0.005, 512):
                got, changed = got + len(data), time.perf_counter()
        return max(0.0, changed - last)
