"""The home screen: the list of versions, and the detail of the one under the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Input

from mlver.model.version import Listing, VersionRow
from mlver.progress import Progress
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import CoreFailed, RepositoryChanged, VersionRead, VersionsListed
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.view_models.browsing import (
    Browsing,
    Pair,
    Picked,
    Title,
    empty_lines,
    is_worth_a_look,
    models_of,
    next_model,
    nothing_matches_lines,
    pair_line,
    pair_of,
)
from mlver_tui.view_models.chrome import error_lines, pane_title, recording_line, waiting_line
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.detail_tabs import detail_counts, detail_lines
from mlver_tui.view_models.spans import join, line
from mlver_tui.view_models.tabs import tab_label
from mlver_tui.view_models.version_rows import VersionTable, shown_name, version_table
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.rows import ListedRows
from mlver_tui.widgets.virtual_list import VirtualList

_PATIENCE_S = 0.15
_REMEMBERED_DETAILS = 64
_LEAST_DETAIL, _MOST_DETAIL, _LIST_WIDTH = 36, 60, 80
_DETAIL_LINES = 8


class VersionsScreen(ExplorerScreen, inherit_bindings=False):
    """Rows first from memory, then from git; whatever arrives later never moves the cursor off its row."""

    CONTEXT = Context.VERSIONS
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.VERSIONS)

    def __init__(self) -> None:
        super().__init__()
        self._listing = Listing(rows=(), is_current=False)
        self._by_key: dict[str, VersionRow] = {}
        self._browsing = Browsing()
        self._has_model = False
        self._table: VersionTable | None = None
        self._rows: tuple[VersionRow, ...] = ()
        self._base: str | None = None
        self._lost_marks: tuple[str, ...] = ()
        self._branch: str | None = None
        self._signature: tuple[object, ...] | None = None
        self._tab = DetailTab.RECEIPT
        self._details: dict[str, Detail] = {}
        self._failures: dict[str, CoreFailed] = {}
        self._follow: Timer | None = None
        self._shown_key: str | None = None
        self._progress: Progress | None = None

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="title", classes="bar")
        with Container(id="panes"):
            yield VirtualList(glyphs=self.glyphs, id="list")
            yield LinePane(glyphs=self.glyphs, id="notice")
            with Vertical(id="detail"):
                yield LineView(glyphs=self.glyphs, id="detail-title", classes="bar")
                yield LinePane(glyphs=self.glyphs, id="detail-body")
        yield Input(id="filter", placeholder="words in name, title, reason, author, tags", compact=True)

    def on_mount(self) -> None:
        self.list.focus()
        self._take(self.explorer.project.remembered())
        self._read_versions()
        self.set_interval(self.explorer.settings.poll_s, self._look_whether_changed)
        self.set_interval(0.5, self._look_at_progress)
        self._look_at_progress()

    def arrange_panes(self, width: int, height: int) -> None:
        detail = self.query_one("#detail")
        if self.has_class("wide"):
            detail.styles.width = max(_LEAST_DETAIL, min(width - _LIST_WIDTH, _MOST_DETAIL))
            detail.styles.height = "1fr"
        else:
            detail.styles.width = "1fr"
            detail.styles.height = 1 + min(_DETAIL_LINES, max(3, (height - 6) // 2))

    @property
    def list(self) -> VirtualList:
        """The list of versions."""
        return self.query_one("#list", VirtualList)

    @property
    def cursor(self) -> VersionRow | None:
        """The version under the cursor."""
        key = self.list.cursor_key
        return self._by_key.get(str(key)) if key is not None else None

    # Act.

    def situation(self) -> Situation:
        row = self.cursor
        pair = self._pair()
        return Situation(
            has_version=row is not None,
            is_broken=row is not None and row.is_broken,
            no_pair=pair if isinstance(pair, str) else "",
            marks=len(self.list.marks),
            has_lost_marks=bool(self._lost_marks),
            is_read_only=self.explorer.settings.is_read_only,
            models=len(models_of(self._listing)),
        )

    def _pair(self) -> Pair | str:
        marked = tuple(row for key in self.list.marks if (row := self._by_key.get(str(key))))
        base = self._by_key.get(self._base) if self._base else None
        return pair_of(Picked(cursor=self.cursor, marked=marked, base=base), self._by_key.get)

    def do_mark(self) -> None:
        self.list.toggle_mark()
        self._show_state()

    def do_clear_marks(self) -> None:
        self._lost_marks = tuple(map(str, self.list.marks))
        self.list.set_marks(())
        self._show_state()

    def do_restore_marks(self) -> None:
        self.list.set_marks(self._lost_marks)
        self._lost_marks = ()
        self._show_state()

    def do_base(self) -> None:
        row = self.cursor
        self._base = None if row is None or row.key == self._base else row.key
        self._show_rows()

    def do_compare(self) -> None:
        pair = self._pair()
        if isinstance(pair, Pair):
            self.explorer.open_compare(pair.before, pair.after)

    def do_open(self) -> None:
        self.query_one("#detail-body").focus()

    @on(VirtualList.Opened)
    def _open_clicked(self) -> None:
        self.do_open()

    def do_filter(self) -> None:
        self.add_class("filtering")
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def _narrow(self, event: Input.Changed) -> None:
        self._browsing = replace(self._browsing, words=event.value)
        self._show_rows()

    @on(Input.Submitted, "#filter")
    def _keep_filter(self) -> None:
        self.remove_class("filtering")
        self.list.focus()

    def do_back(self) -> None:
        """One layer out: the prompt, the zoom, the detail, the filter."""
        entry = self.query_one("#filter", Input)
        if entry.has_focus or self.has_class("zoomed") or self.query_one("#detail-body").has_focus:
            was_typing = entry.has_focus
            self.remove_class("filtering", "zoomed")
            self.list.focus()
            if not was_typing:
                return
        if entry.value:
            entry.value = ""

    def do_leave(self) -> None:
        self.app.exit()

    def do_replay(self) -> None:
        if row := self.cursor:
            self.explorer.open_replay(row)

    def do_yank(self) -> None:
        if row := self.cursor:
            self.explorer.copy_id(row)

    def do_next_worth(self) -> None:
        self._visit(1)

    def do_previous_worth(self) -> None:
        self._visit(-1)

    def _visit(self, step: int) -> None:
        table = self._table
        if table is None or not self.list.move_to_next(
            lambda index: is_worth_a_look(self._rows[index], table), step=step
        ):
            self.tell("nothing here is worth a special look: no regression, nothing broken or uncommitted")

    def do_sort(self) -> None:
        self._browsing = replace(self._browsing, order=self._browsing.order.next())
        self._show_rows()

    def do_reverse(self) -> None:
        self._browsing = replace(self._browsing, is_reversed=not self._browsing.is_reversed)
        self._show_rows()

    def do_model(self) -> None:
        self._browsing = replace(self._browsing, model=next_model(self._listing, self._browsing.model))
        self._show_rows()

    def do_zoom(self) -> None:
        self.toggle_class("zoomed")
        (self.query_one("#detail-body") if self.has_class("zoomed") else self.list).focus()

    def do_other_down(self) -> None:
        self.pane("#detail-body").page(1)

    def do_other_up(self) -> None:
        self.pane("#detail-body").page(-1)

    def do_next_tab(self) -> None:
        self.go_to_tab((list(DetailTab).index(self._tab) + 1) % len(DetailTab))

    def do_previous_tab(self) -> None:
        self.go_to_tab((list(DetailTab).index(self._tab) - 1) % len(DetailTab))

    def go_to_tab(self, index: int) -> None:
        if index < len(DetailTab):
            self._tab = list(DetailTab)[index]
            self._show_detail(keep_place=False)

    def do_refresh(self) -> None:
        self._details.clear()
        self._failures.clear()
        self._read_versions()
        self._read_detail_soon()

    # Work.

    @work(thread=True, exclusive=True, group="versions")
    def _read_versions(self) -> None:
        project = self.explorer.project

        def listed() -> VersionsListed:
            signature = project.signature()
            return VersionsListed(project.refresh(), signature, project.branch)

        self.ask_core("list the versions", listed, self.post_message, about="list")

    @work(thread=True, exclusive=True, group="poll")
    def _look_whether_changed(self) -> None:
        def compare(signature: tuple[object, ...]) -> None:
            if self._signature is not None and signature != self._signature:
                self.post_message(RepositoryChanged())

        self.ask_core("look at the refs", self.explorer.project.signature, compare, about="poll")

    @work(thread=True, exclusive=True, group="detail")
    def _read_detail(self, row: VersionRow) -> None:
        project = self.explorer.project
        self.ask_core(
            f"read {shown_name(row, self.glyphs)}",
            lambda: VersionRead(row.key, project.version(row), project.replays_of(row)),
            self.post_message,
            about=row.key,
        )

    def _look_at_progress(self) -> None:
        progress = self.explorer.settings.progress()
        if progress == self._progress:
            return
        self._progress = progress
        self._show_state()
        self._read_versions()

    @on(VersionsListed)
    def _versions_listed(self, message: VersionsListed) -> None:
        self._signature, self._branch = message.signature, message.branch
        self._failures.pop("list", None)
        self._take(message.listing)

    @on(RepositoryChanged)
    def _repository_changed(self) -> None:
        self._details.clear()
        self._read_versions()
        self._read_detail_soon()

    @on(VersionRead)
    def _version_read(self, message: VersionRead) -> None:
        row = self._by_key.get(message.key)
        if row is None:
            return
        while len(self._details) >= _REMEMBERED_DETAILS:
            del self._details[next(iter(self._details))]
        self._failures.pop(message.key, None)
        self._details[message.key] = Detail(row=row, version=message.version, replays=message.replays)
        if message.key == self.list.cursor_key:
            if self._follow is not None:
                self._follow.stop()
            self._show_detail(keep_place=message.key == self._shown_key)

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        if message.about == "poll":
            return
        self._failures[message.about] = message
        self._show_notice()
        self._show_detail()

    @on(VirtualList.CursorMoved)
    def _cursor_moved(self) -> None:
        self._show_state()
        self._read_detail_soon()

    def _read_detail_soon(self) -> None:
        if self._follow is not None:
            self._follow.stop()
        follow_s = self.explorer.settings.follow_s
        if follow_s:
            self._follow = self.set_timer(follow_s, self._follow_cursor)
        else:
            self._follow_cursor()

    def _follow_cursor(self) -> None:
        row = self.cursor
        if row is None or row.key in self._details or row.is_broken:
            self._show_detail(keep_place=False)
            return
        # What the row alone knows is shown only when reading takes long: else each line would be drawn twice.
        self._read_detail(row)
        self._follow = self.set_timer(_PATIENCE_S, lambda: self._show_detail(keep_place=False))

    # Show.

    def _take(self, listing: Listing) -> None:
        self._listing = listing
        self._by_key = {row.key: row for row in listing.rows}
        if not self._has_model and listing.rows:
            self._has_model = True
            self._browsing = replace(self._browsing, model=next(iter(models_of(listing))))
        self._show_rows()

    def _show_rows(self) -> None:
        self._rows = self._browsing.rows_of(self._listing)
        base = self._by_key.get(self._base) if self._base else None
        table = version_table(self._rows, find=self._by_key.get, now=self.now, base=base, glyphs=self.glyphs)
        self._table = table
        self.list.show(
            ListedRows(
                self._rows,
                key=lambda row: row.key,
                draw=lambda row, width, is_marked: table.line(row, width, is_marked=is_marked),
                head=table.head,
            )
        )
        self._show_notice()
        self._show_state()

    def _show_notice(self) -> None:
        """What stands in the list's place when it has no rows."""
        self.set_class(not self._rows, "no-rows")
        if self._rows:
            return
        failure = self._failures.get("list")
        place, words, glyphs = self.explorer.project.label, self._browsing.words, self.glyphs
        notice = self.pane("#notice")
        if failure:
            notice.show(lambda width: error_lines(failure.doing, failure.error, width, glyphs))
        elif words:
            notice.show(lambda _width: nothing_matches_lines(words, glyphs))
        elif self._listing.is_current:
            notice.show(lambda _width: empty_lines(place, glyphs))
        else:
            notice.show(lambda _width: [line(""), waiting_line("reading versions", glyphs)])

    def _show_state(self) -> None:
        """Title, status and footer."""
        title = Title(
            models=models_of(self._listing),
            model=self._browsing.model,
            place=self.explorer.project.label,
            branch=self._branch,
            shown=len(self._rows),
            total=len(self._listing.rows),
            browsing=self._browsing,
            glyphs=self.glyphs,
        )
        self.pane("#title").show(lambda width: [title.line(width)])
        said = pair_line(self._pair(), self.glyphs)
        self.show_status(join((recording_line(self._progress, self.glyphs), said)) if self._progress else said)
        self.show_footer()

    def _show_detail(self, *, keep_place: bool = True) -> None:
        row = self.cursor
        title, body = self.pane("#detail-title"), self.pane("#detail-body")
        if row is None:
            title.clear()
            body.clear()
            return
        self._shown_key = row.key
        known = self._details.get(row.key, Detail(row=row))
        base = self._by_key.get(self._base) if self._base else None
        against = base or (self._by_key.get(row.parent) if row.parent else None)
        detail = replace(
            known, row=row, against=against, against_name="A" if base else "parent", now=self.now, glyphs=self.glyphs
        )
        labels = [tab_label(tab.value, count) for tab, count in detail_counts(detail).items()]
        name, active, tab = shown_name(row, self.glyphs), list(DetailTab).index(self._tab), self._tab
        title.show(lambda width: [pane_title(name, labels, active, width, self.glyphs)])
        failure = self._failures.get(row.key)
        if failure:
            body.show(
                lambda width: error_lines(failure.doing, failure.error, width, self.glyphs), keep_place=keep_place
            )
        else:
            body.show(lambda width: detail_lines(detail, tab, width), keep_place=keep_place)
