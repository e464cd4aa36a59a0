"""What the explorer is told when it starts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TypeAlias

from msgspec import Struct, field

from mlver.progress import Progress
from mlver_tui.actions import ACTIONS, Action
from mlver_tui.kept_state import NOTHING_KEPT, Keep, KeptState, keep_nothing
from mlver_tui.view_models.glyphs import UNICODE, Glyphs

THEME_NAMES = ("dark", "light", "colour-blind", "red-green", "ansi")


def no_progress() -> Progress | None:
    """Nothing is recorded beside the app."""
    return None


Edit: TypeAlias = Callable[[str, str, Callable[[], AbstractContextManager[None]]], str]
"""Editor and text, and what gives it the terminal; gives the text as the editor leaves it, raises BadArgument."""


def edit_nothing(_editor: str, text: str, _suspend: Callable[[], AbstractContextManager[None]]) -> str:
    """Nobody is there to edit."""
    return text


class ExplorerSettings(Struct, frozen=True, kw_only=True):
    """Looks and limits. Nothing in a repository can change them."""

    place: str = ""
    """What the commands that are told work on, by `-C`; empty: what they take where the user stands."""
    theme: str = "dark"
    """One of THEME_NAMES; `ansi` has sixteen colours, the terminal's own, and is right for NO_COLOR."""
    glyphs: Glyphs = UNICODE
    actions: tuple[Action, ...] = ACTIONS
    """The table of actions with the user's keys."""
    complaints: tuple[str, ...] = ()
    """What is wrong with the user's config, a sentence each; told at the start."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Filters of the user's config: name -> words."""
    is_read_only: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    """The user's variables: which clipboard, editor and pager there are."""
    has_mouse: bool = True
    pager: str | None = None
    """The user's own, from the config; None: what the variables say."""
    viewers: Mapping[str, str] = field(default_factory=dict)
    """The end of a file's name, without its dot -> the command line that shows such files."""
    state: KeptState = NOTHING_KEPT
    """What was kept of the last session with this repository."""
    keep: Keep = keep_nothing
    """Keeps the state for the next one."""
    find_editor: Callable[[], str | None] = lambda: None
    """The command line of the user's editor; None: there is none. May look into git's settings, the first time."""
    edit: Edit = edit_nothing
    progress: Callable[[], Progress | None] = no_progress
    """What is recorded beside the app (the demo), asked twice a second; None: nothing, or it is done."""
    clock: Callable[[], float] = time.time
    """Seconds since the epoch; ages are against it."""
    follow_s: float = 0.08
    """The detail follows so long after the last key, so that a held key reads nothing; 0: at once."""
    first_look_s: float = 0.1
    """When git is looked at first: once the remembered rows are drawn, for it would take the interpreter from them."""
    poll_s: float = 2.0
    """How often the repository is asked whether its refs changed."""
