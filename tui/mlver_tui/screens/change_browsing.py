"""Change trees in a comparison: folds, search, columns, and what stands under the row of the cursor."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.timer import Timer

from mlver.model.param_history import ParamHistory
from mlver.model.version import VersionRow
from mlver_tui.messages import ParamHistoryRead
from mlver_tui.screens.searching import SearchingScreen
from mlver_tui.view_models.change_lines import change_table, provenance_lines
from mlver_tui.view_models.change_overview import OverviewTable
from mlver_tui.view_models.change_rows import ChangeRow, ChangeRows
from mlver_tui.view_models.chrome import rule_line
from mlver_tui.view_models.compare_tabs import FOLDED_TABS, TREE_TABS, CompareTab
from mlver_tui.view_models.compared import ComparedView
from mlver_tui.view_models.found import Found
from mlver_tui.view_models.metric_rows import RESOURCES
from mlver_tui.view_models.param_lines import param_lines
from mlver_tui.view_models.step_line import step_lines
from mlver_tui.widgets.change_tree import ChangeTree, DrawnTree, RowDrawing
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.virtual_list import VirtualList


class ChangeBrowsingScreen(SearchingScreen, inherit_bindings=False):
    """Shows the tree of a tab, or beside the summary the tree of everything."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, before: VersionRow, after: VersionRow) -> None:
        super().__init__()
        self._before, self._after = before, after
        self._view: ComparedView | None = None
        self._tab = CompareTab.SUMMARY
        self._everything = False
        self._is_flat = False
        self._is_inline = False
        self._told: dict[tuple[str, ...], ParamHistory] = {}
        """What is known of params, by their labels."""
        self._asking: Timer | None = None

    @property
    def has_overview(self) -> bool:
        """Whether the tree of everything stands beside the summary."""
        raise NotImplementedError

    @property
    def overview_width(self) -> int:
        """The cells of the tree of everything."""
        raise NotImplementedError

    @property
    def has_tree(self) -> bool:
        """Whether a tree is shown."""
        return self._view is not None and (self._tab in TREE_TABS or self.has_overview)

    @property
    def changes(self) -> ChangeTree:
        """The tree that is shown, else the one of the tabs."""
        return self.query_one("#overview" if self.has_overview else "#tree", ChangeTree)

    @property
    def _row(self) -> ChangeRow | None:
        return self.changes.row if self.has_tree else None

    # Act.

    def do_fold(self) -> None:
        self.changes.fold()

    def do_unfold(self) -> None:
        self.changes.unfold()

    def do_fold_all(self) -> None:
        self.changes.fold_all()

    def do_unfold_all(self) -> None:
        self.changes.unfold_all()

    def do_all(self) -> None:
        self._everything = not self._everything
        self.show_tab()

    def do_flat(self) -> None:
        self._is_flat = not self._is_flat
        self.show_tab()

    def do_side_by_side(self) -> None:
        self._is_inline = not self._is_inline
        self.show_tab()
        self.tell("both values in one column" if self._is_inline else "A and B side by side")

    def do_explain_change(self) -> None:
        from mlver_tui.screens.explaining import explain_whole
        from mlver_tui.view_models.change_overview import tab_of
        from mlver_tui.view_models.inspected_change import inspected_change, inspected_metrics

        row, view = self._row, self._view
        if view is None:
            return
        tab, labels = self._tab, row.path if row else ()
        if row is not None and self.has_overview:
            tab, labels = tab_of(row, view.sections)[0], row.path[1:]
        if tab is CompareTab.METRICS:
            deltas = [one for one in view.comparison.metrics if not labels or one.name == labels[0]]
            explain_whole(self, "metrics", inspected_metrics(deltas, self.glyphs))
        elif row is not None:
            explain_whole(self, row.name, inspected_change(row, labels or row.path, view.comparison, self.glyphs))

    def do_wrap(self) -> None:
        """Keys of a text have no meaning here: the table of actions says why, and none of them comes this far."""

    do_more_context = do_less_context = do_wrap

    def find(self, words: str, step: int, *, may_stay: bool = False) -> Found | None:
        return self.changes.go_to_match(words, step, may_stay=may_stay) if self.has_tree else None

    def focus_searched(self) -> None:
        self.set_focus(self.changes.body, scroll_visible=False)

    @property
    def other(self) -> LineView:
        return self.pane("#lines") if self.has_overview else self.changes.foot

    @on(VirtualList.CursorMoved)
    def _cursor_moved(self) -> None:
        self._show_foot()
        self.show_footer()

    # Work.

    def _ask_about_param(self) -> None:
        """Once the cursor rests on a param nobody asked about."""
        if self._asking is not None:
            self._asking.stop()
        if (row := self._row) is None or not self._is_param(row) or row.path in self._told:
            return
        if follow_s := self.explorer.settings.follow_s:
            self._asking = self.set_timer(follow_s, partial(self._read_history, row.path))
        else:
            self._read_history(row.path)

    @work(thread=True, exclusive=True, group="param")
    def _read_history(self, labels: tuple[str, ...]) -> None:
        if (view := self._view) is None:
            return
        project, after, ignore = self.explorer.project, self._after, view.comparison.after.manifest.ignore
        self.ask_core(
            "read the values this param had",
            lambda: ParamHistoryRead(project.param_history(after, labels, ignore=ignore)),
            self.post_message,
            about="param",
        )

    @on(ParamHistoryRead)
    def _history_read(self, message: ParamHistoryRead) -> None:
        self._told[message.told.labels] = message.told
        self._show_foot()

    # Show.

    def show_tab(self) -> None:
        """Show everything anew."""
        raise NotImplementedError

    def show_tree(self, view: ComparedView) -> None:
        """The tree of the tab, and under it what is known of the row under the cursor."""
        is_flat, is_inline, glyphs = self._is_flat, self._is_inline, self.glyphs

        def draw(rows: ChangeRows) -> RowDrawing:
            table = change_table(rows, is_flat=is_flat, is_inline=is_inline, glyphs=glyphs)
            return RowDrawing(table.line, table.head)

        drawn = DrawnTree(
            name=self._tab,
            outline=view.outlines[self._tab],
            draw=draw,
            everything=self._everything,
            is_flat=is_flat,
            starts_folded=self._tab in FOLDED_TABS,
        )
        self.changes.set_class(self._tab is CompareTab.PARAMS, "long-foot")
        self.changes.show(drawn, key=self.key_of("all"))
        self._show_foot()

    def show_overview(self, view: ComparedView) -> None:
        """The tree of everything, and under it the line of steps."""
        is_flat, glyphs = self._is_flat, self.glyphs
        deltas = {delta.name: delta for delta in view.comparison.metrics if delta.name not in RESOURCES}

        def draw(rows: ChangeRows) -> RowDrawing:
            inner = change_table(rows, is_flat=is_flat, is_inline=True, glyphs=glyphs)
            table = OverviewTable(inner=inner, deltas=deltas, counted=view.whole, glyphs=glyphs)
            return RowDrawing(table.line, table.head, is_heading=table.is_heading)

        drawn = DrawnTree(
            name="overview",
            outline=view.overview,
            draw=draw,
            everything=self._everything,
            is_flat=is_flat,
            counts_left_out=False,
        )
        self.changes.show(drawn, key=self.key_of("all"))
        self._show_foot()

    def _is_param(self, row: ChangeRow) -> bool:
        return self._tab is CompareTab.PARAMS and row.tally is None

    def _show_foot(self) -> None:
        view, row, glyphs = self._view, self._row, self.glyphs
        if view is None or not self.has_tree:
            return
        foot, comparison = self.changes.foot, view.comparison
        if self.has_overview:
            made = partial(step_lines, comparison, glyphs=glyphs)
            # Not by the foot's own width: it has none before it was laid out.
            foot.styles.height = len(made(self.overview_width - 1))
            foot.show(made)
        elif row is None:
            foot.clear()
        else:
            name, told = glyphs.data(row.name), self._told.get(row.path)
            about = (
                partial(param_lines, comparison, row, told) if self._is_param(row) else partial(provenance_lines, row)
            )
            foot.show(lambda width: [rule_line(name, width, glyphs), *about(width, glyphs)])
            self._ask_about_param()
