from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from mlver.errors import RunFailed
from mlver.running.runner import Command, Finished, Limits, Usage, run_command

ENVIRONMENT = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}


class Log:
    """Gathers what a command wrote."""

    def __init__(self) -> None:
        self.content = b""

    def __call__(self, data: bytes) -> None:
        self.content += data

    def pids(self) -> list[int]:
        return [int(word) for word in self.content.split()]


def run(words: str | tuple[str, ...], folder: Path, log: Log | None = None, limits: Limits | None = None) -> Finished:
    command = Command(run=words, cwd=folder, environment=ENVIRONMENT)
    return run_command(command, on_output=log or Log(), limits=limits or Limits())


def python(source: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", textwrap.dedent(source), *arguments)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def eventually_gone(pids: list[int], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(is_alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize(("line", "expected"), [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", -9), ("false; exit 5", 1)])
def test_the_exit_code_is_the_commands_own(line: str, expected: int, tmp_path: Path) -> None:
    finished = run(line, tmp_path)

    assert finished.exit == expected
    assert not finished.was_cancelled


def test_text_goes_to_the_shell_in_the_folder_given(tmp_path: Path) -> None:
    log = Log()

    run('printf "%s " "$PWD" | cat; echo $((1 + 2)) >&2', tmp_path, log)

    assert log.content.decode() == f"{tmp_path} 3\n"


def test_words_of_an_argv_are_never_interpreted(tmp_path: Path) -> None:
    words = ["$(touch hacked)", "`id`", "a b", "; exit 3", "'", '"', "*", "", "\n"]
    log = Log()

    finished = run(python("import sys; print(sys.argv[1:])", *words), tmp_path, log)

    assert log.content.decode() == f"{words}\n"
    assert finished.exit == 0
    assert not list(tmp_path.iterdir())


def test_nothing_of_mlvers_own_environment_leaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLVER_TEST_LEAK", "1")
    log = Log()

    run(("env",), tmp_path, log)

    assert log.content.decode() == f"PATH={ENVIRONMENT['PATH']}\n"


def test_standard_input_is_empty(tmp_path: Path) -> None:
    log = Log()

    run("cat; echo end", tmp_path, log)

    assert log.content == b"end\n"


def test_output_and_errors_come_in_the_order_they_were_written(tmp_path: Path) -> None:
    log = Log()
    source = "import os\nfor n in range(200): os.write(1 + n % 2, b'%d\\n' % n)"

    run(python(source), tmp_path, log)

    assert log.content.split() == [b"%d" % number for number in range(200)]


def test_output_comes_while_the_command_runs(tmp_path: Path) -> None:
    began = time.monotonic()
    arrivals: list[float] = []
    command = Command(run="echo first; sleep 0.6", cwd=tmp_path, environment=ENVIRONMENT)

    run_command(command, on_output=lambda _data: arrivals.append(time.monotonic() - began))

    assert arrivals[0] < 0.5


def test_bytes_that_are_no_text_arrive_as_they_are(tmp_path: Path) -> None:
    log = Log()

    run(python("import sys; sys.stdout.buffer.write(bytes(range(256)) * 4)"), tmp_path, log)

    assert log.content == bytes(range(256)) * 4


def test_ten_megabytes_of_output_are_whole_and_quick(tmp_path: Path) -> None:
    log: list[bytes] = []
    command = Command(run="head -c 10000000 /dev/zero", cwd=tmp_path, environment=ENVIRONMENT)

    finished = run_command(command, on_output=log.append)

    assert sum(map(len, log)) == 10_000_000
    assert finished.wall_s < 2


def test_a_short_peak_of_memory_is_seen(tmp_path: Path) -> None:
    source = "import time; block = bytearray(100_000_000); time.sleep(0.6)"

    finished = run(f"{sys.executable} -c '{source}' | cat", tmp_path)

    assert finished.peak_rss_bytes >= 80_000_000


def test_memory_is_the_sum_over_the_tree(tmp_path: Path) -> None:
    source = "import time; block = bytearray(50_000_000); time.sleep(0.8)"
    child = f"{sys.executable} -c '{source}'"

    finished = run(f"{child} & {child} & wait", tmp_path)

    assert finished.peak_rss_bytes >= 100_000_000


