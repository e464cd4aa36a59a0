"""What a step makes must lie in the working tree: a link in its place is refused before anything is moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.errors import RunRefused
from mlver.model.status import Status
from tests.support.training import TrainingProject


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder on what could be another disk."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    (folder / "old.bin").write_text("theirs")
    return folder


@pytest.mark.parametrize("outputs", ["models/", "models/weights.bin", '"models/*.bin"', "models/deep/new/"])
def test_a_folder_that_is_a_link_out_of_the_project_is_refused(
    quick: TrainingProject, scratch: Path, outputs: str
) -> None:
    (quick.folder / "models").symlink_to(scratch)
    quick.replace("mlver.yaml", "outputs: [models/]", f"outputs: [{outputs}]")

    with pytest.raises(RunRefused, match=rf"step train: models\S* lies behind a link, in {scratch}\S*: what"):
        quick.run()

    assert (quick.folder / "models").readlink() == scratch
    assert (scratch / "old.bin").read_text() == "theirs"
    assert "refs/mlver" not in quick.git("for-each-ref")
    assert not (quick.folder / ".git" / "mlver" / "overtaken").exists()


def test_a_link_to_a_folder_of_the_project_is_refused_too(quick: TrainingProject) -> None:
    (quick.folder / "build").mkdir()
    (quick.folder / "models").symlink_to("build")

    with pytest.raises(RunRefused, match="models lies behind a link"):
        quick.run()


def test_an_isolated_run_makes_its_own_folder(quick: TrainingProject, scratch: Path) -> None:
    (quick.folder / "models").symlink_to(scratch)

    row = quick.run(isolated=True)

    assert row.status is Status.DONE
    assert "models/copy.csv" in quick.files_at(row.commit)
    assert [path.name for path in scratch.iterdir()] == ["old.bin"]


def test_a_working_tree_that_is_reached_by_a_link_is_no_link_in_it(quick: TrainingProject, tmp_path: Path) -> None:
    (tmp_path / "short").symlink_to(quick.folder)
    through = TrainingProject(tmp_path / "short", Path(quick.environment["HOME"]))

    assert through.run().status is Status.DONE


def test_a_folder_above_the_outputs_may_be_a_link_within_the_project(quick: TrainingProject) -> None:
    (quick.folder / "disk").mkdir()
    (quick.folder / "out").symlink_to("disk")
    quick.write("mlver.yaml", (quick.folder / "mlver.yaml").read_text().replace("models", "out/models"))

    row = quick.run()

    assert row.status is Status.DONE
    assert "out/models/copy.csv" in quick.files_at(row.commit)
