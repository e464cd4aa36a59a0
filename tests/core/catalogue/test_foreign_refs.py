"""Which refs are versions, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.model.scope import Scope
from tests.support.foreign_repos import by_name, dvc_files, experiment, listing_of, names_of, opened, plain_files
from tests.support.git import RepoBuilder


def test_tags_of_every_kind_and_branches_are_versions(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files(lr=0.1))
    repo.tag("light")
    repo.commit(plain_files(lr=0.2))
    repo.tag("annotated", message="said")
    repo.commit(plain_files(lr=0.3))
    repo.tag("inner", message="said")
    repo.tag("outer", "inner", message="a tag of a tag")
    repo.git("branch", "side")
    repo.commit(plain_files(lr=0.4))

    listing = listing_of(repo)

    assert names_of(listing) == ["main", "inner", "annotated", "light"]
    assert by_name(listing)["inner"].names == ("inner", "outer", "side")
    assert not listing.problems


def test_a_packed_repository_has_the_same_versions(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("inner", message="said")
    repo.tag("outer", "inner", message="a tag of a tag")
    repo.commit(plain_files(lr=0.2))
    loose = listing_of(repo).rows
    repo.pack()

    assert listing_of(repo).rows == loose


def test_several_refs_on_one_commit_are_one_version_with_names_in_order(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    base = repo.commit(plain_files())
    commit = experiment(repo, "tame-eel", base, plain_files(lr=0.2))
    for branch in ("aaa", "zzz"):
        repo.git("branch", branch, commit)
    repo.git("checkout", "--quiet", "zzz")
    for tag in ("v1.9.0", "v1.10.0", "best"):
        repo.tag(tag, commit)
    repo.tag("repo@v2.0.0", commit, message="released")

    (row,) = (row for row in listing_of(repo).rows if row.commit == commit)

    assert row.names == ("v2.0.0", "v1.10.0", "v1.9.0", "best", "tame-eel", "zzz", "aaa")
    assert row.name == "v2.0.0"


def test_refs_of_hosts_remotes_and_dvc_itself_are_no_versions(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    commit = repo.commit(dvc_files())
    other = repo.commit(dvc_files(lr=0.2))
    repo.git("reset", "--quiet", "--hard", commit)
    inner = ("exec/EXEC_HEAD", "stash", "apply/stash", "celery/stash", "temp/0a1b", "running/x", "01/23/short")
    for ref in ("pull/7/head", "remotes/origin/main", "stash", "notes/commits", *(f"exps/{name}" for name in inner)):
        repo.git("update-ref", f"refs/{ref}", other)

    assert names_of(listing_of(repo)) == ["main"]


def test_other_refs_are_versions_when_asked_for(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    commit = repo.commit(plain_files())
    for place, ref in enumerate(("pull/7/head", "pull/8/head", "remotes/origin/topic")):
        repo.git("update-ref", f"refs/{ref}", repo.commit(plain_files(lr=place)))
    repo.git("reset", "--quiet", "--hard", commit)

    assert set(names_of(listing_of(repo, Scope(refs=("refs/pull/*",))))) == {"main", "pull/7/head", "pull/8/head"}
    assert set(names_of(listing_of(repo, Scope(refs=("pull/7/*", "origin/*"))))) == {
        "main",
        "pull/7/head",
        "origin/topic",
    }


def test_mlvers_own_refs_are_never_asked_for(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    commit = repo.commit(plain_files())
    repo.git("update-ref", "refs/mlver/replays/x/y", repo.commit(plain_files(lr=0.2)))
    repo.git("reset", "--quiet", "--hard", commit)

    assert names_of(listing_of(repo, Scope(refs=("*",)))) == ["main"]


def test_a_detached_head_is_a_version(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    first = repo.commit(plain_files())
    repo.commit(plain_files(lr=0.2))
    repo.git("checkout", "--quiet", "--detach", first)

    assert names_of(listing_of(repo)) == ["main", "HEAD"]


def test_a_commit_that_says_nothing_of_a_model_is_no_version(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({"README.md": "nothing yet\n"})
    repo.tag("v0")
    repo.commit(plain_files())

    assert names_of(listing_of(repo)) == ["main"]


def test_names_with_marks_of_other_grammars_are_names(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    odd = ("repo@rc", "a#b!", "x=y", "release!1", "repo/deep/er", "v1@", "#", "名前")
    for tag in odd:
        repo.tag(tag)

    with opened(repo) as project:
        (row,) = project.refresh().rows
        assert set(row.names) == {*odd, "main"}
        for name in odd:
            assert project.find(name).key == row.key
            assert project.find(f"repo@{name}").key == row.key


ONE, TWO = "café", "cafe\u0301"
"""The same letters, the last of them in one character and in two."""


def test_names_that_look_alike_are_two_names(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    commits = []
    for number, name in enumerate((ONE, TWO)):
        commits.append(repo.commit(plain_files(lr=number)))
        repo.tag(name)

    with opened(repo) as project:
        assert {row.name: row.commit for row in project.refresh().rows} == dict(zip((ONE, TWO), commits, strict=True))
        assert [project.find(name).commit for name in (ONE, TWO)] == commits


@pytest.mark.parametrize(("made", "typed"), [(ONE, TWO), (TWO, ONE)])
def test_a_name_is_found_however_its_letters_are_composed(tmp_path: Path, made: str, typed: str) -> None:
    repo = RepoBuilder.create(tmp_path)
    commit = repo.commit(plain_files())
    repo.tag(made)
    repo.commit(plain_files(lr=0.2))

    with opened(repo) as project:
        assert project.find(typed).commit == commit
        assert project.find(f"repo@{typed}").commit == commit


def test_files_and_keys_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({f"conf/{ONE}.yaml": "a: 1\n", f"conf/{TWO}.yaml": "a: 2\n", "metrics.json": f'{{"{ONE}": 1}}'})
    repo.tag("v1")
    repo.commit({f"conf/{ONE}.yaml": "a: 3\n", "metrics.json": f'{{"{TWO}": 1}}'})

    with opened(repo) as project:
        new, old = project.refresh().rows
        before, after = (project.version(row).manifest for row in (old, new))
        compared = project.compare(old, new)

    assert before.params == {f"conf/{ONE}.yaml": {"a": 1}, f"conf/{TWO}.yaml": {"a": 2}}
    assert after.params == {f"conf/{ONE}.yaml": {"a": 3}, f"conf/{TWO}.yaml": {"a": 2}}
    assert {delta.name: (delta.before, delta.after) for delta in compared.metrics} == {ONE: (1, None), TWO: (None, 1)}


def test_an_empty_repository_has_no_versions(tmp_path: Path) -> None:
    listing = listing_of(RepoBuilder.create(tmp_path))

    assert listing.rows == ()
    assert listing.problems == ()


def test_what_was_measured_is_no_code_that_could_explain_it(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files(lr=0.1, accuracy=0.8, train_py="print(1)\n"))
    repo.tag("v1")
    repo.commit(plain_files(lr=0.1, accuracy=0.9, train_py="print(2)\n"))
    repo.tag("v2")

    with opened(repo) as project:
        rows = by_name(project.refresh())
        comparison = project.compare(rows["v1"], rows["v2"])

    assert [leaf.label for leaf in comparison.code.children] == ["train.py"]
