"""A repository whose every program leaves a mark when it is run, and a look at all that lies there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.support.foreign_repos import dvc_files, experiment, plain_files
from tests.support.git import RepoBuilder

HOOKS = (
    "post-checkout",
    "post-index-change",
    "reference-transaction",
    "pre-auto-gc",
    "fsmonitor-watchman",
    "post-merge",
)


def trapped_repo(tmp_path: Path) -> RepoBuilder:
    """Plain and DVC versions, an experiment, a release; hooks, filters and every setting that names a program."""
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
    """There once any of the programs was run."""
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
