"""Owns the process tree of one command: starts it, measures it, ends it.

Run as a process of its own, by mlver's interpreter with `-I -S` and nothing but light standard library, because

- it adopts orphans (child subreaper), so a daemon made by `setsid` or a double fork is found and ended, while mlver
  itself must stay free to have other children;
- `ru_maxrss` of a child never reads below its parent's size at the fork, so the parent has to be small;
- it outlives a mlver that is killed, just long enough to end the tree: its standard input is the lifeline.

Standard input: a line with a length, then that many bytes of `marshal` (see `Spec` in runner.py; json would add 10 ms
to every start), then nothing; its end means "stop". Standard output and error are the command's. Reports, one line
each, go to the descriptor named by the only argument:

    started <pid>
    usage <rss bytes> <cpu seconds> <wall seconds>
    refused <cwd | program> <errno>
    finished <exit> <wall> <cpu> <peak rss bytes> <why: done | cancelled | timeout> <processes left behind>
"""

from __future__ import annotations

import ctypes
import errno
import marshal
import os
import select
import signal
import sys
import time

SAMPLE_S = 0.25
"""How often the tree is measured; at 1 s most of a short peak is missed."""
FIRST_SAMPLE_S = 0.05
POLL_S = 0.05
"""How often the tree is looked through while it is being ended."""
LEFT_BEHIND_S = 0.5
"""What a process that outlives the command gets to end by itself, before it is told to."""
GIVE_UP_S = 10.0
"""After SIGKILL: a process that sleeps in the kernel for longer is left to the kernel."""

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """One line of /proc: enough to place a process in the tree and to measure it."""

    __slots__ = ("cpu_s", "parent", "pid", "rss", "started")

    def __init__(self, pid: int, stat: bytes) -> None:
        """Read `stat`; a program's name may hold spaces and brackets, so fields count from the last bracket."""
        fields = stat[stat.rindex(b")") + 2 :].split()
        self.pid = pid
        self.parent = int(fields[1])
        self.cpu_s = sum(map(int, fields[11:15])) / TICKS  # its own and that of children it waited for
        self.started = int(fields[19])
        self.rss = int(fields[21]) * PAGE


def processes() -> list[Process]:
    """Every process that can be seen; none where there is no /proc."""
    found = []
    try:
        names = os.listdir("/proc")  # noqa: PTH208 - pathlib would double the start
    except OSError:
        return []
    for name in names:
        if not name.isdigit():
            continue
        try:
            descriptor = os.open(f"/proc/{name}/stat", os.O_RDONLY)
        except OSError:
            continue  # it ended between the listing and now
        try:
            found.append(Process(int(name), os.read(descriptor, 4096)))
        except (OSError, ValueError):
            continue
        finally:
            os.close(descriptor)
    return found


def descendants() -> list[Process]:
    """Everything below this process, adopted orphans included."""
    children: dict[int, list[Process]] = {}
    for process in processes():
        children.setdefault(process.parent, []).append(process)
    found: list[Process] = []
    waiting = [os.getpid()]
    while waiting:
        below = children.pop(waiting.pop(), [])
        found += below
        waiting += [process.pid for process in below]
    return found


