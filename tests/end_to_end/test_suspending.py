"""Ctrl-z in a real terminal: back to the shell and again into the explorer, or a sentence where no shell waits."""

from __future__ import annotations

import pytest

from tests.support.terminal import PROGRAMS, SHELL, Terminal
from tests.support.training import TrainingProject

EXPLORER = str(PROGRAMS / "mlver-tui")
CTRL_Z = "\x1a"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    folder = tmp_path_factory.mktemp("suspending")
    made = TrainingProject(folder / "toy", folder / "home").create()
    made.run(reason="the only one")
    return made


def in_terminal(project: TrainingProject, *command: str) -> Terminal:
    return Terminal(command, folder=project.folder, environment=project.environment)


def test_a_shell_gets_the_terminal_and_gives_it_back(project: TrainingProject) -> None:
    with in_terminal(project, *SHELL) as terminal:
        terminal.type(f"{EXPLORER}\n")
        terminal.wait_for("the only one")
        terminal.settle()  # what is still to be drawn would be drawn afterwards, and look like a screen drawn anew

        terminal.type(CTRL_Z)
        terminal.wait_for("Stopped")
        terminal.type("echo $((6 * 7)) times\n")
        terminal.wait_for("42 times")

        terminal.type("fg\n")
        terminal.wait_for("METRIC")  # nothing of the screen is there any more: all of it is drawn, not what changes
        terminal.wait_for("the only one")
        terminal.wait_for("enter open")
        terminal.type("q")
        terminal.wait_for("shell> ")
        terminal.type("echo left with $?\n")
        terminal.wait_for("left with 0")


@pytest.mark.parametrize("command", [(EXPLORER,), ("bash", "-c", f"{EXPLORER}; true")])
def test_where_no_shell_waits_it_says_so_and_goes_on(project: TrainingProject, command: tuple[str, ...]) -> None:
    with in_terminal(project, *command) as terminal:
        terminal.wait_for("the only one")

        terminal.type(CTRL_Z)
        terminal.wait_for("nothing here could bring mlver back")

        terminal.type("/")
        terminal.wait_for("earlier filters")
        terminal.type("\x1b")
        terminal.wait_for("enter open")
        terminal.type("q")
        assert terminal.wait() == 0
