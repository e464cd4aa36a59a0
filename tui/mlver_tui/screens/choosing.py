"""The frame of dialogs that something is chosen in: typing narrows the list, enter takes what is under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from mlver_tui.screens.early_keys import EarlyKeys
from mlver_tui.view_models.choices import Choice, choice_line, name_width, narrowed, section_line
from mlver_tui.view_models.chrome import Hint
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import Line, bright, dim, fitted, line
from mlver_tui.widgets.find_line import FindLine
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.rows import Heading, ListedRows
from mlver_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from mlver_tui.app import MlverApp

T = TypeVar("T")

_PAGE = 10
_FRAME = 5
"""Lines of the dialog beside those of its list."""
_LEAVES = Hint("esc", "leaves")


class ChoosingScreen(EarlyKeys, ModalScreen[T], Generic[T], inherit_bindings=False):
    """Gives what was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+c", "leave", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", f"move({_PAGE})", show=False),
        Binding("pageup", f"move(-{_PAGE})", show=False),
        Binding("enter", "choose", show=False),
    ]
    KEYS: ClassVar[frozenset[str]] = frozenset()
    """Keys that do something here and are not typed; they need priority bindings."""
    HINTS: ClassVar[tuple[Hint, ...]] = (Hint("up down", "choose"), Hint("enter", "takes it"))

    def __init__(self, choices: Sequence[Choice], *, title: str) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._title = title
        self._narrowed_by = ""

    @property
    def glyphs(self) -> Glyphs:
        """The signs of this terminal."""
        return cast("MlverApp", self.app).settings.glyphs

    @property
    def list(self) -> VirtualList:
        """The list that is chosen from."""
        return self.query_one(VirtualList)

    @property
    def typed(self) -> FindLine:
        """The line that narrows the list."""
        return self.query_one(FindLine)

    # Compose.

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield LineView(glyphs=self.glyphs, id="dialog-title", classes="bar")
            yield FindLine(left_alone=self.KEYS)
            yield VirtualList(glyphs=self.glyphs, is_one_of_panes=False, id="choices")
            yield LineView(glyphs=self.glyphs, id="dialog-foot", classes="bar")

    def on_mount(self) -> None:
        self.show_head(self._title, self.HINTS)
        self._fit()
        self.show_choices(cursor=next((choice.key for choice in self._choices if choice.is_on), None))
        self.typed.focus()

    # Act.

    def chosen(self, key: str) -> T | None:
        """What choosing that one gives."""
        raise NotImplementedError

    def action_move(self, rows: int) -> None:
        self.list.move(rows)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_choose(self) -> None:
        if (key := self.under_cursor) is not None:
            self.dismiss(self.chosen(key))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_choose()

    @on(VirtualList.Opened)
    def _opened(self) -> None:
        self.action_choose()

    @on(Input.Changed)
    def _narrow(self) -> None:
        self.show_choices()

    # Show.

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these from now on: more became known."""
        self._choices = tuple(choices)
        if self.is_mounted:
            self._fit()
            self.show_choices()

    def _fit(self) -> None:
        """The dialog is as high as all of them need, however few are found."""
        sections = {choice.section for choice in self._choices if choice.section}
        self.query_one("#dialog").styles.height = len(self._choices) + len(sections) + _FRAME

    @property
    def shown(self) -> Sequence[Choice]:
        """The choices that pass what is typed."""
        return narrowed(self._choices, self.typed.value)

    @property
    def under_cursor(self) -> str | None:
        """The key of the choice under the cursor, among those that pass; who types may be quicker than the list."""
        if self.typed.value != self._narrowed_by:
            self.show_choices()
        key = self.list.cursor_key
        return key if isinstance(key, str) else None

    def show_choices(self, *, cursor: str | None = None) -> None:
        """Show those that pass what is typed."""
        glyphs, names, self._narrowed_by = self.glyphs, name_width(self._choices), self.typed.value
        items: list[Choice | Heading] = []
        for section, choices in groupby(self.shown, lambda choice: choice.section):
            items += [Heading(section_line(section, glyphs))] if section else []
            items += choices
        self.list.show(
            ListedRows(
                items,
                key=lambda choice: choice.key,
                draw=lambda choice, width, _is_marked: choice_line(choice, names, width, glyphs),
            ),
            key=cursor,
        )

    def show_head(self, title: str, hints: Sequence[Hint]) -> None:
        """What this is, and its keys."""
        foot: Line = line(" ")
        for hint in (*hints, _LEAVES):
            foot += (bright(hint.key), dim(f" {hint.label}   "))
        self.query_one("#dialog-title", LineView).show(lambda width: [fitted(line(" ", bright(title)), width)])
        self.query_one("#dialog-foot", LineView).show(lambda width: [fitted(foot, width)])
