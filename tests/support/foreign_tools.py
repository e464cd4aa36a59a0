"""Finds the real dvc, gto and mlflow, which tests hold mlver's answers to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.git import scrubbed_environment

WHERE = "MLVER_FOREIGN_TOOLS"
"""Names the `bin` folder of the environment the tools live in: their pins and mlver's never meet."""


def tool(name: str) -> Path:
    """The executable of a tool; where there is none the test is skipped, or fails in continuous integration."""
    folder = os.environ.get(WHERE)
    found = shutil.which(name, path=folder) if folder else None
    found = found or shutil.which(name)
    if found is None:
        _absent(f"{name} is not installed: run .ci/foreign-tools (see CONTRIBUTING.md)")
    return Path(found).absolute()


def python_of(name: str) -> Path:
    """The interpreter that can import a tool; for what it can only be told by its library."""
    beside = tool(name).parent / "python"
    if not beside.exists():
        _absent(f"no interpreter lies beside {tool(name)}")
    return beside


def tool_environment(home: Path) -> dict[str, str]:
    """A person with a git name and nothing else, whose tools report to nobody."""
    return scrubbed_environment(home) | {
        "DVC_NO_ANALYTICS": "1",
        "DO_NOT_TRACK": "1",
        "ITERATIVE_DO_NOT_TRACK": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
    }


def _absent(reason: str) -> NoReturn:
    if os.environ.get("MLVER_REAL_PARTS"):
        pytest.fail(reason)
    pytest.skip(reason)
