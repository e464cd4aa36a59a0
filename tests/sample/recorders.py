"""Who records the story in the tests: mlver itself, or a stand-in that trains nothing and is quick."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from mlver.model.identity import run_id
from mlver.project import Project, RunRequest
from sample_repo.build import RunOrder
from sample_repo.story import STORY

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}

RUN = """commit {ref}
committer Tester <tester@example.org> 1790000000 +0000
data 0
from refs/heads/main^0
M 100644 inline .mlver/version.yaml
data {size}
{text}
"""
"""A recorded run, for git fast-import."""


@dataclass
class InstantRecorder:
    """Trains nothing: only the ref of the run appears."""

    orders: list[RunOrder] = field(default_factory=list)
    stop_at: int | None = None
    """Fails once with KeyboardInterrupt when it has recorded this many."""
    status: str | None = None
    """How every run ends; None: as the story tells."""

    def __call__(self, order: RunOrder) -> None:
        if len(self.orders) == self.stop_at:
            self.stop_at = None
            raise KeyboardInterrupt
        self.orders.append(order)
        run = run_id("sha256:" + "0" * 64, order.randomness)
        chapter = next(chapter for chapter in STORY if chapter.randomness == order.randomness)
        status = self.status or ("failed" if chapter.fails else "done")
        commit = RUN.format(
            ref=f"refs/mlver/runs/{order.model}/{run}", text=f"status: {status}\n", size=9 + len(status)
        )
        git(top_of(order), "fast-import", "--quiet", "--force", content=commit)


@dataclass
class MlverRecorder:
    """Records with mlver, as `mlver-tui --demo` does."""

    cache: Path
    keys: list[str] = field(default_factory=list)
    """Keys of the recorded rows, in order."""

    def __call__(self, order: RunOrder) -> None:
        request = RunRequest(
            folder=order.folder,
            settings=order.settings,
            reason=order.reason,
            parent=order.parent,
            clock=order.clock,
            randomness=lambda count: order.randomness[:count],
        )
        with Project.open(order.folder, environment={**ENVIRONMENT, **order.identity}, cache=self.cache) as project:
            self.keys.append(project.run(request, on_event=lambda _event: None).key)


def top_of(order: RunOrder) -> Path:
    """The top of the demo's working tree."""
    return next(folder for folder in (order.folder, *order.folder.parents) if (folder / ".git").exists())


def git(folder: Path, *arguments: str, content: str | None = None) -> str:
    """What git prints; `content` goes to its input."""
    environment = ENVIRONMENT | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, input=content, check=True, capture_output=True, text=True
    ).stdout
