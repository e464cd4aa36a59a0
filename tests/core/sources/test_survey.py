"""What a commit holds, by names alone: the same whichever commits were looked at before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlver.sources import survey
from mlver.sources.names import interest_of
from mlver.sources.survey import Interest, Survey, Surveyor
from mlver.store.repository import Repository
from tests.support.git import RepoBuilder

FILES = {
    "README.md": "",
    "conf/a.yaml": "lr: 1\n",
    "conf/deep/b.json": "{}",
    "conf.yaml": "x: 1\n",
    "data/one/1.png": "",
    "data/one/labels.csv": "",
    "data/two/2.png": "",
    "src/train.py": "",
}


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder.create(tmp_path)


@pytest.fixture
def repository(repo: RepoBuilder) -> Iterator[Repository]:
    with repo.open() as opened:
        yield opened


def listed(repository: Repository, commit: str, interest: Interest) -> list[tuple[str, str]]:
    """What git lists of the commit, file by file."""
    files = repository.files(repository.commit(commit).tree)
    return [(file.path, file.id) for file in files if interest_of(file.path.rpartition("/")[2]) is interest]


def places(found: Survey) -> list[list[tuple[str, str]]]:
    return [[(file.path, file.id) for file in files] for files in (found.telling, found.others)]


def test_every_commit_is_listed_as_git_has_it_whatever_was_looked_at_before(
    repo: RepoBuilder, repository: Repository
) -> None:
    commits = [
        repo.commit_in_ref("refs/heads/first", FILES),
        repo.commit_in_ref("refs/heads/changed", FILES | {"conf/deep/b.json": "[]", "data/one/3.png": ""}),
        repo.commit_in_ref("refs/heads/moved", {path.replace("data/one", "data/three"): FILES[path] for path in FILES}),
        repo.commit_in_ref("refs/heads/twice", FILES | {f"old/{path}": text for path, text in FILES.items()}),
    ]
    surveyor = Surveyor(repository, interest_of)

    for commit in (*commits, *reversed(commits)):
        expected = [listed(repository, commit, one) for one in (Interest.TELLING, Interest.OTHER)]

        assert places(surveyor.survey(commit)) == expected
        assert surveyor.survey(commit).code == Surveyor(repository, interest_of).survey(commit).code


def test_commits_share_the_lists_of_the_folders_they_share(repo: RepoBuilder, repository: Repository) -> None:
    surveyor = Surveyor(repository, interest_of)
    before = surveyor.survey(repo.commit_in_ref("refs/heads/first", FILES))
    after = surveyor.survey(repo.commit_in_ref("refs/heads/changed", FILES | {"conf/a.yaml": "lr: 2\n"}))

    old, new = ({file.path: file for file in found.telling} for found in (before, after))

    assert new["data/one/labels.csv"] is old["data/one/labels.csv"]
    assert new["conf/deep/b.json"] is old["conf/deep/b.json"]
    assert new["conf/a.yaml"].id != old["conf/a.yaml"].id


def test_only_so_many_files_are_listed_and_that_is_said_once(
    repo: RepoBuilder, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = repo.commit_in_ref("refs/heads/first", FILES)
    monkeypatch.setattr(survey, "TOLD_LISTED", 3)
    monkeypatch.setattr(survey, "OTHERS_LISTED", 2)

    found = Surveyor(repository, interest_of).survey(commit)

    assert places(found) == [
        listed(repository, commit, Interest.TELLING)[:3],
        listed(repository, commit, Interest.OTHER)[:2],
    ]
    assert found.problems == ("more than 3 configs and data files; the others were not looked at",)


def test_what_is_forgotten_is_looked_at_again(
    repo: RepoBuilder, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = [
        repo.commit_in_ref("refs/heads/first", FILES),
        repo.commit_in_ref("refs/heads/changed", FILES | {"conf/a.yaml": "lr: 2\n"}),
    ]
    monkeypatch.setattr(survey, "PARTS_KEPT", 3)
    monkeypatch.setattr(survey, "PATHS_LISTED", 2)
    surveyor = Surveyor(repository, interest_of)

    for commit in (*commits, *commits):
        assert surveyor.survey(commit) == Surveyor(repository, interest_of).survey(commit)
