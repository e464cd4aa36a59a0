"""Browsing changes nothing in a repository, but for the index, and runs nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from mlver.model.scope import Scope
from mlver.project import Project
from tests.support.foreign_repos import dvc_files, experiment, opened, plain_files
from tests.support.git import RepoBuilder

HOOKS = (
    "post-checkout",
    "post-index-change",
    "reference-transaction",
    "pre-auto-gc",
    "fsmonitor-watchman",
    "post-merge",
)


@pytest.fixture
def trapped(tmp_path: Path) -> RepoBuilder:
    """A repository whose every program leaves a mark when it is run."""
    repo = RepoBuilder.create(tmp_path)
    repo.commit({**plain_files(lr=0.1), "log.csv": "epoch,loss\n1,0.5\n2,0.4\n", "data/train.csv": "x\n1\n"})
    repo.tag("v1", message="said")
    repo.tag("repo#prod#1", message="in use")
    repo.tag("repo@v1.0.0", message="released")
    base = repo.commit({**dvc_files(lr=0.2), "model.bin": b"\0" * 2000})
    experiment(repo, "tame-eel", base, dvc_files(lr=0.5))
    repo.commit({".gitattributes": "* filter=trap diff=trap text eol=crlf\n"})
    script = repo.home / "trap.sh"
    script.write_text(f'#!/bin/sh\ntouch "{mark_of(repo)}"\ncat\n')
    script.chmod(0o755)
    for hook in HOOKS:
        place = repo.git_dir / "hooks" / hook
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(script.read_bytes())
        place.chmod(0o755)
    for setting in (
        "filter.trap.smudge",
        "filter.trap.clean",
        "filter.trap.process",
        "diff.external",
        "diff.trap.command",
        "diff.trap.textconv",
        "core.sshCommand",
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.alternateRefsCommand",
        "credential.helper",
        "uploadpack.packObjectsHook",
        "gpg.program",
        "merge.trap.driver",
    ):
        repo.git("config", setting, str(script))
    repo.git("config", "remote.origin.url", f"ext::{script}")
    return repo


def mark_of(repo: RepoBuilder) -> Path:
    return repo.home / "was-run"


def whole_tree(folders: Iterable[Path]) -> dict[str, tuple[int, int, bytes | None]]:
    """Path -> mode, moment of change and content of all there is, but for the index."""
    found = {}
    for folder in folders:
        for place in sorted(folder.rglob("*")):
            if place.parent.name == "mlver" and place.name.startswith("index.sqlite"):
                continue
            status = place.lstat()
            content = place.read_bytes() if place.is_file() and not place.is_symlink() else None
            changed = 0 if place.is_dir() else status.st_mtime_ns
            found[str(place)] = (status.st_mode, changed, content)
    return found


def browse(project: Project) -> None:
    """Everything that reads."""
    project.remembered()
    rows = project.refresh().rows
    assert {row.source for row in rows} == {"plain", "dvc"}
    project.signature()
    project.ledger()
    project.params_of(rows)
    for before in rows:
        project.version(before)
        project.curves(before)
        project.log(before)
        project.replays_of(before)
        for after in rows:
            project.compare(before, after)
            project.text_diff(before, after, "params.yaml")
    project.find("HEAD~1")
    assert project.which(str(project.folder / "data/train.csv")).occurrences


def test_nothing_but_the_index_is_written(trapped: RepoBuilder) -> None:
    folders = (trapped.folder, trapped.home)
    before = whole_tree(folders)

    for scope in (Scope(), Scope(commits=""), Scope(refs=("*",))):
        with opened(trapped, scope) as project:
            browse(project)

    after = whole_tree(folders)
    added = after.keys() - before.keys()
    assert {name: after[name] for name in before} == before
    assert added == {str(trapped.git_dir / "mlver")}


def test_no_program_is_started(trapped: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []

    def notice(event: str, details: tuple[object, ...]) -> None:
        if event in {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork"}:
            started.append((event, details))

    monkeypatch.setenv("PATH", "")
    watch(notice)
    try:
        with opened(trapped) as project:
            browse(project)
    finally:
        watch(None)

    assert started == []
    assert not mark_of(trapped).exists()


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["list", "--json", "--commits"],
        ["list", "--refs", "*"],
        ["show", "v1.0.0"],
        ["diff", "v1.0.0", "main"],
        ["curves", "v1.0.0"],
        ["stages"],
        ["which", "data/train.csv"],
    ],
    ids=" ".join,
)
def test_every_reading_command_works_without_any_program(trapped: RepoBuilder, words: list[str]) -> None:
    environment = {"HOME": str(trapped.home), "PATH": "", "COLUMNS": "100", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", "from mlver_tui.commands import main; raise SystemExit(main())", *words],
        cwd=trapped.folder,
        env=environment,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout
    assert not mark_of(trapped).exists()


WATCHERS: list[object] = []


def watch(notice: object) -> None:
    """Tell of what the interpreter does; a hook can never be taken away again, so one stays and may be deaf."""
    if not WATCHERS:
        WATCHERS.append(notice)
        sys.addaudithook(lambda event, details: WATCHERS[0](event, details) if callable(WATCHERS[0]) else None)
    WATCHERS[0] = notice
