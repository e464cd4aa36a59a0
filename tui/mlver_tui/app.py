"""The explorer: wiring only. Screens act, workers ask the core, view models say what is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, cast

from msgspec.structs import replace
from rich.console import RenderableType
from textual import events, on
from textual._context import active_message_pump
from textual.app import App
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import WorkerFailed

from mlver.errors import MlverError
from mlver.model.version import VersionRow
from mlver_tui.activity import Activities
from mlver_tui.ending import leave_by_signals
from mlver_tui.interpreter import settle_down
from mlver_tui.job_control import NO_JOB_CONTROL, has_job_control, stopped_only_for_a_shell
from mlver_tui.messages import FileRead, FilesListed, FileWritten, VersionsNamed, VersionsUnknown, Yanked
from mlver_tui.opened_project import OpenedProject
from mlver_tui.screens.early_keys import EarlyKeys
from mlver_tui.screens.explorer_screen import ExplorerScreen
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.settings import ExplorerSettings
from mlver_tui.slow_line import keep_few_frames_waiting
from mlver_tui.themes import THEMES
from mlver_tui.turns import Turns
from mlver_tui.view_models.browsing import Several, Wanted

if TYPE_CHECKING:
    from mlver.model.comparison import Comparison
    from mlver_tui.view_models.palette import Spoken

_TWICE_S = 1.0
_UP_S = 2.0
"""Until then the first rows stand there, of however many versions."""
_COMPLAINTS, _COMPLAINING_S = 3, 15.0
"""Of the config: shown in a corner for so long; what the explorer wrote before it started tells them too."""


class MlverApp(App[None], inherit_bindings=False):
    """The full-screen explorer of one project."""

    TITLE = "mlver"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, project: OpenedProject, settings: ExplorerSettings | None = None) -> None:
        settings = settings or ExplorerSettings()
        theme = THEMES[settings.theme]
        # An ANSI theme must be known before the app is made: NO_COLOR is honoured only then.
        super().__init__(ansi_color=theme.ansi or None)
        self.animation_level = "none"
        keep_few_frames_waiting()
        self.project = project
        self.settings = settings
        self.reading = Lock()
        """Held by whoever reads the project: it takes one reader at a time."""
        self.turns = Turns()
        self.activities = Activities(settings.clock, settings.place)
        self.named_files: dict[str, str] = {}
        """What was written last, by what it is: proposed again."""
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = theme.name
        self.set_class(settings.glyphs.is_ascii, "ascii")
        self._interrupted = 0.0
        self._kept = self._last_kept = settings.state

    def on_mount(self) -> None:
        if not self.is_headless:  # a test's process has its own meaning for signals
            leave_by_signals(lambda code: self.exit(return_code=code))
            self.set_timer(_UP_S, settle_down)
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh(layout=True, repaint=True))
        # On the UI's thread, for it is one short file and only when something changed: an SSH session may just end.
        self.set_interval(self.settings.poll_s, self.keep_state)
        said = "\n".join(map(self.settings.glyphs.data, self.settings.complaints[:_COMPLAINTS]))
        if more := len(self.settings.complaints) - _COMPLAINTS:
            said += f"\n+{more} more: mlver doctor tells all" if more > 0 else ""
        if said:
            self.notify(said, severity="warning", timeout=_COMPLAINING_S, markup=False)

    async def on_key(self, event: events.Key) -> None:
        """A key that nothing took: it was on its way when the key before it led to a line to type in."""
        if isinstance(self.screen, EarlyKeys) and self.screen.is_early:
            event.prevent_default()
            self.screen.keep_key(event)
        elif isinstance(self.focused, Input) and event.character and event.is_printable:
            event.prevent_default()
            if self.focused.check_consume_key(event.key, event.character):
                self.focused.insert_text_at_cursor(event.character)
            else:  # it does something in this dialog, and came by when there was none yet
                await self._check_bindings(event.key, priority=True)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        # Nothing is written while nobody types: over a slow line a blinking cursor is bytes for ever.
        if isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    def get_default_screen(self) -> Screen[None]:
        """The list of versions."""
        return VersionsScreen()

    @property
    def filters(self) -> tuple[str, ...]:
        """What was filtered for, in this session and those before, the newest first."""
        return self._kept.filters

    def remember_filter(self, words: str) -> None:
        """Words were filtered for."""
        self._kept = replace(self._kept, filters=self._kept.with_filter(words))

    @property
    def saved_filters(self) -> Mapping[str, str]:
        """Filters that got a name in this repository: name -> words."""
        return self._kept.saved

    def save_filter(self, name: str, words: str) -> None:
        """Give a filter a name, for the next sessions too."""
        self._keep_saved(self._kept.with_saved(name, words))

    def forget_filter(self, name: str) -> None:
        """Forget a filter by its name."""
        self._keep_saved({one: words for one, words in self._kept.saved.items() if one != name})

    def _keep_saved(self, saved: Mapping[str, str]) -> None:
        self._kept = replace(self._kept, saved=saved)
        self.home.show_zones()

    def choose_theme(self, name: str) -> None:
        """Show these colours from now on, in the next sessions too."""
        self.ansi_color = THEMES[name].ansi or None
        self.theme = THEMES[name].name
        self._kept = replace(self._kept, theme=name)

    def keep_state(self) -> None:
        """Keep what the next session starts with, if it is not what was kept last."""
        versions = next((screen for screen in self.screen_stack if isinstance(screen, VersionsScreen)), None)
        if versions is None or not versions.is_mounted:
            return
        state = replace(versions.kept(), filters=self._kept.filters, saved=self._kept.saved, theme=self._kept.theme)
        if state != self._last_kept:
            self._last_kept = self._kept = state
            self.settings.keep(state)

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, keeping what the next session starts with."""
        self.keep_state()
        super().exit(result, return_code, message)

    @property
    def home(self) -> VersionsScreen:
        """The list of versions, which lies under every other screen."""
        return next(screen for screen in self.screen_stack if isinstance(screen, VersionsScreen))

    def go_home(self, place: ExplorerScreen) -> bool:
        """Back to the list of versions; False: something runs in this place, which says so."""
        if place.situation().is_running:
            place.tell("something runs here: stop it or wait, then the list can be gone to")
            return False
        while self.screen is not self.home:
            self.pop_screen()
        return True

    def action_command_palette(self) -> None:
        """Textual's name for it."""
        self.open_palette()

    def open_palette(self, begins: str = "") -> None:
        """The palette, with the beginning of a command typed already."""
        from mlver_tui.palette.screen import Palette

        if isinstance(self.screen, ExplorerScreen):
            self.push_screen(Palette(begins))

    def find_versions(self, place: ExplorerScreen, spoken: Spoken) -> None:
        """Find the versions that a command of the palette names, then do it."""

        def find() -> None:
            try:
                with self.reading:
                    rows = tuple(self.project.find(name) for name in spoken.words)
            except MlverError as error:
                self.post_message(VersionsUnknown(place, error))
            else:
                self.post_message(VersionsNamed(place, spoken, rows))

        place.tell(place.glyphs.data(f"looking for {' '.join(spoken.words)}"))
        self.run_worker(find, thread=True, exclusive=True, group="find")

    @on(VersionsNamed)
    def _versions_named(self, message: VersionsNamed) -> None:
        from mlver_tui.palette.speaking import found

        if self.screen is message.place:  # else it was left meanwhile: nobody waits for it
            message.place.forget_told()
            found(message.place, message.spoken, message.rows)

    @on(VersionsUnknown)
    def _versions_unknown(self, message: VersionsUnknown) -> None:
        message.place.tell(self.settings.glyphs.data(f"{message.error.message}; {message.error.hint}"))

    def open_compare(self, wanted: Wanted) -> None:
        """Show what differs between two versions, or more of them side by side."""
        if isinstance(wanted, Several):
            from mlver_tui.screens.matrix import MatrixScreen

            self.push_screen(MatrixScreen(wanted.rows))
            return
        from mlver_tui.screens.compare import CompareScreen

        self.push_screen(CompareScreen(wanted.before, wanted.after))

    def open_charts(self, rows: Sequence[VersionRow]) -> None:
        """Show curves of these versions, and trends of what the list shows."""
        from mlver_tui.screens.charts import ChartsScreen

        self.push_screen(ChartsScreen(rows, self.home.listed_rows))

    def open_lineage(self, row: VersionRow, comparison: Comparison | None = None) -> None:
        """Show the versions of the list in lanes of parents, and the steps of one; a comparison marks those."""
        from mlver_tui.screens.lineage import LineageScreen

        self.push_screen(LineageScreen(row, self.home.listed_rows, self.home.version_of_key, comparison))

    def open_flips(self, comparison: Comparison) -> None:
        """List the rows of the test set that became right or wrong."""
        from mlver_tui.screens.flips import FlipsScreen

        predictions = comparison.predictions
        if predictions and predictions.flips:
            self.push_screen(FlipsScreen(comparison, predictions, predictions.flips))

    def open_bytes(self, before: VersionRow, after: VersionRow, path: str, part: str = "") -> None:
        """Show the bytes of a file of two versions, from the part on that is named."""
        from mlver_tui.screens.bytes import BytesScreen

        self.push_screen(BytesScreen(before, after, path, part))

    def open_replay(self, row: VersionRow) -> None:
        """Show what a replay would do. Starts nothing."""
        from mlver_tui.screens.replay import ReplayScreen

        def look_again(_ended: None) -> None:
            cast("ExplorerScreen", self.screen).action_act("refresh")

        self.push_screen(ReplayScreen(row), look_again)

    @on(Yanked)
    def _yanked(self, message: Yanked) -> None:
        from mlver_tui.screens.yanking import finish_yank

        finish_yank(message)

    @on(FilesListed)
    def _files_listed(self, message: FilesListed) -> None:
        from mlver_tui.screens.opening import choose_file

        if self.screen is message.place:  # else it was left meanwhile
            choose_file(message)

    @on(FileRead)
    def _file_read(self, message: FileRead) -> None:
        from mlver_tui.screens.opening import show

        if self.screen is message.place:
            show(message)

    @on(FileWritten)
    def _file_written(self, message: FileWritten) -> None:
        path = str(message.path)
        message.place.tell(self.settings.glyphs.data(message.problem or f"wrote {path}"))

    @property
    def failure(self) -> Exception | None:
        """What ended the app; None: it was left."""
        return self._exception

    def _handle_exception(self, error: Exception) -> None:
        """What a screen misses that was left before it was made, when keys come fast, is missed by nobody.

        Textual gives such a screen no widgets, and tells it that it has them.
        """
        pump = active_message_pump.get(None)
        was_left = isinstance(pump, Screen) and (self._exit or pump not in self.screen_stack)
        # Workers of ours touch no widget: what misses one in the background is the palette, left while it searched.
        is_late = isinstance(error, WorkerFailed) and isinstance(error.error, NoMatches)
        if not (is_late or (was_left and isinstance(error, NoMatches))):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave the terminal as it was, where Textual would fill it with every frame's variables: a file has them."""
        self._close_messages_no_wait()

    def interrupt(self) -> None:
        """Ctrl-c where nothing runs: a hint; twice within a second quits."""
        moment = time.monotonic()
        if moment - self._interrupted < _TWICE_S:
            self.exit()
        self._interrupted = moment
        screen = cast("ExplorerScreen", self.screen)
        screen.tell(f"{screen.key_of('leave')} leaves; ctrl-c again quits")

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Give the terminal to another program."""
        with super().suspend(), stopped_only_for_a_shell():
            yield

    def suspend_to_shell(self) -> None:
        """Stop until the shell says `fg`; where no shell could, say so."""
        if has_job_control():
            self.action_suspend_process()
        else:
            cast("ExplorerScreen", self.screen).tell(NO_JOB_CONTROL)
