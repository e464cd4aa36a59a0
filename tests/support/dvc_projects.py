"""Builds DVC projects with the real dvc, and asks it what it says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.foreign_tools import tool_environment
from tests.support.git import RepoBuilder
from tests.support.kept_tools import run_kept


def run_dvc(folder: Path, home: Path, *commands: Sequence[str]) -> list[str]:
    """What each command prints; one that fails fails the test, with its words."""
    told = []
    for words in commands:
        answer = run_kept("dvc", words, folder, tool_environment(home))
        assert answer.code == 0, f"dvc {' '.join(words)}: {answer.complained or answer.told}"
        told.append(answer.told)
    return told


class DvcProject:
    """A repository with a DVC project in it, and what can be made of it."""

    def __init__(self, tmp_path: Path, top: str = "") -> None:
        self.repo = RepoBuilder.create(tmp_path)
        self.repo.git("config", "user.name", "Ada Example")
        self.repo.git("config", "user.email", "ada@example.org")
        self.top = top
        self.folder = self.repo.folder / top
        self.folder.mkdir(parents=True, exist_ok=True)
        self.dvc(["init", "--quiet", *(["--subdir"] if top else [])], ["config", "core.autostage", "false"])

    def dvc(self, *commands: Sequence[str]) -> list[str]:
        """What each command prints, run at the top of the project."""
        return run_dvc(self.folder, self.repo.home, *commands)

    def version(self, name: str, files: Mapping[str, str | bytes], *commands: Sequence[str]) -> str:
        """Change files (paths from the project's top), run commands, `dvc repro` if none, commit and tag."""
        self.repo.write({f"{self.top}/{path}" if self.top else path: content for path, content in files.items()})
        self.dvc(*(commands or (["repro", "--quiet", "--all-pipelines"],)))
        commit = self.repo.commit(message=f"Version {name}")
        self.repo.tag(name)
        return commit

    def answers(self, *pairs: tuple[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
        """For each pair of names what `dvc params diff`, `dvc metrics diff` and `dvc diff` say, as JSON."""
        kinds: dict[str, list[str]] = {
            "params": ["params", "diff"],
            "metrics": ["metrics", "diff"],
            "data": ["diff", "--show-hash"],
        }
        words = [[*kind, "--json", *pair] for pair in pairs for kind in kinds.values()]
        told = iter(self.dvc(*words))
        return {pair: {kind: json.loads(next(told)) for kind in kinds} for pair in pairs}
