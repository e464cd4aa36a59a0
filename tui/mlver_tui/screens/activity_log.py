"""The log of the session: what the list left out, then what was done here; enter yanks the equal command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlver_tui.screens.rows_dialog import RowsScreen
from mlver_tui.screens.yanking import yank
from mlver_tui.view_models.activity_lines import ActivityLine, activity_lines
from mlver_tui.view_models.picking import PickRow
from mlver_tui.view_models.yanking import Yankable

if TYPE_CHECKING:
    from mlver_tui.screens.explorer_screen import ExplorerScreen


def open_activity_log(place: ExplorerScreen) -> None:
    """Show the log. It stays as it was opened: what comes while it is read would move its lines."""
    problems, done = place.explorer.home.problems, tuple(place.explorer.activities)

    def lines(width: int) -> list[ActivityLine]:
        return activity_lines(problems, done, width, place.glyphs)

    def rows(width: int) -> list[PickRow]:
        return [PickRow(line=one.line, can_be_chosen=bool(one.command)) for one in lines(width)]

    def chosen(index: int | None) -> None:
        if index is not None:
            command = lines(place.app.size.width)[index].command
            yank(place, Yankable(label="command", shown=command, make=lambda: command))

    starts_at_end = bool(done) and not problems
    log = RowsScreen("activity", rows, does="copies the command", starts_at_end=starts_at_end)
    place.app.push_screen(log, chosen)