def test_cpu_time_counts_children_and_sleep_does_not(tmp_path: Path) -> None:
    busy = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    source = f"import subprocess, sys, time; subprocess.run([sys.executable, '-c', {busy!r}]); time.sleep(0.3)"

    finished = run(python(source), tmp_path)

    assert 0.3 <= finished.cpu_s < 0.6
    assert finished.wall_s >= 0.6


def test_usage_is_told_while_the_command_runs(tmp_path: Path) -> None:
    told: list[Usage] = []
    command = Command(run="sleep 0.7", cwd=tmp_path, environment=ENVIRONMENT)

    run_command(command, on_output=Log(), on_usage=told.append)

    assert len(told) >= 2
    assert told[0].rss_bytes > 0
    assert told[-1].wall_s > told[0].wall_s


@pytest.mark.parametrize(
    ("run_words", "said"),
    [
        (("no-such-program",), "no program 'no-such-program' on PATH"),
        (("./missing",), "./missing: No such file"),
        (("./plain.txt",), "Permission denied"),
        (("./textscript",), "neither a program nor a script"),
        ((), "no command"),
        (("echo", "a\0b"), "Invalid argument"),
    ],
)
def test_what_cannot_be_started_is_told_clearly(run_words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("text", encoding="utf-8")
    (tmp_path / "textscript").write_text("text", encoding="utf-8")
    (tmp_path / "textscript").chmod(0o755)

    with pytest.raises(RunFailed) as caught:
        run(run_words, tmp_path)

    assert said in caught.value.message


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="gone: No such file"):
        run("true", tmp_path / "gone")


def test_a_command_over_its_time_is_ended(tmp_path: Path) -> None:
    finished = run("sleep 60", tmp_path, limits=Limits(wall_s=0.3))

    assert finished.was_timed_out
    assert finished.exit == -signal.SIGTERM
    assert 0.3 <= finished.wall_s < 2


STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    print(os.getpid(), flush=True)
    time.sleep(60)
