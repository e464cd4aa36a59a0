from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from mlver import errors
from mlver.errors import MlverError
from mlver_tui.commands.failures import exit_code_of
from tests.commands.conftest import HOSTILE
from tests.support.commands import Shell
from tests.support.training import TrainingProject

MAIN = [sys.executable, "-c", "from mlver_tui.commands import main; main()"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.MlverError, 1),
        (errors.BadArgument, 2),
        (errors.VersionNotFound, 3),
        (errors.LimitReached, 4),
        (errors.Interrupted, 130),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(
    kind: type[MlverError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise kind("it went wrong", hint="do it right")

    assert exit_code_of(fail) == code
    assert capsys.readouterr().err == "error: it went wrong\nhint: do it right\n"


def test_several_problems_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise errors.RunRefused("a is wrong\nb\x1b[2J is wrong", hint="put both right")

    exit_code_of(fail)

    assert capsys.readouterr().err == "error: a is wrong\n       b\\x1b[2J is wrong\nhint: put both right\n"


def test_a_failure_nobody_foresaw_is_a_sentence_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    assert exit_code_of(lambda: 1 // 0) == 1

    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert str(tmp_path / "mlver" / "last-failure.txt") in told
    assert "ZeroDivisionError" in (tmp_path / "mlver" / "last-failure.txt").read_text()


def test_a_message_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise errors.VersionNotFound(f"no {HOSTILE}", hint=HOSTILE)

    assert exit_code_of(fail) == 3
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize(
    "arguments", [("lst",), ("list", "--nothing"), ("show",), ("diff",), ("list", "-n", "x"), ("show", "a", "b")]
)
def test_wrong_words_give_2_and_help(shell: Shell, arguments: tuple[str, ...]) -> None:
    ran = shell.mlver(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err


@pytest.mark.parametrize(
    ("name", "code", "problem"),
    [("nope", 2, "does not exist"), ("file", 3, "is neither a folder nor an MLflow database")],
)
def test_a_folder_that_is_none_is_said(shell: Shell, tmp_path: Path, name: str, code: int, problem: str) -> None:
    (tmp_path / "file").write_text("")

    ran = shell.mlver("-C", str(tmp_path / name), "list")

    assert (ran.code, ran.out) == (code, "")
    assert str(tmp_path / name) in ran.err
    assert problem in ran.err


def test_a_path_to_explore_that_is_not_there_is_said(shell: Shell, tmp_path: Path) -> None:
    ran = shell.mlver_tui(str(tmp_path / "nope"))

    assert (ran.code, ran.out) == (2, "")
    assert "does not exist" in ran.err


def test_a_misspelt_command_is_answered_with_the_nearest(shell: Shell) -> None:
    assert "did you mean 'mlver list'?" in shell.mlver("lst").err


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show", "latest"),
        ("show", "latest", "--all"),
        ("show", "latest", "--format", "md"),
        ("show", "latest", "--json"),
        ("diff", "latest"),
        ("diff", "latest", "--format", "md"),
        ("diff", "latest", "--json"),
        ("diff", "latest", "--only", "code"),
        ("which", "data/train.csv"),
        ("curves", "latest"),
        ("replay", "latest", "--plan"),
    ],
)
def test_nothing_from_a_repository_commands_the_terminal(shell: Shell, arguments: tuple[str, ...]) -> None:
    ran = shell.mlver(*arguments)

    assert ran.code == 0
    for control in ("\x1b", "\x07", "\u202e"):
        assert control not in ran.out + ran.err


def test_a_reader_that_leaves_early_is_no_failure(recorded: TrainingProject, shell: Shell) -> None:
    with subprocess.Popen(
        [*MAIN, "show", "latest", "--json"],
        cwd=recorded.folder,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (0, b"")


def test_an_output_that_is_full_is_said(recorded: TrainingProject, shell: Shell) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*MAIN, "list"],
            cwd=recorded.folder,
            env=shell.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


PANICKING = """
import io, sys
import polars as pl
from mlver_tui.commands import main
damaged = io.BytesIO(bytes.fromhex(sys.argv.pop(1)))
pl.read_csv = lambda *_, **__: pl.scan_parquet(damaged, use_statistics=False).collect(engine="streaming")
main()
"""
"""A CSV whose reader panics: nobody knows which file would make it do so."""

SPEAKING = """
import os, sys
from mlver_tui.native_noise import own_words_only
with own_words_only():
    os.write(2, b"noise")
    print("kept", file=sys.stderr)
"""


def test_what_polars_writes_of_a_panic_is_not_among_the_errors(tmp_path: Path) -> None:
    made = io.BytesIO()
    pl.DataFrame({"a": [1]}).write_parquet(made)
    damaged = made.getvalue().replace(b",\x15\x02", b",\x15\x12")  # a page of one value says it has nine
    (tmp_path / "a.csv").write_text("id,x\n1,2\n")
    (tmp_path / "b.csv").write_text("id,x\n1,3\n")

    command = [sys.executable, "-c", PANICKING, damaged.hex(), "diff", "a.csv", "b.csv"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "not compared as csv: it is damaged, so that its reader breaks off" in ran.stdout
    ran = subprocess.run([sys.executable, "-c", SPEAKING], capture_output=True, text=True, check=True)
    assert ran.stderr == "kept\n"
