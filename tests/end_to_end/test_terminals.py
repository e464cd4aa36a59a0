"""Terminals of all kinds and sizes: what each is shown, and that each is given back as it was."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.support.slow_training import EPOCHS, SlowTraining
from tests.support.terminal import PROGRAMS, Terminal
from tests.support.training import TrainingProject

EXPLORER = str(PROGRAMS / "mlver-tui")
COLOUR = re.compile(rb"\x1b\[[0-9;]*(?:[34][0-8]|9[0-7]|10[0-7])[0-9;]*m")
"""A sequence that sets a colour other than the terminal's own."""
MAIN_SCREEN = b"\x1b[?1049l"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    folder = tmp_path_factory.mktemp("terminals")
    made = TrainingProject(folder / "toy", folder / "home").create()
    made.run(reason="the only one – größer")
    return made


def explorer(project: TrainingProject, size: tuple[int, int] = (100, 30), **variables: str) -> Terminal:
    return Terminal((EXPLORER,), folder=project.folder, environment={**project.environment, **variables}, size=size)


def test_colours_come_unless_they_are_not_wanted(project: TrainingProject) -> None:
    with explorer(project) as coloured:
        coloured.wait_for("the only one")
        coloured.settle()
    with explorer(project, NO_COLOR="1") as plain:
        plain.wait_for("the only one")
        plain.type("?")
        plain.wait_for("type to find")

    assert COLOUR.search(coloured.written)
    assert COLOUR.search(plain.written) is None


def test_a_dumb_terminal_gets_the_list_without_a_sequence(project: TrainingProject) -> None:
    with explorer(project, TERM="dumb") as terminal:
        assert terminal.wait() == 0

    assert "the only one" in terminal.text
    assert b"\x1b" not in terminal.written


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_locale_without_signs_gets_ascii(project: TrainingProject, locale: str) -> None:
    with explorer(project, LC_ALL=locale) as terminal:
        terminal.wait_for("the only one")
        terminal.type("2?")
        terminal.wait_for("type to find")

    assert terminal.written.isascii()


def test_one_cell_is_enough_not_to_fall_over(project: TrainingProject) -> None:
    with explorer(project, size=(1, 1)) as terminal:
        terminal.settle()
        terminal.type("d?")
        terminal.settle()
        terminal.resize(120, 40)
        terminal.wait_for("type to find")
        terminal.resize(1, 1)
        terminal.settle()
        terminal.type("\x1b")
        terminal.wait_for_answer()
        terminal.settle()
        terminal.resize(100, 30)
        terminal.wait_for("the only one")
        terminal.type("Q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(project: TrainingProject, ending: signal.Signals) -> None:
    with explorer(project) as terminal:
        before = terminal.modes()
        terminal.wait_for("the only one")
        assert terminal.modes() != before

        assert terminal.end_by(ending) == 128 + ending
        assert terminal.modes() == before
    assert terminal.written.rfind(MAIN_SCREEN) > terminal.written.rfind(b"the only one")


@pytest.mark.parametrize("keys", ["", "s", "jkjkjkjkd"])
def test_a_window_that_is_closed_ends_it_without_a_complaint(
    project: TrainingProject, tmp_path: Path, keys: str
) -> None:
    with explorer(project, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("the only one")
        terminal.settle(0.1)
        terminal.type(keys)

    assert terminal.wait() > 0  # nobody had to kill it
    assert not (tmp_path / "mlver" / "last-failure.txt").exists()


def test_a_window_may_change_while_a_replay_runs(tmp_path: Path) -> None:
    made = SlowTraining(tmp_path / "slow", tmp_path / "home").create()
    made.reach(EPOCHS)
    made.run(reason="the slow one")
    made.reach(0)
    with explorer(made) as terminal:
        terminal.wait_for("the slow one")
        terminal.type("r")
        terminal.wait_for("python3 train.py")
        terminal.type("\x1b[C\r")
        terminal.wait_for("train")
        made.reach(2)
        for size in ((160, 50), (1, 1), (80, 24), (59, 15), (120, 40)):
            terminal.resize(*size)
            terminal.settle(0.1)
        made.reach(EPOCHS)
        terminal.wait_for("VERDICT")
        terminal.type("Q")
        assert terminal.wait() == 0
