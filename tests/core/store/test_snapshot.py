"""A snapshot pins what is on disk and touches neither the user's index nor their files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlver.errors import RunRefused
from tests.support.git import RepoBuilder
from tests.support.snapshots import CODE, contents, snapshot


def test_a_clean_tree_is_the_commits_own(repo: RepoBuilder) -> None:
    commit = repo.commit(CODE)

    snap = snapshot(repo)

    assert snap.tree == repo.git("rev-parse", "HEAD^{tree}")
    assert (snap.head.commit, snap.head.branch, snap.is_dirty, snap.left_out) == (commit, "main", False, ())
    assert [file.is_new for file in snap.files] == [False, False]


def test_tracked_files_are_as_on_disk(repo: RepoBuilder) -> None:
    repo.commit({**CODE, "gone.py": "x", "staged.py": "1"})
    repo.write({"train.py": "changed", "staged.py": "2"})
    repo.git("add", "staged.py")
    repo.write({"staged.py": "3"})
    (repo.folder / "gone.py").unlink()

    snap = snapshot(repo)

    assert contents(repo, snap) == {"train.py": b"changed", "params.yaml": b"lr: 0.1\n", "staged.py": b"3"}
    assert snap.is_dirty
    assert {file.path for file in snap.files if file.is_new} == {"train.py", "staged.py"}


def test_before_the_first_commit_everything_is_new(repo: RepoBuilder) -> None:
    repo.write(CODE)

    snap = snapshot(repo)

    assert set(contents(repo, snap)) == set(CODE)
    assert (snap.head.commit, snap.head.branch, snap.is_dirty) == (None, "main", True)
    assert all(file.is_new for file in snap.files)


def test_an_empty_folder_gives_an_empty_tree(repo: RepoBuilder) -> None:
    snap = snapshot(repo)

    assert (snap.files, snap.is_dirty) == ((), False)


def test_untracked_source_is_pinned_and_the_rest_listed(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitignore": "ignored.py\n"})
    repo.write(
        {
            "new.py": "new",
            "pkg/inner.py": "inner",
            "pkg/notes.txt": "no source",
            "ignored.py": "ignored",
            "huge.py": "#" * 3000,
            "data/one.csv": "1",
            "data/two.csv": "2",
            "picture.png": b"\x89PNG",
        }
    )

    snap = snapshot(repo, size_limit=2000)

    assert {file.path for file in snap.files} == {*CODE, ".gitignore", "new.py", "pkg/inner.py"}
    assert snap.left_out == ("data/", "huge.py", "picture.png", "pkg/notes.txt")
    assert snap.is_dirty


def test_tools_folders_are_not_walked_for_source(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.write(
        {
            "venv/pyvenv.cfg": "home = /usr",
            "venv/lib/site.py": "x",
            "lab/env/pyvenv.cfg": "home = /usr",
            "lab/env/lib/site.py": "x",
            "lab/own.py": "mine",
            "node_modules/x/index.js": "x",
            "__pycache__/train.cpython-311.py": "x",
            ".tox/py311/setup.py": "x",
        }
    )

    snap = snapshot(repo)

    assert {file.path for file in snap.files} == {*CODE, "lab/own.py"}
    assert {"venv/", "node_modules/", "__pycache__/", ".tox/"} <= set(snap.left_out)


def test_a_flood_of_untracked_source_is_refused_naming_where_it_is(
    repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlver.store.untracked.MOST_FILES", 3)
    repo.commit(CODE)
    repo.write({f"vendored/f{number}.py": "x" for number in range(4)} | {"mine.py": "x"})

    with pytest.raises(RunRefused, match=r"5 untracked source files.*vendored"):
        snapshot(repo)


def test_declared_files_are_pinned_even_when_ignored_and_make_no_code_dirty(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitignore": "data/\n"})
    repo.write({"data/train.csv": "1,2\n", "data/other.csv": "3\n"})

    snap = snapshot(repo, declared=("data/train.csv", "train.py"))

    assert {file.path for file in snap.files} == {*CODE, ".gitignore", "data/train.csv"}
    assert not snap.is_dirty


def test_a_declared_file_that_is_not_there_is_named(repo: RepoBuilder) -> None:
    repo.commit(CODE)

    with pytest.raises(RunRefused, match=r"data/train\.csv"):
        snapshot(repo, declared=("data/train.csv",))


@pytest.mark.parametrize("name", ["*.py", ":(glob)x.py", "a b.py", "tab\t.py", "-dash.py", "ünï.py", "new\nline.py"])
def test_names_with_a_meaning_elsewhere_are_only_names(repo: RepoBuilder, name: str) -> None:
    repo.commit({**CODE, ".gitignore": "/hidden*\n"})
    repo.write({name: "content", "hidden.py": "x"})

    snap = snapshot(repo, declared=(name,), include=())

    assert contents(repo, snap)[name] == b"content"
    assert "hidden.py" not in contents(repo, snap)


def test_a_name_that_is_no_utf8_is_pinned(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    name = os.fsdecode(b"caf\xe9.py")
    repo.write({name: "content"})

    assert contents(repo, snapshot(repo))[name] == b"content"


def test_what_steps_make_is_in_no_snapshot_and_makes_nothing_dirty(repo: RepoBuilder) -> None:
    repo.commit({**CODE, "metrics/eval.json": "{}", "models/old.npy": "old"})
    repo.write({"metrics/eval.json": '{"accuracy": 1}', "models/new.py": "made"})

    snap = snapshot(repo, is_left_out=lambda path: path.startswith(("metrics", "models")))

    assert {file.path for file in snap.files} == set(CODE)
    assert not snap.is_dirty
    assert snap.left_out == ()


def test_overrides_replace_content_and_make_nothing_dirty(repo: RepoBuilder) -> None:
    repo.commit({**CODE, "run.sh": "old"})
    (repo.folder / "run.sh").chmod(0o755)
    repo.commit({})

    snap = snapshot(repo, overrides={"params.yaml": b"lr: 0.003\n", "run.sh": b"new", "made/up.yaml": b"x"})

    assert contents(repo, snap)["params.yaml"] == b"lr: 0.003\n"
    assert {file.path: file.mode for file in snap.files}["run.sh"] == 0o100755
    assert {file.path for file in snap.files if file.is_new} == {"params.yaml", "run.sh", "made/up.yaml"}
    assert not snap.is_dirty
    assert (repo.folder / "params.yaml").read_text() == CODE["params.yaml"]


def test_links_are_pinned_as_links_and_modes_kept(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    (repo.folder / "link.py").symlink_to("/etc/passwd")
    repo.write({"run.sh": "#!/bin/sh\n"})
    (repo.folder / "run.sh").chmod(0o755)

    snap = snapshot(repo)

    modes = {file.path: file.mode for file in snap.files}
    assert (modes["link.py"], modes["run.sh"], modes["train.py"]) == (0o120000, 0o100755, 0o100644)
    assert contents(repo, snap)["link.py"] == b"/etc/passwd"


def test_a_change_in_the_same_tick_as_the_last_add_is_seen(repo: RepoBuilder) -> None:
    # Same size, same time: only reading it tells, and git reads again what is not older than its index.
    repo.git("config", "core.trustctime", "false")
    train, index = repo.folder / "train.py", repo.folder / ".git/index"
    tick = (1_790_000_000, 1_790_000_000)
    repo.write({"train.py": "a"})
    os.utime(train, tick)
    repo.git("add", "train.py")
    os.utime(index, tick)
    repo.write({"train.py": "b"})
    os.utime(train, tick)

    assert contents(repo, snapshot(repo))["train.py"] == b"b"


def test_a_file_git_was_told_not_to_look_at_is_looked_at(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.git("update-index", "--assume-unchanged", "train.py")
    repo.write({"train.py": "changed"})

    assert contents(repo, snapshot(repo))["train.py"] == b"changed"
    assert repo.git("ls-files", "-v", "train.py") == "h train.py"


def test_a_file_announced_but_not_added_is_pinned(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.write({"soon.txt": "content"})
    repo.git("add", "--intent-to-add", "soon.txt")

    assert contents(repo, snapshot(repo))["soon.txt"] == b"content"


def test_an_unfinished_merge_is_refused_naming_the_conflict(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"train.py": "side"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"train.py": "main"})
    with pytest.raises(AssertionError):
        repo.git("merge", "side")

    with pytest.raises(RunRefused, match=r"train\.py has merge conflicts"):
        snapshot(repo)


def test_a_bare_repository_has_nothing_to_record(repo: RepoBuilder) -> None:
    repo.commit(CODE)

    with pytest.raises(RunRefused, match="bare"):
        snapshot(repo.bare())


def test_a_second_working_tree_is_pinned_on_its_own(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.write({"train.py": "changed in the first"})
    second = repo.worktree()
    second.write({"train.py": "changed in the second"})

    snap = snapshot(second)

    assert contents(repo, snap)["train.py"] == b"changed in the second"
    assert snap.head.branch == "second"


def test_a_very_large_file_that_git_packs_at_once_is_pinned(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.git("config", "core.bigFileThreshold", "1k")
    repo.write({"big.bin": os.urandom(5000)})

    snap = snapshot(repo, declared=("big.bin",))

    assert len(contents(repo, snap)["big.bin"]) == 5000
    assert "missing" not in repo.fsck()


def test_a_submodule_is_its_commit_and_a_dirty_one_a_warning(repo: RepoBuilder, tmp_path: Path) -> None:
    inner = RepoBuilder.create(tmp_path, "inner")
    commit = inner.commit({"lib.py": "pass"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "vendored")
    repo.commit(CODE)
    clean = snapshot(repo)
    (repo.folder / "vendored" / "lib.py").write_text("changed")

    dirty = snapshot(repo)

    assert ("vendored", commit) in {(file.path, file.id) for file in dirty.files}
    assert clean.warnings == ()
    assert dirty.warnings == ("submodule vendored has changes that are not committed there and are not recorded",)


def test_an_embedded_repository_is_left_out_with_a_warning(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    inner = RepoBuilder.create(repo.folder, "embedded")
    inner.commit({"lib.py": "pass"})

    snap = snapshot(repo)

    assert {file.path for file in snap.files} == set(CODE)
    assert "embedded/" in snap.left_out
    assert "embedded/ is a repository of its own" in snap.warnings[0]


def test_a_missing_index_is_read_as_git_reads_it(repo: RepoBuilder) -> None:
    repo.commit({**CODE, "notes.txt": "x"})
    (repo.folder / ".git/index").unlink()

    snap = snapshot(repo)

    assert {file.path for file in snap.files} == set(CODE)
    assert snap.left_out == ("notes.txt",)


def test_the_remote_is_told_without_its_user(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.git("remote", "add", "origin", "https://ada:token@example.org/x.git")

    assert snapshot(repo).remote == "https://example.org/x.git"


def test_line_end_settings_are_the_users_and_refuse_nothing(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.git("config", "core.autocrlf", "input")
    repo.git("config", "core.safecrlf", "true")
    repo.write({"train.py": "a\r\nb\r\n"})

    assert contents(repo, snapshot(repo))["train.py"] == b"a\nb\n"
