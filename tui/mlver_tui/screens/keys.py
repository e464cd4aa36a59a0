"""The keys of a place, filterable; enter does what stands under the cursor. The act menu is a short one of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from mlver.model.metric import Judgement
from mlver_tui.actions import Action, Situation, shown_key
from mlver_tui.actions.rows import EVERYWHERE
from mlver_tui.screens.early_keys import EarlyKeys
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import Line, Span, bright, dim, fitted, line
from mlver_tui.view_models.text import padded
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.rows import Heading, ListedRows
from mlver_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from mlver_tui.app import MlverApp

_KEY_WIDTH = 12


class KeysScreen(EarlyKeys, ModalScreen[str | None], inherit_bindings=False):
    """Gives the id of the chosen action, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("ctrl+c", "dismiss(None)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, actions: Sequence[Action], situation: Situation, *, title: str, is_menu: bool = False) -> None:
        """A menu is chosen from by its letters; the help is filtered by typing."""
        super().__init__()
        self._actions = tuple(actions)
        self._situation = situation
        self._title = title
        self._is_menu = is_menu

    @property
    def is_early(self) -> bool:
        """A menu has no line: a letter that comes before the menu is seen chooses nothing."""
        return not self._is_menu and super().is_early

    def compose(self) -> ComposeResult:
        glyphs = cast("MlverApp", self.app).settings.glyphs
        with Vertical(id="dialog"):
            yield LineView(glyphs=glyphs, id="dialog-title", classes="bar")
            if not self._is_menu:
                yield LineView(glyphs=glyphs, id="legend", classes="bar")
                yield Input(id="wanted", placeholder="type to find", compact=True)
            yield VirtualList(glyphs=glyphs, is_one_of_panes=False, id="actions")
            yield LineView(glyphs=glyphs, id="dialog-foot", classes="bar")

    def on_mount(self) -> None:
        title = self._title
        self.query_one("#dialog-title", LineView).show(lambda width: [fitted(line(" ", bright(title)), width)])
        choose = (bright("up down"), dim(" choose   ")) if not self._is_menu else ()
        foot = line(" ", *choose, bright("enter"), dim(" does it   "), bright("esc"), dim(" closes"))
        self.query_one("#dialog-foot", LineView).show(lambda width: [fitted(foot, width)])
        if self._is_menu:
            self.query_one("#dialog").styles.height = len(self._actions) + 4
            self.query_one(VirtualList).focus()
        else:
            signs = cast("MlverApp", self.app).settings.glyphs.judgement
            better, worse = signs[Judgement.BETTER], signs[Judgement.WORSE]
            legend = dim(f" {better} means better, {worse} worse; the number's own sign says up or down")
            self.query_one("#legend", LineView).show(lambda width: [fitted((legend,), width)])
            self.query_one("#wanted").focus()
        self._show(self._actions)
        # The help is read: nothing in it is chosen until somebody moves to it or looks for it.
        rows = self.query_one(VirtualList)
        rows.hide_cursor(hide=not self._is_menu)
        self.call_after_refresh(rows.scroll_to, y=0, animate=False)  # the first heading stands over the first row

    # Act.

    def action_move(self, rows: int) -> None:
        actions = self.query_one(VirtualList)
        if abs(rows) > 1:  # a page is turned, by a cursor that nobody sees yet, too
            actions.hide_cursor(hide=False)
        actions.move(rows)

    def action_choose(self) -> None:
        actions = self.query_one(VirtualList)
        key = actions.cursor_key
        self.dismiss(None if key is None or actions.is_cursor_hidden else str(key))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_choose()

    @on(VirtualList.Opened)
    def _opened(self) -> None:
        self.action_choose()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self._show([action for action in self._actions if all(word in _searched(action) for word in words)])
        self.query_one(VirtualList).hide_cursor(hide=not words)

    def on_key(self, event: events.Key) -> None:
        if not self._is_menu:
            return
        for action in self._actions:
            if event.character == action.menu_key:
                event.stop()
                self.dismiss(action.id)

    # Show.

    def _show(self, actions: Sequence[Action]) -> None:
        rows = ListedRows[Action](
            actions if self._is_menu else grouped(actions),
            key=lambda action: action.id,
            draw=lambda action, width, _marked: self._line(action, width),
        )
        self.query_one(VirtualList).show(rows)

    def _line(self, action: Action, width: int) -> Line:
        keys = action.menu_key if self._is_menu else self._keys_of(action)
        why = action.why_not(self._situation)
        said = (dim(f"{action.label}, not now: {why}"),) if why else self._said(action)
        return fitted((Span("  "), bright(padded(keys, 4 if self._is_menu else _KEY_WIDTH)), *said), width)

    def _keys_of(self, action: Action) -> str:
        """Its own, else its letter in the act menu behind the key of that."""
        menu = [shown_key(key) for one in self._actions if one.id == "menu" for key in one.keys]
        if action.keys or not action.menu_key or not menu:
            return "  ".join(map(shown_key, action.keys))
        return f"{menu[0]} {action.menu_key}"

    def _said(self, action: Action) -> tuple[Span, ...]:
        """In a menu first the verb: there the letters mean nothing by themselves."""
        if not self._is_menu:
            return (Span(action.help),)
        return Span(padded(action.label, _LABEL_WIDTH)), dim(action.help)


_LABEL_WIDTH = 12


def grouped(actions: Iterable[Action]) -> list[Action | Heading]:
    """What a place is for, what can be done anywhere, moving about: each under its heading."""
    groups: dict[str, list[Action]] = {"here": [], "everywhere": [], "moving about": []}
    for action in actions:
        is_common = action.contexts == EVERYWHERE
        groups["moving about" if action.is_motion else "everywhere" if is_common else "here"].append(action)
    rows: list[Action | Heading] = []
    for name, members in groups.items():
        rows += [Heading(line(dim(f"  {name}"))), *members] if members else []
    return rows


def helped_actions(actions: Iterable[Action], glyphs: Glyphs) -> list[Action]:
    """What a place is for comes first, moving about last; the numbers of the tabs are one line."""
    span = "1-9" if glyphs.is_ascii else f"1{glyphs.ellipsis}9"
    helped = []
    for action in sorted((one for one in actions if one.is_offered), key=lambda action: action.is_motion):
        number = action.id.removeprefix("tab-")
        if action.keys != (number,):
            helped.append(action)
        elif number == "1":
            helped.append(replace(action, keys=(span,), help=f"Tab number {span}"))
    return helped


def _searched(action: Action) -> str:
    return f"{action.id} {action.help} {' '.join(map(shown_key, action.keys))}".casefold()
