"""A against B: what went in, what came out, whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from mlver.model.change import Kind
from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import CurvesRead
from mlver_tui.screens.comparing import ComparingScreen
from mlver_tui.screens.explorer_screen import bindings_of
from mlver_tui.view_models.banner import SAID_CELLS, Banner, between_words
from mlver_tui.view_models.change_overview import tab_of
from mlver_tui.view_models.change_rows import ChangeRow
from mlver_tui.view_models.chrome import rule_line
from mlver_tui.view_models.compare_tabs import TREE_TABS, CompareTab
from mlver_tui.view_models.compared import ComparedView
from mlver_tui.view_models.curve_facts import curve_facts_line, curve_rule, held_lines, summary_curve
from mlver_tui.view_models.curve_lines import CurveName, CurveSide, curve_head, curve_named, curve_names, y_axis_words
from mlver_tui.view_models.file_rows import files_beside, is_text_row, uncommitted_in
from mlver_tui.view_models.metrics_tab import metrics_tab_lines
from mlver_tui.view_models.origin import curves_hint, why_no_replay
from mlver_tui.view_models.spans import EMPTY, Line, dim, fitted, line
from mlver_tui.view_models.summary import summary_lines
from mlver_tui.view_models.tabs import tab_line
from mlver_tui.view_models.yanking import Yankable, command_of, comparison_yanks, plain_name
from mlver_tui.widgets.change_tree import ChangeTree
from mlver_tui.widgets.chart_pane import ChartPane
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.virtual_list import VirtualList

_PANES = ("#overview", "#lines", "#tree", "#curve-rule", "#chart", "#curve-facts")
_ZONES_FROM = 140
"""Columns for the tree of everything beside the summary."""
_LEAST_CHART = 10
"""Lines worth drawing a curve in, its rule and its facts included."""
_CHROME = 7
"""Lines of banner, tabs, status and footer, and one that stays empty."""
_TREE = 43
"""Columns of the tree of everything, where there are no more."""


if TYPE_CHECKING:
    from mlver_tui.screens.exporting import Export


class CompareScreen(ComparingScreen, inherit_bindings=False):
    """Two versions and what differs between them, tab by tab."""

    CONTEXT = Context.COMPARE
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.COMPARE)

    def __init__(self, before: VersionRow, after: VersionRow) -> None:
        super().__init__(before, after)
        self._log_y = False
        self._curve = 0
        self._zoomed = ""
        """The pane beside the summary that has the whole screen."""
        self._panes: Sequence[str] = ()

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="banner")
        yield LineView(glyphs=self.glyphs, id="tabs")
        with Horizontal(id="zones"):
            yield ChangeTree(glyphs=self.glyphs, id="overview")
            with Vertical(id="told"):
                yield LinePane(glyphs=self.glyphs, id="lines")
                yield ChangeTree(glyphs=self.glyphs, id="tree")
                yield LineView(glyphs=self.glyphs, id="curve-rule", classes="bar")
                yield ChartPane(glyphs=self.glyphs, id="chart")
                yield LineView(glyphs=self.glyphs, id="curve-facts", classes="bar")
        yield self.search_prompt("words in the name of a row")

    def arrange_panes(self, width: int, height: int) -> None:  # noqa: ARG002 - the width decides
        if self._view is not None:
            self.show_tab()

    @property
    def has_overview(self) -> bool:
        return self._tab is CompareTab.SUMMARY and self._view is not None and self.size.width >= _ZONES_FROM

    @property
    def overview_width(self) -> int:
        return self.size.width if self._zoomed == "#overview" else max(_TREE, self.size.width * 31 // 100)

    # Act.

    def situation(self) -> Situation:
        row = self._row
        return Situation(
            has_version=True,
            no_replay=why_no_replay(self._after),
            has_tree=self.has_tree,
            has_curves=self._tab is CompareTab.CURVES or self.query_one("#curve-facts").display,
            has_text=self._is_file(row)
            or self._tab is CompareTab.SUMMARY
            or (self._tab is CompareTab.METRICS and self._has_flips)
            or (row is not None and row.tally is not None),
            has_viewers=bool(self.explorer.settings.viewers),
            is_read_only=self.explorer.settings.is_read_only,
            has_panes=self.has_overview,
            has_file=self._bytes_of(row) is not None,
            has_flips=self._has_flips,
            has_metrics=self._tab is CompareTab.METRICS and self._view is not None,
        )

    def _is_file(self, row: ChangeRow | None) -> bool:
        return row is not None and is_text_row(row, self._tab)

    def _bytes_of(self, row: ChangeRow | None) -> tuple[str, str] | None:
        """The file whose bytes can be shown, and the part of it that the cursor is on."""
        is_file = row is not None and self._tab is CompareTab.FILES and bool(row.path) and not row.is_folder
        return (row.path[0], row.path[1] if len(row.path) > 1 else "") if is_file and row else None

    def do_bytes(self) -> None:
        if found := self._bytes_of(self._row):
            self.explorer.open_bytes(self._before, self._after, *found)

    @property
    def _has_flips(self) -> bool:
        predictions = self._view.comparison.predictions if self._view else None
        return bool(predictions and predictions.flips and predictions.flips.rows)

    def do_flips(self) -> None:
        if self._view is not None:
            self.explorer.open_flips(self._view.comparison)

    def do_replay(self) -> None:
        self.explorer.open_replay(self._after)

    def do_charts(self) -> None:
        self.explorer.open_charts((self._before, self._after))

    def do_lineage(self) -> None:
        self.explorer.open_lineage(self._after, self._view.comparison if self._view else None)

    def under_cursor(self) -> tuple[VersionRow, str]:
        """The file on the side that has it; on another row the file that its value was written in."""
        row = self._row
        if row is None:
            return self._after, ""
        if self._is_file(row):
            had = uncommitted_in(row, self._tab) or ("A" if row.node.kind is Kind.REMOVED else "B")
            return (self._before if had == "A" else self._after), row.path[-1]
        side, written = self._after, row.node.place_after
        if written is None and row.node.place_before is not None:
            side, written = self._before, row.node.place_before
        return side, written.file if written else ""

    def yankables(self) -> list[Yankable]:
        if self._view is None:
            return []
        return comparison_yanks(self._row, self._view.comparison, self._command(), self._whole_text)

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
            self._go_to(list(CompareTab)[index])

    def _go_to(self, tab: CompareTab) -> None:
        self.changes.remember_place()
        self.forget_search()
        self._tab = tab
        self.show_tab()

    def do_zoom_pane(self) -> None:
        focused = "#overview" if self.focused is self.changes.body else "#told"
        self._zoomed = "" if self._zoomed else focused
        self.show_tab()

    def do_open_change(self) -> None:
        row = self._row
        if self.has_overview and row is not None and self._view is not None:
            tab, name = tab_of(row, self._view.sections)
            self._go_to(tab)
            if tab in TREE_TABS and name in (names := self._view.outlines[tab].names):
                self.changes.go_to(names.index(name))
        elif self._tab is CompareTab.SUMMARY:
            self._go_to_changes(1)
        elif self._tab is CompareTab.METRICS:
            self.do_flips()
        elif row is not None and self._is_file(row):
            from mlver_tui.screens.text import TextScreen, UncommittedScreen

            if uncommitted_in(row, self._tab):
                self.app.push_screen(UncommittedScreen(*self.under_cursor()))
            else:
                self.app.push_screen(TextScreen(self._before, self._after, row.path[0], self._files_beside()))
        elif row is not None and row.tally is not None:
            self.do_fold() if row.is_open else self.do_unfold()

    def _files_beside(self) -> tuple[str, ...]:
        return files_beside(self._view.outlines[self._tab].tree, self._tab) if self._view else ()

    @on(VirtualList.Opened)
    def _opened(self) -> None:
        self.action_act("open-change")

    def do_next_change(self) -> None:
        self._step(1)

    def do_previous_change(self) -> None:
        self._step(-1)

    def do_log_scale(self) -> None:
        self._log_y = not self._log_y
        self.show_tab()

    def _step(self, step: int) -> None:
        """To the next match, else to the next change of this tab, else to the first one of the next tab with any."""
        if self.step_to_match(step):
            return
        if self._tab is CompareTab.CURVES and self._curves:
            self._curve += step
            self.show_tab()
            return
        if self.has_tree and self.changes.go_to_change(step):
            return
        if self.has_overview:
            self.changes.go_to_end_change(step)
        else:
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
        self.query_one("#tree", ChangeTree).forget_place(target)
        self._go_to(target)
        self.changes.go_to_end_change(step)

    # Show.

    def show_tab(self) -> None:
        self._show_banner()
        self._show_tabs()
        panes = self._show_content()
        for selector in _PANES:
            self.query_one(selector).display = selector in panes
        self.query_one("#told").display = self._zoomed != "#overview" or not self.has_overview
        # At once, not with the next message: keys that were typed ahead move what has the focus.
        if not self.is_prompting:
            self._focus_one_of(panes)
        self.show_status(EMPTY)
        self.show_footer()

    def _focus_one_of(self, panes: Sequence[str]) -> None:
        was, self._panes = self._panes, panes
        if was == panes and self.focused is not None and f"#{self.focused.id}" in panes:
            return
        is_tree = panes[0] in {"#overview", "#tree"}
        self.set_focus(self.changes.body if is_tree else self.query_one(panes[0]), scroll_visible=False)

    def _show_content(self) -> tuple[str, ...]:
        """Fill the panes of the tab; which of them are shown."""
        view, curves = self._view, self._curves
        if view is None or self._failure or self._is_stopped:
            self._show_lines()
            return ("#lines",)
        if self.has_overview:
            return self._show_zones(view)
        self.pane("#lines").styles.height = "1fr"  # beside the tree it is as high as the summary
        if self._tab in TREE_TABS:
            self.show_tree(view)
            return ("#tree",)
        if self._tab is CompareTab.CURVES and curves is None:
            self.read_curves()
        if self._tab is CompareTab.CURVES and curves and (names := curve_names(curves.before, curves.after)):
            self._curve %= len(names)
            self._show_curve(curves, names, self._curve)
            return ("#chart",)
        self._show_lines()
        return ("#lines",)

    def _show_zones(self, view: ComparedView) -> tuple[str, ...]:
        """The tree of everything, beside it the summary, under that the curve if there is one and room for it."""
        overview = self.query_one("#overview")
        overview.styles.width = self.overview_width
        self.show_overview(view)
        self._show_lines()
        if self._curves is None:
            self.read_curves()
        # Not as many as it has now: it may not be laid out yet, and where it was wider it needed fewer.
        count = len(self._lines(self.size.width - (0 if self._zoomed == "#told" else self.overview_width)))
        room = self.size.height - _CHROME - count
        has_curve = self._curves is not None and room >= _LEAST_CHART and self._show_small_curve(view, self._curves)
        self.pane("#lines").styles.height = count + 1 if has_curve else "1fr"
        right = ("#lines", "#curve-rule", "#chart", "#curve-facts") if has_curve else ("#lines",)
        left = () if self._zoomed == "#told" else ("#overview",)
        return (*left, *right)

    def _show_small_curve(self, view: ComparedView, read: CurvesRead) -> bool:
        name = summary_curve(read.before, read.after, view.comparison.metrics)
        if name is None:
            return False
        glyphs, (metric, _context) = self.glyphs, name
        before, after = curve_named(read.before, name), curve_named(read.after, name)
        goal = next((one.meaning.goal for one in view.comparison.metrics if one.name == metric), None)
        y_axis = y_axis_words(log_y=self._log_y, key=self.key_of("log-scale"))
        said = glyphs.data(", ".join(filter(None, name))) + f" {glyphs.dot} x: step  {y_axis}"
        markers = self.query_one(ChartPane).markers
        self.pane("#curve-rule").show(lambda width: [curve_rule(said, markers, width, glyphs)])
        self.pane("#curve-facts").show(lambda width: [fitted(curve_facts_line(before, after, goal, glyphs), width)])
        self.query_one(ChartPane).show(before, after, (), log_y=self._log_y)
        return True

    def _show_banner(self) -> None:
        """On the right of B what lies between both; in a tab with a tree what of it is shown."""
        said = between_words(self._view.between, self.glyphs, width=self.size.width) if self._view else ""
        if self.has_tree and self._view and (said == "" or not self.has_overview):
            said = self._shown_words(self._view)
        right = (f"{self.key_of('swap')} swap   {self.key_of('back')} back", said.rjust(SAID_CELLS))
        banner = Banner(before=self._before, after=self._after, now=self.now, right=right, glyphs=self.glyphs)
        self.pane("#banner").show(banner.lines)

    def _shown_words(self, view: ComparedView) -> str:
        """How much of the tree is shown, and the key that changes it."""
        if self._everything:
            return f"all ({self.key_of('all')}: changes)"
        count = view.whole[1] if self.has_overview else view.outlines[self._tab].leaves
        return f"changes ({self.key_of('all')}: all {count})"

    def _show_tabs(self) -> None:
        labels = [self._view.label(tab) if self._view else tab.value for tab in CompareTab]
        active = list(CompareTab).index(self._tab)
        glyphs = self.glyphs
        self.pane("#tabs").show(
            lambda width: [
                fitted((*line(" "), *tab_line(labels, active, width - 1, glyphs)), width),
                rule_line("", width, glyphs),
            ]
        )

    def _show_lines(self) -> None:
        self.pane("#lines").show(self.error_card(self._failure) if self._failure else self._lines)

    def _lines(self, width: int) -> list[Line]:
        view, glyphs = self._view, self.glyphs
        if view is None or self.is_waiting:
            return self.waiting_lines(width)
        if self._tab is CompareTab.SUMMARY:
            return summary_lines(view, width, glyphs, is_beside_tree=self.has_overview)
        if self._tab is CompareTab.METRICS:
            return metrics_tab_lines(view.comparison, width, glyphs)
        return [EMPTY, line(" ", dim(f"no curves: {curves_hint(self._after)}"))]

    def _show_curve(self, read: CurvesRead, names: Sequence[CurveName], index: int) -> None:
        before, after = curve_named(read.before, names[index]), curve_named(read.after, names[index])
        chart = self.query_one(ChartPane)
        sides = (CurveSide(before, chart.markers[0]), CurveSide(after, chart.markers[1]))
        y_axis = y_axis_words(log_y=self._log_y, key=self.key_of("log-scale"))
        head = curve_head(names, index, sides, y_axis=y_axis, glyphs=self.glyphs)
        head += held_lines(names[index], before, after, (self._before, self._after), self.glyphs)
        chart.show(before, after, head, log_y=self._log_y)
