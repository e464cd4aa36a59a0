"""While two versions are compared for seconds: keys are answered, the window may change, and nobody is kept."""

from __future__ import annotations

import time

import pytest

from tests.support.many_params import two_of_many_params
from tests.support.terminal import PROGRAMS, Terminal
from tests.support.training import TrainingProject

EXPLORER = (str(PROGRAMS / "mlver-tui"),)
COMPARING = "comparing"
AT_ONCE_S = 15.0
"""On a machine that does much else; to compare them takes longer there."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    return two_of_many_params(tmp_path_factory.mktemp("busy"), 50_000)


def comparing(project: TrainingProject) -> Terminal:
    return Terminal(EXPLORER, folder=project.folder, environment=project.environment)


def test_who_quits_is_not_kept_until_it_is_compared(project: TrainingProject) -> None:
    with comparing(project) as terminal:
        terminal.wait_for("many 2")
        terminal.type("d")
        terminal.wait_for(COMPARING)
        began = time.monotonic()
        terminal.type("Q")

        assert terminal.wait() == 0
        assert time.monotonic() - began < AT_ONCE_S


def test_the_window_may_change_and_keys_are_answered_meanwhile(project: TrainingProject) -> None:
    with comparing(project) as terminal:
        terminal.wait_for("many 2")
        terminal.type("d")
        terminal.wait_for(COMPARING)
        for size in ((160, 50), (1, 1), (59, 15), (120, 40)):
            terminal.resize(*size)
            terminal.settle(0.05)
        terminal.type("?")
        terminal.wait_for("type to find")
        terminal.type("\x1b")
        terminal.wait_for_answer()
        terminal.settle(0.2)
        terminal.type("2")
        terminal.wait_for("section0")
