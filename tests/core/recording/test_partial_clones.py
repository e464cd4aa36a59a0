"""Runs recorded where git left a part of the files out: same recipe, and a version like any other."""

from __future__ import annotations

from pathlib import Path

from mlver.model.replay import ReplayRecord
from mlver.model.version import VersionRow
from tests.support.training import TrainingProject


def partial_clone_of(toy: TrainingProject) -> TrainingProject:
    """A clone that has only the data folder, and none of the rest's bytes."""
    target = toy.folder.with_name("clone")
    toy.git("config", "uploadpack.allowFilter", "true")
    toy.git("config", "uploadpack.allowAnySHA1InWant", "true")
    toy.git("clone", "-q", "--filter=blob:none", "--sparse", f"file://{toy.folder}", str(target))
    clone = TrainingProject(target, Path(toy.environment["HOME"]))
    clone.git("sparse-checkout", "set", "data")
    return clone


def replayed(toy: TrainingProject, row: VersionRow) -> ReplayRecord:
    with toy.opened() as project:
        return project.replay(project.plan_replay(row), on_event=lambda _event: None)


def test_a_partial_and_sparse_clone_records_what_the_whole_one_records(quick: TrainingProject) -> None:
    quick.write("lib/b.txt", "b\n")
    quick.write("lib/.gitattributes", "*.bin binary\n")
    quick.commit("a library")
    whole = quick.run()
    clone = partial_clone_of(quick)

    row = clone.run()

    assert not (clone.folder / "lib").exists()
    assert (row.recipe, row.result, row.is_dirty) == (whole.recipe, whole.result, False)
    assert clone.files_at(row.commit) == quick.files_at(whole.commit)
    assert replayed(clone, row).agreement.value == "identical"


def test_an_isolated_run_in_a_partial_clone_leaves_the_rest_at_the_remote(quick: TrainingProject) -> None:
    quick.write("lib/b.txt", "b\n")
    quick.commit("a library")
    clone = partial_clone_of(quick)

    row = clone.run(isolated=True)

    assert "lib/b.txt" in clone.files_at(row.commit)
    missing = clone.git("rev-list", "--objects", "--all", "--missing=print").splitlines()
    assert f"?{quick.git('rev-parse', 'HEAD:lib/b.txt').strip()}" in missing
