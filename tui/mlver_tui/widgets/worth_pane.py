"""The pane of versions that are worth a look, a line each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

from mlver_tui.view_models.attention_lines import Worthy, worthy_head, worthy_line
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.widgets.left_zone import ShortList
from mlver_tui.widgets.rows import ListedRows


class WorthPane(ShortList, inherit_bindings=False):
    """Lists them in the order of the list above."""

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs, id="worth")
        self._shown: tuple[Sequence[Worthy], bool] | None = None

    def show_worthies(self, found: Sequence[Worthy], *, is_all: bool) -> None:
        """Show these; `is_all`: there are no more."""
        if self._shown == (found, is_all):
            return
        self._shown = (found, is_all)
        rows = ListedRows(
            found,
            key=lambda worthy: worthy.row.key,
            draw=lambda worthy, width, _is_marked: worthy_line(worthy, width, self.glyphs),
            head=lambda width: worthy_head(len(found), is_all=is_all, width=width, glyphs=self.glyphs),
        )
        self.show(rows)
