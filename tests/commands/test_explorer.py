from __future__ import annotations

from pathlib import Path

import pytest

from mlver.errors import BadArgument
from mlver_tui.commands.console import Console
from mlver_tui.commands.demo import DemoBuild
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.sample import find_sample
from mlver_tui.commands.settings import Settings
from tests.support.commands import Shell
from tests.support.training import TrainingProject


def test_mlver_alone_in_a_pipe_prints_its_help(shell: Shell) -> None:
    ran = shell.mlver()

    assert ran.code == 0
    assert ran.out.startswith("Usage: mlver ")


def test_the_explorer_without_a_terminal_prints_the_list(shell: Shell, recorded: TrainingProject) -> None:
    ran = shell.mlver_tui(str(recorded.folder))

    assert ran.code == 0
    assert ran.out == shell.mlver("list").out
    assert ran.err.startswith("this is no terminal")


def test_the_explorer_of_a_folder_without_a_repository_says_so(shell: Shell, tmp_path: Path) -> None:
    ran = shell.mlver_tui(str(tmp_path))

    assert ran.code == 3
    assert "error: " in ran.err


def test_the_sample_is_found() -> None:
    assert callable(find_sample().build)


def test_a_folder_that_is_not_the_demos_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    ran = shell.mlver("demo", "--path", "--demo-folder", str(tmp_path))
    assert shell.mlver("demo", "--path", str(tmp_path)) == ran
    assert "give FOLDER or --demo-folder" in shell.mlver("demo", str(tmp_path), "--demo-folder", "x").err

    assert (ran.code, ran.out) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_build_that_cannot_begin_tells_the_one_who_waits(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    settings = Settings(environment=shell.environment, folder=tmp_path)
    invocation = Invocation(settings=settings, console=Console(settings), folder=tmp_path)

    with DemoBuild(invocation, tmp_path) as build, pytest.raises(BadArgument):
        build.wait_for_first()

    assert build.progress() is None
