"""Recordings under a full disk, under SIGKILL, and many at once: the old state or the new one, nothing between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlver.errors import MlverError
from mlver.model.manifest import Status
from mlver.project import Project, RunRequest
from tests.support import killed_run
from tests.support.disks import small_disk
from tests.support.training import ONE_STEP, TrainingProject


def killed_at(toy: TrainingProject, write: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, killed_run.__file__, str(toy.folder), str(toy.state), str(write)],
        env=toy.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_killed_at_any_write_leaves_the_old_state_or_the_new_one(quick: TrainingProject) -> None:
    killed_at(quick, 0)  # the first run writes objects that later ones find there
    total = int(killed_at(quick, 0).stdout)
    baseline = len(quick.git("for-each-ref", "refs/mlver/runs").splitlines())
    # All of them on request; a spread of them always.
    step = 1 if os.environ.get("MLVER_EVERY_WRITE") else max(1, total // 10)
    assert total > 20

    for write in range(1, total + 1, step):
        quick.write("models/old.txt", "made by hand, never recorded")
        done = killed_at(quick, write)
        assert done.returncode == -signal.SIGKILL or write > total - 5, (write, done.stderr)
        with quick.opened() as project:
            rows = project.refresh().rows
        assert not [row for row in rows if row.is_broken], write
        assert not [row for row in rows if row.is_running], write
        assert {row.status for row in rows} <= {Status.DONE, Status.INTERRUPTED}, write
        assert quick.git("fsck", "--no-dangling") == "", write

    row = quick.run()
    assert row.status is Status.DONE
    assert (quick.folder / "models" / "old.txt").read_text() == "made by hand, never recorded"
    assert "models/old.txt" not in quick.files_at(row.commit)
    assert len(quick.git("for-each-ref", "refs/mlver/runs").splitlines()) > baseline


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "6m") as disk:
        toy = TrainingProject(disk / "toy", tmp_path / "home").create()
        toy.write("mlver.yaml", ONE_STEP)
        toy.commit("one step")
        good = toy.run()
        filler = disk / "filler"
        said = set()
        for free_kib in (8, 40, 120, 240, 420):
            filler.unlink(missing_ok=True)
            room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
            filler.write_bytes(b"x" * max(0, room - free_kib * 1024))
            try:
                row = toy.run()
            except MlverError as error:
                said.add(type(error).__name__)
            else:
                said.add(row.status.value)
            filler.unlink()
            assert toy.git("fsck", "--no-dangling") == ""
            with toy.opened() as project:
                assert good.key in {row.key for row in project.refresh().rows}

        assert "StorageFull" in said
        assert toy.run().status is Status.DONE


def test_sixteen_recordings_at_once_from_sixteen_working_trees(quick: TrainingProject) -> None:
    trees = []
    for number in range(16):
        tree = quick.folder.parent / f"tree{number}"
        quick.git("worktree", "add", "-q", "--detach", str(tree))
        (tree / "data" / "raw.csv").write_text(f"id,x\n{number},{number}\n")
        trees.append(tree)

    def run(tree: Path) -> str:
        with Project.open(tree, environment=quick.environment, cache=quick.state) as project:
            return project.run(RunRequest(folder=tree), on_event=lambda _event: None).key

    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(run, trees))

    with quick.opened() as project:
        rows = project.refresh().rows
    assert {row.key for row in rows} == set(keys)
    assert len(set(keys)) == 16
    assert {row.status for row in rows} == {Status.DONE}
    assert "drafts" not in quick.git("for-each-ref")
    assert quick.git("fsck", "--no-dangling") == ""


def test_versions_survive_lfs_prune_and_fetch_prune(toy: TrainingProject) -> None:
    if subprocess.run(["git", "lfs", "version"], capture_output=True, check=False).returncode:
        if os.environ.get("MLVER_REAL_PARTS"):
            pytest.fail("git-lfs is not installed")
        pytest.skip("git-lfs is not installed")
    row = toy.run()
    toy.git("clone", "-q", "--bare", ".", "../remote.git")
    toy.git("remote", "add", "origin", "../remote.git")

    toy.git("lfs", "install", "--local")
    toy.git("lfs", "prune", "--force")
    toy.git("fetch", "--prune", "-q", "origin")
    toy.git("gc", "--prune=now", "-q")

    with toy.opened() as project:
        record = project.replay(project.plan_replay(row), on_event=lambda _event: None)
        assert record.agreement.value == "identical"
        assert all(project.which(artifact.sha256 or "") for artifact in project.version(row).manifest.artifacts)