print(os.getpid(), flush=True)
time.sleep(60)
"""


def test_cancelling_ends_the_tree_strays_that_ignore_sigterm_included(tmp_path: Path) -> None:
    log = Log()
    command = Command(run=python(STUBBORN), cwd=tmp_path, environment=ENVIRONMENT)

    finished = run_command(
        command,
        on_output=log,
        limits=Limits(grace_s=0.3),
        should_stop=lambda: log.content.count(b"\n") == 2,
    )

    assert finished.was_cancelled
    assert finished.exit == -signal.SIGKILL
    assert len(log.pids()) == 2
    assert not any(map(is_alive, log.pids()))


def test_a_cancelled_command_may_end_in_its_own_way_within_the_grace(tmp_path: Path) -> None:
    source = """
        import os, signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"saved\\n"), sys.exit(7)))
        print("ready", flush=True)
        time.sleep(60)
    """
    log = Log()
    command = Command(run=python(source), cwd=tmp_path, environment=ENVIRONMENT)

    finished = run_command(command, on_output=log, should_stop=lambda: b"ready" in log.content)

    assert finished.was_cancelled
    assert finished.exit == 7
    assert log.content == b"ready\nsaved\n"


def test_a_stopped_process_can_be_cancelled(tmp_path: Path) -> None:
    log = Log()
    command = Command(run="echo ready; kill -STOP $$", cwd=tmp_path, environment=ENVIRONMENT)

    finished = run_command(command, on_output=log, should_stop=lambda: bool(log.content))

    assert finished.exit == -signal.SIGTERM


def test_a_daemon_left_behind_is_ended_and_counted(tmp_path: Path) -> None:
    log = Log()

    finished = run("setsid sleep 60 & echo $!; exit 4", tmp_path, log)

    assert finished.exit == 4
    assert finished.left_behind == 1
    assert finished.wall_s < 0.4
    assert not any(map(is_alive, log.pids()))


def test_what_a_child_writes_just_after_its_parent_ended_is_kept(tmp_path: Path) -> None:
    log = Log()

    finished = run("(sleep 0.2; echo late) & exit 0", tmp_path, log)

    assert log.content == b"late\n"
    assert finished.left_behind == 0


def test_a_command_that_closes_its_output_is_still_waited_for(tmp_path: Path) -> None:
    finished = run("exec >&- 2>&-; sleep 0.3; exit 6", tmp_path)

    assert finished.exit == 6
    assert finished.wall_s >= 0.3


def test_an_error_in_a_callback_ends_the_tree_and_comes_through(tmp_path: Path) -> None:
    seen = Log()

    def fail(data: bytes) -> None:
        seen(data)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_command(Command(run="echo $$; sleep 60", cwd=tmp_path, environment=ENVIRONMENT), on_output=fail)

    assert not any(map(is_alive, seen.pids()))


def test_signals_are_as_in_a_fresh_terminal(tmp_path: Path) -> None:
    log = Log()

    finished = run("yes | head -1", tmp_path, log)  # without SIGPIPE `yes` would complain

    assert log.content == b"y\n"
    assert finished.exit == 0


def test_killing_mlver_ends_the_tree(tmp_path: Path) -> None:
    program = f"""
        from pathlib import Path
        from mlver.running.runner import Command, Limits, run_command
        run_command(
            Command(run={python(STUBBORN)!r}, cwd=Path("/"), environment={ENVIRONMENT!r}),
            on_output=lambda data: print(data.decode(), end="", flush=True),
            limits=Limits(grace_s=0.2),
        )
    """
    with subprocess.Popen(python(program), stdout=subprocess.PIPE, cwd=tmp_path) as mlver:
        assert mlver.stdout is not None
        pids = [int(mlver.stdout.readline()), int(mlver.stdout.readline())]

        mlver.kill()

        assert eventually_gone(pids)


def test_killing_mlver_and_the_supervisor_at_once_ends_the_command(tmp_path: Path) -> None:
    stubborn = """
        import os, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(os.getppid(), os.getpid(), flush=True)
        time.sleep(60)
    """
    program = f"""
        from pathlib import Path
        from mlver.running.runner import Command, Limits, run_command
        run_command(
            Command(run={python(stubborn)!r}, cwd=Path("/"), environment={ENVIRONMENT!r}),
            on_output=lambda data: print(data.decode(), end="", flush=True),
            limits=Limits(grace_s=60),
        )
    """
    with subprocess.Popen(python(program), stdout=subprocess.PIPE, cwd=tmp_path) as mlver:
        assert mlver.stdout is not None
        supervisor, command = map(int, mlver.stdout.readline().split())

        mlver.kill()
        os.kill(supervisor, signal.SIGKILL)

        assert eventually_gone([command])


def test_commands_can_run_side_by_side_in_threads(tmp_path: Path) -> None:
    logs = [Log() for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        finished = list(pool.map(lambda n: run(f"sleep 0.1; echo {n}; exit {n}", tmp_path, logs[n]), range(8)))

    assert [one.exit for one in finished] == list(range(8))
    assert [log.content for log in logs] == [b"%d\n" % number for number in range(8)]


def test_no_descriptor_and_no_process_stays(tmp_path: Path) -> None:
    def open_now() -> list[str]:
        return sorted(path.name for path in Path("/proc/self/fd").iterdir())

    def children_now() -> set[str]:
        """Zombies too; other tests may keep some for theirs."""
        children = set()
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                if int(path.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                    children.add(path.parent.name)
        return children

    before, children = open_now(), children_now()
    for words in (("true",), ("no-such-program",), ("sh", "-c", "kill -9 $$")):
        with suppress(RunFailed):
            run(words, tmp_path)

    assert open_now() == before
    assert children_now() <= children


def test_killing_the_supervisor_ends_the_command_and_is_told(tmp_path: Path) -> None:
    log = Log()

    def kill_the_parent(data: bytes) -> None:
        log(data)
        os.kill(int(data.split()[0]), signal.SIGKILL)

    command = Command(
        run=python("import os, time; print(os.getppid(), os.getpid(), flush=True); time.sleep(60)"),
        cwd=tmp_path,
        environment=ENVIRONMENT,
    )

    with pytest.raises(RunFailed, match="ended from outside"):
        run_command(command, on_output=kill_the_parent)

    assert eventually_gone(log.pids()[1:])
