"""The dialog that says what everything on a version's line means; enter copies what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlver_tui.screens.rows_dialog import RowsScreen
from mlver_tui.screens.yanking import yank
from mlver_tui.view_models.inspection import inspected
from mlver_tui.view_models.picking import PickRow, labelled_rows
from mlver_tui.view_models.version_rows import shown_name
from mlver_tui.view_models.yanking import Yankable

if TYPE_CHECKING:
    from mlver.model.attention import Reason
    from mlver.model.version import VersionRow
    from mlver_tui.screens.explorer_screen import ExplorerScreen
    from mlver_tui.view_models.version_rows import VersionTable


def explain(place: ExplorerScreen, row: VersionRow, table: VersionTable, reasons: Sequence[Reason]) -> None:
    """Say what the signs of this line mean."""
    told = inspected(row, table, reasons)

    def rows(_width: int) -> list[PickRow]:
        return labelled_rows(told, place.glyphs)

    def chosen(index: int | None) -> None:
        if index is not None:
            one = told[index]
            yank(place, Yankable(label=one.label, shown=one.shown, make=lambda: one.shown))

    place.app.push_screen(RowsScreen(shown_name(row, place.glyphs), rows, does="copies it"), chosen)
