"""Runs one command to its end, with its output as it comes, its limits and what it used."""

from __future__ import annotations

import errno
import marshal
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from msgspec import Struct, field

from mlver.errors import RunFailed
from mlver.progress import ShouldStop, never

SHELL = "/bin/sh"

CHUNK_BYTES = 1 << 16
STOP_POLL_S = 0.1
"""How often `should_stop` is asked while the command is silent."""
ENDING_SLACK_S = 15.0
"""What the supervisor may take beyond the grace to end a tree."""

_BOOT = "import sys; sys.path.append(sys.argv.pop(1)); from supervisor import main; main()"
"""Imported, not run as a script: an imported file is compiled once, a script every time."""


class Command(Struct, frozen=True, kw_only=True):
    """What to run, where, with which variables."""

    run: str | tuple[str, ...]
    """Text goes to `/bin/sh -ec`; a tuple is argv and nothing in it is interpreted."""
    cwd: Path
    environment: Mapping[str, str]
    """All of it: nothing is inherited from mlver's own."""

    @property
    def argv(self) -> tuple[str, ...]:
        """The words the system gets."""
        return (SHELL, "-ec", self.run) if isinstance(self.run, str) else self.run


class Limits(Struct, frozen=True, kw_only=True):
    """When a command is ended."""

    wall_s: float | None = None
    """None: it may take as long as it takes."""
    grace_s: float = 5
    """Between SIGTERM and SIGKILL."""


class Usage(Struct, frozen=True, kw_only=True):
    """What a command and all it started use at one moment."""

    rss_bytes: int
    """Resident memory, summed; shared pages count once per process."""
    cpu_s: float
    wall_s: float


class Finished(Struct, frozen=True, kw_only=True):
    """How a command ended."""

    exit: int
    """Exit code; negative: the signal that ended it."""
    wall_s: float
    """Until the command itself ended; what it left behind is not waited for in this number."""
    cpu_s: float
    """User and system time of it and all it started, as far as they were waited for."""
    peak_rss_bytes: int
    """The highest sum seen (looked at every 0.25 s), never below the largest single process; from about 10 MB up,
    because a new process begins as a copy of the small one that starts it."""
    was_cancelled: bool = False
    was_timed_out: bool = False
    left_behind: int = 0
    """Processes that outlived the command and were ended."""


_UNLIMITED = Limits()


class Spec(TypedDict):
    """What the supervisor is told."""

    argv: list[bytes]
    cwd: bytes
    environment: dict[bytes, bytes]
    wall_s: float | None
    grace_s: float


def run_command(
    command: Command,
    *,
    on_output: Callable[[bytes], None],
    limits: Limits = _UNLIMITED,
    should_stop: ShouldStop = never,
    on_usage: Callable[[Usage], None] | None = None,
) -> Finished:
    """Run to the end and tell how it ended; a failing command is no error here.

    Standard input is empty; standard output and error come to `on_output` in the order they were written, as bytes, in
    pieces that break anywhere. Once `should_stop` says so, or the time is up, the whole tree gets SIGTERM, after the
    grace SIGKILL. A process that outlives the command (a daemon) gets half a second, then the same. All callbacks are
    called from this thread; any thread may call this. Should mlver be killed, the tree is ended all the same.

    Raises RunFailed when the command cannot be started.
    """
    spec = _spec(command, limits)
    with _supervised(spec, limits.grace_s + ENDING_SLACK_S) as run:
        for chunk in run.output():
            if chunk:
                on_output(chunk)
            if on_usage is not None and run.usage is not None:
                on_usage(run.usage)
            run.usage = None
            if should_stop():
                run.stop()
    return run.finished(command)


def _spec(command: Command, limits: Limits) -> bytes:
    if not command.argv:
        raise RunFailed("there is no command to run", hint="a step's `run:` must not be empty")
    spec: Spec = {
        "argv": [os.fsencode(word) for word in command.argv],
        "cwd": os.fsencode(command.cwd),
        "environment": {os.fsencode(name): os.fsencode(value) for name, value in command.environment.items()},
        "wall_s": limits.wall_s,
        "grace_s": limits.grace_s,
    }
    content = marshal.dumps(dict(spec))
    return b"%d\n%s" % (len(content), content)


