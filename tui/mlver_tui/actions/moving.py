"""Moving about: the same keys everywhere."""

from __future__ import annotations

from mlver_tui.actions.action import Action
from mlver_tui.actions.rows import (
    EVERYWHERE,
    TABBED,
    TEXT,
    VERSIONS,
    move,
)

MOVING_ACTIONS: tuple[Action, ...] = (
    move("down", "j down", "Next row"),
    move("up", "k up", "Previous row"),
    move("first", "g home", "First row"),
    move("last", "G end", "Last row"),
    move("half-down", "ctrl+d", "Half a page down"),
    move("half-up", "ctrl+u", "Half a page up"),
    move("page-down", "pagedown", "A page down"),
    move("page-up", "pageup", "A page up"),
    move("other-down", "J", "Scroll the other pane down", TABBED),
    move("other-up", "K", "Scroll the other pane up", TABBED),
    move("sideways", "L", "The ends of lines that are cut", EVERYWHERE - TEXT),
    move("sideways-back", "H", "Back to the beginnings of lines", EVERYWHERE - TEXT),
    move("next-pane", "tab", "Next pane"),
    move("previous-pane", "shift+tab", "Previous pane"),
    move("zone-left", "h left", "The zone on the left", VERSIONS),
    move("zone-right", "l right", "The zone on the right", VERSIONS),
    move("next-tab", "] .", "Next tab", TABBED),
    move("previous-tab", "[ ,", "Previous tab", TABBED),
    *(move(f"tab-{number}", str(number), f"Tab number {number}", TABBED) for number in range(1, 10)),
)  # fmt: skip
