"""Recordings under a full disk, under SIGKILL, and many at once: the old state or the new one, nothing between."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlver.errors import BadArgument, MlverError, StorageFull
from mlver.model.status import Status
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


FILLING_STEP = """\
mlver: 1
model: toy
steps:
  train:
    run: |
      mkdir -p models
      cp level.txt models/level.txt
      head -c 200000 /dev/urandom > models/weights.bin
      head -c $(cat {disk}/leave) /dev/zero > {disk}/room
      cat /dev/zero > {disk}/filler || true
      rm {disk}/room
    inputs: [level.txt]
    outputs: [models/]
"""


@pytest.mark.parametrize("isolated", [False, True])
def test_a_disk_that_fills_up_while_a_run_is_finished_costs_nothing_that_was_made(
    tmp_path: Path, isolated: bool
) -> None:
    with small_disk(tmp_path / "disk", "12m") as disk:
        toy = TrainingProject(disk / "toy", tmp_path / "home").create()
        toy.write("mlver.yaml", FILLING_STEP.format(disk=disk))
        (disk / "leave").write_text("4000000")
        toy.write("level.txt", "the first")
        toy.commit("one step")
        good = toy.run()
        (disk / "filler").unlink()
        ended: set[Status | None] = set()
        for free_kib in (0, 16, 196, 220, 400):  # before the large file, before small ones, before the ref, enough
            toy.write("level.txt", f"with {free_kib}")
            (disk / "leave").write_text(str(free_kib * 1024))
            before = toy.git("for-each-ref", "refs/mlver/runs")
            try:
                ended.add(toy.run(isolated=isolated).status)
            except StorageFull as error:
                ended.add(None)
                folder = Path(re.findall(r"kept in (.*)$", error.hint)[0]) if isolated else toy.folder
                assert (folder / "models" / "level.txt").read_text() == f"with {free_kib}"
                assert (folder / "models" / "weights.bin").stat().st_size == 200_000
                assert toy.git("for-each-ref", "refs/mlver/runs") == before
            (disk / "filler").unlink()
            assert toy.git("fsck", "--no-dangling") == ""

        assert ended == {Status.DONE, None}
        with toy.opened() as project:
            rows = project.refresh().rows
            assert good.key in {row.key for row in rows}
            assert {row.status for row in rows} == {Status.DONE, Status.INTERRUPTED}


def test_results_that_a_full_disk_kept_out_are_moved_where_the_next_run_says(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "12m") as disk:
        toy = TrainingProject(disk / "toy", tmp_path / "home").create()
        toy.write("mlver.yaml", FILLING_STEP.format(disk=disk))
        toy.write("level.txt", "a")
        toy.write("models/level.txt", "made by hand")
        (disk / "leave").write_text("0")
        with pytest.raises(StorageFull):
            toy.run()
        made = (toy.folder / "models" / "weights.bin").read_bytes()
        (disk / "filler").unlink()
        said: list[str] = []

        request = RunRequest(folder=toy.folder, settings={"no.such": 1})
        with toy.opened() as project, pytest.raises(BadArgument):
            project.run(request, on_event=lambda event: said.append(getattr(event, "text", "")))

        overtaken = toy.folder / ".git" / "mlver" / "overtaken"
        assert (toy.folder / "models" / "level.txt").read_text() == "made by hand"
        assert (overtaken / "models" / "level.txt").read_text() == "a"
        assert (toy.folder / "models" / "weights.bin").read_bytes() == made
        assert any(
            text.startswith("note: models/level.txt: back as before")
            and f"is in {overtaken}/models/level.txt (" in text
            for text in said
        )


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
        assert all(
            project.which(artifact.sha256 or "").occurrences for artifact in project.version(row).manifest.artifacts
        )
