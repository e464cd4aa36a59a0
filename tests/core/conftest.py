"""One toy project per test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.training import TrainingProject


@pytest.fixture
def toy(tmp_path: Path) -> TrainingProject:
    """The training, committed, never run."""
    return TrainingProject(tmp_path / "toy", tmp_path / "home").create()
