"""Which model a version belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.errors import VersionAmbiguous, VersionNotFound
from tests.support.foreign_repos import by_name, dvc_files, listing_of, names_of, opened, plain_files
from tests.support.git import RepoBuilder


def test_one_commit_may_hold_versions_of_several_models(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    commit = repo.commit(dvc_files())
    repo.tag("eyes@v1.0.0", message="released")
    repo.tag("ears@v2.0.0", message="released")
    repo.tag("ears#prod#1", message="in use")
    repo.tag("both")

    with opened(repo) as project:
        rows = {row.model: row for row in project.refresh().rows}
        with pytest.raises(VersionAmbiguous):
            project.find("both")
        assert project.find("ears@both").key == rows["ears"].key

    assert {model: row.names for model, row in rows.items()} == {
        "eyes": ("v1.0.0", "both", "main"),
        "ears": ("v2.0.0", "both", "main"),
    }
    assert rows["ears"].stages == ("prod",)
    assert rows["eyes"].stages == ()
    assert {row.key for row in rows.values()} == {f"{commit}/ears", f"{commit}/eyes"}


def test_each_model_has_parents_of_its_own(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.git("checkout", "--quiet", "-b", "work")
    for number, tag in enumerate(("eyes@v1.0.0", "ears@v1.0.0", "eyes@v1.1.0", "ears@v1.1.0")):
        repo.commit(plain_files(lr=number))
        repo.tag(tag, message="released")
    repo.git("checkout", "--quiet", "--detach")
    repo.git("branch", "--quiet", "--delete", "--force", "work")

    rows = {f"{row.model}@{row.name}": row for row in listing_of(repo).rows}

    assert rows["eyes@v1.1.0"].parent == rows["eyes@v1.0.0"].key
    assert rows["ears@v1.1.0"].parent == rows["ears@v1.0.0"].key


def test_what_is_registered_is_a_version_whatever_its_files_say(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({"train.py": "print(1)\n"})
    repo.commit({"train.py": "print(2)\n"})
    repo.tag("eyes@v1.0.0", message="released")
    repo.tag("eyes#prod#1", message="in use")

    (row,) = listing_of(repo).rows

    assert (row.name, row.model, row.stages, row.source) == ("v1.0.0", "eyes", ("prod",), "plain")


def test_the_only_model_of_the_registry_is_the_model_of_all(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("eyes@v1.0.0", message="released")
    repo.commit(plain_files(lr=0.2))

    assert {row.model for row in listing_of(repo).rows} == {"eyes"}


def test_the_project_file_names_the_model(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files(mlver_yaml="mlver: 1\nmodel: digits\n"))
    repo.tag("eyes@v1.0.0", message="released")
    repo.tag("old")
    repo.commit(plain_files(lr=0.2, mlver_yaml="mlver: 1\nmodel: digits\n"))

    assert {name: row.model for name, row in by_name(listing_of(repo)).items()} == {"main": "digits", "v1.0.0": "eyes"}


@pytest.mark.parametrize("text", ["mlver: 1\nmodel: [a]\n", "mlver: 1\nmodel: ../../etc\n", "model: [\n", "- 1\n"])
def test_a_project_file_that_names_none_leaves_the_repositorys_name(tmp_path: Path, text: str) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files(mlver_yaml=text))

    assert {row.model for row in listing_of(repo).rows} == {"repo"}


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("https://user:secret@host.example/team/Hand_Written.Digits.git", "hand-written-digits"),
        ("git@host.example:digits.git", "digits"),
        ("/srv/git/digits/.git", "digits"),
        ("https://host.example/", "host-example"),
        ("…", "repo"),
    ],
)
def test_the_remote_names_the_model_else_the_folder(tmp_path: Path, url: str, model: str) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.git("remote", "add", "origin", url)

    assert {row.model for row in listing_of(repo).rows} == {model}


def test_all_working_trees_of_a_repository_have_its_name(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path, "digits")
    repo.commit(plain_files())
    second = repo.worktree("elsewhere")

    assert {row.model for row in listing_of(second).rows} == {row.model for row in listing_of(repo).rows} == {"digits"}


def test_a_bare_repository_is_named_without_its_suffix(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    bare = repo.bare("digits.git")
    bare.git("remote", "remove", "origin")

    assert {row.model for row in listing_of(bare).rows} == {"digits"}


def test_a_release_taken_back_leaves_its_version_without_that_name(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    commit = repo.commit(plain_files())
    repo.tag("eyes@v1.0.0", message="released")
    repo.commit(plain_files(lr=0.2))
    repo.tag("eyes@v1.0.0!", commit, message="taken back")

    assert names_of(listing_of(repo)) == ["main", commit[:10]]


def test_deprecations_reach_the_ledger(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("eyes@v1.0.0", message="released")
    repo.git("commit", "--quiet", "--allow-empty", "--message", "later")
    repo.commit({})
    repo.tag("eyes@deprecated", message="use ears")

    with opened(repo) as project:
        assert [event.model for event in project.ledger().deprecated] == ["eyes"]


def test_the_only_project_file_names_the_model_wherever_it_lies(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({**plain_files(), "sub/mlver.yaml": "mlver: 1\nmodel: digits\n"})
    repo.tag("one")
    repo.commit({"other/mlver.yaml": "mlver: 1\nmodel: letters\n"})

    assert {name: row.model for name, row in by_name(listing_of(repo)).items()} == {"main": "repo", "one": "digits"}


def test_a_project_file_among_the_tests_names_no_model(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({**plain_files(), "tests/data/mlver.yaml": "mlver: 1\nmodel: invented\n"})

    assert [row.model for row in listing_of(repo).rows] == ["repo"]


def test_a_release_that_was_taken_back_is_said_to_be(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("digits@v1.0.0", message="released")
    commit = repo.commit(plain_files(lr=0.2))
    repo.tag("digits@v1.1.0", message="released")
    repo.tag("digits@v1.1.0!", message="too early")

    with opened(repo) as project:
        for text in ("v1.1.0", "v1.1.0^"):
            with pytest.raises(VersionNotFound) as caught:
                project.find(text)
            assert caught.value.message == "release v1.1.0 of digits was taken back on 2026-09-21 by Ada Example"
            assert commit[:10] in caught.value.hint
        # Its tag is still there, and git knows it.
        assert project.find("digits@v1.1.0").commit == commit
