"""What the keys that move do: in the pane that has the focus, from pane to pane and from tab to tab."""

from __future__ import annotations

from typing import TypeAlias

from textual.screen import Screen

from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.log_pane import LogPane
from mlver_tui.widgets.sideways import Sideways
from mlver_tui.widgets.virtual_list import VirtualList

Movable: TypeAlias = VirtualList | LineView | LogPane
"""The panes that movement keys move."""

_FAR = 1 << 60


class MovingScreen(Screen[None], inherit_bindings=False):
    """A screen with panes and tabs."""

    @property
    def moved(self) -> Movable | None:
        """What the movement keys move: the focused pane."""
        return self.focused if isinstance(self.focused, (VirtualList, LineView, LogPane)) else None

    @property
    def other(self) -> LineView | None:
        """The pane that J and K scroll, whatever has the focus."""
        return None

    def do_other_down(self) -> None:
        if self.other:
            self.other.page(1)

    def do_other_up(self) -> None:
        if self.other:
            self.other.page(-1)

    @property
    def tabs(self) -> tuple[int, int]:
        """The index of the tab shown, and how many there are."""
        return 0, 1

    def go_to_tab(self, index: int) -> None:
        """Show another tab; out of range: nothing happens."""

    def do_next_tab(self) -> None:
        index, count = self.tabs
        self.go_to_tab((index + 1) % count)

    def do_previous_tab(self) -> None:
        index, count = self.tabs
        self.go_to_tab((index - 1) % count)

    def do_down(self) -> None:
        self._move(1)

    def do_up(self) -> None:
        self._move(-1)

    def do_half_down(self) -> None:
        self._move(self._page() // 2)

    def do_half_up(self) -> None:
        self._move(-self._page() // 2)

    def do_page_down(self) -> None:
        self._move(self._page())

    def do_page_up(self) -> None:
        self._move(-self._page())

    def do_first(self) -> None:
        self._move(-_FAR)

    def do_last(self) -> None:
        self._move(_FAR)

    def _page(self) -> int:
        moved = self.moved
        return moved.page_height if moved else 1

    def _move(self, rows: int) -> None:
        moved = self.moved
        if isinstance(moved, VirtualList):
            moved.move(rows)
        elif moved is not None:
            moved.page(rows)

    def do_sideways(self) -> None:
        self._go_sideways(1)

    def do_sideways_back(self) -> None:
        self._go_sideways(-1)

    def _go_sideways(self, step: int) -> None:
        """In the pane that has the focus; what is cut nowhere is not moved."""
        pane = self.focused
        if not isinstance(pane, Sideways):
            self.tell("no lines here are cut")
        elif pane.go_sideways(step):
            self.tell(f"from column {pane.moved_cells + 1} on" if pane.moved_cells else "from the beginning")
        elif step > 0:
            self.tell("these lines end here" if pane.moved_cells else "no line here is cut")
        else:
            self.tell("these lines begin here")

    def tell(self, text: str) -> None:
        """Say something in the status line; text from a repository must have been made showable."""
        raise NotImplementedError

    def forget_told(self) -> None:
        """What was told is over: the state stands there again."""
        self.show_state()

    def show_state(self) -> None:
        """What the status line says of itself."""
        raise NotImplementedError

    def do_next_pane(self) -> None:
        self.focus_next()

    def do_previous_pane(self) -> None:
        self.focus_previous()
