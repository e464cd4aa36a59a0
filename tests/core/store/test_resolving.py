"""Words for commits, held to what git itself makes of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mlver.errors import VersionAmbiguous
from tests.support.git import RepoBuilder


@pytest.fixture
def branched(tmp_path: Path) -> RepoBuilder:
    repo = RepoBuilder.create(tmp_path)
    for number in range(3):
        repo.commit({"a.txt": str(number)})
    repo.git("tag", "-a", "v1", "-m", "a release", "HEAD~1")
    repo.git("switch", "-q", "-c", "side", "HEAD~2")
    repo.commit({"b.txt": "b"})
    repo.git("switch", "-q", "-")
    repo.git("merge", "-q", "--no-edit", "side")
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    return repo


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize(
    "words",
    ["HEAD", "@", "HEAD~1", "HEAD~2", "HEAD^", "HEAD^2", "HEAD^2~1", "HEAD^0", "side", "v1", "v1~1", "heads/side",
     "origin/main", "tags/v1^", "refs/heads/side", "HEAD~~"],
)  # fmt: skip
def test_words_mean_what_git_says(branched: RepoBuilder, words: str, is_packed: bool) -> None:
    if is_packed:
        branched.git("gc", "-q")
    said_by_git = branched.git("rev-parse", f"{words}^{{commit}}").strip()

    with branched.open() as repository:
        assert repository.resolve(words) == said_by_git


@pytest.mark.parametrize("is_packed", [False, True])
def test_the_beginning_of_an_id_is_enough(branched: RepoBuilder, is_packed: bool) -> None:
    if is_packed:
        branched.git("gc", "-q")
    for commit in branched.git("rev-list", "--all").split():
        with branched.open() as repository:
            assert repository.resolve(commit[:12]) == commit
            assert repository.resolve(commit[:9].upper()) == commit


@pytest.mark.parametrize(
    "words", ["HEAD~99", "HEAD^3", "nothing", "", "~", "deadbeefdead", "HEAD:a.txt", "v1^{tree}", "ab"]
)
def test_what_git_does_not_know_is_none(branched: RepoBuilder, words: str) -> None:
    with branched.open() as repository:
        assert repository.resolve(words) is None


def test_a_beginning_of_several_commits_is_said(tmp_path: Path) -> None:
    # Two of a thousand ids share their first four digits for sure: there are 65,536 such beginnings.
    repo = RepoBuilder.create(tmp_path)
    one = "commit refs/heads/many\ncommitter dev1 <dev1@e.example> {} +0000\ndata 1\nx\n\n"
    repo.git("fast-import", "--quiet", content="".join(map(one.format, range(1_000, 2_000))).encode())
    beginnings = Counter(commit[:4] for commit in repo.git("rev-list", "--all").split())
    (several, count), *_ = beginnings.most_common(1)
    assert count > 1

    with repo.open() as repository, pytest.raises(VersionAmbiguous):
        repository.resolve(several)
