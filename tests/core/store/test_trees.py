"""Trees and commits made by hand are what git itself would have made."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlver.errors import StoreFailed
from mlver.model.person import Person
from mlver.store.loose_objects import blob_id, write_blob
from mlver.store.trees import EXECUTABLE_MODE, NewFile, commit_tree, tree_with, tree_without
from tests.support.git import RepoBuilder

ADA = Person(name="Ada Example", email="ada@example.org")


def new(content: bytes) -> NewFile:
    return NewFile(content=content)


def paths_of(repo: RepoBuilder, tree: str) -> list[str]:
    return repo.git("ls-tree", "-r", "-t", "--name-only", tree).splitlines()


def test_a_tree_with_files_added_is_the_one_git_would_make(repo: RepoBuilder) -> None:
    repo.commit({"a.txt": "2", "a/deep": "3", "b/c/d": "4"})
    before = repo.git("rev-parse", "HEAD^{tree}")
    repo.commit({"a/deep": "changed", "a-b": "5", "new/x/y": "6"})
    expected = repo.git("rev-parse", "HEAD^{tree}")

    with repo.open() as repository:
        made = tree_with(
            repository, before, {"a/deep": new(b"changed"), "a-b": new(b"5"), "new/x/y": NewFile(blob_id=blob_id(b"6"))}
        )

    assert made == expected


def test_a_tree_from_nothing_keeps_modes(repo: RepoBuilder) -> None:
    with repo.open() as repository:
        tree = tree_with(
            repository, None, {"run.sh": NewFile(content=b"#!/bin/sh\n", mode=EXECUTABLE_MODE), "x/y": new(b"")}
        )

    listing = [line.split() for line in repo.git("ls-tree", "-r", tree).splitlines()]
    assert [(mode, path) for mode, _, _, path in listing] == [("100755", "run.sh"), ("100644", "x/y")]


def test_a_file_and_a_folder_give_way_to_each_other(repo: RepoBuilder) -> None:
    with repo.open() as repository:
        first = tree_with(repository, None, {"was-file": new(b"1"), "was-folder/inner": new(b"2")})
        second = tree_with(repository, first, {"was-file/inner": new(b"3"), "was-folder": new(b"4")})

    assert paths_of(repo, second) == ["was-file", "was-file/inner", "was-folder"]


@pytest.mark.parametrize(
    "path", ["", "/", "/etc/passwd", "../out", "a//b", "a/../b", ".git/config", "a/.GIT", "x/git~1", "a/", "a\0b", "."]
)
def test_a_path_no_tree_can_hold_is_refused(repo: RepoBuilder, path: str) -> None:
    with repo.open() as repository, pytest.raises(StoreFailed):
        tree_with(repository, None, {path: new(b"x")})


def test_one_name_cannot_be_file_and_folder(repo: RepoBuilder) -> None:
    with repo.open() as repository, pytest.raises(StoreFailed, match="file and a folder"):
        tree_with(repository, None, {"a": new(b"x"), "a/b": new(b"y")})


def test_left_out_paths_go_and_emptied_folders_with_them(repo: RepoBuilder) -> None:
    repo.commit({"train.py": "1", "models/a.npy": "2", "metrics/eval.json": "3", "metrics/keep.txt": "4"})
    tree = repo.git("rev-parse", "HEAD^{tree}")

    with repo.open() as repository:
        left = tree_without(repository, tree, lambda path: path.endswith((".npy", "eval.json")))
        whole = tree_without(repository, tree, lambda _: False)
        nothing = tree_without(repository, tree, lambda _: True)

    assert paths_of(repo, left) == ["metrics", "metrics/keep.txt", "train.py"]
    assert whole == tree
    assert paths_of(repo, nothing) == []


def test_a_commit_is_as_git_would_write_it(repo: RepoBuilder) -> None:
    head = repo.commit({"a": "1"})
    tree = repo.git("rev-parse", "HEAD^{tree}")

    with repo.open() as repository:
        commit = commit_tree(repository, tree, parents=[head], message="Récord a run", author=ADA, when=1_790_000_000.9)
        read = repository.commit(commit)

    assert (read.author, read.time, read.message, read.parents) == (ADA, 1_790_000_000, "Récord a run\n", (head,))
    repo.git("update-ref", "refs/mlver/runs/digits/r1", commit)
    assert (
        repo.git("log", "-1", "--format=%an|%ae|%at|%s", commit)
        == "Ada Example|ada@example.org|1790000000|Récord a run"
    )
    assert repo.fsck() == ""


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(), email=st.text(), message=st.text(), when=st.floats(min_value=-1e9, max_value=4e9))
def test_no_name_and_no_message_makes_a_commit_git_complains_about(
    tmp_path_factory: pytest.TempPathFactory, name: str, email: str, message: str, when: float
) -> None:
    repo = RepoBuilder.create(tmp_path_factory.mktemp("commits"))

    with repo.open() as repository:
        tree = tree_with(repository, None, {"a": new(b"1")})
        commit = commit_tree(
            repository, tree, parents=[], message=message, author=Person(name=name, email=email), when=when
        )
    repo.git("update-ref", "refs/mlver/runs/digits/r1", commit)

    assert repo.fsck() == ""


NAMES = st.text(st.sampled_from("ab.-0"), min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=3), max_size=6))
def test_any_set_of_paths_makes_the_tree_git_makes(repo: RepoBuilder, data: dict[str, bytes]) -> None:
    files = {path: content for path, content in data.items() if not any(other.startswith(path + "/") for other in data)}
    index = b""
    with repo.open() as repository:
        for path, content in files.items():
            index += b"100644 %s\t%s\n" % (write_blob(repository, content).encode(), path.encode())
        made = tree_with(repository, None, {path: new(content) for path, content in files.items()})
    repo.git("read-tree", "--empty")
    repo.git("update-index", "--index-info", content=index)

    assert made == repo.git("write-tree")


def test_objects_are_read_only_and_written_once(repo: RepoBuilder) -> None:
    with repo.open() as repository:
        first = write_blob(repository, b"hello")
        path = repo.folder / ".git/objects" / first[:2] / first[2:]
        node = path.stat().st_ino
        again = write_blob(repository, b"hello")

    assert first == again == repo.git("hash-object", "--stdin", content=b"hello")
    assert path.stat().st_ino == node
    assert path.stat().st_mode & 0o777 == 0o444


def test_a_lock_left_by_a_killed_writer_stops_no_one(repo: RepoBuilder) -> None:
    name = blob_id(b"hello")
    folder = repo.folder / ".git/objects" / name[:2]
    folder.mkdir()
    (folder / f"{name[2:]}.lock").write_bytes(b"")
    (folder / "tmp_obj_left").write_bytes(b"half")

    with repo.open() as repository:
        assert repository.blob(write_blob(repository, b"hello")) == b"hello"


def test_an_old_object_counts_as_new_when_it_is_written_again(repo: RepoBuilder) -> None:
    with repo.open() as repository:
        name = write_blob(repository, b"hello")
        path = repo.folder / ".git/objects" / name[:2] / name[2:]
        os.utime(path, (1, 1))
        write_blob(repository, b"hello")
    repo.git("prune", "--expire=1.day.ago")

    assert path.exists()


def test_the_empty_tree_is_known_though_git_does_not_store_it(repo: RepoBuilder) -> None:
    commit = repo.commit({})

    with repo.open() as repository:
        assert list(repository.files(commit)) == []
        assert repository.entry(commit, "x") is None
