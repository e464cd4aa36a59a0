"""Taking a snapshot touches nothing of the user's, runs nothing unasked, and records nothing that was refused."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from mlver.errors import Interrupted, SecretFound, StoreFailed
from mlver.store.repository import GitSettings, Repository
from mlver.store.snapshot import SnapshotRequest, take_snapshot
from tests.support.git import RepoBuilder
from tests.support.snapshots import CODE, contents, snapshot


def state(folder: Path) -> Mapping[str, tuple[bytes, int]]:
    """Every file of a folder with its bytes and its time of change (git makes objects it meets again young)."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns * ("objects" not in path.parts)) for path in files}


def test_neither_index_nor_files_nor_refs_are_touched(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.write({"train.py": "changed", "new.py": "new", "params.yaml": "lr: 0.2"})
    repo.git("add", "params.yaml")
    git_files = {path for path in (repo.folder / ".git").iterdir() if path.name not in {"objects", "mlver"}}
    before = state(repo.folder / ".git"), state(repo.folder)

    snapshot(repo, overrides={"params.yaml": b"lr: 9"})

    after = state(repo.folder / ".git"), state(repo.folder)
    assert {path for path in (repo.folder / ".git").iterdir() if path.name not in {"objects", "mlver"}} == git_files
    for old, new in zip(before, after, strict=True):
        assert {path: new.get(path) for path in old} == old
        assert all("/.git/objects/" in path for path in new.keys() - old.keys())
    assert list((repo.folder / ".git/mlver/quarantine").iterdir()) == []


def test_the_users_filters_apply_and_the_inspector_sees_what_is_recorded(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitattributes": "*.up filter=upper\n"})
    repo.git("config", "filter.upper.clean", "tr a-z A-Z")
    repo.write({"shout.up": "quiet"})
    seen: dict[str, bytes] = {}

    snap = snapshot(repo, declared=("shout.up",), inspect=seen.update)

    assert contents(repo, snap)["shout.up"] == b"QUIET"
    assert seen == {"shout.up": b"QUIET"}


def test_every_new_content_is_inspected_and_no_other(repo: RepoBuilder) -> None:
    repo.commit({**CODE, "old.py": "old"})
    repo.write({"train.py": "changed", "new.py": "new", "staged.txt": "staged", "big.txt": "declared"})
    repo.git("add", "staged.txt")
    seen: dict[str, bytes] = {}

    snapshot(repo, declared=("big.txt",), overrides={"params.yaml": b"lr: 1"}, inspect=seen.update)

    assert seen == {
        "train.py": b"changed",
        "new.py": b"new",
        "staged.txt": b"staged",
        "big.txt": b"declared",
        "params.yaml": b"lr: 1",
    }


def test_a_refused_snapshot_writes_no_object(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.write({"keys.py": "password = 'hunter2'", "train.py": "changed"})
    before = sorted((repo.folder / ".git/objects").rglob("*"))

    def inspect(files: Iterable[tuple[str, bytes]]) -> None:
        for path, content in files:
            if b"password" in content:
                raise SecretFound(f"{path}:1: a password")

    with pytest.raises(SecretFound, match=r"keys\.py:1"):
        snapshot(repo, inspect=inspect)

    assert sorted((repo.folder / ".git/objects").rglob("*")) == before
    assert list((repo.folder / ".git/mlver/quarantine").iterdir()) == []


def test_a_file_too_large_to_be_inspected_is_said_so(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlver.store.snapshot.INSPECTED_BYTES", 100)
    repo.commit(CODE)
    repo.write({"big.csv": "x" * 200})
    seen: dict[str, bytes] = {}

    snap = snapshot(repo, declared=("big.csv",), inspect=seen.update)

    assert seen == {}
    assert snap.warnings == ("big.csv is too large to be searched for secrets",)


def test_hooks_and_watchers_of_the_repository_do_not_run(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit(CODE)
    alarm = tmp_path / "ran"
    script = f"#!/bin/sh\ntouch {alarm}\n"
    for hook in ("post-index-change", "pre-commit", "reference-transaction"):
        repo.write({f".git/hooks/{hook}": script})
        (repo.folder / ".git/hooks" / hook).chmod(0o755)
    repo.write({".git/watch": script})
    (repo.folder / ".git/watch").chmod(0o755)
    repo.git("config", "core.fsmonitor", f"{repo.folder}/.git/watch")
    repo.write({"train.py": "changed"})
    alarm.unlink(missing_ok=True)

    snap = snapshot(repo)
    with repo.open() as repository:
        repository.create_ref("refs/mlver/runs/digits/r1", snap.head.commit or "")

    assert not alarm.exists()


def test_settings_that_point_git_elsewhere_do_not_reach_it(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit(CODE)
    repo.write({"train.py": "changed"})
    environment = {
        **repo.settings.environment,
        "GIT_DIR": str(tmp_path / "nowhere"),
        "GIT_WORK_TREE": "/",
        "GIT_INDEX_FILE": str(tmp_path / "other-index"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "other-objects"),
        "GIT_CONFIG_PARAMETERS": "'core.bare'='true'",
        "GIT_NAMESPACE": "x",
        "LANGUAGE": "de",
        "LC_ALL": "de_DE.UTF-8",
    }

    with Repository.open(repo.folder, GitSettings(environment=environment)) as repository:
        snap = take_snapshot(repository, SnapshotRequest())

    assert contents(repo, snap)["train.py"] == b"changed"
    assert not (tmp_path / "other-index").exists()


def test_stopping_ends_git_and_leaves_nothing(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitattributes": "*.slow filter=slow\n"})
    repo.git("config", "filter.slow.clean", "sleep 30; cat")
    repo.write({"x.slow": "content"})

    with repo.open() as repository, pytest.raises(Interrupted):
        take_snapshot(repository, SnapshotRequest(declared=("x.slow",)), should_stop=lambda: True)

    assert list((repo.folder / ".git/mlver/quarantine").iterdir()) == []


def test_a_failing_filter_is_told_in_gits_words(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitattributes": "*.bad filter=bad\n"})
    repo.git("config", "filter.bad.clean", "exit 7")
    repo.git("config", "filter.bad.required", "true")
    repo.write({"x.bad": "content"})

    with pytest.raises(StoreFailed, match=r"x\.bad"):
        snapshot(repo, declared=("x.bad",))


def test_what_a_killed_snapshot_left_is_swept_after_a_day(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    old = repo.folder / ".git/mlver/quarantine/snapshot-old"
    young = repo.folder / ".git/mlver/quarantine/snapshot-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (1, 1))

    snapshot(repo)

    assert (old.exists(), young.exists()) == (False, True)
