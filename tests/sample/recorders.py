"""Stand-ins for mlver's own recording: one runs the steps plainly, one runs nothing."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mlver.errors import RunFailed
from mlver.model.identity import run_id
from sample_repo.build import RunOrder

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


@dataclass
class InstantRecorder:
    """Trains nothing: only the ref of the run appears."""

    orders: list[RunOrder] = field(default_factory=list)
    stop_at: int | None = None
    """Fails once with KeyboardInterrupt when it has recorded this many."""

    def __call__(self, order: RunOrder) -> None:
        if len(self.orders) == self.stop_at:
            self.stop_at = None
            raise KeyboardInterrupt
        self.orders.append(order)
        run = run_id("sha256:" + "0" * 64, order.randomness)
        git(top_of(order), "update-ref", f"refs/mlver/runs/{order.model}/{run}", "HEAD")


@dataclass
class Outcome:
    """What one training gave."""

    metrics: dict[str, Any]
    files: dict[str, bytes]
    """Path under the model's folder -> content of every product."""
    failure: str = ""


@dataclass
class TrainingRecorder:
    """Runs the steps of mlver.yaml in the working tree, as mlver would, and keeps what they made."""

    outcomes: list[Outcome] = field(default_factory=list)
    instant: InstantRecorder = field(default_factory=InstantRecorder)

    def __call__(self, order: RunOrder) -> None:
        params = order.folder / "params.yaml"
        written = params.read_bytes()
        params.write_text(yaml.safe_dump(_with(yaml.safe_load(written), order.settings)))
        try:
            self.outcomes.append(train(order.folder, order.folder / ".venv"))
        finally:
            params.write_bytes(written)
        self.instant(order)
        if self.outcomes[-1].failure:
            raise RunFailed(self.outcomes[-1].failure)


def train(folder: Path, venv: Path) -> Outcome:
    """Run every step of the project in a folder by the interpreter of a virtual environment."""
    steps: dict[str, Any] = yaml.safe_load((folder / "mlver.yaml").read_text())["steps"]
    environment = ENVIRONMENT | {"PATH": f"{venv / 'bin'}:{ENVIRONMENT['PATH']}"}
    failure = ""
    for step in steps.values():
        done = subprocess.run(
            ["sh", "-ec", step["run"]], cwd=folder, env=environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            failure = done.stderr
            break
    products = [*folder.glob("models/*"), *folder.glob("metrics/*"), *folder.glob("data/*")]
    measured = folder / "metrics" / "eval.json"
    return Outcome(
        metrics=json.loads(measured.read_text()) if measured.exists() and not failure else {},
        files={str(path.relative_to(folder)): path.read_bytes() for path in products},
        failure=failure,
    )


def top_of(order: RunOrder) -> Path:
    """The top of the demo's working tree."""
    return next(folder for folder in (order.folder, *order.folder.parents) if (folder / ".git").exists())


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    environment = ENVIRONMENT | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def _with(params: dict[str, Any], settings: Mapping[str, str | int | float]) -> dict[str, Any]:
    for dotted, value in settings.items():
        *parents, name = dotted.split(".")
        inner = params
        for parent in parents:
            inner = inner[parent]
        inner[name] = value
    return params
