"""Whose child each version is, as lanes; and the steps of the one under the cursor, with the files between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.worker import get_current_worker

from mlver.model.comparison import Comparison
from mlver.model.note import NO_NOTES
from mlver.model.version import Version, VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import CoreFailed, LineageMade, VersionRead
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.screens.moving import Movable
from mlver_tui.view_models.browsing import Pair
from mlver_tui.view_models.lineage import LineageTable, lineage_table, lineage_title
from mlver_tui.view_models.spans import Line, dim, fitted, join, line
from mlver_tui.view_models.step_graph import StepGraph, step_graph_lines
from mlver_tui.view_models.tabs import tab_line
from mlver_tui.view_models.version_rows import shown_name
from mlver_tui.view_models.yanking import Yankable, version_yanks
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.rows import ListedRows, no_rows
from mlver_tui.widgets.virtual_list import VirtualList


class LineageTab(StrEnum):
    """The tabs in their order."""

    LINEAGE = "Lineage"
    STEPS = "Steps"


class LineageScreen(ExplorerScreen, inherit_bindings=False):
    """Lanes are laid out by a worker; a version is read when its steps are looked at."""

    CONTEXT = Context.LINEAGE
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.LINEAGE)

    def __init__(
        self,
        start: VersionRow,
        rows: Sequence[VersionRow],
        find: Callable[[str], VersionRow | None],
        comparison: Comparison | None = None,
    ) -> None:
        """`start` is the version it is asked for; of a comparison, whose later side that is, the steps are marked."""
        super().__init__()
        self._start = start
        self._versions = rows if any(row.key == start.key for row in rows) else (start, *rows)
        self._find = find
        self._comparison = comparison
        self._tab = LineageTab.LINEAGE if comparison is None else LineageTab.STEPS
        self._view: LineageTable | None = None
        self._read: Version | None = None
        self._failure: CoreFailed | None = None

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="title", classes="bar")
        yield LineView(glyphs=self.glyphs, id="rule", classes="bar")
        yield VirtualList(glyphs=self.glyphs, id="list")
        yield LinePane(glyphs=self.glyphs, id="lines")

    def on_mount(self) -> None:
        self._lay_out()
        self._show()

    @property
    def _list(self) -> VirtualList:
        return self.query_one("#list", VirtualList)

    @property
    def _row(self) -> VersionRow | None:
        """The version under the cursor."""
        if self._view is None:
            return self._start
        return self._view.rows[self._list.cursor] if self._view.rows else None

    @property
    def _parent_row(self) -> VersionRow | None:
        """Its parent among the versions shown."""
        key = self._view.parent_of(self._row.key) if self._view and self._row else None
        return self._find(key) if key else None

    # Act.

    def situation(self) -> Situation:
        row, parent = self._row, self._parent_row
        return Situation(
            has_version=row is not None,
            is_broken=any(one.is_broken for one in (row, parent) if one),
            has_parent=parent is not None,
            has_child=bool(self._view and row and self._view.child_of(row.key)),
            is_read_only=self.explorer.settings.is_read_only,
        )

    @property
    def is_waiting(self) -> bool:
        return self._view is None

    @property
    def moved(self) -> Movable:
        return self._list if self._tab is LineageTab.LINEAGE else self.query_one("#lines", LinePane)

    @property
    def tabs(self) -> tuple[int, int]:
        return list(LineageTab).index(self._tab), len(LineageTab)

    def go_to_tab(self, index: int) -> None:
        if 0 <= index < len(LineageTab):
            self._tab = list(LineageTab)[index]
            self._show()

    def yankables(self) -> list[Yankable]:
        row = self._row
        return version_yanks(row, self._versions) if row else []

    @on(VirtualList.Opened)
    def do_lineage_go(self) -> None:
        row = self._row
        if row is not None and self.explorer.go_home(self):
            self.explorer.home.go_to(row)

    def do_lineage_compare(self) -> None:
        if (row := self._row) and (parent := self._parent_row):
            self.explorer.open_compare(Pair(before=parent, after=row))

    def do_lineage_parent(self) -> None:
        if self._view and (row := self._row):
            self._go_to(self._view.parent_of(row.key))

    def do_lineage_child(self) -> None:
        if self._view and (row := self._row):
            self._go_to(self._view.child_of(row.key))

    def _go_to(self, key: str | None) -> None:
        index = self._list.rows.index_of(key) if key else None
        if index is not None:
            self._list.move_to(index)
            self._show()

    def do_refresh(self) -> None:
        self._failure = self._read = None
        self._versions = self.explorer.home.listed_rows or self._versions
        self._lay_out()
        self._show()

    # Work.

    @work(thread=True, exclusive=True, group="lineage")
    def _lay_out(self) -> None:
        # Plain data of the list: nobody's project is read.
        worker = get_current_worker()
        view = lineage_table(self._versions, find=self._find, now=self.now, start=self._start.key, glyphs=self.glyphs)
        if not worker.is_cancelled:
            self.post_message(LineageMade(view))

    @on(LineageMade)
    def _made(self, message: LineageMade) -> None:
        view = self._view = message.view
        rows = ListedRows(
            range(len(view.rows)),
            key=lambda index: view.rows[index].key,
            draw=lambda index, width, _marked: view.line(index, width),
            head=view.head,
        )
        before = self._list.cursor_key
        self._list.show(rows, key=before if before is not None else self._start.key)
        self._show()
        self.do_what_was_typed_ahead()

    @work(thread=True, exclusive=True, group="steps")
    def _read_version(self, row: VersionRow) -> None:
        project = self.explorer.project
        self.ask_core(
            f"read {shown_name(row, self.glyphs)}",
            lambda: VersionRead(row.key, project.version(row), (), NO_NOTES),
            self.post_message,
            about=row.key,
        )

    @on(VersionRead)
    def _version_read(self, message: VersionRead) -> None:
        self._read, self._failure = message.version, None
        self._show()

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self._failure = message
        self._show()

    @on(VirtualList.CursorMoved)
    def _cursor_moved(self) -> None:
        self._show_bars()

    # Show.

    def _show(self) -> None:
        is_lanes = self._tab is LineageTab.LINEAGE
        self.set_class(is_lanes, "lanes")
        self.set_class(not is_lanes, "steps")
        if self._view is None:
            self._list.show(no_rows())
        if not is_lanes:
            self._show_steps()
        self.moved.focus()
        self._show_bars()

    def _show_steps(self) -> None:
        row, pane = self._row, self.pane("#lines")
        if row is None:
            pane.clear()
            return
        failure = self._failure
        if failure is not None and failure.about == row.key:
            pane.show(self.error_card(failure))
        elif self._read is None or self._read.row.key != row.key:
            pane.clear()
            self._read_version(row)
        else:
            graph = self._graph(self._read)
            pane.show(lambda width: step_graph_lines(graph, width, self.glyphs), keep_place=False)

    def _graph(self, version: Version) -> StepGraph:
        compared = self._comparison
        if compared is None or compared.after.row.key != version.row.key:
            return StepGraph(manifest=version.manifest)
        return StepGraph(
            manifest=version.manifest,
            differing=compared.differing_steps,
            first=compared.first_step or "",
            why=compared.first_step_why,
        )

    def _show_bars(self) -> None:
        """Title, tabs, status and footer."""
        view, row = self._view, self._row
        waiting = line(dim(" the versions are laid out"))
        self.pane("#title").show(lambda width: [lineage_title(view, width) if view else fitted(waiting, width)])
        labels = [tab.value for tab in LineageTab]
        active = list(LineageTab).index(self._tab)
        self.pane("#rule").show(
            lambda width: [fitted((*line(" "), *tab_line(labels, active, width - 1, self.glyphs)), width)]
        )
        self.show_status(self._said(row))
        self.show_footer()

    def _said(self, row: VersionRow | None) -> Line:
        """Of which version it is, and what came of it."""
        if row is None:
            return line(dim(" no version"))
        name = line(f" {shown_name(row, self.glyphs)}")
        if self._tab is LineageTab.STEPS:
            against = self._comparison.before.row if self._comparison else None
            told = f"against {shown_name(against, self.glyphs)}" if against and row.key == self._start.key else ""
            return join((name, line(dim(f"its steps {told}".rstrip()))))
        return join((name, line(dim(self._view.kin_said(row.key) if self._view else ""))))
