"""Commits of a branch that no ref names, when they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.errors import VersionNotFound
from mlver.model.scope import Scope
from tests.support.foreign_repos import cache_of, dvc_files, listing_of, names_of, opened, parents_of, plain_files
from tests.support.git import RepoBuilder


def with_history(tmp_path: Path) -> tuple[RepoBuilder, dict[str, str]]:
    """Seven commits on `main`, of which three changed an input or an output; what they did -> commit."""
    repo = RepoBuilder.create(tmp_path)
    commits = {
        "nothing": repo.commit({"README.md": "nothing yet\n"}),
        "first": repo.commit(dvc_files(lr=0.1)),
        "text": repo.commit({"README.md": "more\n"}),
        "host": repo.commit({".github/workflows/test.yaml": "on: push\n"}),
        "params": repo.commit(dvc_files(lr=0.2)),
        "code": repo.commit({"train.py": "print('better')\n"}),
        "tip": repo.commit({"docs/page.md": "text\n"}),
    }
    return repo, commits


def test_only_commits_that_changed_an_input_or_an_output_are_listed(tmp_path: Path) -> None:
    repo, commits = with_history(tmp_path)

    listing = listing_of(repo, Scope(commits=""))

    assert [row.commit for row in listing.rows] == [commits[name] for name in ("tip", "code", "params", "first")]
    assert names_of(listing)[:2] == ["main", commits["code"][:10]]
    assert not listing.is_cut
    assert list(parents_of(listing).values()) == [*names_of(listing)[1:], None]


def test_a_branch_is_named_by_its_short_name(tmp_path: Path) -> None:
    repo, commits = with_history(tmp_path)
    repo.git("checkout", "--quiet", "-b", "topic/deep", commits["first"])
    extra = repo.commit(dvc_files(lr=0.7))
    repo.commit({"notes.md": "more\n"})

    listing = listing_of(repo, Scope(commits="topic/deep"))

    assert extra in {row.commit for row in listing.rows}
    assert commits["code"] not in {row.commit for row in listing.rows}


def test_the_limit_is_said(tmp_path: Path) -> None:
    repo, commits = with_history(tmp_path)

    listing = listing_of(repo, Scope(commits="", limit=3))

    assert [row.commit for row in listing.rows] == [commits[name] for name in ("tip", "code", "params")]
    assert listing.is_cut
    assert listing.problems == ("only the newest 3 commits of main were looked at (--limit)",)


def test_a_limit_that_is_just_enough_cuts_nothing(tmp_path: Path) -> None:
    repo, commits = with_history(tmp_path)

    assert not listing_of(repo, Scope(commits="", limit=len(commits))).is_cut


def test_an_unknown_branch_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    repo, _ = with_history(tmp_path)

    with pytest.raises(VersionNotFound, match="'mian'") as caught:
        listing_of(repo, Scope(commits="mian"))

    assert caught.value.hint == "there are: main"


def test_a_repository_without_commits_has_none_to_walk(tmp_path: Path) -> None:
    with pytest.raises(VersionNotFound, match="no commit yet"):
        listing_of(RepoBuilder.create(tmp_path), Scope(commits=""))


def test_a_shallow_clone_is_walked_to_its_end(tmp_path: Path) -> None:
    repo, commits = with_history(tmp_path)

    listing = listing_of(repo.shallow(depth=3), Scope(commits=""))

    assert [row.commit for row in listing.rows] == [commits[name] for name in ("tip", "code", "params")]
    assert not listing.is_cut


def test_what_was_walked_once_is_not_remembered_as_the_usual_list(tmp_path: Path) -> None:
    repo, _ = with_history(tmp_path)
    usual = listing_of(repo).rows
    listing_of(repo, Scope(commits=""))

    with opened(repo) as project:
        assert project.remembered().rows == usual
    assert not cache_of(repo).exists()


def test_a_merge_changes_what_its_first_parent_had_not(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    first = repo.commit(plain_files())
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit(plain_files(lr=0.5))
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "side")
    repo.git("branch", "--delete", "side")
    tip = repo.commit({"notes.md": "text\n"})

    commits = [row.commit for row in listing_of(repo, Scope(commits="main")).rows]

    assert commits == [tip, repo.git("rev-parse", f"{tip}^"), first]
    assert side not in commits


def test_commits_whose_files_are_not_here_are_said(tmp_path: Path) -> None:
    repo, _ = with_history(tmp_path)
    clone = repo.partial(left_at_remote="tree:0")

    listing = listing_of(clone, Scope(commits=""))

    assert listing.rows == ()
    assert listing.is_cut
    assert any("some commits of main are not here" in problem for problem in listing.problems)


def test_a_branch_that_is_broken_off_is_said_to_be(tmp_path: Path) -> None:
    repo, commits = with_history(tmp_path)
    lost = commits["host"]
    (repo.git_dir / "objects" / lost[:2] / lost[2:]).unlink()

    listing = listing_of(repo, Scope(commits=""))

    assert commits["code"] in {row.commit for row in listing.rows}
    assert listing.is_cut
    assert any("some commits of main are not here" in problem for problem in listing.problems)
