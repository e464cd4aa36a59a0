"""The object store keeps every content once, whole, and out of every command's reach."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from pathlib import Path

import pytest

from mlver.errors import Interrupted, ObjectMissing, RepositoryDamaged, StoreFailed
from mlver.progress import Progress
from mlver.store.objects import ObjectStore
from tests.support.git import RepoBuilder

CONTENT = b"weights" * 300_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "store" / "sha256")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights.npy"
    path.write_bytes(CONTENT)
    return path


def left_over(store: ObjectStore) -> list[Path]:
    return list((store.folder.parent / "incoming").iterdir())


def test_a_file_goes_in_and_comes_out_the_same(store: ObjectStore, weights: Path, tmp_path: Path) -> None:
    stored = store.add(weights)
    store.place(stored.sha256, tmp_path / "deep" / "er" / "copy.npy")

    assert (stored.sha256, stored.size) == (SHA256, len(CONTENT))
    assert (tmp_path / "deep" / "er" / "copy.npy").read_bytes() == CONTENT
    assert left_over(store) == []


def test_the_store_lies_in_the_common_git_directory(repo: RepoBuilder, weights: Path) -> None:
    repo.commit({"a": "1"})
    second = repo.worktree()

    with second.open() as repository:
        ObjectStore.of(repository).add(weights)

    kept = repo.folder / ".git/mlver/objects/sha256" / SHA256[:2] / SHA256[2:4] / SHA256
    assert kept.read_bytes() == CONTENT
    assert kept.stat().st_mode & 0o777 == 0o444


def test_nothing_shares_an_inode_with_the_store(store: ObjectStore, weights: Path, tmp_path: Path) -> None:
    store.add(weights)
    store.place(SHA256, tmp_path / "out.npy")
    for path in (weights, tmp_path / "out.npy"):
        with path.open("r+b") as file:
            file.write(b"overwritten by the next training")

    kept = store.path_of(SHA256)

    assert kept is not None
    assert kept.stat().st_nlink == 1
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == SHA256


def test_what_was_placed_can_be_written_by_its_owner(store: ObjectStore, weights: Path, tmp_path: Path) -> None:
    store.add(weights)
    store.place(SHA256, tmp_path / "out.npy")

    assert (tmp_path / "out.npy").stat().st_mode & 0o600 == 0o600


def test_adding_twice_keeps_the_first(store: ObjectStore, weights: Path) -> None:
    store.add(weights)
    kept = store.path_of(SHA256)
    assert kept is not None
    node = kept.stat().st_ino

    store.add(weights)
    store.add(weights, expected=SHA256)

    assert kept.stat().st_ino == node
    assert left_over(store) == []


def test_a_wrong_expectation_is_not_believed(store: ObjectStore, weights: Path, tmp_path: Path) -> None:
    store.add(weights)
    (tmp_path / "other").write_bytes(b"another content")

    stored = store.add(tmp_path / "other", expected=SHA256)

    assert stored.sha256 == hashlib.sha256(b"another content").hexdigest()
    assert store.has(stored.sha256)


def test_a_truncated_object_is_healed_by_adding_it_again(store: ObjectStore, weights: Path) -> None:
    store.add(weights)
    kept = store.path_of(SHA256)
    assert kept is not None
    kept.chmod(0o644)
    kept.write_bytes(CONTENT[:10])

    store.add(weights)

    assert kept.read_bytes() == CONTENT


def test_a_damaged_object_is_found_when_it_is_read(store: ObjectStore, weights: Path, tmp_path: Path) -> None:
    store.add(weights)
    kept = store.path_of(SHA256)
    assert kept is not None
    kept.chmod(0o644)
    kept.write_bytes(CONTENT[:-1] + b"!")
    target = tmp_path / "out.npy"
    target.write_bytes(b"what was there")

    with pytest.raises(RepositoryDamaged, match=SHA256[:12]):
        store.place(SHA256, target)

    assert target.read_bytes() == b"what was there"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".mlver")] == []


def test_what_is_not_there_is_missing(store: ObjectStore, tmp_path: Path) -> None:
    assert not store.has(SHA256)
    with pytest.raises(ObjectMissing):
        store.place(SHA256, tmp_path / "out")
    with pytest.raises(StoreFailed, match="no SHA-256"):
        store.path_of("../../etc/passwd")


def test_another_file_is_copied_only_when_it_is_the_wanted_one(
    store: ObjectStore, weights: Path, tmp_path: Path
) -> None:
    store.copy_checked(weights, tmp_path / "good", SHA256)
    with pytest.raises(ObjectMissing, match="another content"):
        store.copy_checked(weights, tmp_path / "bad", "0" * 64)

    assert (tmp_path / "good").read_bytes() == CONTENT
    assert not (tmp_path / "bad").exists()


@pytest.mark.parametrize("kind", ["fifo", "folder", "missing", "device"])
def test_only_regular_files_are_kept(store: ObjectStore, tmp_path: Path, kind: str) -> None:
    path = Path("/dev/zero") if kind == "device" else tmp_path / kind
    if kind == "fifo":
        os.mkfifo(path)
    if kind == "folder":
        path.mkdir()

    with pytest.raises(StoreFailed):
        store.add(path)


def test_progress_is_told_and_stopping_leaves_nothing(store: ObjectStore, weights: Path) -> None:
    heard: list[Progress] = []

    store.add(weights, report=heard.append)
    with pytest.raises(Interrupted):
        store.add(weights, should_stop=lambda: True)

    assert heard[-1].done == heard[-1].total == len(CONTENT)
    assert left_over(store) == []


def test_what_a_killed_process_left_is_swept_after_a_day(store: ObjectStore, weights: Path) -> None:
    incoming = store.folder.parent / "incoming"
    incoming.mkdir(parents=True)
    (incoming / ".mlver-old").write_bytes(b"half")
    (incoming / ".mlver-new").write_bytes(b"half")
    os.utime(incoming / ".mlver-old", (1, 1))

    store.add(weights)

    assert [path.name for path in left_over(store)] == [".mlver-new"]


def _add(folder: Path, path: Path) -> None:
    ObjectStore(folder).add(path)


def test_eight_processes_add_the_same_file_at_once(store: ObjectStore, weights: Path) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_add, args=(store.folder, weights)) for _ in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)

    assert [process.exitcode for process in processes] == [0] * 8
    kept = store.path_of(SHA256)
    assert kept is not None
    assert kept.read_bytes() == CONTENT
    assert left_over(store) == []
