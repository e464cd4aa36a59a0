"""Tens of thousands of refs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.foreign_repos import listing_of, plain_files
from tests.support.git import RepoBuilder

MANY = 20_000


@pytest.fixture
def commits(tmp_path: Path) -> tuple[RepoBuilder, list[str]]:
    """A repository with ten commits that are versions."""
    repo = RepoBuilder.create(tmp_path)
    return repo, [repo.commit(plain_files(lr=number)) for number in range(10)]


def create(repo: RepoBuilder, refs: dict[str, str]) -> None:
    """Write them as git packs them: `git update-ref` takes half a minute for so many files."""
    lines = "".join(f"{commit} {ref}\n" for ref, commit in sorted(refs.items()))
    (repo.git_dir / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{lines}")
    assert len(repo.git("for-each-ref").splitlines()) == len(refs) + 1


def seconds_of_git(repo: RepoBuilder) -> float:
    """How long git takes to name all refs: the best of three."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        repo.git("for-each-ref")
        taken.append(time.perf_counter() - started)
    return min(taken)


def test_thousands_of_pull_requests_cost_no_more_than_naming_them(commits: tuple[RepoBuilder, list[str]]) -> None:
    repo, ids = commits
    create(repo, {f"refs/pull/{number}/head": ids[number % 10] for number in range(MANY)})

    started = time.perf_counter()
    listing = listing_of(repo)
    taken = time.perf_counter() - started

    assert len(listing.rows) == 1
    assert taken < 20 * max(seconds_of_git(repo), 0.05)


def test_thousands_of_tags_on_few_commits_are_few_versions(commits: tuple[RepoBuilder, list[str]]) -> None:
    repo, ids = commits
    create(repo, {f"refs/tags/t{number}": ids[number % 10] for number in range(MANY)})
    first = listing_of(repo)

    started = time.perf_counter()
    again = listing_of(repo)
    taken = time.perf_counter() - started

    assert [row.name for row in first.rows] == [f"t{MANY - 1 - number}" for number in range(10)]
    assert len(first.rows[0].names) == MANY // 10 + 1
    assert again.rows == first.rows
    assert taken < 40 * max(seconds_of_git(repo), 0.05)
