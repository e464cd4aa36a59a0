from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.training import TrainingProject

HOSTILE = "\x1b]52;c;aGk=\x07[bold]x[/nope] | `tick` <b> @team \u202egnp"


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    """A repository with a baseline, a smaller step, a change of code, and a hostile run whose loss is no number.

    Tests read it; those that write make their own.
    """
    folder = tmp_path_factory.mktemp("recorded")
    project = TrainingProject(folder / "toy", folder / "home").create()
    project.run(reason="baseline")
    project.replace("params.json", '"lr": 0.1', '"lr": 0.03')
    project.commit("a smaller step")
    project.run()
    project.replace("evaluate.py", "round(1 - weights[0], 6)", 'float("nan")')
    project.commit("lose the number")
    project.run(reason=HOSTILE)
    return project


@pytest.fixture
def shell(recorded: TrainingProject) -> Shell:
    return shell_of(recorded)


@pytest.fixture
def fresh(tmp_path: Path) -> TrainingProject:
    """A project of its own for a test that records."""
    return TrainingProject(tmp_path / "toy", tmp_path / "home").create()


def shell_of(project: TrainingProject) -> Shell:
    return Shell(project.folder, project.environment, XDG_CACHE_HOME=str(project.state.parent))
