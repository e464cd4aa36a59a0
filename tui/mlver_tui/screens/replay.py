"""A version run again: the plan, the steps as they run, the verdict. Nothing runs before `go` was chosen."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from mlver.errors import Interrupted, MlverError
from mlver.model.replay import ReplayPlan, ReplayRecord
from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import CoreFailed, ReplayEnded, ReplayMoved, ReplayPlanned
from mlver_tui.screens.confirm import ConfirmScreen
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.screens.moving import Movable
from mlver_tui.view_models.chrome import rule_line, scroll_title, waiting_line
from mlver_tui.view_models.replay_rows import StepProgress, StepState, plan_lines, step_progress_line, verdict_lines
from mlver_tui.view_models.spans import EMPTY, Span, Tone, dim, line
from mlver_tui.view_models.version_rows import shown_name
from mlver_tui.view_models.yanking import Yankable, command_of, version_yanks
from mlver_tui.widgets.choice_bar import ChoiceBar
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.log_pane import LogPane

if TYPE_CHECKING:
    from mlver.project import UsageSampled

_CANCEL, _GO = "Cancel", "Go: run these steps"
_BACK = "Back"
_LEAST_LOG = 3


class ReplayScreen(ExplorerScreen, inherit_bindings=False):
    """From the plan to the verdict."""

    CONTEXT = Context.REPLAY
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.REPLAY)

    def __init__(self, row: VersionRow) -> None:
        super().__init__()
        self._row = row
        self._plan: ReplayPlan | None = None
        self._steps: list[StepProgress] = []
        self._has_no_plan = False
        """It could not be made."""
        self._stop = Event()
        self._question: ConfirmScreen | None = None
        self.is_replaying = False

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="title", classes="bar")
        lines = LinePane(glyphs=self.glyphs, id="lines")
        # The movement keys scroll it all the same: the focus stays where enter chooses.
        lines.can_focus = False
        yield lines
        yield LineView(glyphs=self.glyphs, id="steps")
        yield LineView(glyphs=self.glyphs, id="log-title", classes="bar")
        yield LogPane(glyphs=self.glyphs, id="log")
        # Nothing to choose until there is a plan: an enter typed ahead must not mean what nobody has seen.
        yield ChoiceBar((), glyphs=self.glyphs, id="choices")

    def on_mount(self) -> None:
        self._show_title()
        for changed in ("scroll_y", "virtual_size"):
            self.watch(self.pane("#lines"), changed, self._show_title, init=False)
        self.pane("#log-title").show(lambda width: [rule_line("log", width, self.glyphs)])
        self.pane("#lines").show(lambda _width: [EMPTY, waiting_line("making the plan", self.glyphs)])
        self.query_one(ChoiceBar).focus()
        self.show_footer()
        self._make_plan()

    def on_unmount(self) -> None:
        """The app ends: so does what it runs."""
        self._stop.set()

    def arrange_panes(self, width: int, height: int) -> None:  # noqa: ARG002 - the height decides
        self.call_after_refresh(self._share_height)

    # Act.

    @property
    def moved(self) -> Movable | None:
        """The log while it has the focus; else what was planned or came out: the choices have nothing to scroll."""
        return self.query_one(LogPane) if self.query_one(LogPane).has_focus else self.pane("#lines")

    def situation(self) -> Situation:
        return Situation(
            has_version=True,
            is_running=self.is_replaying,
            is_read_only=self.explorer.settings.is_read_only,
            no_go=self._no_go,
        )

    @property
    def _no_go(self) -> str:
        """Why the plan cannot be started now."""
        if self.is_replaying:
            return "it runs already"
        if self.query_one(ChoiceBar).offers(_GO):
            return ""
        return "it has ended" if self.has_class("ended") else "there is no plan that can run here"

    @property
    def is_waiting(self) -> bool:
        return self._plan is None and not self._has_no_plan

    @on(ChoiceBar.Chosen)
    def _chosen_in_bar(self, event: ChoiceBar.Chosen) -> None:
        if event.choice == _GO:
            self.action_act("go")
        else:
            self.do_back()

    def yankables(self) -> list[Yankable]:
        return version_yanks(self._row, self.explorer.home.all_rows)

    def do_go(self) -> None:
        if self._plan is not None:
            self._go(self._plan)

    def do_stop(self) -> None:
        said = [line("its workspace is removed; no record of it is kept")]
        question = f"Stop the replay of {shown_name(self._row, self.glyphs)}?"
        self._question = ConfirmScreen(question, said, yes="Stop it", no="Let it run")
        self.app.push_screen(self._question, self._stop_when)

    def _stop_when(self, confirmed: bool | None) -> None:
        self._question = None
        if confirmed and self.is_replaying:
            self._stop.set()
            self.tell("stopping …" if not self.glyphs.is_ascii else "stopping")

    def do_interrupt(self) -> None:
        if self.is_replaying:
            self.do_stop()
        else:
            super().do_interrupt()

    def do_back(self) -> None:
        """Leave; a replay that runs is stopped first, when that is wanted."""
        if self.is_replaying:
            self.do_stop()
        else:
            self.dismiss(None)

    def do_quit(self) -> None:
        if self.is_replaying:
            self.do_stop()
        else:
            super().do_quit()

    def do_refresh(self) -> None:
        if not self.is_replaying:
            self._make_plan()

    def _go(self, plan: ReplayPlan) -> None:
        if self.is_replaying:
            return
        self.is_replaying = True
        self._stop.clear()
        self._steps = [StepProgress(name=step.name) for step in plan.steps]
        self.remove_class("ended")
        self.add_class("running")
        log = self.query_one(LogPane)
        log.styles.height = "1fr"
        log.focus()
        self.tell("starting")
        self._show_steps()
        self.show_footer()
        self._replay(plan)

    # Work.

    @work(thread=True, exclusive=True, group="plan")
    def _make_plan(self) -> None:
        project = self.explorer.project
        self.ask_core(
            f"plan a replay of {shown_name(self._row, self.glyphs)}",
            lambda: ReplayPlanned(project.plan_replay(self._row)),
            self.post_message,
        )

    @work(thread=True, exclusive=True, group="replay")
    def _replay(self, plan: ReplayPlan) -> None:
        from mlver.project import OutputArrived, RunEvent

        log = self.query_one(LogPane)

        def on_event(event: RunEvent) -> None:
            if isinstance(event, OutputArrived):
                log.feed(event.data)
            else:
                self.post_message(ReplayMoved(event))

        try:
            # No lock: the project lets one replay run beside one reader.
            with self.explorer.activities.doing(f"replay {self._row.name}", command_of("replay", [self._row])):
                record = self.explorer.project.replay(plan, on_event=on_event, should_stop=self._stop.is_set)
        except MlverError as error:
            self.post_message(CoreFailed("replay this version", error, about="replay"))
        else:
            self.post_message(ReplayEnded(record))

    @on(ReplayPlanned)
    def _replay_planned(self, message: ReplayPlanned) -> None:
        plan = self._plan = message.plan
        self.pane("#lines").show(lambda width: plan_lines(plan, width, self.glyphs))
        choices = self.query_one(ChoiceBar)
        if plan.obstacles:
            choices.offer((_BACK,))
            self.tell("it cannot run here: see what stops it")
        else:
            choices.offer((_CANCEL, _GO))
            self.tell("nothing has been started; right and enter go")
        self.do_what_was_typed_ahead()

    @on(ReplayMoved)
    def _replay_moved(self, message: ReplayMoved) -> None:
        from mlver.project import Phase, StepFinished, StepStarted, UsageSampled

        event = message.event
        if isinstance(event, Phase):
            self.tell(self.glyphs.data(event.text))
        elif isinstance(event, StepStarted):
            self._change_step(event.name, state=StepState.RUNNING)
        elif isinstance(event, UsageSampled):
            self._show_usage(event)
        elif isinstance(event, StepFinished):
            state = StepState.DONE if event.exit == 0 else StepState.FAILED
            self._change_step(event.name, state=state, wall_s=event.wall_s, exit=event.exit)

    def _show_usage(self, usage: UsageSampled) -> None:
        running = next((step for step in self._steps if step.state is StepState.RUNNING), None)
        if running:
            self._change_step(running.name, wall_s=usage.wall_s, cpu_s=usage.cpu_s, rss_bytes=usage.rss_bytes)

    def _change_step(self, name: str, **facts: object) -> None:
        self._steps = [replace(step, **facts) if step.name == name else step for step in self._steps]
        self._show_steps()

    @on(ReplayEnded)
    def _replay_ended(self, message: ReplayEnded) -> None:
        self._finish()
        record = message.record
        self._show_verdict(record)

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self._finish()
        self._has_no_plan = self._plan is None
        self.forget_what_was_typed_ahead()
        if isinstance(message.error, Interrupted):
            self.show_status(line(Span(" stopped: nothing was kept", Tone.WARNING)))
        self.query_one(ChoiceBar).offer((_BACK,))
        self.pane("#lines").show(self.error_card(message))
        self.call_after_refresh(self._share_height)

    # Show.

    @on(LinePane.Resized)
    def _show_title(self) -> None:
        """The name, and how much of the lines is out of sight."""
        pane, name = self.pane("#lines"), shown_name(self._row, self.glyphs)
        above, below = pane.scroll_offset.y, pane.lines_below
        self.pane("#title").show(lambda width: [scroll_title(f"replay {name}", above, below, width, self.glyphs)])

    def _share_height(self) -> None:
        """After a replay: the log gives the verdict what it needs, and never has more rows than lines."""
        lines, log = self.pane("#lines"), self.query_one(LogPane)
        if self.has_class("ended"):
            room = lines.size.height + log.size.height
            log.styles.min_height = 1
            log.styles.height = max(1, min(log.line_count, max(_LEAST_LOG, room - lines.line_count)))

    def _finish(self) -> None:
        self.query_one(LogPane).finish()
        if self._question is not None and self._question.is_current:
            # It ended by itself: there is nothing left to be asked.
            self._question.dismiss(False)
        if self.is_replaying:
            self.is_replaying = False
            self.remove_class("running")
            self.add_class("ended")
        choices = self.query_one(ChoiceBar)
        choices.offer((_BACK,))
        choices.focus()
        self.show_footer()

    def _show_verdict(self, record: ReplayRecord) -> None:
        self.pane("#lines").show(lambda width: verdict_lines(record, width, self.glyphs), keep_place=False)
        self.call_after_refresh(self._share_height)
        self.show_status(line(" ", dim("the record is kept; the list shows the replay mark")))

    def _show_steps(self) -> None:
        steps, pane = tuple(self._steps), self.pane("#steps")
        pane.styles.height = min(len(steps), max(3, self.size.height // 3))
        pane.show(lambda width: [step_progress_line(step, width, self.glyphs) for step in steps])