class Tree:
    """The command and everything it started."""

    def __init__(self, pid: int) -> None:
        self.main = pid
        self.exit: int | None = None
        """Of the command itself; negative: the signal that ended it."""
        self.is_empty = False
        self.begun = time.monotonic()
        self.wall_s = 0.0
        self.reaped_cpu_s = 0.0
        self.peak_rss = 0
        self._told: set[tuple[int, int]] = set()

    def reap(self) -> None:
        """Collect whoever has ended."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                self.is_empty = True  # orphans become children of this process: no child means no descendant
                return
            if pid == 0:
                return
            self.reaped_cpu_s += usage.ru_utime + usage.ru_stime
            self.peak_rss = max(self.peak_rss, usage.ru_maxrss * 1024)
            if pid == self.main:
                self.exit = os.waitstatus_to_exitcode(status)
                self.wall_s = time.monotonic() - self.begun

    def measure(self) -> tuple[int, float]:
        """Resident bytes of all (shared pages count once per process) and CPU seconds so far."""
        living = descendants()
        rss = sum(process.rss for process in living)
        self.peak_rss = max(self.peak_rss, rss)
        return rss, self.reaped_cpu_s + sum(process.cpu_s for process in living)

    def tell(self, number: int) -> int:
        """Send a signal to everyone who has not had it yet; gives how many there are."""
        living = descendants()
        for process in living:
            known = (process.pid, process.started)
            if known not in self._told:
                self._told.add(known)
                send(process.pid, number)
                send(process.pid, signal.SIGCONT)  # a stopped process would not notice SIGTERM
        if not living and not self.is_empty:
            send(-self.main, number)  # no /proc here: the process group is all that can be reached
        return len(living)

    def kill(self) -> None:
        """Send SIGKILL to everyone."""
        self._told.clear()
        self.tell(signal.SIGKILL)


def send(pid: int, number: int) -> None:
    """Send a signal; whoever is gone or belongs to someone else (a setuid program) is passed over."""
    try:
        os.kill(pid, number)
    except OSError:
        return


class Supervisor:
    """The loop around one command."""

    def __init__(self, spec: dict[str, object], report: int, wake: int) -> None:
        self.spec = spec
        self.report = report
        self.wake = wake
        limit, grace = spec["wall_s"], spec["grace_s"]
        self.wall_limit = float(limit) if isinstance(limit, (int, float)) else None
        self.grace_s = float(grace) if isinstance(grace, (int, float)) else 0.0
        self.why = "done"
        self.is_stop_asked = False

    def run(self) -> None:
        """Start the command, stay with it, end what it leaves, report."""
        pid = self._start()
        if pid is None:
            return
        tree = Tree(pid)
        self._say(f"started {pid}")
        self._watch(tree)
        if tree.exit is None:
            left = 0
            self._end(tree)
        else:
            left = self._end_left_behind(tree)
        code = tree.exit if tree.exit is not None else -signal.SIGKILL
        wall = tree.wall_s or time.monotonic() - tree.begun
        os.set_blocking(self.report, True)
        self._say(f"finished {code} {wall:.6f} {tree.reaped_cpu_s:.6f} {tree.peak_rss} {self.why} {left}")

    def _start(self) -> int | None:
        # The pipe closes by itself when the program starts; otherwise it says what failed.
        heard, said = os.pipe()
        pid = os.fork()
        if pid == 0:
            become(self.spec, said)
        os.close(said)
        problem = os.read(heard, 64)
        os.close(heard)
        if not problem:
            return pid
        os.waitpid(pid, 0)
        self._say("refused " + problem.decode())
        return None

    def _watch(self, tree: Tree) -> None:
        """Measure until the command ends, its time is up, or the lifeline does."""
        sample_at = tree.begun + FIRST_SAMPLE_S
        while tree.exit is None:
            now = time.monotonic()
            if now >= sample_at:
                rss, cpu_s = tree.measure()
                self._say(f"usage {rss} {cpu_s:.2f} {now - tree.begun:.3f}")
                # On a machine with thousands of processes looking costs; never more than a tenth of a core.
                sample_at = now + max(SAMPLE_S, 10 * (time.monotonic() - now))
            if self.wall_limit is not None and now - tree.begun >= self.wall_limit:
                self.why = "timeout"
                return
            until = sample_at if self.wall_limit is None else min(sample_at, tree.begun + self.wall_limit)
            self._wait(max(0.0, until - time.monotonic()))
            tree.reap()
            if self.is_stop_asked and tree.exit is None:
                self.why = "cancelled"
                return

    def _end(self, tree: Tree) -> None:
        """SIGTERM to all, the grace, SIGKILL to all."""
        deadline = time.monotonic() + self.grace_s
        while not tree.is_empty and time.monotonic() < deadline:
            tree.tell(signal.SIGTERM)
            self._wait(POLL_S)
            tree.reap()
        deadline = time.monotonic() + GIVE_UP_S
        while not tree.is_empty and time.monotonic() < deadline:
            tree.kill()
            self._wait(POLL_S)
            tree.reap()

    def _end_left_behind(self, tree: Tree) -> int:
        """A process that outlives its command would hold the log open: it gets a moment, then it is ended."""
        deadline = time.monotonic() + LEFT_BEHIND_S
        while not tree.is_empty and time.monotonic() < deadline and not self.is_stop_asked:
            self._wait(POLL_S)
            tree.reap()
        if tree.is_empty:
            return 0
        left = len(descendants())
        self._end(tree)
        return left

    def _wait(self, seconds: float) -> None:
        """Until a child ends, the lifeline does, or the time is over."""
        sources = [self.wake] if self.is_stop_asked else [self.wake, 0]
        ready, _, _ = select.select(sources, [], [], seconds)
        if self.wake in ready and signal.SIGTERM in os.read(self.wake, 512):
            self.is_stop_asked = True
        if 0 in ready:
            os.read(0, 512)
            self.is_stop_asked = True

    def _say(self, line: str) -> None:
        try:
            os.write(self.report, line.encode() + b"\n")
        except OSError:
            return  # nobody listens: mlver is gone, or is busy and can do without this measurement


def become(spec: dict[str, object], said: int) -> None:
    """Turn this forked process into the command; never returns."""
    stage = "cwd"
    try:
        os.setsid()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # should this supervisor be killed, the command goes with it
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.chdir(spec["cwd"])  # type: ignore[arg-type]  # bytes, see Spec
        stage = "program"
        argv: list[bytes] = spec["argv"]  # type: ignore[assignment]  # see Spec
        os.execvpe(argv[0], argv, spec["environment"])  # type: ignore[arg-type]  # see Spec
    except OSError as error:
        os.write(said, f"{stage} {error.errno}".encode())
    except ValueError:
        os.write(said, f"{stage} {errno.EINVAL}".encode())
    finally:
        os._exit(127)


def prctl(option: int, value: int) -> None:
    """Set a property of this process where the system knows it (Linux)."""
    call = getattr(ctypes.CDLL(None), "prctl", None)
    if call is not None:
        call(option, ctypes.c_ulong(value), 0, 0, 0)


def read_spec() -> dict[str, object]:
    """The command, from standard input."""
    size = b""
    while not size.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit(0)  # mlver went away before it had said anything
        size += byte
    content = b""
    while len(content) < int(size):
        part = os.read(0, int(size) - len(content))
        if not part:
            sys.exit(0)
        content += part
    spec: dict[str, object] = marshal.loads(content)
    return spec


def main() -> None:
    """Serve one command."""
    report = int(sys.argv[1])
    os.set_inheritable(report, False)
    os.set_blocking(report, False)
    wake, wakes = os.pipe()
    for end in (wake, wakes):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    Supervisor(read_spec(), report, wake).run()


if __name__ == "__main__":
    main()
