"""A snapshot holds the files that are not in the working tree because the user asked git to leave them out."""

from __future__ import annotations

import pytest

from mlver.errors import ObjectMissing
from tests.support.git import RepoBuilder
from tests.support.snapshots import CODE, contents, snapshot

REST = {"lib/a.py": "A = 1\n", "lib/deep/b.txt": "b\n"}

SPARSE = [
    ("set", "src"),
    ("set", "--sparse-index", "src"),
    ("set", "--no-cone", "/*", "!/lib/"),
]


@pytest.fixture
def whole(repo: RepoBuilder) -> RepoBuilder:
    """A repository with a folder that is not always wanted."""
    repo.commit({**CODE, **REST, "src/main.py": "main\n"})
    return repo


@pytest.mark.parametrize("how", SPARSE)
def test_what_a_sparse_checkout_leaves_out_is_no_deletion(whole: RepoBuilder, how: tuple[str, ...]) -> None:
    whole.git("sparse-checkout", *how)
    assert not (whole.folder / "lib").exists()

    snap = snapshot(whole)

    assert (snap.tree, snap.is_dirty) == (whole.git("rev-parse", "HEAD^{tree}"), False)
    assert whole.git("status", "--porcelain") == ""


@pytest.mark.parametrize("how", SPARSE)
def test_what_is_there_all_the_same_is_as_on_disk(whole: RepoBuilder, how: tuple[str, ...]) -> None:
    whole.git("sparse-checkout", *how)
    whole.write({"lib/a.py": "A = 2\n", "lib/new.py": "NEW = 1\n", "lib/data.csv": "1\n"})

    held = contents(whole, snapshot(whole, declared=("lib/data.csv",)))

    assert (held["lib/a.py"], held["lib/new.py"], held["lib/data.csv"]) == (b"A = 2\n", b"NEW = 1\n", b"1\n")
    assert held["lib/deep/b.txt"] == b"b\n"


def test_a_change_that_git_was_told_to_pass_over_is_pinned(whole: RepoBuilder) -> None:
    whole.git("update-index", "--skip-worktree", "params.yaml", "lib/a.py")
    whole.write({"params.yaml": "lr: 0.5\n"})
    (whole.folder / "lib" / "a.py").unlink()

    held = contents(whole, snapshot(whole, declared=("params.yaml",)))

    assert held["params.yaml"] == b"lr: 0.5\n"
    assert held["lib/a.py"] == b"A = 1\n"
    assert whole.git("ls-files", "-v", "params.yaml") == "S params.yaml"


@pytest.mark.parametrize("left_at_remote", ["blob:none", "tree:0"])
@pytest.mark.parametrize("how", [("set", "src"), ("set", "--sparse-index", "src")])
def test_what_a_partial_clone_never_fetched_is_held_by_name(
    whole: RepoBuilder, left_at_remote: str, how: tuple[str, ...]
) -> None:
    clone = whole.partial(left_at_remote=left_at_remote)
    clone.git("sparse-checkout", *how)
    clone.git("checkout", "--quiet", "main")
    clone.write({"src/main.py": "changed\n"})

    snap = snapshot(clone)

    files = {file.path: file for file in snap.files}
    assert {path for path, file in files.items() if file.is_new} == {"src/main.py"}
    with clone.open() as repository:
        assert not repository.has(files["lib/deep/b.txt"].id)
        assert repository.blob(files["src/main.py"].id) == b"changed\n"


def test_what_lies_at_the_remote_is_not_searched_and_stops_nothing(whole: RepoBuilder) -> None:
    clone = whole.partial()
    clone.git("sparse-checkout", "set", "src")
    clone.git("checkout", "--quiet", "main")
    clone.git("update-ref", "-d", "HEAD")  # no commit any more: every file is a new one
    seen: list[str] = []

    snapshot(clone, inspect=lambda files: seen.extend(path for path, _content in files))

    assert "src/main.py" in seen
    assert "lib/a.py" not in seen


def test_a_blob_of_a_partial_clone_is_fetched_when_recording_needs_it(whole: RepoBuilder) -> None:
    clone = whole.partial()
    blob = clone.git("rev-parse", "HEAD:lib/a.py")

    with clone.open() as repository:
        with pytest.raises(ObjectMissing, match="not present here"):
            repository.blob(blob)
        assert repository.fetched_blob(blob) == b"A = 1\n"


def test_a_blob_whose_remote_is_gone_is_named_with_what_to_do(whole: RepoBuilder) -> None:
    clone = whole.partial()
    blob = clone.git("rev-parse", "HEAD:lib/a.py")
    whole.folder.rename(whole.folder.with_name("gone"))

    with clone.open() as repository, pytest.raises(ObjectMissing) as caught:
        repository.fetched_blob(blob)

    assert caught.value.hint == f"this is a partial clone; fetch it: git cat-file -e {blob}"
