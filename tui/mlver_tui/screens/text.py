"""One file of two versions, line by line."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from mlver.model.text_diff import LineKind, TextDiff
from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import CoreFailed, TextCompared
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.view_models.chrome import waiting_line
from mlver_tui.view_models.diff_rows import GUTTER, DiffRow, diff_head, diff_line, diff_notes, diff_rows, longest_line
from mlver_tui.view_models.spans import EMPTY, dim, line, text_of
from mlver_tui.view_models.summary import Banner
from mlver_tui.view_models.text_diff_lines import text_diff_lines
from mlver_tui.view_models.yanking import Yankable, command_of, given, side_yanks
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.rows import ListedRows
from mlver_tui.widgets.virtual_list import VirtualList


class TextScreen(ExplorerScreen, inherit_bindings=False):
    """A unified diff; `n` goes from change to change."""

    CONTEXT = Context.TEXT
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.TEXT)

    def __init__(self, before: VersionRow, after: VersionRow, path: str) -> None:
        super().__init__()
        self._before, self._after, self._path = before, after, path
        self._diff: TextDiff | None = None
        self._is_wrapped = False
        self._left_out = 0
        """Cells of the beginnings that are scrolled away."""
        self._rows: tuple[DiffRow, ...] = ()
        self._has_failed = False

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="banner")
        yield LineView(glyphs=self.glyphs, id="head", classes="bar")
        yield LinePane(glyphs=self.glyphs, id="lines")
        yield VirtualList(glyphs=self.glyphs, has_cursor_sign=False, id="diff")

    def on_mount(self) -> None:
        banner = Banner(
            before=self._before, after=self._after, now=self.now, right=("esc back", ""), glyphs=self.glyphs
        )
        self.pane("#banner").show(banner.lines)
        self.query_one("#diff").display = False
        self.pane("#lines").show(lambda _width: [EMPTY, waiting_line("comparing", self.glyphs)])
        self.show_footer()
        self._compare()

    # Act.

    @property
    def is_waiting(self) -> bool:
        return self._diff is None and not self._has_failed

    def situation(self) -> Situation:
        return Situation(has_version=True, is_read_only=self.explorer.settings.is_read_only)

    def yankables(self) -> list[Yankable]:
        whole = Yankable(key="t", label="the diff as text", shown="", make=self._whole_text)
        sides = [*side_yanks("A", self._before), *side_yanks("B", self._after)]
        return [*given("p", "path", self._path), *([whole] if self._diff else []), *sides]

    def _whole_text(self) -> str:
        lines = text_diff_lines(self._path, self._diff, self.glyphs) if self._diff else ()
        return "".join(f"{text_of(one)}\n" for one in lines)

    def do_next_change(self) -> None:
        self._step(1)

    def do_previous_change(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        rows = self._rows

        def starts(index: int) -> bool:
            is_changed = rows[index].line.kind in {LineKind.ADDED, LineKind.REMOVED}
            return is_changed and (index == 0 or rows[index - 1].line.kind in {LineKind.SAME, LineKind.GAP})

        self.query_one("#diff", VirtualList).move_to_next(starts, step=step)

    def do_wrap(self) -> None:
        self._is_wrapped = not self._is_wrapped
        self._left_out = 0
        self._show_rows()
        key = self.key_of("wrap")
        self.tell(f"long lines are wrapped ({key}: in one)" if self._is_wrapped else f"long lines go on ({key}: wrap)")

    def do_text_right(self) -> None:
        self._scroll_sideways(1)

    def do_text_left(self) -> None:
        self._scroll_sideways(-1)

    def _scroll_sideways(self, step: int) -> None:
        room = max(1, self.size.width - GUTTER)
        if self._is_wrapped or self._diff is None:
            self.tell(f"long lines are wrapped ({self.key_of('wrap')}: in one)")
            return
        end = max(0, longest_line(self._diff, self.glyphs) - room)
        self._left_out = max(0, min(self._left_out + step * (room // 2), end))
        self._show_rows()
        self.tell(f"from column {self._left_out + 1} on" if end else "no line is longer than the screen is wide")

    def arrange_panes(self, width: int, height: int) -> None:  # noqa: ARG002 - the width decides
        if self._is_wrapped:
            self._show_rows()

    def do_refresh(self) -> None:
        self._compare()

    # Work.

    @work(thread=True, exclusive=True, group="text")
    def _compare(self) -> None:
        project = self.explorer.project
        self.ask_core(
            f"compare {self.glyphs.data(self._path)}",
            lambda: TextCompared(self._path, project.text_diff(self._before, self._after, self._path)),
            self.post_message,
            command=command_of("diff", [self._before, self._after], self.explorer.home.all_rows) + " --only code",
        )

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self._has_failed = True
        self.forget_what_was_typed_ahead()
        self.query_one("#diff").display = False
        lines = self.pane("#lines")
        lines.display = True
        lines.show(self.error_card(message))

    @on(TextCompared)
    def _text_compared(self, message: TextCompared) -> None:
        self._diff = message.diff
        if message.diff.is_binary and not message.diff.lines and self.is_current:
            self._leave_without_text()
            return
        self._show(message.diff)
        self.do_what_was_typed_ahead()

    def _leave_without_text(self) -> None:
        """There is nothing to read here: the screen that it was opened from says so."""
        self.app.pop_screen()
        cast("ExplorerScreen", self.app.screen).tell(f"{self.glyphs.data(self._path)} is no text: it has no lines")

    # Show.

    def _show(self, diff: TextDiff) -> None:
        glyphs, path = self.glyphs, self._path
        self.pane("#head").show(lambda width: [diff_head(path, diff, width, glyphs)])
        has_lines = bool(diff.lines)
        tree, lines = self.query_one("#diff", VirtualList), self.pane("#lines")
        tree.display, lines.display = has_lines, not has_lines
        notes = diff_notes(diff) or ("nothing differs",)
        lines.show(lambda _width: [EMPTY, *(line(" ", glyphs.data(note)) for note in notes)])
        if not has_lines:
            return
        self._show_rows()
        self.set_focus(tree)
        if diff.notes:
            self.show_status(line(" ", dim("; ".join(map(glyphs.data, diff.notes)))))

    def _show_rows(self) -> None:
        if self._diff is None or not self._diff.lines:
            return
        glyphs, left_out, tree = self.glyphs, self._left_out, self.query_one("#diff", VirtualList)
        at = self._rows[tree.cursor].place if self._rows else 0
        self._rows = diff_rows(self._diff, self.size.width if self._is_wrapped else None, glyphs)
        rows = ListedRows(
            self._rows,
            key=lambda row: (row.place, row.part),
            draw=lambda row, width, _marked: diff_line(row, width, left_out, glyphs),
        )
        tree.show(rows, key=(at, 0))
