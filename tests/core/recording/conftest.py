"""A project whose runs cost next to nothing."""

from __future__ import annotations

import pytest

from tests.support.training import ONE_STEP, TrainingProject


@pytest.fixture
def quick(toy: TrainingProject) -> TrainingProject:
    """A project of one step that starts no Python, committed, never run."""
    toy.write("mlver.yaml", ONE_STEP)
    toy.commit("one step")
    return toy