class _Run(Struct):
    """A supervisor at work and what it has said so far."""

    process: subprocess.Popen[bytes]
    out: int
    reports: int
    usage: Usage | None = None
    """The newest measurement not yet passed on."""
    _pid: int | None = None
    _last: list[str] = field(default_factory=list)
    _rest: bytes = b""

    def output(self) -> Iterator[bytes]:
        """The output as it comes; empty when there was none for a while. Ends when the supervisor has."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.out, selectors.EVENT_READ)
            selector.register(self.reports, selectors.EVENT_READ)
            is_ended = False
            while not is_ended:
                ready = {key.fd for key, _ in selector.select(STOP_POLL_S)}
                chunk = b""
                if self.out in ready:
                    chunk = os.read(self.out, CHUNK_BYTES)
                    if not chunk:
                        selector.unregister(self.out)  # the command closed its output; it may still work
                if self.reports in ready:
                    is_ended = not self._hear(os.read(self.reports, CHUNK_BYTES))
                yield chunk
        # Whoever could have written has ended, so what is in the pipe now is the rest. Its end is not waited for:
        # a process the kernel would not let go of may still hold it open.
        os.set_blocking(self.out, False)
        while chunk := _read_available(self.out):
            yield chunk

    def stop(self) -> None:
        """Let go of the lifeline."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()

    def finished(self, command: Command) -> Finished:
        """How it ended, from the supervisor's last words."""
        match self._last:
            case ["finished", code, wall, cpu, rss, why, left]:
                return Finished(
                    exit=int(code),
                    wall_s=float(wall),
                    cpu_s=float(cpu),
                    peak_rss_bytes=int(rss),
                    was_cancelled=why == "cancelled",
                    was_timed_out=why == "timeout",
                    left_behind=int(left),
                )
            case ["refused", stage, number]:
                raise _refusal(command, stage, int(number))
        self._end_orphans()
        raise RunFailed(
            "the process that watches the command was ended from outside, and the command with it",
            hint="the machine may be short of memory; look at the system's log",
        )

    def _hear(self, content: bytes) -> bool:
        *lines, self._rest = (self._rest + content).split(b"\n")
        for line in lines:
            word, *values = line.decode().split()
            if word == "usage":
                rss, cpu, wall = values
                self.usage = Usage(rss_bytes=int(rss), cpu_s=float(cpu), wall_s=float(wall))
            elif word == "started":
                self._pid = int(values[0])
            else:
                self._last = [word, *values]
        return bool(content)

    def _end_orphans(self) -> None:
        # The command's own process went with its supervisor; its group is all of the rest that has a name.
        if self._pid is not None:
            try:
                os.killpg(self._pid, signal.SIGKILL)
            except OSError:
                return  # nobody is left


@contextmanager
def _supervised(spec: bytes, patience_s: float) -> Iterator[_Run]:
    """A supervisor that is started and, whatever happens in between, ended with its whole tree."""
    out, outs = os.pipe()
    reports, says = os.pipe()
    try:
        process = _start_supervisor(outs, says)
    except OSError as error:
        os.close(out)
        os.close(reports)
        raise RunFailed(f"cannot start a process: {error.strerror}") from error
    finally:
        os.close(outs)
        os.close(says)
    run = _Run(process, out, reports)
    try:
        _tell(process, spec)
        yield run
    finally:
        run.stop()
        _wait_for(process, out, patience_s)
        os.close(out)
        os.close(reports)


def _start_supervisor(out: int, report: int) -> subprocess.Popen[bytes]:
    # A session of its own: ^C in the terminal is mlver's to handle, and ends the tree through the lifeline.
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _BOOT, str(Path(__file__).parent), str(report)],
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=out,
        bufsize=0,
        pass_fds=(report,),
        start_new_session=True,
    )


def _tell(process: subprocess.Popen[bytes], spec: bytes) -> None:
    stdin = process.stdin
    assert stdin is not None  # it was asked for as a pipe
    view = memoryview(spec)
    try:
        while view:
            view = view[stdin.write(view) :]
    except BrokenPipeError:
        return  # the supervisor is gone; that it said nothing is found out in a moment


def _wait_for(process: subprocess.Popen[bytes], out: int, patience_s: float) -> None:
    """Wait for the supervisor, throwing away output so that nobody waits to get rid of it."""
    os.set_blocking(out, False)
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        while _read_available(out):
            pass
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()
    process.wait()


def _read_available(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, CHUNK_BYTES)
    except BlockingIOError:
        return b""


def _refusal(command: Command, stage: str, number: int) -> RunFailed:
    reason = os.strerror(number)
    if stage == "cwd":
        return RunFailed(f"cannot run in {command.cwd}: {reason}", hint="the step's folder must exist")
    program = command.argv[0]
    if number == errno.ENOENT and "/" not in program:
        return RunFailed(f"there is no program {program!r} on PATH", hint="install it, or name it by its path")
    if number == errno.ENOEXEC:
        return RunFailed(
            f"cannot run {program}: it is neither a program nor a script with a `#!` line",
            hint=f"name its interpreter first: [sh, {program}]",
        )
    return RunFailed(f"cannot run {program}: {reason}")
