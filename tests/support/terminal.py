"""A program in a real terminal: a pty with a session of its own, as a terminal window gives it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAMS = Path(sys.executable).parent
"""Where `mlver` and `mlver-tui` lie."""
SHELL = ("bash", "--norc", "--noprofile", "-i")

_PATIENCE_S = 20.0
_ESCAPE = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_=>]", re.DOTALL
)


class Terminal:
    """Types into a program and reads what it writes. Leaving the `with` block ends its session."""

    def __init__(
        self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str], size: tuple[int, int] = (100, 30)
    ) -> None:
        self._ours, theirs = pty.openpty()
        self.resize(*size)
        self._seen = b""
        self.written = b""
        """All that the program ever wrote, as it wrote it."""
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={"TERM": "xterm-256color", "LANG": "C.UTF-8", "PS1": "shell> ", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - nothing else makes the pty the session's terminal
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._ours)  # the session loses its terminal, and whatever runs in it is hung up
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def type(self, text: str) -> None:
        """Press keys; what was seen before is forgotten, so that only what comes of them is waited for."""
        self._read(0)
        self._seen = b""
        os.write(self._ours, text.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, as a person who drags its corner; what runs in it is told."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def settle(self, quiet_s: float = 0.3) -> str:
        """Read until nothing was written for so long; everything since the last keys, without control sequences."""
        until = time.monotonic() + _PATIENCE_S
        while self._read(quiet_s):
            assert time.monotonic() < until, f"it goes on writing: {self.written[-200:]!r}"
        return self.text

    def end_by(self, signal_number: signal.Signals) -> int:
        """Send the program a signal; its exit code, read to its last byte."""
        os.kill(self._process.pid, signal_number)
        return self.wait()

    def modes(self) -> list[object]:
        """What the terminal does with keys and lines now."""
        return termios.tcgetattr(self._ours)

    def wait_for(self, text: str) -> str:
        """Read until the text was written; everything since the last keys, without control sequences."""
        until = time.monotonic() + _PATIENCE_S
        while text not in self.text:
            left = until - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{text!r} did not come; this did:\n{self.text}")
        return self.text

    def wait_for_answer(self) -> None:
        """Read until anything was written since the last keys."""
        assert self._seen or self._read(_PATIENCE_S), "no answer came"

    def wait(self) -> int:
        """The exit code, once the program ended."""
        while self._process.poll() is None and self._read(_PATIENCE_S):
            pass
        return self._process.wait(_PATIENCE_S)

    @property
    def text(self) -> str:
        """What was written since the last keys, without control sequences."""
        return _ESCAPE.sub(b"", self._seen).decode(errors="replace")

    def _read(self, patience_s: float) -> bool:
        """Take what is there, waiting for it so long; False: nothing came."""
        if not select.select([self._ours], [], [], patience_s)[0]:
            return False
        try:
            new = os.read(self._ours, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self._seen += new
        self.written += new
        return bool(new)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
