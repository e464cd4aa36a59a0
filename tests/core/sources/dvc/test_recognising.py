"""A commit is DVC's when a pipeline or a pointer lies in it, in whatever folder."""

from __future__ import annotations

import pytest

from mlver.sources.commits import Commits
from mlver.sources.dvc.recognising import dvc_files, is_dvc, project_of
from tests.support.git import RepoBuilder


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("dvc.yaml", True),
        ("deep/er/dvc.lock", True),
        ("data/set.csv.dvc", True),
        ("old/Dvcfile", True),
        (".dvc/tmp/exps/dvc.yaml", False),
        ("a/.dvc/b.dvc", False),
        ("my-dvc.yaml", False),
        ("dvc.yaml.txt", False),
        ("config.yaml", False),
    ],
)
def test_names_tell(repo: RepoBuilder, path: str, told: bool) -> None:
    commit = repo.commit({path: "x", "README.md": "y"})

    with repo.open() as repository:
        survey = Commits(repository).survey(commit)

    assert is_dvc(survey) is told
    assert bool(dvc_files(survey).all_folders) is told


@pytest.mark.parametrize(
    ("path", "tops", "top"),
    [
        ("a/b/c.txt", ("", "a", "a/b"), "a/b"),
        ("ab/c.txt", ("", "a"), ""),
        ("a", ("a",), "a"),
        ("other/c.txt", ("a",), ""),
    ],
)
def test_a_file_belongs_to_the_nearest_project(path: str, tops: tuple[str, ...], top: str) -> None:
    assert project_of(path, tops) == top
