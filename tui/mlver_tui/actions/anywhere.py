"""What can be done anywhere."""

from __future__ import annotations

from mlver_tui.actions.action import Action, Effect, Situation
from mlver_tui.actions.rows import (
    CHARTS,
    COMPARE,
    EVERYWHERE,
    MATRIX,
    TEXT,
    VERSIONS,
    act,
    needs_version,
)


def _cannot_export(situation: Situation) -> str:
    return "read-only: nothing is written" if situation.is_read_only else situation.no_export


def _cannot_edit(situation: Situation) -> str:
    return needs_version(situation) or ("this version cannot be read" if situation.is_broken else "")


def _cannot_view(situation: Situation) -> str:
    return _cannot_edit(situation) or ("" if situation.has_viewers else "your config names no viewer: [viewer]")


ANYWHERE_ACTIONS: tuple[Action, ...] = (
    act(
        "yank", "y", "copy", "Copy a name, digest, value, command or all of it", EVERYWHERE, needs_content=True,
        menu_key="y", why_not=needs_version,
    ),
    act(
        "export", "E", "export", "Name a file to write what is shown into; asks", VERSIONS | COMPARE | MATRIX | CHARTS,
        rank=9, needs_content=True, menu_key="e", why_not=_cannot_export,
    ),
    act(
        "edit", "e", "editor", "Open a file or the log in your editor or pager", VERSIONS | COMPARE | TEXT,
        needs_content=True, why_not=_cannot_edit,
    ),
    act(
        "view", "o", "viewer", "Open an output in the viewer that your config names", VERSIONS | COMPARE | TEXT,
        needs_content=True, why_not=_cannot_view,
    ),
    act("write", "", "write", "Write what is shown into the named file", EVERYWHERE, effect=Effect.WRITES),
    act("activity", "@", "activity", "What was done here, and what the list left out", EVERYWHERE),
    act("refresh", "R f5", "refresh", "Look again, or try again what failed", EVERYWHERE),
    act("palette", ": ctrl+p", "palette", "All commands by name", EVERYWHERE),
    act("go-to", "ctrl+g", "go to", "Go to a version by its name", EVERYWHERE),
    act("help", "?", "help", "The keys of this place", EVERYWHERE),
    act("back", "escape", "back", "One layer out; on Versions it clears the filter", EVERYWHERE, rank=9),
    act("leave", "q", "leave", "Leave this screen; on Versions leave mlver", EVERYWHERE),
    act("quit", "Q", "quit", "Leave mlver", EVERYWHERE),
    act("redraw", "ctrl+l", "redraw", "Draw the screen anew", EVERYWHERE),
    act("suspend", "ctrl+z", "suspend", "Go to the shell; fg comes back", EVERYWHERE),
    act("interrupt", "ctrl+c", "interrupt", "Copy a selection, else stop what runs here; twice quits", EVERYWHERE),
)  # fmt: skip
