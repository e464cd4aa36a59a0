"""A snapshot pins what is on disk and touches neither the user's index nor their files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mlver.errors import Interrupted, RunRefused, SecretFound, StoreFailed
from mlver.store.snapshot import Snapshot, SnapshotRequest, take_snapshot
from tests.support.git import RepoBuilder

CODE = {"train.py": "print('train')\n", "params.yaml": "lr: 0.1\n"}


def snapshot(repo: RepoBuilder, **request: Any) -> Snapshot:
    with repo.open() as repository:
        return take_snapshot(repository, SnapshotRequest(**request))


def contents(repo: RepoBuilder, snap: Snapshot) -> dict[str, bytes]:
    return {file.path: repo.git_bytes("cat-file", "-p", file.id) for file in snap.files if file.mode != 0o160000}


def state(folder: Path) -> Mapping[str, tuple[bytes, int]]:
    """Every file of a folder with its bytes and its time of change (git makes objects it meets again young)."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns * ("objects" not in path.parts)) for path in files}


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


def test_neither_index_nor_files_nor_refs_are_touched(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.write({"train.py": "changed", "new.py": "new", "params.yaml": "lr: 0.2"})
    repo.git("add", "params.yaml")
    git_files = {path for path in (repo.folder / ".git").iterdir() if path.name not in {"objects", "mlver"}}
    before = state(repo.folder / ".git"), state(repo.folder)

    snapshot(repo, overrides={"params.yaml": b"lr: 9"})

    after = state(repo.folder / ".git"), state(repo.folder)
    assert {path for path in (repo.folder / ".git").iterdir() if path.name not in {"objects", "mlver"}} == git_files
    for old, new in zip(before, after, strict=True):
        assert {path: new.get(path) for path in old} == old
        assert all("/.git/objects/" in path for path in new.keys() - old.keys())
    assert list((repo.folder / ".git/mlver/quarantine").iterdir()) == []


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


def test_a_change_in_the_moment_of_the_last_add_is_seen(repo: RepoBuilder) -> None:
    # Same size, same second: only re-reading tells, and git re-reads what is not older than its index.
    for number in range(10):
        repo.write({"train.py": f"a{number}"})
        repo.git("add", "train.py")
        repo.write({"train.py": f"b{number}"})

        assert contents(repo, snapshot(repo))["train.py"] == b"b%d" % number


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


def test_the_users_filters_apply_and_the_inspector_sees_what_is_recorded(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitattributes": "*.up filter=upper\n"})
    repo.git("config", "filter.upper.clean", "tr a-z A-Z")
    repo.write({"shout.up": "quiet"})
    seen: dict[str, bytes] = {}

    snap = snapshot(repo, declared=("shout.up",), inspect=seen.__setitem__)

    assert contents(repo, snap)["shout.up"] == b"QUIET"
    assert seen == {"shout.up": b"QUIET"}


def test_every_new_content_is_inspected_and_no_other(repo: RepoBuilder) -> None:
    repo.commit({**CODE, "old.py": "old"})
    repo.write({"train.py": "changed", "new.py": "new", "staged.txt": "staged", "big.txt": "declared"})
    repo.git("add", "staged.txt")
    seen: dict[str, bytes] = {}

    snapshot(repo, declared=("big.txt",), overrides={"params.yaml": b"lr: 1"}, inspect=seen.__setitem__)

    assert seen == {
        "train.py": b"changed",
        "new.py": b"new",
        "staged.txt": b"staged",
        "big.txt": b"declared",
        "params.yaml": b"lr: 1",
    }


def test_a_refused_snapshot_writes_no_object(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    repo.write({"keys.py": "password = 'hunter2'", "train.py": "changed"})
    before = sorted((repo.folder / ".git/objects").rglob("*"))

    def inspect(path: str, content: bytes) -> None:
        if b"password" in content:
            raise SecretFound(f"{path}:1: a password")

    with pytest.raises(SecretFound, match=r"keys\.py:1"):
        snapshot(repo, inspect=inspect)

    assert sorted((repo.folder / ".git/objects").rglob("*")) == before
    assert list((repo.folder / ".git/mlver/quarantine").iterdir()) == []


def test_a_file_too_large_to_be_inspected_is_said_so(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlver.store.snapshot.INSPECTED_BYTES", 100)
    repo.commit(CODE)
    repo.write({"big.csv": "x" * 200})
    seen: list[str] = []

    snap = snapshot(repo, declared=("big.csv",), inspect=lambda path, _: seen.append(path))

    assert seen == []
    assert snap.warnings == ("big.csv is too large to be searched for secrets",)


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


def test_hooks_and_watchers_of_the_repository_do_not_run(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit(CODE)
    alarm = tmp_path / "ran"
    script = f"#!/bin/sh\ntouch {alarm}\n"
    for hook in ("post-index-change", "pre-commit", "reference-transaction"):
        repo.write({f".git/hooks/{hook}": script})
        (repo.folder / ".git/hooks" / hook).chmod(0o755)
    repo.write({".git/watch": script})
    (repo.folder / ".git/watch").chmod(0o755)
    repo.git("config", "core.fsmonitor", f"{repo.folder}/.git/watch")
    repo.write({"train.py": "changed"})
    alarm.unlink(missing_ok=True)

    snap = snapshot(repo)
    with repo.open() as repository:
        repository.create_ref("refs/mlver/runs/digits/r1", snap.head.commit or "")

    assert not alarm.exists()


def test_settings_that_point_git_elsewhere_do_not_reach_it(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit(CODE)
    repo.write({"train.py": "changed"})
    environment = {
        **repo.settings.environment,
        "GIT_DIR": str(tmp_path / "nowhere"),
        "GIT_WORK_TREE": "/",
        "GIT_INDEX_FILE": str(tmp_path / "other-index"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "other-objects"),
        "GIT_CONFIG_PARAMETERS": "'core.bare'='true'",
        "GIT_NAMESPACE": "x",
        "LANGUAGE": "de",
        "LC_ALL": "de_DE.UTF-8",
    }

    from mlver.store.repository import GitSettings, Repository

    with Repository.open(repo.folder, GitSettings(environment=environment)) as repository:
        snap = take_snapshot(repository, SnapshotRequest())

    assert contents(repo, snap)["train.py"] == b"changed"
    assert not (tmp_path / "other-index").exists()


def test_stopping_ends_git_and_leaves_nothing(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitattributes": "*.slow filter=slow\n"})
    repo.git("config", "filter.slow.clean", "sleep 30; cat")
    repo.write({"x.slow": "content"})

    with repo.open() as repository, pytest.raises(Interrupted):
        take_snapshot(repository, SnapshotRequest(declared=("x.slow",)), should_stop=lambda: True)

    assert list((repo.folder / ".git/mlver/quarantine").iterdir()) == []


def test_a_failing_filter_is_told_in_gits_words(repo: RepoBuilder) -> None:
    repo.commit({**CODE, ".gitattributes": "*.bad filter=bad\n"})
    repo.git("config", "filter.bad.clean", "exit 7")
    repo.git("config", "filter.bad.required", "true")
    repo.write({"x.bad": "content"})

    with pytest.raises(StoreFailed, match=r"x\.bad"):
        snapshot(repo, declared=("x.bad",))


def test_what_a_killed_snapshot_left_is_swept_after_a_day(repo: RepoBuilder) -> None:
    repo.commit(CODE)
    old = repo.folder / ".git/mlver/quarantine/snapshot-old"
    young = repo.folder / ".git/mlver/quarantine/snapshot-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (1, 1))

    snapshot(repo)

    assert (old.exists(), young.exists()) == (False, True)
