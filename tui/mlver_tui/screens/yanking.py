"""The yank menu: what was chosen is made and copied in a thread, for a whole comparison takes a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlver.errors import MlverError
from mlver_tui.clipboard import MOST_BYTES_OF_SEQUENCE, SEQUENCE, clean, give, route_of
from mlver_tui.messages import Yanked
from mlver_tui.screens.rows_dialog import RowsScreen
from mlver_tui.view_models.numbers import size
from mlver_tui.view_models.picking import Labelled, labelled_rows
from mlver_tui.view_models.yanking import Yankable, told_at

if TYPE_CHECKING:
    from mlver_tui.screens.explorer_screen import ExplorerScreen

_SHOWN = 60


def open_yank_menu(place: ExplorerScreen, offered: Sequence[Yankable]) -> None:
    """Ask what shall be copied."""
    offered = [told_at(place.explorer.settings.place, one) for one in offered]
    rows = labelled_rows([Labelled(label=one.label, shown=one.shown, key=one.key) for one in offered], place.glyphs)

    def chosen(index: int | None) -> None:
        if index is not None:
            yank(place, offered[index])

    place.app.push_screen(RowsScreen("copy to the clipboard", lambda _width: rows, does="copies"), chosen)


def yank(place: ExplorerScreen, what: Yankable) -> None:
    """Copy it by the route that works here."""
    app, environment = place.explorer, place.explorer.settings.environment

    def copy() -> None:
        try:
            text = clean(what.make())
        except MlverError as error:
            app.post_message(Yanked(place, what.label, "", problem=f"{error.message}; {error.hint}"))
            return
        route = route_of(environment)
        failed = give(route, text, environment) if route.command else ""
        # What a program could not do, the terminal may.
        app.post_message(Yanked(place, what.label, text, route=SEQUENCE if failed else route))

    app.run_worker(copy, thread=True, exclusive=True, group="yank")


def finish_yank(message: Yanked) -> None:
    """The text is made, and copied unless the terminal is to do it."""
    place, text, route = message.place, message.text, message.route
    app, glyphs = place.explorer, place.glyphs
    length = len(text.encode(errors="replace"))
    problem = message.problem
    if not problem and route is SEQUENCE:
        if length > MOST_BYTES_OF_SEQUENCE:
            problem = (
                f"{size(length, glyphs)} is more than a terminal takes at once; {place.key_of('export')} writes a file"
            )
        else:
            app.copy_to_clipboard(text)
    if problem:
        place.tell(f"not copied: {glyphs.data(problem)}")
    else:
        shown = text if len(text) <= _SHOWN and "\n" not in text else f"{message.label}, {size(length, glyphs)}"
        place.tell(f"copied {glyphs.data(shown)} {route.name}")
    app.activities.add(f"copy {message.label}", outcome=problem)
