"""Browsing changes nothing in a repository, but for the index, and runs nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlver.model.scope import Scope
from mlver.project import Project
from tests.support.foreign_repos import opened
from tests.support.git import RepoBuilder
from tests.support.trapped_repo import mark_of, trapped_repo, whole_tree


@pytest.fixture
def trapped(tmp_path: Path) -> RepoBuilder:
    return trapped_repo(tmp_path)


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
        project.notes_of(before)
        project.live(before)
        project.param_history(before, ("lr",))
        for after in rows:
            project.between(before, after)
            project.compare(before, after)
            project.text_diff(before, after, "params.yaml")
    project.matrix(rows)
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
        ["list", "--where", "param.lr>0 note:nothing or is:broken or source=plain"],
        ["show", "main", "--format", "md"],
        ["diff", "v1.0.0", "main"],
        ["diff", "v1.0.0", "main", "tame-eel"],
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
