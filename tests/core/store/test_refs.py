"""Refs are listed in one look, whatever hostile or broken things lie among them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mlver.errors import ObjectMissing, ReadOnly, RefExists, RefMoved, RepositoryDamaged, StoreFailed
from mlver.model.person import Person
from mlver.store import refs
from mlver.store.repository import Refs
from tests.support.git import RepoBuilder


def listed(repo: RepoBuilder) -> Refs:
    with repo.open() as repository:
        return repository.refs()


def git_says(repo: RepoBuilder) -> dict[str, str]:
    lines = repo.git("for-each-ref", "--format=%(objectname) %(refname)").splitlines()
    return {name: object_id for object_id, name in (line.split(" ", 1) for line in lines)}


def test_an_empty_repository_has_a_branch_and_no_commit(repo: RepoBuilder) -> None:
    refs = listed(repo)

    assert (refs.head.commit, refs.head.branch) == (None, "main")
    assert refs.ids == {}
    assert refs.problems == ()


def test_loose_and_packed_refs_are_what_git_says(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    repo.tag("light")
    repo.tag("digits@v1.0.0", message="Release")
    repo.git("pack-refs", "--all")
    second = repo.commit({"a": "2"})
    repo.tag("digits@v1.1.0", message="Release")
    repo.git("update-ref", "refs/mlver/runs/digits/r00000000-aaaaaa", second)

    refs = listed(repo)

    assert refs.ids == git_says(repo)
    assert refs.peeled == {"refs/tags/digits@v1.0.0": repo.git("rev-parse", "digits@v1.0.0^{}")}
    assert refs.problems == ()


def test_a_loose_ref_hides_the_packed_one_and_its_peeled_value(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    repo.tag("moving", message="First")
    repo.git("pack-refs", "--all")
    repo.commit({"a": "2"})
    repo.git("tag", "--force", "--annotate", "--message", "Second", "moving")

    refs = listed(repo)

    assert refs.ids == git_says(repo)
    assert "refs/tags/moving" not in refs.peeled


def test_a_detached_head_has_no_branch(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    repo.git("checkout", "--quiet", "--detach")

    head = listed(repo).head

    assert (head.commit, head.branch) == (commit, None)


def test_a_branch_with_a_slash_keeps_it(repo: RepoBuilder) -> None:
    repo.git("checkout", "--quiet", "-b", "try/wider")
    commit = repo.commit({"a": "1"})

    head = listed(repo).head

    assert (head.commit, head.branch) == (commit, "try/wider")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"garbage\n", "holds no object's id: 'garbage'"),
        (b"\x00\xff\x1b[31m", "holds no object's id"),
        (b"0123\n", "holds no object's id"),
        (b"ref: refs/heads/nowhere\n", "points to 'refs/heads/nowhere', which is not there"),
        (b"ref: refs/tags/broken\n", "points to 'refs/tags/broken', which is not there"),
        (b"ref: \n", "holds no object's id"),
        (b"x" * 1_000_000, "holds no object's id"),
    ],
)
def test_a_broken_ref_is_noted_and_stops_nothing(repo: RepoBuilder, content: bytes, why: str) -> None:
    commit = repo.commit({"a": "1"})
    (repo.folder / ".git/refs/tags/broken").write_bytes(content)

    refs = listed(repo)

    assert refs.ids == {"refs/heads/main": commit}
    assert [problem.ref for problem in refs.problems] == ["refs/tags/broken"]
    assert refs.problems[0].why.startswith(why)


def test_a_fifo_or_a_link_among_the_refs_neither_hangs_nor_leads_outside(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    os.mkfifo(repo.folder / ".git/refs/tags/pipe")
    (tmp_path / "secret").write_text("0" * 40)
    (repo.folder / ".git/refs/tags/outside").symlink_to(tmp_path / "secret")
    (repo.folder / ".git/refs/tags/folder").symlink_to(tmp_path)

    refs = listed(repo)

    assert list(refs.ids) == ["refs/heads/main"]
    assert {problem.ref for problem in refs.problems} == {
        "refs/tags/pipe",
        "refs/tags/outside",
        "refs/tags/folder",
    }


def test_a_name_that_is_no_utf8_comes_back_as_the_same_bytes(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    name = b"refs/tags/caf\xe9".decode(errors="surrogateescape")
    repo.git("update-ref", name, commit)

    loose = listed(repo)
    repo.git("pack-refs", "--all")
    packed = listed(repo)

    assert loose.ids == packed.ids
    assert os.fsencode(name) == b"refs/tags/caf\xe9"
    assert loose.ids[name] == commit


@pytest.mark.parametrize("name", ["with space", "esc\x1b[31m", "a..b", "tab\t", "col:on", "new\nline"])
def test_names_git_would_not_allow_are_noted_and_left_out(repo: RepoBuilder, name: str) -> None:
    commit = repo.commit({"a": "1"})
    (repo.folder / ".git/refs/tags" / name).write_text(commit)

    refs = listed(repo)

    assert list(refs.ids) == ["refs/heads/main"]
    assert [problem.ref for problem in refs.problems] == [f"refs/tags/{name}"]


def test_a_lock_left_behind_is_no_ref(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    (repo.folder / ".git/refs/tags/v1.lock").write_text("")

    refs = listed(repo)

    assert list(refs.ids) == ["refs/heads/main"]
    assert refs.problems == ()


def test_garbage_in_packed_refs_is_counted_and_the_rest_read(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    packed = b"# pack-refs with: peeled fully-peeled sorted \n%s refs/tags/a b\ngarbage\n%s refs/tags/fine"
    (repo.folder / ".git/packed-refs").write_bytes(packed % (commit.encode(), commit.encode()))

    refs = listed(repo)

    assert refs.ids == {"refs/heads/main": commit, "refs/tags/fine": commit}
    assert [problem.ref for problem in refs.problems] == ["refs/tags/a b", "packed-refs"]


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"ref: \n"])
def test_a_broken_head_is_noted(repo: RepoBuilder, content: bytes) -> None:
    repo.commit({"a": "1"})
    (repo.folder / ".git/HEAD").write_bytes(content)

    refs = listed(repo)

    assert refs.head.commit is None
    assert list(refs.ids) == ["refs/heads/main"]


def test_the_signature_stays_while_nothing_changes_and_differs_when_something_does(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    repo.git("update-ref", "refs/mlver/runs/digits/r1", commit)

    def changes() -> list[tuple[str, ...]]:
        return [
            ("update-ref", "refs/mlver/runs/digits/r2", commit),
            ("update-ref", "refs/mlver/runs/other/deep/er/r3", commit),
            ("update-ref", "-d", "refs/mlver/runs/digits/r1"),
            ("pack-refs", "--all", "--prune"),
            ("update-ref", "-d", "refs/mlver/runs/digits/r2"),
            ("commit", "--quiet", "--allow-empty", "-m", "x"),
            ("checkout", "--quiet", "--detach"),
            ("tag", "light"),
        ]

    with repo.open() as repository:
        for change in changes():
            time.sleep(0.06)  # until then a folder counts as still changing
            before = repository.signature()
            assert repository.signature() == before
            repo.git(*change)
            assert repository.signature() != before, change


def test_a_change_in_the_same_tick_of_a_coarse_clock_is_seen(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    tags = repo.folder / ".git/refs/tags"
    (tags / "before").write_text(commit)
    tick = tags.stat().st_mtime_ns

    with repo.open() as repository:
        before = repository.signature()
        (tags / "before").rename(tags / "after")
        os.utime(tags, ns=(tick, tick))

        assert repository.signature() != before


def test_peel_gives_the_commit_behind_tags_of_tags(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    first = repo.tag("one", message="One")
    second = repo.tag("two", "one", message="Two")
    blob = repo.tag("blob", "HEAD:a")
    tagged_blob = repo.tag("tagged-blob", "HEAD:a", message="A file")

    with repo.open() as repository:
        assert [repository.peel(object_id) for object_id in (commit, first, second)] == [commit] * 3
        for object_id in (blob, tagged_blob):
            with pytest.raises(RepositoryDamaged, match="stands for a blob"):
                repository.peel(object_id)
        with pytest.raises(ObjectMissing):
            repository.peel("1" * 40)


def test_a_tag_says_who_made_it_when_and_for_what(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    made = repo.tag("one", message="One\n\nmore")

    with repo.open() as repository:
        tag = repository.tag(made)

        assert (tag.target, tag.target_kind, tag.time) == (commit, "commit", repository.commit(commit).time)
        assert tag.tagger == Person(name="Ada Example", email="ada@example.org")
        assert tag.message == "One\n\nmore\n"
        with pytest.raises(RepositoryDamaged, match="is a commit, not a tag"):
            repository.tag(commit)


def test_a_tag_of_no_one_and_no_time_is_read_without_its_signature(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    words = f"object {commit}\ntype commit\ntag old\n\nWords\n-----BEGIN PGP SIGNATURE-----\nxyz\n"
    made = repo.git("hash-object", "-t", "tag", "-w", "--stdin", content=words.encode())

    with repo.open() as repository:
        tag = repository.tag(made)

    assert (tag.tagger, tag.time, tag.message) == (Person(), 0, "Words\n")


def test_tags_nested_without_end_are_given_up(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})
    previous = "HEAD"
    for number in range(20):
        repo.tag(f"t{number}", previous, message="x")
        previous = f"t{number}"

    with repo.open() as repository, pytest.raises(RepositoryDamaged, match="deep"):
        repository.peel(repo.git("rev-parse", "t19"))


def test_a_ref_is_created_once(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    other = repo.commit({"a": "2"})
    name = "refs/mlver/runs/digits/r00000000-aaaaaa"

    with repo.open() as repository:
        repository.create_ref(name, commit)
        assert repository.refs().ids[name] == commit
        with pytest.raises(RefExists):
            repository.create_ref(name, other)
        repo.git("pack-refs", "--all", "--prune")
        with pytest.raises(RefExists):
            repository.create_ref(name, other)
        assert repository.refs().ids[name] == commit


def test_a_ref_moves_and_goes_only_from_where_it_was_seen(repo: RepoBuilder) -> None:
    first = repo.commit({"a": "1"})
    second = repo.commit({"a": "2"})
    name = "refs/mlver/drafts/digits/r00000000-aaaaaa"

    with repo.open() as repository:
        with pytest.raises(RefMoved):
            repository.move_ref(name, first, second)
        repository.create_ref(name, first)
        with pytest.raises(RefMoved):
            repository.move_ref(name, second, first)
        repository.move_ref(name, first, second)
        with pytest.raises(RefMoved):
            repository.delete_ref(name, first)
        repository.delete_ref(name, second)
        with pytest.raises(RefMoved):
            repository.delete_ref(name, second)
        assert name not in repository.refs().ids


def test_a_ref_to_nothing_is_refused(repo: RepoBuilder) -> None:
    repo.commit({"a": "1"})

    with repo.open() as repository, pytest.raises(StoreFailed, match="nonexistent object"):
        repository.create_ref("refs/mlver/runs/digits/r1", "1" * 40)


@pytest.mark.parametrize("name", ["refs/mlver/a..b", "refs/mlver/a b", "refs/mlver/x.lock", "/etc/passwd", ""])
def test_an_impossible_name_is_refused(repo: RepoBuilder, name: str) -> None:
    commit = repo.commit({"a": "1"})

    with repo.open() as repository, pytest.raises(StoreFailed):
        repository.create_ref(name, commit)


def test_a_read_only_git_directory_is_said_so(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (repo.folder / ".git/refs").chmod(0o555)

    with repo.open() as repository, pytest.raises(ReadOnly):
        repository.create_ref("refs/mlver/runs/digits/r1", commit)


def test_the_signature_changes_when_a_shallow_clone_is_made_whole(
    repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refs, "_RACY_NS", 0)
    first = repo.commit({"a": "1"})
    newest = repo.commit({"a": "2"})
    clone = repo.shallow(depth=1)

    with clone.open() as repository:
        before = repository.signature()
        assert repository.parents(newest) == ()
        assert repository.signature() == before
        clone.git("fetch", "--quiet", "--unshallow")
        assert repository.signature() != before
        repository.refs()
        assert repository.parents(newest) == (first,)
