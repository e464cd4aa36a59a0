from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlver.errors import BadArgument
from tests.support.training import TrainingProject


@pytest.fixture
def toy(tmp_path: Path) -> TrainingProject:
    return TrainingProject(tmp_path / "toy", tmp_path / "home").create()


def test_a_file_is_found_in_every_version_that_holds_its_content(toy: TrainingProject) -> None:
    first = toy.run()
    weights = (toy.folder / "models" / "weights.bin").read_bytes()
    toy.run(settings={"optimiser.lr": 0.7})
    elsewhere = toy.folder.parent / "copied-somewhere.bin"
    elsewhere.write_bytes(weights)

    with toy.opened() as project:
        (found,) = project.which(str(elsewhere))
        data = project.which(str(toy.folder / "data" / "raw.csv"))

    assert (found.version.key, found.path, found.role) == (first.key, "models/weights.bin", "output of train")
    assert [(one.path, one.role) for one in data] == [("data/raw.csv", "input of prepare")] * 2


def test_the_beginning_of_a_digest_is_enough(toy: TrainingProject) -> None:
    toy.run()

    with toy.opened() as project:
        digest = project.which(str(toy.folder / "models" / "weights.bin"))[0].digest
        assert project.which(digest[:8]) == project.which(f"sha256:{digest}")


@pytest.mark.parametrize("asked", ["no-such-file", "abc123", "."])
def test_what_is_neither_file_nor_digest_is_said(toy: TrainingProject, asked: str) -> None:
    with toy.opened() as project, pytest.raises(BadArgument):
        project.which(asked)


def test_a_fifo_is_not_waited_for(toy: TrainingProject) -> None:
    os.mkfifo(toy.folder / "pipe")

    with toy.opened() as project, pytest.raises(BadArgument):
        project.which(str(toy.folder / "pipe"))
