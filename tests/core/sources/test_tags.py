"""Tags as git users and hostile hands make them; test_tags_against_gto.py has what GTO itself says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mlver.errors import ObjectMissing
from mlver.model.ledger import Ledger, Move
from mlver.model.person import Person
from mlver.model.standing import releases_by_place, stages_by_place
from mlver.sources.tags import MESSAGE_KEPT, event_tags, read_ledger, read_tag
from mlver.store.repository import Refs
from tests.support.git import RepoBuilder


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder.create(tmp_path)


def ledger_in(repo: RepoBuilder) -> Ledger:
    with repo.open() as repository:
        return read_ledger(repository, repository.refs(), {}).ledger


def test_who_when_and_why_are_read_from_the_tag(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    repo.tag("digits@v1.0.0", message="First one\n\nthat works")

    [event] = ledger_in(repo).events

    with repo.open() as repository:
        made = repository.commit(commit).time
    assert (event.move, event.model, event.version, event.place) == (Move.REGISTERED, "digits", "v1.0.0", commit)
    assert (event.tag, event.made, event.source) == ("digits@v1.0.0", made, "tags")
    assert (event.author, event.message) == (
        Person(name="Ada Example", email="ada@example.org"),
        "First one\n\nthat works",
    )


def test_packed_and_loose_tags_are_read_alike(repo: RepoBuilder) -> None:
    for number in range(3):
        repo.commit({"a": str(number)})
        repo.tag(f"digits@v1.{number}.0", message="Release")
        repo.tag(f"digits#prod#{number}", message="Move")
    loose = ledger_in(repo)

    repo.pack()

    assert ledger_in(repo) == loose
    assert len(loose.events) == 6


def test_each_tag_object_is_opened_once(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    repo.tag("digits@v1.0.0", message="Release")
    repo.tag("light@v1.0.0")
    with repo.open() as repository:
        first = read_ledger(repository, repository.refs(), {})
    repo.tag("digits#prod#1", message="Move")

    with repo.open() as repository:
        second = read_ledger(repository, repository.refs(), first.fresh)

    assert len(first.fresh) == 2
    assert [facts.message for facts in second.fresh.values()] == ["Move"]
    assert [event.tag for event in second.ledger.events] == ["digits@v1.0.0", "digits#prod#1"]
    assert second.ledger.problems == first.ledger.problems


def test_a_lightweight_tag_is_no_event_and_said_to_be_none(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    repo.tag("digits@v1.0.0")

    known = ledger_in(repo)

    assert known.events == ()
    [problem] = known.problems
    assert "they release nothing: digits@v1.0.0; git tag --annotate" in problem


def test_tags_on_files_and_folders_are_left_out_with_a_reason(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    repo.tag("digits@v1.0.0", "HEAD:a", message="A file")
    repo.tag("digits@v2.0.0", "HEAD^{tree}", message="A folder")
    repo.tag("digits@v3.0.0", message="A commit")
    repo.tag("light@v1.0.0", "HEAD:a")

    known = ledger_in(repo)

    assert releases_by_place(known) == {(commit, "digits"): ("v3.0.0",)}
    assert len(known.problems) == 3
    assert any("digits@v1.0.0" in one and "stands for a blob, not for a commit" in one for one in known.problems)
    assert any("digits@v2.0.0" in one and "stands for a tree, not for a commit" in one for one in known.problems)


def test_a_tag_of_tags_speaks_of_the_commit_behind_them(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    previous = "HEAD"
    for number in range(14):
        repo.tag(f"t{number}", previous, message="x")
        previous = f"t{number}"
    repo.tag("digits@v1.0.0", previous, message="Outermost")
    deepest = "digits@v1.0.0"
    for number in range(6):
        repo.tag(f"deep{number}", deepest, message="x")
        deepest = f"deep{number}"
    repo.tag("digits@v2.0.0", deepest, message="Too deep")

    known = ledger_in(repo)

    [event] = known.events
    assert (event.place, event.message) == (commit, "Outermost")
    [problem] = known.problems
    assert "digits@v2.0.0" in problem
    assert "deep" in problem


def test_a_tag_whose_object_is_not_here_is_asked_for_again_next_time(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    absent = "12" * 20

    with repo.open() as repository:
        reading = read_ledger(repository, Refs(ids={"refs/tags/digits@v1.0.0": absent}), {})
        with pytest.raises(ObjectMissing):
            read_tag(repository, absent)

    assert reading.fresh == {}
    assert reading.ledger.events == ()
    assert absent in reading.ledger.problems[0]


def test_hostile_tags_are_bounded(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    header = (
        f"object {commit}\ntype commit\ntag digits@v1.0.0\ntagger {'N' * 5_000} <{'e' * 5_000}> 99999999999999 +0000\n"
    )
    long = repo.git(
        "hash-object", "-t", "tag", "-w", "--stdin", "--literally", content=f"{header}\n{'m' * 90_000}".encode()
    )
    huge = repo.git(
        "hash-object", "-t", "tag", "-w", "--stdin", "--literally", content=f"{header}\n{'m' * (2 << 20)}".encode()
    )
    repo.git("update-ref", "refs/tags/digits@v1.0.0", long)
    repo.git("update-ref", "refs/tags/a@v2.0.0", huge)
    blob = repo.git("rev-parse", "HEAD:a")
    for number in range(30):
        repo.git("update-ref", f"refs/tags/light@v1.0.{number}", commit)
        repo.git("update-ref", f"refs/tags/file@v1.0.{number}", blob)

    known = ledger_in(repo)

    [event] = known.events
    assert (len(event.message), len(event.author.name), len(event.author.email)) == (MESSAGE_KEPT, 200, 200)
    assert event.made is None
    assert len(known.problems) == 22
    assert "tag a@v2.0.0" in known.problems[0]
    assert known.problems[-2] == "11 more tags like these"
    assert "light@v1.0.0, light@v1.0.1, light@v1.0.10 and 27 more" in known.problems[-1]


def test_two_models_share_a_commit(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    for tag in ("digits@v1.0.0", "team/parity@v2.0.0", "digits#prod#1", "nets=scaler@v0.1.0", "nets=scaler#dev#1"):
        repo.tag(tag, message="x")

    known = ledger_in(repo)

    assert releases_by_place(known) == {
        (commit, "digits"): ("v1.0.0",),
        (commit, "team/parity"): ("v2.0.0",),
        (commit, "nets:scaler"): ("v0.1.0",),
    }
    assert stages_by_place(known) == {(commit, "digits"): ("prod",), (commit, "nets:scaler"): ("dev",)}


def test_names_of_20000_tags_are_looked_at_in_a_moment() -> None:
    names = [
        f"refs/tags/{kind}" for n in range(5_000) for kind in (f"v1.{n}.0", f"m#p#{n}", f"fix@{n}=!x", f"m@v1.{n}.0")
    ]
    refs = Refs(ids=dict.fromkeys(names, "1" * 40))

    started = time.perf_counter()
    found = list(event_tags(refs))

    assert len(found) == 10_000
    assert time.perf_counter() - started < 10
