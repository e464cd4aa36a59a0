"""A note in a real terminal: the editor has it, gives it back, and nothing is kept without being told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.terminal import PROGRAMS, Terminal
from tests.support.training import TrainingProject

RIGHT = "\x1b[C"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    folder = tmp_path_factory.mktemp("notes")
    made = TrainingProject(folder / "toy", folder / "home").create()
    made.run(reason="the only one")
    return made


@pytest.fixture
def editor(tmp_path: Path) -> str:
    """An editor that talks with the terminal: it asks for the text."""
    path = tmp_path / "editor.sh"
    path.write_text('#!/bin/sh\nprintf "what do you say? "\nread said\nprintf "%s\\n" "$said" > "$1"\n')
    path.chmod(0o700)
    return str(path)


def in_terminal(project: TrainingProject, editor: str, *command: str) -> Terminal:
    return Terminal(command, folder=project.folder, environment={**project.environment, "EDITOR": editor})


def notes(project: TrainingProject) -> str:
    run = project.git("for-each-ref", "--format=%(objectname)", "refs/mlver/runs").strip()
    has_any = project.git("for-each-ref", "refs/notes/mlver")
    return project.git("notes", "--ref=mlver", "show", run) if has_any else ""


def test_the_command_asks_in_the_editor(project: TrainingProject, editor: str) -> None:
    with in_terminal(project, editor, str(PROGRAMS / "mlver"), "note", "latest") as terminal:
        terminal.wait_for("what do you say?")
        terminal.type("by the command\n")
        terminal.wait_for("noted")
        assert terminal.wait() == 0

    assert '"text":"by the command"' in notes(project)


def test_the_explorer_gives_the_editor_the_terminal_and_asks_before_it_writes(
    project: TrainingProject, editor: str
) -> None:
    with in_terminal(project, editor, str(PROGRAMS / "mlver-tui")) as terminal:
        terminal.wait_for("the only one")

        terminal.type("m")
        terminal.wait_for("Write a note")
        terminal.type("n")
        terminal.wait_for("what do you say?")
        terminal.type("by the explorer\n")
        terminal.wait_for("will write")
        assert "by the explorer" not in notes(project)
        terminal.type(RIGHT + "\r")
        terminal.wait_for("noted")
        terminal.type("q")
        assert terminal.wait() == 0

    assert '"text":"by the explorer"' in notes(project)
