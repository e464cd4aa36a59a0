"""A dialog of rows: one is chosen with its letter, or with the cursor and enter; or they are only read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeAlias, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from mlver_tui.view_models.picking import PickRow
from mlver_tui.view_models.spans import bright, dim, fitted, line
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.rows import ListedRows
from mlver_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from mlver_tui.app import MlverApp

MakeRows: TypeAlias = Callable[[int], Sequence[PickRow]]
"""The rows for a width."""
_PAGE, _WIDEST = 10, 110
_FRAME = 4
"""Lines of the dialog that are not rows: title, foot, frame."""


def inner_width(width: int) -> int:
    """The cells of a row, where the screen has so many: those of the style sheet, without the frame."""
    return max(1, min(width * 95 // 100, _WIDEST) - 2)


class RowsScreen(ModalScreen[int | None], inherit_bindings=False):
    """Gives the place of the chosen row, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown,ctrl+d", f"move({_PAGE})", show=False),
        Binding("pageup,ctrl+u", f"move(-{_PAGE})", show=False),
        Binding("home,g", f"move(-{1 << 40})", show=False),
        Binding("end,G", f"move({1 << 40})", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, title: str, make: MakeRows, *, does: str, starts_at_end: bool = False) -> None:
        """`does`: what enter does, for the foot."""
        super().__init__()
        self._title = title
        self._make = make
        self._does = does
        self._starts_at_end = starts_at_end
        self._rows: Sequence[PickRow] = ()

    def compose(self) -> ComposeResult:
        glyphs = cast("MlverApp", self.app).settings.glyphs
        with Vertical(id="dialog"):
            yield LineView(glyphs=glyphs, id="dialog-title", classes="bar")
            yield VirtualList(glyphs=glyphs, is_one_of_panes=False, id="choices")
            yield LineView(glyphs=glyphs, id="dialog-foot", classes="bar")

    def on_mount(self) -> None:
        title = self._title
        self.query_one("#dialog-title", LineView).show(lambda width: [fitted(line(" ", bright(title)), width)])
        foot = line(" ", bright("up down"), dim(" move   "), bright("enter"), dim(f" {self._does}   "), bright("esc"))
        foot = (*foot, dim(" closes"))
        self.query_one("#dialog-foot", LineView).show(lambda width: [fitted(foot, width)])
        self._show(self.app.size.width)
        self.query_one("#dialog").styles.height = len(self._rows) + _FRAME
        rows = self.query_one(VirtualList)
        rows.focus()
        if self._starts_at_end:
            self.call_after_refresh(rows.move_to, len(self._rows) - 1)

    def on_resize(self, event: events.Resize) -> None:
        self._show(event.size.width)

    def _show(self, width: int) -> None:
        self._rows = self._make(width)
        self.query_one(VirtualList).show(
            ListedRows(
                tuple(enumerate(self._rows)),
                key=lambda placed: placed[0],
                draw=lambda placed, cells, _marked: fitted(placed[1].line, cells),
            )
        )

    def action_move(self, rows: int) -> None:
        self.query_one(VirtualList).move(rows)

    @on(VirtualList.Opened)
    def action_choose(self) -> None:
        place = self.query_one(VirtualList).cursor
        if place < len(self._rows) and self._rows[place].can_be_chosen:
            self.dismiss(place)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.key not in {"j", "k", "g", "G"}:
            for place, row in enumerate(self._rows):
                if row.key == event.character and row.can_be_chosen:
                    event.stop()
                    self.dismiss(place)
                    return
