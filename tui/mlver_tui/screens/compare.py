"""A against B: what went in, what came out, whether it helped."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.worker import get_current_worker

from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import Compared, CoreFailed, CurvesRead
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.view_models.change_lines import change_table, provenance_lines
from mlver_tui.view_models.change_rows import ChangeRow, ChangeRows
from mlver_tui.view_models.chrome import rule_line, waiting_line
from mlver_tui.view_models.compare_tabs import TREE_TABS, CompareTab
from mlver_tui.view_models.compared import ComparedView, compared_view
from mlver_tui.view_models.curve_lines import CurveSide, curve_head, curve_named, curve_names, y_axis_words
from mlver_tui.view_models.metric_rows import metric_lines
from mlver_tui.view_models.origin import curves_hint, why_no_replay
from mlver_tui.view_models.spans import EMPTY, dim, fitted, line
from mlver_tui.view_models.summary import Banner, summary_lines
from mlver_tui.view_models.tabs import tab_label, tab_line
from mlver_tui.view_models.yanking import Yankable, change_yanks, command_of, given, plain_name, side_yanks, whole_yanks
from mlver_tui.widgets.change_tree import ChangeTree, DrawnTree, RowDrawing
from mlver_tui.widgets.chart_pane import ChartPane
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.virtual_list import VirtualList

_TEXT_TABS = (CompareTab.CODE, CompareTab.FILES)
_FOLDED_TABS = (CompareTab.FILES, CompareTab.DATA)
_PANES = ("#lines", "#tree", "#chart")


if TYPE_CHECKING:
    from mlver_tui.screens.exporting import Export


class CompareScreen(ExplorerScreen, inherit_bindings=False):
    """Two versions and what differs between them, tab by tab."""

    CONTEXT = Context.COMPARE
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.COMPARE)

    def __init__(self, before: VersionRow, after: VersionRow) -> None:
        super().__init__()
        self._before, self._after = before, after
        self._view: ComparedView | None = None
        self._curves: CurvesRead | None = None
        self._failure: CoreFailed | None = None
        self._tab = CompareTab.SUMMARY
        self._everything = False
        self._is_flat = False
        self._log_y = False
        self._curve = 0

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="banner")
        yield LineView(glyphs=self.glyphs, id="tabs")
        yield LinePane(glyphs=self.glyphs, id="lines")
        yield ChangeTree(glyphs=self.glyphs, id="tree")
        yield ChartPane(glyphs=self.glyphs, id="chart")

    def on_mount(self) -> None:
        self._show_tab()
        self._compare()

    # Act.

    @property
    def changes(self) -> ChangeTree:
        """The pane of the tabs that show a tree."""
        return self.query_one("#tree", ChangeTree)

    @property
    def _row(self) -> ChangeRow | None:
        return self.changes.row if self._tab in TREE_TABS and self._view is not None else None

    def situation(self) -> Situation:
        row = self._row
        return Situation(
            has_version=True,
            no_replay=why_no_replay(self._after),
            has_tree=self._tab in TREE_TABS and self._view is not None,
            has_curves=self._tab is CompareTab.CURVES,
            has_text=self._is_file(row)
            or self._tab is CompareTab.SUMMARY
            or (row is not None and row.tally is not None),
            is_read_only=self.explorer.settings.is_read_only,
        )

    def _is_file(self, row: ChangeRow | None) -> bool:
        """Whether the row is a file with a text of its own: no part of one, and no folder."""
        return row is not None and self._tab in _TEXT_TABS and len(row.path) == 1 and not row.is_folder

    @property
    def is_waiting(self) -> bool:
        is_missing = self._view is None or (self._tab is CompareTab.CURVES and self._curves is None)
        return is_missing and self._failure is None

    def do_swap(self) -> None:
        self._before, self._after = self._after, self._before
        self._view = self._curves = None
        self._show_tab()
        self._compare()

    def do_replay(self) -> None:
        self.explorer.open_replay(self._after)

    def do_lineage(self) -> None:
        self.explorer.open_lineage(self._after, self._view.comparison if self._view else None)

    def yankables(self) -> list[Yankable]:
        if self._view is None:
            return []
        row, comparison = self._row, self._view.comparison
        under = change_yanks(row, comparison) if row else []
        sides = [*side_yanks("A", self._before), *side_yanks("B", self._after)]
        command = given("m", "command", self._command())
        return [*under, *command, *whole_yanks({"t": "txt", "s": "json", "w": "md"}, self._whole_text), *sides]

    def _command(self, form: str = "txt") -> str:
        options = {"txt": "", "json": " --json"}.get(form, f" --format {form}")
        rows = (self._before, self._after)
        return command_of("diff", rows, self.explorer.home.all_rows) + options + (" --all" if self._everything else "")

    def _whole_text(self, form: str) -> str:
        from mlver_tui.comparison_export import comparison_text
        from mlver_tui.view_models.comparison_report import Report

        assert self._view is not None
        comparison, everything = self._view.comparison, self._everything
        return comparison_text(
            Report(comparison=comparison, now=self.now, everything=everything, glyphs=self.glyphs), form
        )

    def export(self) -> Export:
        from mlver_tui.comparison_export import FORMATS
        from mlver_tui.screens.exporting import Export

        name = f"{'-'.join(plain_name(row) for row in (self._before, self._after))}.md"
        return Export(title="this comparison", name=name, forms=FORMATS, make=self._whole_text, command=self._command)

    @property
    def tabs(self) -> tuple[int, int]:
        return list(CompareTab).index(self._tab), len(CompareTab)

    def go_to_tab(self, index: int) -> None:
        if index < len(CompareTab):
            self.changes.remember_place()
            self._tab = list(CompareTab)[index]
            self._show_tab()

    def do_all(self) -> None:
        self._everything = not self._everything
        self._show_tab()

    def do_flat(self) -> None:
        self._is_flat = not self._is_flat
        self._show_tab()

    def do_fold(self) -> None:
        self.changes.fold()

    def do_unfold(self) -> None:
        self.changes.unfold()

    def do_fold_all(self) -> None:
        self.changes.fold_all()

    def do_unfold_all(self) -> None:
        self.changes.unfold_all()

    def do_open_change(self) -> None:
        row = self._row
        if self._tab is CompareTab.SUMMARY:
            self._go_to_changes(1)
        elif row is not None and self._is_file(row):
            from mlver_tui.screens.text import TextScreen

            self.app.push_screen(TextScreen(self._before, self._after, row.path[0]))
        elif row is not None and row.tally is not None:
            self.do_fold() if row.is_open else self.do_unfold()

    @on(VirtualList.Opened)
    def _opened(self) -> None:
        self.action_act("open-change")

    def do_next_change(self) -> None:
        self._step(1)

    def do_previous_change(self) -> None:
        self._step(-1)

    def do_log_scale(self) -> None:
        self._log_y = not self._log_y
        self._show_tab()

    @property
    def other(self) -> LineView:
        return self.changes.foot

    def _step(self, step: int) -> None:
        """To the next change of this tab, else to the first one of the next tab that has any."""
        if self._tab is CompareTab.CURVES and self._curves:
            self._curve += step
            self._show_tab()
            return
        if self._tab in TREE_TABS and self._view is not None and self.changes.go_to_change(step):
            return
        self._go_to_changes(step)

    def _go_to_changes(self, step: int) -> None:
        if self._view is None:
            return
        counts, tabs = self._view.counts, list(CompareTab)
        here = tabs.index(self._tab)
        order = [tabs[(here + step * away) % len(tabs)] for away in range(1, len(tabs))]
        target = next((tab for tab in order if tab in TREE_TABS and counts[tab]), None)
        if target is None:
            self.tell("no other change")
            return
        self.changes.remember_place()
        self.changes.forget_place(target)
        self._tab = target
        self._show_tab()
        self.changes.go_to_end_change(step)

    def do_refresh(self) -> None:
        self._failure = None
        self._show_tab()
        self._compare()

    # Work.

    @work(thread=True, exclusive=True, group="compare")
    def _compare(self) -> None:
        project, worker = self.explorer.project, get_current_worker()
        before, after = self._before, self._after

        def stopped() -> bool:
            return worker.is_cancelled

        self.ask_core(
            "compare these versions",
            lambda: Compared(compared_view(project.compare(before, after, should_stop=stopped))),
            self.post_message,
            command=command_of("diff", [before, after], self.explorer.home.all_rows),
        )

    @work(thread=True, exclusive=True, group="curves")
    def _read_curves(self) -> None:
        project, before, after = self.explorer.project, self._before, self._after
        self.ask_core(
            "read the curves",
            lambda: CurvesRead(project.curves(before), project.curves(after)),
            self.post_message,
            command=command_of("curves", [before, after], self.explorer.home.all_rows),
        )

    @on(Compared)
    def _compared(self, message: Compared) -> None:
        made = message.view.comparison
        if (made.before.row.key, made.after.row.key) == (self._before.key, self._after.key):
            self._view, self._failure = message.view, None
            self._show_tab()
            self.do_what_was_typed_ahead()

    @on(CurvesRead)
    def _curves_read(self, message: CurvesRead) -> None:
        self._curves = message
        self._show_tab()
        self.do_what_was_typed_ahead()

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self._failure = message
        self.forget_what_was_typed_ahead()
        self._show_tab()

    @on(VirtualList.CursorMoved)
    def _cursor_moved(self) -> None:
        self._show_foot()
        self.show_footer()

    # Show.

    def _show_tab(self) -> None:
        right = (f"{self.key_of('swap')} swap   esc back", self._said())
        banner = Banner(before=self._before, after=self._after, now=self.now, right=right, glyphs=self.glyphs)
        self.pane("#banner").show(banner.lines)
        self._show_tabs()
        shown = "#lines"
        if self._failure or self._view is None:
            self._show_lines()
        elif self._tab in TREE_TABS:
            shown = "#tree"
            self._show_tree(self._view)
        elif self._tab is CompareTab.CURVES and self._curves is None:
            self._read_curves()
            self._show_lines()
        elif self._tab is CompareTab.CURVES and self._curves and curve_names(self._curves.before, self._curves.after):
            shown = "#chart"
            self._show_curves(self._curves)
        else:
            self._show_lines()
        for selector in _PANES:
            self.query_one(selector).display = selector == shown
        # At once, not with the next message: keys that were typed ahead move what has the focus.
        self.set_focus(self.changes.body if shown == "#tree" else self.query_one(shown), scroll_visible=False)
        self.show_status(EMPTY)
        self.show_footer()

    def _said(self) -> str:
        if self._tab not in TREE_TABS:
            return ""
        return "all (a: only what changed)" if self._everything else "only what changed (a: all)"

    def _show_tabs(self) -> None:
        counts = self._view.counts if self._view else dict.fromkeys(CompareTab)
        labels = [tab_label(tab.value, counts[tab]) for tab in CompareTab]
        active = list(CompareTab).index(self._tab)
        glyphs = self.glyphs
        self.pane("#tabs").show(
            lambda width: [
                fitted((*line(" "), *tab_line(labels, active, width - 1, glyphs)), width),
                rule_line("", width, glyphs),
            ]
        )

    def _show_lines(self) -> None:
        failure, view, glyphs = self._failure, self._view, self.glyphs
        if failure:
            made = self.error_card(failure)
        elif view is None or (self._tab is CompareTab.CURVES and self._curves is None):
            made = lambda _width: [EMPTY, waiting_line("comparing", glyphs)]  # noqa: E731 - one of a few
        elif self._tab is CompareTab.SUMMARY:
            made = lambda width: summary_lines(view, width, glyphs)  # noqa: E731
        elif self._tab is CompareTab.METRICS:
            made = lambda width: metric_lines(view.comparison, width, glyphs)  # noqa: E731
        else:
            made = lambda _width: [EMPTY, line(" ", dim(f"no curves: {curves_hint(self._after)}"))]  # noqa: E731
        self.pane("#lines").show(made)

    def _show_tree(self, view: ComparedView) -> None:
        is_flat, glyphs = self._is_flat, self.glyphs

        def draw(rows: ChangeRows) -> RowDrawing:
            table = change_table(rows, is_flat=is_flat, glyphs=glyphs)
            return RowDrawing(table.line, table.head)

        drawn = DrawnTree(
            name=self._tab,
            outline=view.outlines[self._tab],
            draw=draw,
            everything=self._everything,
            is_flat=is_flat,
            starts_folded=self._tab in _FOLDED_TABS,
        )
        self.changes.show(drawn, key=self.key_of("all"))
        self._show_foot()

    def _show_foot(self) -> None:
        row, glyphs, foot = self._row, self.glyphs, self.changes.foot
        if row is None:
            foot.clear()
            return
        name = glyphs.data(row.name)
        foot.show(lambda width: [rule_line(name, width, glyphs), *provenance_lines(row, width, glyphs)])

    def _show_curves(self, read: CurvesRead) -> None:
        names = curve_names(read.before, read.after)
        self._curve %= len(names)
        name = names[self._curve]
        before, after = curve_named(read.before, name), curve_named(read.after, name)
        chart = self.query_one(ChartPane)
        sides = (CurveSide(before, chart.markers[0]), CurveSide(after, chart.markers[1]))
        y_axis = y_axis_words(log_y=self._log_y, key=self.key_of("log-scale"))
        head = curve_head(names, self._curve, sides, y_axis=y_axis, glyphs=self.glyphs)
        chart.show(before, after, head, log_y=self._log_y)
