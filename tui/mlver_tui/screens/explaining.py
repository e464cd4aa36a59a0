"""The dialogs that say what everything on a line means; enter copies what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlver_tui.screens.rows_dialog import RowsScreen, inner_width
from mlver_tui.screens.yanking import yank
from mlver_tui.view_models.inspection import inspected
from mlver_tui.view_models.picking import Labelled, PickRow, whole_rows
from mlver_tui.view_models.yanking import Yankable

if TYPE_CHECKING:
    from mlver.model.attention import Reason
    from mlver.model.version import VersionRow
    from mlver_tui.screens.explorer_screen import ExplorerScreen
    from mlver_tui.view_models.version_rows import VersionTable


def explain(place: ExplorerScreen, row: VersionRow, table: VersionTable, reasons: Sequence[Reason]) -> None:
    """Say what the signs of this line mean."""
    explain_whole(place, row.name or row.run or row.commit[:10], inspected(row, table, reasons))


def explain_whole(place: ExplorerScreen, title: str, told: Sequence[Labelled]) -> None:
    """Say what is known of a thing, nothing of it shortened."""

    def made(width: int) -> list[tuple[int, PickRow]]:
        return whole_rows(told, inner_width(width), place.glyphs)

    def chosen(index: int | None) -> None:
        _copy(place, None if index is None else told[made(place.app.size.width)[index][0]])

    dialog = RowsScreen(place.glyphs.data(title), lambda width: [row for _, row in made(width)], does="copies it")
    place.app.push_screen(dialog, chosen)


def _copy(place: ExplorerScreen, one: Labelled | None) -> None:
    if one is not None:
        yank(place, Yankable(label=one.label.strip(), shown=one.shown, make=lambda: one.shown))
