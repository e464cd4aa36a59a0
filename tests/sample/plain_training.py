"""Runs a project's steps with nothing of mlver in between."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml


def train(folder: Path, environment: Mapping[str, str]) -> None:
    """Run every step of the mlver.yaml in a folder, in the folder's own virtual environment."""
    path = f"{folder / '.venv' / 'bin'}:{environment['PATH']}"
    for step in yaml.safe_load((folder / "mlver.yaml").read_text())["steps"].values():
        subprocess.run(["sh", "-ec", step["run"]], cwd=folder, env={**environment, "PATH": path}, check=True)
