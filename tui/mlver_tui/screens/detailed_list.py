"""A list of versions beside the detail of one: it follows the cursor, and reads only where that rests."""

from __future__ import annotations

from msgspec.structs import replace
from textual import on, work
from textual.timer import Timer

from mlver.model.version import VersionRow
from mlver_tui.messages import CoreFailed, VersionRead
from mlver_tui.screens.noting import NotingScreen
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.live_lines import Running
from mlver_tui.view_models.nesting import nested_in
from mlver_tui.view_models.version_rows import shown_name
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.version_detail import VersionDetail
from mlver_tui.widgets.virtual_list import VirtualList

_PATIENCE_S = 0.15
_REMEMBERED_DETAILS = 64


class DetailedList(NotingScreen, inherit_bindings=False):
    """A screen with a list of versions and a detail."""

    def __init__(self) -> None:
        super().__init__()
        self._by_key: dict[str, VersionRow] = {}
        self._base: str | None = None
        self._details: dict[str, Detail] = {}
        self._failures: dict[str, CoreFailed] = {}
        """What could not be done, by what it was about: `list`, or the key of a version."""
        self._follow: Timer | None = None

    @property
    def list(self) -> VirtualList:
        """The list of versions."""
        return self.query_one("#list", VirtualList)

    @property
    def detail(self) -> VersionDetail:
        """The pane about the version under the cursor."""
        return self.query_one(VersionDetail)

    @property
    def cursor(self) -> VersionRow | None:
        """The version under the cursor."""
        key = self.list.cursor_key
        return self._by_key.get(str(key)) if key is not None else None

    @property
    def _base_row(self) -> VersionRow | None:
        return self._by_key.get(self._base) if self._base else None

    def running_of(self, row: VersionRow) -> Running | None:  # noqa: ARG002 - for screens that watch runs
        """What was seen of a version that is being made; None: nobody looked."""
        return None

    def version_of_key(self, key: str) -> VersionRow | None:
        """The version with that key, whatever the filter shows."""
        return self._by_key.get(key)

    # Act.

    def open_detail(self) -> None:
        """Into the detail; from its history to the lineage."""
        if self.detail.body.has_focus and self.detail.tab_index == list(DetailTab).index(DetailTab.HISTORY):
            self.do_lineage()
        else:
            self.detail.body.focus()

    def do_lineage(self) -> None:
        if row := self.cursor:
            self.explorer.open_lineage(row)

    @property
    def other(self) -> LineView:
        return self.detail.body

    @property
    def tabs(self) -> tuple[int, int]:
        return self.detail.tab_index, len(DetailTab)

    def go_to_tab(self, index: int) -> None:
        self.detail.go_to_tab(index)

    # Work.

    @work(thread=True, exclusive=True, group="detail")
    def _read_detail(self, row: VersionRow) -> None:
        project = self.explorer.project
        self.ask_core(
            f"read {shown_name(row, self.glyphs)}",
            lambda: VersionRead(row.key, project.version(row), project.replays_of(row), project.notes_of(row)),
            self.post_message,
            about=row.key,
        )

    @on(VersionRead)
    def _version_read(self, message: VersionRead) -> None:
        if (row := self._by_key.get(message.key)) is None:
            return
        while len(self._details) >= _REMEMBERED_DETAILS:
            del self._details[next(iter(self._details))]
        self._failures.pop(message.key, None)
        self._details[message.key] = Detail(
            row=row, version=message.version, replays=message.replays, notes=message.notes
        )
        if message.key == self.list.cursor_key:
            if self._follow is not None:
                self._follow.stop()
            self._show_detail()

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
            self._show_detail()
            return
        # What the row alone knows is shown only when reading takes long: else each line would be drawn twice.
        self._read_detail(row)
        self._follow = self.set_timer(_PATIENCE_S, self._show_detail)

    # Show.

    def _show_detail(self) -> None:
        row = self.cursor
        if row is None:
            self.detail.show(None)
            return
        against, name = (self._base_row, "A") if self._base_row else (self._by_key.get(row.parent or ""), "parent")
        known = self._details.get(row.key, Detail(row=row))
        detail = replace(known, row=row, against=against, against_name=name, now=self.now, glyphs=self.glyphs)
        outer, inner = self._by_key.get(row.parent or ""), nested_in(row, self._by_key.values())
        detail = replace(detail, running=self.running_of(row), nested_in=outer, nested=inner)
        detail = replace(detail, log_key=self.key_of("edit"))
        self.detail.show(detail, self._failures.get(row.key))
