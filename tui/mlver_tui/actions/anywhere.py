"""What can be done anywhere."""

from __future__ import annotations

from mlver_tui.actions.action import Action
from mlver_tui.actions.rows import (
    EVERYWHERE,
    act,
)

ANYWHERE_ACTIONS: tuple[Action, ...] = (
    act("refresh", "R f5", "refresh", "Look again, or try again what failed", EVERYWHERE),
    act("palette", ": ctrl+p", "palette", "All commands by name", EVERYWHERE),
    act("go-to", "ctrl+g", "go to", "Go to a version by its name", EVERYWHERE),
    act("help", "?", "help", "The keys of this place", EVERYWHERE),
    act("back", "escape", "back", "One layer out; on Versions it clears the filter", EVERYWHERE, rank=9),
    act("leave", "q", "leave", "Leave this screen; on Versions leave mlver", EVERYWHERE),
    act("quit", "Q", "quit", "Leave mlver", EVERYWHERE),
    act("redraw", "ctrl+l", "redraw", "Draw the screen anew", EVERYWHERE),
    act("suspend", "ctrl+z", "suspend", "Go to the shell; fg comes back", EVERYWHERE),
    act("interrupt", "ctrl+c", "interrupt", "Stop this screen's work, else say how to quit; twice quits", EVERYWHERE),
)  # fmt: skip
