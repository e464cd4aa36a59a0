"""One session after another in a real terminal: the user's config counts, what was marked is marked again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.terminal import PROGRAMS, Terminal
from tests.support.training import TrainingProject

EXPLORER = str(PROGRAMS / "mlver-tui")


@pytest.fixture
def project(tmp_path: Path) -> TrainingProject:
    made = TrainingProject(tmp_path / "toy", tmp_path / "home").create()
    made.run(reason="the only one")
    return made


def explorer(project: TrainingProject, *options: str) -> Terminal:
    return Terminal((EXPLORER, *options), folder=project.folder, environment=project.environment)


def states(project: TrainingProject) -> list[Path]:
    return list(Path(project.environment["HOME"]).glob(".local/state/mlver/repositories/*"))


def files_of(folder: Path) -> set[str]:
    """All but the index, which may be there or not."""
    found = {os.path.relpath(Path(place) / name, folder) for place, _, names in os.walk(folder) for name in names}
    return {name for name in found if not name.startswith(".git/mlver/index")}


def test_the_next_session_begins_where_the_last_one_ended(project: TrainingProject) -> None:
    with explorer(project) as terminal:
        terminal.wait_for("the only one")
        before = files_of(project.folder)
        terminal.type("S")
        terminal.wait_for("reversed")
        terminal.type("Q")
        assert terminal.wait() == 0

    assert len(states(project)) == 1
    assert files_of(project.folder) == before
    with explorer(project) as terminal:
        terminal.wait_for("reversed")
        terminal.type("Q")
        assert terminal.wait() == 0


def test_a_damaged_state_and_a_wrong_config_stop_nothing(project: TrainingProject) -> None:
    config = Path(project.environment["HOME"]) / ".config/mlver/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[keys]\nsort = "O"\nrevers = "O"\n')
    with explorer(project) as terminal:
        terminal.wait_for("config.toml:3: keys.revers: is no action; did you mean reverse?")
        terminal.wait_for("the only one")
        terminal.type("O")
        terminal.wait_for("type to find")
        terminal.type("\x1b")
        terminal.wait_for_answer()
        terminal.settle()
        terminal.type("S")
        terminal.wait_for("reversed")
        terminal.type("Q")
        assert terminal.wait() == 0
    (state,) = states(project)
    state.write_bytes(b"\x00{")

    with explorer(project) as terminal:
        text = terminal.wait_for("the only one")
        assert "reversed" not in text
        terminal.type("Q")
        assert terminal.wait() == 0


def test_read_only_keeps_nothing_and_says_why_nothing_runs(project: TrainingProject) -> None:
    with explorer(project, "--read-only") as terminal:
        terminal.wait_for("the only one")
        terminal.type("r")
        terminal.wait_for("read-only: nothing is run")
        terminal.type("SQ")
        assert terminal.wait() == 0

    assert states(project) == []
