"""Builds DVC projects with the real dvc, and asks it what it says of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.foreign_tools import python_of, tool_environment
from tests.support.git import RepoBuilder

_RUNNER = """
import json, os, sys, tempfile
from dvc.cli import main

answers = []
for folder, words in json.load(sys.stdin):
    os.chdir(folder)
    sys.stdout.flush()
    with tempfile.TemporaryFile() as told:
        real = os.dup(1)
        os.dup2(told.fileno(), 1)
        try:
            code = main(words)
        finally:
            sys.stdout.flush()
            os.dup2(real, 1)
            os.close(real)
        told.seek(0)
        answers.append([code, told.read().decode()])
    if code:
        break
print(json.dumps(answers))
"""
"""dvc's own command line, many commands in one interpreter: it takes a second to start."""


def run_dvc(folder: Path, home: Path, *commands: Sequence[str]) -> list[str]:
    """What each command prints; one that fails fails the test, with its words."""
    done = subprocess.run(
        [python_of("dvc"), "-W", "ignore", "-c", _RUNNER],
        cwd=folder,
        env=tool_environment(home),
        input=json.dumps([(str(folder), list(words)) for words in commands]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    assert not answers[-1][0], f"dvc {' '.join(commands[len(answers) - 1])}: {done.stderr}"
    return [told for _, told in answers]


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
