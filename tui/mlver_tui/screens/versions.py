"""The home screen: the list of versions, and the detail of the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from mlver.model.attention import held_against
from mlver.model.note import why_no_note
from mlver.model.version import Listing, VersionRow
from mlver.progress import Progress
from mlver_tui.actions import Context, Situation
from mlver_tui.kept_state import KeptState
from mlver_tui.messages import CoreFailed, RepositoryChanged, VersionsListed
from mlver_tui.screens.explorer_screen import bindings_of
from mlver_tui.screens.zoned_list import ZonedList
from mlver_tui.view_models.browsing import (
    Picked,
    Title,
    Wanted,
    browsing_kept,
    count_shown,
    kept_of,
    models_of,
    nothing_lines,
    pair_line,
    pair_of,
)
from mlver_tui.view_models.chart_choice import charted_rows
from mlver_tui.view_models.chrome import problems_line, recording_line
from mlver_tui.view_models.detail import DetailTab
from mlver_tui.view_models.origin import why_no_replay
from mlver_tui.view_models.spans import EMPTY, join
from mlver_tui.view_models.version_rows import MARK_CELLS
from mlver_tui.view_models.yanking import Yankable, list_command, part_yanks, version_yanks
from mlver_tui.widgets.filter_line import FilterLine
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from mlver_tui.screens.exporting import Export

_FIRST_ROWS = 200
"""More than a screen holds, and few enough to be there at once; the others follow with the refresh."""


class VersionsScreen(ZonedList, inherit_bindings=False):
    """Rows first from memory, then from git; whatever arrives later never moves the cursor off its row."""

    CONTEXT = Context.VERSIONS
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.VERSIONS)

    def __init__(self) -> None:
        super().__init__()
        self._listing = Listing(rows=(), is_current=False)
        self._browsing = browsing_kept(self.explorer.settings.state)
        self._base = self.explorer.settings.state.base
        self._has_model = False
        self._branch: str | None = None
        self._signature: tuple[object, ...] | None = None
        self._progress: Progress | None = None

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="title", classes="bar")
        yield from self.compose_panes()
        yield FilterLine()

    def on_mount(self) -> None:
        self.list.mark_cells = MARK_CELLS
        self.list.focus()
        if self.explorer.settings.state.is_zoomed:
            self.do_zoom()
        self._take(self.explorer.project.remembered(_FIRST_ROWS))
        if self.explorer.settings.first_look_s:
            self.set_timer(self.explorer.settings.first_look_s, self._read_versions)
        else:
            self._read_versions()
        self.set_interval(self.explorer.settings.poll_s, self._look_whether_changed)
        self.set_interval(0.5, self._look_at_progress)
        self._look_at_progress()

    def kept(self) -> KeptState:
        """What the next session starts with, as far as this screen knows."""
        state = kept_of(self._browsing, marks=self.list.marks, base=self._base, tab=self.detail.tab_index)
        return replace(state, has_trend=self.keeps_trend, is_zoomed=self.has_class("zoomed"))

    # Act.

    def situation(self) -> Situation:
        row = self.cursor
        pair = self._pair()
        return Situation(
            has_version=row is not None,
            is_broken=row is not None and row.is_broken,
            no_pair=pair if isinstance(pair, str) else "",
            no_replay=why_no_replay(row) if row else "",
            no_note=why_no_note(row) if row else "",
            has_editor=lambda: self.explorer.settings.find_editor() is not None,
            marks=len(self.list.marks),
            undoable=self._undoing.newest,
            has_viewers=bool(self.explorer.settings.viewers),
            is_read_only=self.explorer.settings.is_read_only,
            models=len(self._models),
            problems=len(self._listing.problems),
        )

    def _pair(self) -> Wanted | str:
        marked = tuple(row for key in self.list.marks if (row := self._by_key.get(str(key))))
        base = self._base_row
        return pair_of(Picked(cursor=self.cursor, marked=marked, base=base), self._by_key.get)

    def marks_changed(self) -> None:
        self.look_again_at_marks()
        self._show_state()

    def do_base(self) -> None:
        row = self.cursor
        self._base = None if row is None or row.key == self._base else row.key
        self.look_again()

    def do_compare(self) -> None:
        pair = self._pair()
        if not isinstance(pair, str):
            self.explorer.open_compare(pair)

    def do_charts(self) -> None:
        marked = tuple(row for key in self.list.marks if (row := self._by_key.get(str(key))))
        picked = Picked(cursor=self.cursor, marked=marked, base=self._base_row)
        self.explorer.open_charts(charted_rows(picked, self._by_key.get))

    @on(VirtualList.MarkWanted)
    def _mark_clicked(self) -> None:
        self.action_act("mark")

    @on(VirtualList.Opened)
    def do_open(self) -> None:
        if self.list.has_range:
            self.do_mark()
        elif not self.open_zone():
            self.open_detail()

    def do_back(self) -> None:
        """One layer out: the range, the prompt, the zoom, the detail, the filter."""
        if self.list.has_range:
            self.list.leave_range()
            self._show_state()
            return
        entry = self.filter_line
        if entry.has_focus or self.has_class("zoomed") or not self.list.has_focus:
            was_typing = entry.has_focus
            self.remove_class("zoomed")
            self.leave_filter()
            if not was_typing:
                return
        entry.value = ""
        self.keep_words("")

    def do_leave(self) -> None:
        self.app.exit()

    def do_replay(self) -> None:
        if row := self.cursor:
            self.explorer.open_replay(row)

    def do_note(self) -> None:
        if row := self.cursor:
            self.note_about(row)

    def do_explain(self) -> None:
        from mlver_tui.screens.explaining import explain

        if self._table and (row := self.cursor):
            against = held_against(row, self._base_row, self._by_key.get)
            explain(self, row, self._table, self._company.reasons(row, against))

    def under_cursor(self) -> tuple[VersionRow, str] | None:
        return (self.cursor, "") if self.cursor else None

    def yankables(self) -> list[Yankable]:
        if (row := self.cursor) is None:
            return []
        detail, tab = self._details.get(row.key), list(DetailTab)[self.detail.tab_index]
        parts = part_yanks(detail.version, tab) if detail and detail.version else []
        return [*version_yanks(row, self._all_rows), *parts]

    def export(self) -> Export:
        from mlver_tui.list_export import FORMATS, list_text
        from mlver_tui.screens.exporting import Export

        listing, rows, project, glyphs = self._listing, self.shown_rows, self.explorer.project, self.glyphs
        words, model = self._words.strip(), self._browsing.model

        def text(form: str) -> str:
            with self.explorer.reading:
                params = project.params_of(rows)
            return list_text(listing, rows, params, form, glyphs)

        return Export(
            title="this list",
            name="versions.csv",
            forms=FORMATS,
            make=text,
            command=lambda form: list_command(form, model, words),
        )

    def do_next_worth(self) -> None:
        self._visit(1)

    def do_previous_worth(self) -> None:
        self._visit(-1)

    def _visit(self, step: int) -> None:
        company, base = self._company, self._base_row

        def is_worth(row: VersionRow) -> bool:
            return company.is_worth_a_look(row, held_against(row, base, self._by_key.get))

        if not self.list.move_to_next(
            lambda index: is_worth(self._by_key[str(self.list.rows.key_at(index))]), step=step
        ):
            self.tell("nothing is worth a special look: no regression, nothing broken or uncommitted")

    def do_refresh(self) -> None:
        self._failures.clear()
        self._repository_changed()

    # Work.

    @work(thread=True, exclusive=True, group="versions")
    def _read_versions(self) -> None:
        project = self.explorer.project

        def listed() -> VersionsListed:
            signature = project.signature()
            return VersionsListed(project.refresh(), signature, project.branch, project.ledger())

        self.ask_core("list the versions", listed, self.post_message, about="list", command="mlver list")

    @work(thread=True, exclusive=True, group="poll")
    def _look_whether_changed(self) -> None:
        self.ask_core("look at the refs", self.explorer.project.signature, self._compare_signature, about="poll")

    def _compare_signature(self, signature: tuple[object, ...]) -> None:
        if self._signature is not None and signature != self._signature:
            self.post_message(RepositoryChanged())

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
        self._ledger = message.ledger
        self.detail.take_ledger(message.ledger)
        self._take(message.listing)

    @on(RepositoryChanged)
    def _repository_changed(self) -> None:
        self._details.clear()
        self._read_versions()
        self._read_detail_soon()

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        if message.about in {"poll", "filter"}:
            return
        self._failures[message.about] = message
        self._show_notice()
        self._show_detail()

    @on(VirtualList.CursorMoved)
    def _cursor_moved(self) -> None:
        self._show_state()
        self._read_detail_soon()

    # Show.

    def _take(self, listing: Listing) -> None:
        self._listing, self._models = listing, models_of(listing)
        self._by_key = {row.key: row for row in (*listing.rows, *listing.kin)}
        if not self._has_model and listing.rows:
            self._has_model = True
            self._browsing = replace(self._browsing, model=next(iter(self._models)))
        self._all_rows, self._params = listing.rows, None
        self.take_rows(listing.rows)
        self.look_again()

    def rows_shown(self) -> None:
        self._show_notice()
        self._show_state()
        self.show_zones()

    def _show_notice(self) -> None:
        """What stands in the list's place when it has no rows."""
        notice = self.pane("#notice")
        notice.display, self.list.display = not self._rows, bool(self._rows)
        if self._rows:
            return
        failure = self._failures.get("list")
        said = nothing_lines(self._listing, self._browsing.words, self.explorer.project.label, self.glyphs)
        notice.show(self.error_card(failure) if failure else lambda _width: said)

    def _show_state(self) -> None:
        """Title, status and footer."""
        title = Title(
            models=self._models,
            model=self._browsing.model,
            place=self.explorer.project.label,
            branch=self._branch,
            shown=count_shown(self._browsing, self._listing, len(self._rows)),
            total=sum(self._models.values()),
            browsing=self._browsing,
            glyphs=self.glyphs,
        )
        self.pane("#title").show(lambda width: [self.title_line(title, width)])
        recording = recording_line(self._progress, self.glyphs) if self._progress else EMPTY
        problems = problems_line(self._listing.problems, self.key_of("activity"), self.glyphs)
        said = self.said() or pair_line(self._pair(), self.glyphs, self.key_of("compare"))
        self.show_status(join((recording, problems, said)))
        self.show_footer()
