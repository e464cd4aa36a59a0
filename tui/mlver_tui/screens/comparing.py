"""Asks for a comparison, tells how far it is, and stops it when nobody wants it any more."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.worker import get_current_worker

from mlver.model.version import VersionRow
from mlver.progress import Progress
from mlver_tui.messages import Compared, CompareProgressed, CoreFailed, CurvesRead
from mlver_tui.screens.change_browsing import ChangeBrowsingScreen
from mlver_tui.view_models.compare_tabs import CompareTab
from mlver_tui.view_models.compared import compared_view
from mlver_tui.view_models.spans import Line
from mlver_tui.view_models.waiting import QUIET_S, SECOND, stopped_lines, waiting_lines
from mlver_tui.view_models.yanking import command_of


class ComparingScreen(ChangeBrowsingScreen, inherit_bindings=False):
    """The part of the screen that waits for the core. Leaving the screen ends its workers."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, before: VersionRow, after: VersionRow) -> None:
        super().__init__(before, after)
        self._curves: CurvesRead | None = None
        self._failure: CoreFailed | None = None
        self._is_stopped = False
        self._waited_s = 0.0
        self._progress: Progress | None = None

    def on_mount(self) -> None:
        self.do_refresh()

    @property
    def is_waiting(self) -> bool:
        is_missing = self._view is None or (self._tab is CompareTab.CURVES and self._curves is None)
        return is_missing and self._failure is None and not self._is_stopped

    # Act.

    def do_swap(self) -> None:
        self._before, self._after = self._after, self._before
        self._view = self._curves = None
        self._told.clear()
        self.do_refresh()

    def do_refresh(self) -> None:
        self._failure, self._is_stopped, self._waited_s, self._progress = None, False, 0.0, None
        self.show_tab()
        self._compare()
        for seconds in (QUIET_S, SECOND):
            self.set_timer(seconds, self._say_it_takes_long)

    def do_interrupt(self) -> None:
        """Stop what is being compared; where nothing is, as everywhere."""
        if not self.is_waiting:
            super().do_interrupt()
            return
        self.workers.cancel_node(self)
        self._is_stopped = True
        self.forget_what_was_typed_ahead()
        self.show_tab()

    # Work.

    @work(thread=True, exclusive=True, group="compare")
    def _compare(self) -> None:
        project, worker = self.explorer.project, get_current_worker()
        before, after = self._before, self._after

        def stopped() -> bool:
            return worker.is_cancelled

        def report(progress: Progress) -> None:
            self.post_message(CompareProgressed(progress))

        def ask() -> Compared:
            made = project.compare(before, after, report=report, should_stop=stopped)
            return Compared(compared_view(made, project.between(before, after)))

        command = command_of("diff", [before, after], self.explorer.home.all_rows)
        self.ask_core("compare these versions", ask, self.post_message, command=command)

    @work(thread=True, exclusive=True, group="curves")
    def read_curves(self) -> None:
        """Read the curves of both sides."""
        project, before, after = self.explorer.project, self._before, self._after
        command = command_of("curves", [before, after], self.explorer.home.all_rows)
        self.ask_core(
            "read the curves",
            lambda: CurvesRead(project.curves(before), project.curves(after)),
            self.post_message,
            command=command,
        )

    @on(CompareProgressed)
    def _progressed(self, message: CompareProgressed) -> None:
        self._progress = message.progress
        self._show_waiting()

    def _say_it_takes_long(self) -> None:
        self._waited_s = SECOND if self._waited_s else QUIET_S
        self._show_waiting()

    def _show_waiting(self) -> None:
        if self.is_waiting:
            self.pane("#lines").show(self.waiting_lines)

    @on(Compared)
    def _compared(self, message: Compared) -> None:
        made = message.view.comparison
        if (made.before.row.key, made.after.row.key) == (self._before.key, self._after.key):
            self._view, self._failure = message.view, None
            self.show_tab()
            self.do_what_was_typed_ahead()

    @on(CurvesRead)
    def _curves_read(self, message: CurvesRead) -> None:
        self._curves = message
        self.show_tab()
        self.do_what_was_typed_ahead()

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        if message.about:
            self.tell(self.glyphs.data(f"cannot {message.doing}: {message.error.message}"))
            return
        self._failure = message
        self.forget_what_was_typed_ahead()
        self.show_tab()

    # Show.

    def waiting_lines(self, _width: int) -> list[Line]:
        """What stands where the comparison will."""
        if self._is_stopped:
            return stopped_lines("comparing", self.key_of("refresh"))
        return waiting_lines("comparing", self._waited_s, self._progress, self.key_of("interrupt"), self.glyphs)
