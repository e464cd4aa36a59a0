"""What can be done with a replay."""

from __future__ import annotations

from mlver_tui.actions.action import Action, Effect
from mlver_tui.actions.rows import (
    REPLAY,
    act,
)

REPLAY_ACTIONS: tuple[Action, ...] = (
    act(
        "stop", "ctrl+x", "stop", "Stop the replay; asks first", REPLAY, rank=1,
        why_not=lambda situation: "" if situation.is_running else "nothing is running",
    ),
    act(
        "go", "", "go", "Run the steps of the plan in a fresh folder", REPLAY, effect=Effect.RUNS,
        why_not=lambda situation: situation.no_go,
    ),
)  # fmt: skip
