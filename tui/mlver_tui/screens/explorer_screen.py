"""What the screens share: keys from the table, a footer, a line that speaks, a sentence when it is too small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.worker import get_current_worker

from mlver.errors import MlverError
from mlver.progress import giving_way
from mlver_tui.actions import ACTIONS, Action, Context, Effect, Situation, actions_of, footer_actions, shown_key
from mlver_tui.messages import CoreFailed
from mlver_tui.native_noise import without_panics
from mlver_tui.screens.moving import MovingScreen
from mlver_tui.view_models.chrome import LEAST_HEIGHT, LEAST_WIDTH, Hint, error_lines, footer_line, too_small_text
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import Line, dim, fitted, line
from mlver_tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from mlver.model.version import VersionRow
    from mlver_tui.app import MlverApp
    from mlver_tui.screens.exporting import Export
    from mlver_tui.view_models.yanking import Yankable

T = TypeVar("T")

_BY_ID = {action.id: action for action in ACTIONS}
_TABS = {"next-tab", "previous-tab", *(f"tab-{number}" for number in range(1, 10))}
_NEEDS_CONTENT = {action.id for action in ACTIONS if action.is_motion or action.needs_content} - _TABS
_WIDE_FROM = 100
"""Columns for two panes beside each other."""


def bindings_of(context: Context, actions: Iterable[Action] = ACTIONS) -> list[BindingType]:
    """The keys of a place, as the table has them."""
    return [
        Binding(
            "comma" if key == "," else key, f"act('{action.id}')", action.label, show=False, id=f"{action.id}.{index}"
        )
        for action in actions_of(context, actions)
        for index, key in enumerate(action.keys)
    ]


class ExplorerScreen(MovingScreen, inherit_bindings=False):
    """A screen with a body, a status line and a footer."""

    CONTEXT: ClassVar[Context]

    def __init__(self) -> None:
        self._restyles_later = self._must_restyle = False
        self._taken_size = Size()
        super().__init__()
        self._typed_ahead: list[str] = []
        self._has_refused = False

    @property
    def explorer(self) -> MlverApp:
        """The app, typed."""
        return cast("MlverApp", self.app)

    @property
    def is_current(self) -> bool:
        """Whether it is seen: it is on top, or under nothing but dialogs.

        Textual takes a screen for seen that lies under one which covers it, and draws that one anew, whole, with every
        message that the hidden one gets.
        """
        stack = self.app.screen_stack
        above = stack[stack.index(self) + 1 :] if self in stack else None
        return above is not None and all(isinstance(screen, ModalScreen) for screen in above)

    def _compositor_refresh(self) -> None:
        super()._compositor_refresh()
        if self is not self.app.screen:
            # It was drawn under its dialog. Textual leaves it marked, and draws both whole with every message it gets.
            self._repaint_required = False

    @property
    def glyphs(self) -> Glyphs:
        """The signs of this terminal."""
        return self.explorer.settings.glyphs

    @property
    def actions(self) -> tuple[Action, ...]:
        """The table of actions with the user's keys."""
        return self.explorer.settings.actions

    def key_of(self, action_id: str) -> str:
        """The first key of an action as people write it; where the user took it away, the action's name."""
        keys = next(action.keys for action in self.actions if action.id == action_id)
        return shown_key(keys[0]) if keys else action_id

    @property
    def now(self) -> float:
        """The moment that ages are against."""
        return self.explorer.settings.clock()

    # Compose.

    def compose(self) -> ComposeResult:
        if self.actions is not ACTIONS:
            # Not by Textual's keymap: that cannot take a key away, nor give one to what has none.
            self._bindings = BindingsMap(bindings_of(self.CONTEXT, self.actions))
        with Vertical(id="body"):
            yield from self.compose_body()
            yield LineView(glyphs=self.glyphs, id="status", classes="bar")
            yield LineView(glyphs=self.glyphs, id="footer", classes="bar")
        yield LineView(glyphs=self.glyphs, id="too-small")

    def compose_body(self) -> ComposeResult:
        """The screen's own widgets."""
        raise NotImplementedError

    def on_mount(self) -> None:
        # Before anything is drawn: Textual tells of the first size only when all was drawn in another arrangement.
        self._take_size(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._taken_size:
            self._take_size(event.size)

    def on_screen_suspend(self) -> None:
        """Another screen is opened: what was told in a corner would cover rows of it."""
        self.app.clear_notifications()

    def _take_size(self, size: Size) -> None:
        self._taken_size = size
        width, height = size
        said = line(too_small_text(width, height))
        self.query_one("#too-small", LineView).show(lambda cells: [fitted(said, cells)])
        with self.restyled_once():
            self.set_class(width < LEAST_WIDTH or height < LEAST_HEIGHT, "too-small")
            self.set_class(width >= _WIDE_FROM, "wide")
            self.arrange_panes(width, height)
        self.panes_arranged()

    def arrange_panes(self, width: int, height: int) -> None:
        """Give the panes their sizes."""

    def panes_arranged(self) -> None:
        """The panes have their sizes."""

    @contextmanager
    def restyled_once(self) -> Iterator[None]:
        """Whatever classes change within, the styles are looked up once: each time that is for all widgets."""
        self._restyles_later, self._must_restyle = True, False
        try:
            yield
        finally:
            self._restyles_later = False
        if self._must_restyle:
            self.update_node_styles()

    def update_node_styles(self, animate: bool = True) -> None:
        if self._restyles_later:
            self._must_restyle = True
        else:
            super().update_node_styles(animate)

    @property
    def is_prompting(self) -> bool:
        """Whether a line to type in is open: the filter, a search, where to go."""
        return self.query_one("#filter", Input).display

    @is_prompting.setter
    def is_prompting(self, is_open: bool) -> None:
        self.query_one("#filter", Input).display = is_open

    # Act.

    def situation(self) -> Situation:
        """What actions may depend on now."""
        return Situation(is_read_only=self.explorer.settings.is_read_only)

    @property
    def is_waiting(self) -> bool:
        """Whether what most keys are about is still being made."""
        return False

    def action_act(self, action_id: str) -> None:
        """Do an action of the table, or say why not. What needs more than is there yet is done when that has come."""
        if self.is_waiting and (action_id in _NEEDS_CONTENT or (self._typed_ahead and action_id in _TABS)):
            self._typed_ahead.append(action_id)
            return
        self._do(action_id)

    def do_what_was_typed_ahead(self) -> None:
        """What was waited for has come: do what was asked meanwhile, in its order."""
        typed, self._typed_ahead = self._typed_ahead, []
        for action_id in typed:
            # Again by the rule: the first of them may lead to where something else must be waited for.
            self.action_act(action_id)

    def forget_what_was_typed_ahead(self) -> None:
        """What was waited for will not come."""
        self._typed_ahead.clear()

    @on(LineView.Clicked)
    def _clicked(self, event: LineView.Clicked) -> None:
        # A click is as good as the key, and no key writes: what has none cannot be clicked either.
        if event.does in _BY_ID and _BY_ID[event.does].effect is Effect.BROWSES:
            self.action_act(event.does)

    def _do(self, action_id: str) -> None:
        if self._has_refused:
            # What cannot be done is said until the next key; then the line says again what it is there for.
            self.show_state()
        why = _BY_ID[action_id].why_not(self.situation())
        self._has_refused = bool(why)
        if why:
            self.tell(why)
            return
        name, _, number = action_id.rpartition("-")
        if name == "tab":
            self.go_to_tab(int(number) - 1)
            return
        do = cast("Callable[[], None]", getattr(self, "do_" + action_id.replace("-", "_")))
        do()

    def do_help(self) -> None:
        from mlver_tui.screens.keys import KeysScreen, helped_actions

        actions = helped_actions(actions_of(self.CONTEXT, self.actions), self.glyphs)
        self.app.push_screen(KeysScreen(actions, self.situation(), title="keys"), self._chosen)

    def do_menu(self) -> None:
        from mlver_tui.actions import menu_actions
        from mlver_tui.screens.keys import KeysScreen

        actions = menu_actions(self.CONTEXT, self.actions)
        menu = KeysScreen(actions, self.situation(), title="act on this version", is_menu=True)
        self.app.push_screen(menu, self._chosen)

    def _chosen(self, action_id: str | None) -> None:
        if action_id is not None:
            self.action_act(action_id)

    def do_palette(self) -> None:
        self.explorer.open_palette()

    def do_go_to(self) -> None:
        self.explorer.open_palette("go ")

    def yankables(self) -> list[Yankable]:
        """What can be copied here."""
        return []

    def do_yank(self) -> None:
        from mlver_tui.screens.yanking import open_yank_menu

        if offered := self.yankables():
            open_yank_menu(self, offered)
        else:
            self.tell("there is nothing here to copy yet")

    def under_cursor(self) -> tuple[VersionRow, str] | None:
        """The version that files are opened of, and the path of the one under the cursor; empty: it must be asked."""
        return None

    def do_edit(self) -> None:
        self._open_file(in_viewer=False)

    def do_view(self) -> None:
        self._open_file(in_viewer=True)

    def _open_file(self, *, in_viewer: bool) -> None:
        from mlver_tui.screens.opening import open_file, open_one_of

        if (under := self.under_cursor()) is None:
            return
        row, path = under
        if path:
            open_file(self, row, path, in_viewer=in_viewer)
        else:
            open_one_of(self, row, in_viewer=in_viewer)

    def export(self) -> Export | None:
        """What could be written into a file here."""
        return None

    def do_export(self) -> None:
        from mlver_tui.screens.exporting import ask_and_write

        if export := self.export():
            ask_and_write(self, export)

    def do_activity(self) -> None:
        from mlver_tui.screens.activity_log import open_activity_log

        open_activity_log(self)

    def do_redraw(self) -> None:
        self.refresh(layout=True, repaint=True)

    def do_suspend(self) -> None:
        self.explorer.suspend_to_shell()

    def do_interrupt(self) -> None:
        """Copy what the mouse selected, else stop what is waited for, else say how to quit."""
        if selected := self.get_selected_text():
            from mlver_tui.screens.yanking import yank
            from mlver_tui.view_models.yanking import Yankable

            yank(self, Yankable(label="selection", shown=selected, make=lambda: selected))
            self.clear_selection()
        elif self.is_waiting and any(one.node is self and one.is_running for one in self.workers):
            self.workers.cancel_node(self)
            self.forget_what_was_typed_ahead()
            self.tell(f"stopped; {self.key_of('refresh')} tries again")
        else:
            self.explorer.interrupt()

    def do_quit(self) -> None:
        self.app.exit()

    def do_refresh(self) -> None:
        """Look again."""

    def do_back(self) -> None:
        self.app.pop_screen()

    def do_leave(self) -> None:
        self.do_back()

    # Work.

    def ask_core(
        self, doing: str, ask: Callable[[], T], then: Callable[[T], object], *, about: str = "", command: str = ""
    ) -> None:
        """In a worker's thread: call the core, one reader at a time, and hand the answer on unless it is stale.

        `doing` completes `cannot ...` should it fail; `command` is the equal one of `mlver`, for the log of what was
        done, where only what has one is kept.
        """
        worker = get_current_worker()
        try:
            with self.explorer.reading:
                if worker.is_cancelled:
                    return
                logged = self.explorer.activities.doing(doing, command) if command else nullcontext()
                with logged, giving_way(self.explorer.turns.give_way):
                    answer = without_panics(ask)
        except MlverError as error:
            if not worker.is_cancelled:
                self.post_message(CoreFailed(doing, error, about=about))
        else:
            if not worker.is_cancelled:
                then(answer)

    # Show.

    def show_state(self) -> None:
        """What the status line says of itself, once what was told there is over."""
        self.show_status(())

    def tell(self, text: str) -> None:
        """Say something in the status line; text from a repository must have been made showable."""
        self.show_status((dim(f" {text}"),))

    def show_status(self, said: Line) -> None:
        """Put a line into the status line."""
        self.query_one("#status", LineView).show(lambda width: [fitted(said, width)])

    def show_footer(self) -> None:
        """The hints of this moment."""
        actions, more = footer_actions(self.CONTEXT, self.situation(), self.actions)
        hints = [Hint(shown_key(action.keys[0]), action.label, action.id) for action in actions]
        help_key = self.key_of("help")
        self.query_one("#footer", LineView).show(lambda width: [footer_line(hints, more, width, help_key)])

    def error_card(self, failure: CoreFailed) -> Callable[[int], list[Line]]:
        """What stands in a pane that could not be filled."""
        return partial(error_lines, failure.doing, failure.error, glyphs=self.glyphs, retry=self.key_of("refresh"))

    def pane(self, selector: str) -> LineView:
        """A pane of lines."""
        return self.query_one(selector, LineView)
