"""Reading works in every kind of repository, and says clearly what it cannot read."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from mlver.errors import (
    FileNotFoundInVersion,
    LimitReached,
    NotARepository,
    ObjectMissing,
    RepositoryDamaged,
    StoreFailed,
)
from mlver.store.loose_objects import write_blob
from mlver.store.repository import GitSettings, Repository
from tests.support.git import RepoBuilder

FILES: dict[str, str | bytes] = {
    "train.py": "print('train')\n",
    "models/weights.bin": b"\x00\x01\xff",
    "deep/er/note.txt": "hello",
}


@pytest.mark.parametrize("kind", ["normal", "packed", "bare", "worktree", "alternates", "no config"])
def test_a_file_is_read_from_every_kind_of_repository(repo: RepoBuilder, kind: str) -> None:
    commit = repo.commit(FILES)
    if kind == "packed":
        repo.pack()
    if kind == "alternates":
        repo.git("clone", "--quiet", "--shared", str(repo.folder), str(repo.folder.parent / "sharing"))
        repo = RepoBuilder(repo.folder.parent / "sharing", repo.home)
    if kind == "no config":
        (repo.git_dir / "config").unlink()
    repo = {"bare": repo.bare, "worktree": repo.worktree}.get(kind, lambda: repo)()

    with repo.open() as repository:
        content = repository.read(commit, "models/weights.bin")
        paths = [file.path for file in repository.files(commit)]

    assert content == b"\x00\x01\xff"
    assert sorted(paths) == sorted(FILES)


def test_the_repository_is_found_from_a_folder_deep_inside(repo: RepoBuilder) -> None:
    repo.commit(FILES)

    with Repository.open(repo.folder / "deep" / "er", repo.settings) as repository:
        found = repository.folder

    assert found == repo.folder


@pytest.mark.parametrize("inside", [".git", ".git/refs/heads"])
def test_opened_from_inside_the_git_folder_the_working_tree_is_known(repo: RepoBuilder, inside: str) -> None:
    repo.commit(FILES)

    with Repository.open(repo.folder / inside, repo.settings) as repository:
        assert (repository.folder, repository.is_bare) == (repo.folder, False)


def test_a_bare_repository_says_so(repo: RepoBuilder) -> None:
    repo.commit(FILES)
    bare = repo.bare()

    with bare.open() as repository:
        assert repository.is_bare
        assert repository.folder == repository.git_dir == repository.common_dir == bare.folder


def test_a_second_working_tree_has_its_own_head_and_the_shared_refs(repo: RepoBuilder) -> None:
    first = repo.commit(FILES)
    second = repo.worktree("second")
    newer = second.commit({"train.py": "print('changed')"})

    with second.open() as repository, repo.open() as main:
        assert repository.folder == second.folder
        assert (repository.refs().head.commit, repository.refs().head.branch) == (newer, "second")
        assert (main.refs().head.commit, main.refs().head.branch) == (first, "main")
        assert repository.refs().ids == main.refs().ids


def test_a_submodule_is_a_repository_of_its_own(repo: RepoBuilder, tmp_path: Path) -> None:
    inner = RepoBuilder.create(tmp_path, "inner")
    commit = inner.commit({"lib.py": "pass"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "vendored")
    outer = repo.commit({})

    with Repository.open(repo.folder / "vendored", repo.settings) as repository, repo.open() as main:
        assert repository.folder == repo.folder / "vendored"
        assert repository.read(commit, "lib.py") == b"pass"
        entry = main.entry(outer, "vendored")
        assert entry is not None
        assert entry.is_submodule
        with pytest.raises(FileNotFoundInVersion, match="submodule"):
            main.read(outer, "vendored")


def test_outside_any_repository_the_hint_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotARepository) as caught:
        Repository.open(tmp_path, GitSettings())

    assert "mlver-tui --demo" in caught.value.hint


def test_a_folder_that_is_not_there_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(NotARepository):
        Repository.open(tmp_path / "nowhere", GitSettings())


@pytest.mark.parametrize("content", [b"", b"nonsense", b"gitdir: /nowhere/at/all\n"])
def test_a_broken_link_to_the_repository_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".git").write_bytes(content)

    with pytest.raises(RepositoryDamaged, match=r"\.git"):
        Repository.open(tmp_path, GitSettings())


def test_a_sha256_repository_is_refused_in_clear_words(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path, "modern", "--object-format=sha256")

    with pytest.raises(StoreFailed, match="SHA-256"):
        repo.open()


def test_a_reftable_repository_is_refused_in_clear_words(repo: RepoBuilder) -> None:
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "--file", str(repo.folder / ".git/config"), "extensions.refStorage", "reftable")

    with pytest.raises(StoreFailed) as caught:
        repo.open()

    assert "reftable" in caught.value.message
    assert "refs migrate" in caught.value.hint


def test_a_partial_clone_names_the_missing_object_and_how_to_fetch_it(repo: RepoBuilder) -> None:
    commit = repo.commit(FILES)
    clone = repo.partial()

    with clone.open() as repository:
        entry = repository.entry(commit, "train.py")
        assert entry is not None
        with pytest.raises(ObjectMissing) as caught:
            repository.read(commit, "train.py")
        assert entry.id in caught.value.message
        command = caught.value.hint.partition(": ")[2].split()
        clone.git(*command[1:])
        assert repository.read(commit, "train.py") == b"print('train')\n"


def test_a_shallow_clone_ends_where_it_was_cut(repo: RepoBuilder) -> None:
    repo.commit(FILES)
    repo.commit({"train.py": "2"})
    newest = repo.commit({"train.py": "3"})
    clone = repo.shallow(depth=2)

    with clone.open() as repository, repo.open() as whole:
        assert repository.is_shallow
        assert not whole.is_shallow
        assert len(list(repository.ancestors(newest, 100))) == 2
        assert len(list(whole.ancestors(newest, 100))) == 3
        with pytest.raises(ObjectMissing) as caught:
            repository.commit(repo.git("rev-parse", "HEAD~2"))
        assert "unshallow" in caught.value.hint


def test_ancestors_come_in_generations_and_each_once(repo: RepoBuilder) -> None:
    root = repo.commit({"a": "1"})
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit({"b": "1"})
    repo.git("checkout", "--quiet", "main")
    main = repo.commit({"c": "1"})
    repo.git("merge", "--quiet", "--no-edit", "side")
    merge = repo.git("rev-parse", "HEAD")

    with repo.open() as repository:
        assert list(repository.ancestors(merge, 100)) == [merge, main, side, root]
        assert list(repository.ancestors(merge, 2)) == [merge, main]


def test_a_commit_is_read_whole(repo: RepoBuilder) -> None:
    parent = repo.commit(FILES)
    commit_id = repo.commit({"train.py": "2"}, "Widen the network\n\nBecause it underfits.\n")

    with repo.open() as repository:
        commit = repository.commit(commit_id)

    assert commit.parents == (parent,)
    assert (commit.author.name, commit.author.email) == ("Ada Example", "ada@example.org")
    assert commit.subject == "Widen the network"
    assert commit.message == "Widen the network\n\nBecause it underfits.\n"
    assert commit.time == int(repo.git("log", "-1", "--format=%ct"))
    assert commit.tree == repo.git("rev-parse", "HEAD^{tree}")


def test_a_commit_in_an_old_encoding_is_decoded(repo: RepoBuilder) -> None:
    repo.commit(FILES)
    repo.git("-c", "i18n.commitEncoding=latin1", "commit", "--quiet", "--amend", "-m", "x", "--allow-empty")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    content = f"tree {tree}\nauthor B <b> 5 +0000\ncommitter B <b> 6 +0000\nencoding ISO-8859-1\n\ncaf\xe9\n"
    commit_id = repo.git("hash-object", "-t", "commit", "-w", "--stdin", content=content.encode("latin1"))

    with repo.open() as repository:
        assert repository.commit(commit_id).subject == "café"


@pytest.mark.parametrize("path", ["nothing", "train.py/below", "models", "", "/", "models//weights.bin", "../train.py"])
def test_what_is_no_file_is_said_so(repo: RepoBuilder, path: str) -> None:
    commit = repo.commit(FILES)

    with repo.open() as repository, pytest.raises(FileNotFoundInVersion):
        repository.read(commit, path)


def test_links_are_told_and_not_followed(repo: RepoBuilder) -> None:
    (repo.folder / "link").symlink_to("models")
    commit = repo.commit(FILES)

    with repo.open() as repository:
        entry = repository.entry(commit, "link")
        assert entry is not None
        assert entry.is_link
        assert repository.read(commit, "link") == b"models"
        assert repository.entry(commit, "link/weights.bin") is None


def test_files_below_a_folder(repo: RepoBuilder) -> None:
    commit = repo.commit(FILES)

    with repo.open() as repository:
        assert [file.path for file in repository.files(commit, "deep")] == ["deep/er/note.txt"]
        assert [file.path for file in repository.files(commit, "deep/er/")] == ["deep/er/note.txt"]
        assert list(repository.files(commit, "train.py")) == []
        assert list(repository.files(commit, "nothing")) == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_over_the_limit_is_not_brought_into_memory(repo: RepoBuilder, packed: bool) -> None:
    commit = repo.commit({"big.bin": bytes(5_000_000)})
    if packed:
        repo.pack()

    with repo.open() as repository:
        with pytest.raises(LimitReached):
            repository.read(commit, "big.bin", limit=1000)
        entry = repository.entry(commit, "big.bin")
        assert entry is not None
        assert repository.blob_size(entry.id) == 5_000_000


def test_the_size_of_a_file_stored_as_a_difference_is_known(repo: RepoBuilder) -> None:
    lines = [f"line {number} of a file that git will store as a difference\n" for number in range(3000)]
    commits = [repo.commit({"data.csv": "".join(lines) + f"turn {turn}\n" * turn}) for turn in range(4)]
    repo.git("repack", "-a", "-d", "-f", "--quiet")

    with repo.open() as repository:
        for commit in commits:
            content = repository.read(commit, "data.csv")
            entry = repository.entry(commit, "data.csv")
            assert entry is not None
            assert repository.blob_size(entry.id) == len(content)


def test_what_is_not_there_is_told_apart_from_what_is_no_commit(repo: RepoBuilder) -> None:
    without = repo.commit({"train.py": "1"})
    blob = repo.git("rev-parse", "HEAD:train.py")
    wanted = {
        without: FileNotFoundInVersion,
        blob: RepositoryDamaged,
        "0" * 40: ObjectMissing,
        "junk": RepositoryDamaged,
    }

    with repo.open() as repository:
        for place, error in wanted.items():
            with pytest.raises(error):
                repository.read(place, ".mlver/version.yaml")


def test_a_stream_that_begins_with_a_long_code_table_is_read(repo: RepoBuilder) -> None:
    repo.commit(FILES)
    varied = b"".join(sha256(b"%d" % number).hexdigest().encode() + b" %d: line\n" % number for number in range(300))

    with repo.open() as repository:
        object_id = write_blob(repository, varied)

        assert repository.blob_size(object_id) == len(varied)
        assert repository.blob(object_id) == varied
