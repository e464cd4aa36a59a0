from __future__ import annotations

from pathlib import Path

import pytest

from mlver.model.manifest import Status
from tests.support.training import TrainingProject


@pytest.fixture
def toy(tmp_path: Path) -> TrainingProject:
    return TrainingProject(tmp_path / "toy", tmp_path / "home").create()


def test_a_run_is_a_commit_on_the_code_with_everything_in_its_tree(toy: TrainingProject) -> None:
    row = toy.run(reason="baseline")

    files = toy.files_at(row.commit)
    assert row.status is Status.DONE
    assert row.title == "baseline"
    assert toy.git("rev-parse", f"{row.commit}^") == toy.git("rev-parse", "HEAD")
    assert {".mlver/version.yaml", ".mlver/history.csv", ".mlver/environment.txt", ".mlver/log.txt"} <= set(files)
    assert {"models/weights.json", "models/weights.bin", "models/.gitattributes", "metrics/eval.json"} <= set(files)
    assert "models/weights.bin" in toy.git("show", f"{row.commit}:models/.gitattributes").replace("/weights", "models/weights")
    assert toy.git("fsck", "--strict", "--no-dangling") == ""
