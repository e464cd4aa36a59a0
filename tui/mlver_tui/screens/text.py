"""One file of two versions, line by line."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from mlver.model.text_diff import TextDiff
from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import CoreFailed, TextCompared
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.screens.searching import SearchingScreen
from mlver_tui.syntax import lexer_of
from mlver_tui.view_models.banner import Banner
from mlver_tui.view_models.chrome import waiting_line
from mlver_tui.view_models.diff_lines import diff_head, diff_line, diff_notes, text_room
from mlver_tui.view_models.diff_rows import DiffLook, DiffRows, DiffText
from mlver_tui.view_models.found import Found, next_found
from mlver_tui.view_models.spans import EMPTY, Line, dim, line, text_of
from mlver_tui.view_models.text_diff_lines import text_diff_lines
from mlver_tui.view_models.yanking import Yankable, command_of, given, side_yanks
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.rows import Rows
from mlver_tui.widgets.virtual_list import VirtualList

_CONTEXTS = (0, 1, 3, 10, 30, 100)
"""Same lines around a change, a step each."""


class _DrawnRows(Rows):
    """Rows that are made when they are drawn."""

    def __init__(self, rows: DiffRows, left_out: int) -> None:
        self.rows, self.left_out = rows, left_out

    def __len__(self) -> int:
        return len(self.rows)

    def head(self, width: int) -> Line | None:  # noqa: ARG002 - there is none at any width
        return None

    def key_at(self, index: int) -> int:
        return self.rows[index].place

    def index_of(self, key: Hashable) -> int | None:
        return self.rows.index_at(key) if isinstance(key, int) else None

    def is_heading(self, index: int) -> bool:  # noqa: ARG002 - every line can be stood on
        return False

    def line_at(self, index: int, width: int, *, is_marked: bool) -> Line:  # noqa: ARG002 - no line is marked here
        return diff_line(self.rows.text, self.rows[index], width, self.rows.look, self.left_out)


class TextScreen(SearchingScreen, inherit_bindings=False):
    """A diff in one column or two; `n` goes from change to change, or from match to match."""

    CONTEXT = Context.TEXT
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.TEXT)

    def __init__(self, before: VersionRow, after: VersionRow, path: str, files: Sequence[str] = ()) -> None:
        """`files`: those that can be looked at one after another, this one among them."""
        super().__init__()
        self._before, self._after, self._path = before, after, path
        self._files = tuple(files) if path in files else (path,)
        self._text: DiffText | None = None
        self._shown: DiffRows | None = None
        self._around: int = 3
        self._everything = False
        self._is_side_by_side = False
        self._is_wrapped = False
        self._left_out = 0
        """Cells of the beginnings that are scrolled away."""
        self._has_failed = False
        self._is_turning = False
        """From file to file: one without lines is passed by, not left."""

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="banner")
        yield LineView(glyphs=self.glyphs, id="head", classes="bar")
        yield LinePane(glyphs=self.glyphs, id="lines")
        yield VirtualList(glyphs=self.glyphs, has_cursor_sign=False, id="diff")
        yield self.search_prompt("words in the lines of the text")

    def on_mount(self) -> None:
        right = (f"{self.key_of('back')} back", "")
        banner = Banner(before=self._before, after=self._after, now=self.now, right=right, glyphs=self.glyphs)
        self.pane("#banner").show(banner.lines)
        self.do_refresh()

    @property
    def body(self) -> VirtualList:
        """The lines."""
        return self.query_one("#diff", VirtualList)

    # Act.

    @property
    def is_waiting(self) -> bool:
        return self._text is None and not self._has_failed

    def situation(self) -> Situation:
        return Situation(
            has_version=True,
            has_viewers=bool(self.explorer.settings.viewers),
            is_read_only=self.explorer.settings.is_read_only,
            shows_lines=self._shown is not None,
            has_file=True,
            files=len(self._files),
        )

    def do_bytes(self) -> None:
        self.explorer.open_bytes(self._before, self._after, self._path)

    def under_cursor(self) -> tuple[VersionRow, str]:
        return self._after, self._path

    def yankables(self) -> list[Yankable]:
        whole = Yankable(key="t", label="the diff as text", shown="", make=self._whole_text)
        sides = [*side_yanks("A", self._before), *side_yanks("B", self._after)]
        return [*given("p", "path", self._path), *([whole] if self._text else []), *sides]

    def _whole_text(self) -> str:
        lines = text_diff_lines(self._path, self._text.diff, self.glyphs) if self._text else ()
        return "".join(f"{text_of(one)}\n" for one in lines)

    def do_next_change(self) -> None:
        self._step(1)

    def do_previous_change(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        if not self.step_to_match(step) and self._shown is not None:
            self.body.move_to_next(self._shown.starts_change, step=step)

    def find(self, words: str, step: int, *, may_stay: bool = False) -> Found | None:
        """A match among same lines that are hidden brings all of them back."""
        text, shown = self._text, self._shown
        if text is None or shown is None:
            return None
        wanted, here = words.casefold(), shown[self.body.cursor].place
        places = [place for place, searched in enumerate(text.searched) if wanted in searched]
        found = next_found(places, here, step, may_stay=may_stay)
        if found is None:
            return None
        if shown[shown.index_at(found.place)].hidden:
            self._everything = True
            self._show_rows()
        self.body.move_to((self._shown or shown).index_at(found.place))
        return found

    def focus_searched(self) -> None:
        self.set_focus(self.body if self.body.display else self.query_one("#lines"))

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
        if self._is_wrapped or self._text is None:
            self.tell(f"long lines are wrapped ({self.key_of('wrap')}: in one)")
            return
        room = text_room(self.size.width, is_side_by_side=self._is_side_by_side)
        end = max(0, self._text.longest - room)
        self._left_out = max(0, min(self._left_out + step * (room // 2), end))
        self._show_rows()
        self.tell(f"from column {self._left_out + 1} on" if end else "no line is longer than its place is wide")

    def do_side_by_side(self) -> None:
        self._is_side_by_side = not self._is_side_by_side
        self._left_out = 0
        self._show_rows()

    def do_all(self) -> None:
        self._everything = not self._everything
        self._show_rows()

    def do_more_context(self) -> None:
        self._go_to_context(next((one for one in _CONTEXTS if one > self._around), self._around))

    def do_less_context(self) -> None:
        self._go_to_context(next((one for one in reversed(_CONTEXTS) if one < self._around), self._around))

    def _go_to_context(self, lines: int) -> None:
        if self._everything:
            self.tell(f"all lines are shown ({self.key_of('all')}: only what changed)")
            return
        self._around = lines
        self._show_rows()

    def do_next_file(self) -> None:
        self._go_to_file(1)

    def do_previous_file(self) -> None:
        self._go_to_file(-1)

    def _go_to_file(self, step: int) -> None:
        self._path = self._files[(self._files.index(self._path) + step) % len(self._files)]
        self._left_out, self._is_turning = 0, True
        self.forget_search()
        self.do_refresh()

    def arrange_panes(self, width: int, height: int) -> None:  # noqa: ARG002 - the width decides
        if self._is_wrapped:
            self._show_rows()

    def do_refresh(self) -> None:
        self._text = self._shown = None
        self._has_failed = False
        self.body.display = False
        self.query_one("#lines").display = True
        self.pane("#head").show(lambda _width: [line(" ", self.glyphs.data(self._path))])
        self.pane("#lines").show(lambda _width: [EMPTY, waiting_line("comparing", self.glyphs)])
        self.show_status(EMPTY)
        self.show_footer()
        self._compare()

    # Work.

    @work(thread=True, exclusive=True, group="text")
    def _compare(self) -> None:
        path, glyphs = self._path, self.glyphs

        def ask() -> TextCompared:
            return TextCompared(path, DiffText(self._diff(path), glyphs, lexer_of(path)))

        command = command_of("diff", [self._before, self._after], self.explorer.home.all_rows) + " --only code"
        self.ask_core(f"compare {glyphs.data(path)}", ask, self.post_message, command=command)

    def _diff(self, path: str) -> TextDiff:
        return self.explorer.project.text_diff(self._before, self._after, path, whole=True)

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self._has_failed = True
        self.forget_what_was_typed_ahead()
        self.body.display = False
        lines = self.pane("#lines")
        lines.display = True
        lines.show(self.error_card(message))

    @on(TextCompared)
    def _text_compared(self, message: TextCompared) -> None:
        if message.path != self._path:
            return
        diff = message.text.diff
        self._text = message.text
        if diff.is_binary and not diff.lines and self.is_current and not self._is_turning:
            self._leave_without_text()
            return
        self._show(diff)
        self.do_what_was_typed_ahead()

    def _leave_without_text(self) -> None:
        """There is nothing to read here: the screen that it was opened from says so."""
        self.app.pop_screen()
        cast("ExplorerScreen", self.app.screen).tell(f"{self.glyphs.data(self._path)} is no text: it has no lines")

    # Show.

    def _show(self, diff: TextDiff) -> None:
        glyphs = self.glyphs
        has_lines = bool(diff.lines)
        lines = self.pane("#lines")
        self.body.display, lines.display = has_lines, not has_lines
        if not has_lines:  # else it would say so for as long as it stands there still: until the next layout
            notes = diff_notes(diff) or ("nothing differs",)
            lines.show(lambda _width: [EMPTY, *(line(" ", glyphs.data(note)) for note in notes)])
        self._show_rows()
        self.focus_searched()
        if diff.notes and has_lines:
            self.show_status(line(" ", dim("; ".join(map(glyphs.data, diff.notes)))))

    def _show_rows(self) -> None:
        text = self._text
        if text is None:
            return
        self._show_head(text)
        if text.diff.lines:
            room = text_room(self.size.width, is_side_by_side=self._is_side_by_side)
            look = DiffLook(
                context=None if self._everything else self._around,
                is_side_by_side=self._is_side_by_side,
                room=room if self._is_wrapped else None,
            )
            place = self._shown[self.body.cursor].place if self._shown else 0
            self._shown = DiffRows(text, look)
            self.body.show(_DrawnRows(self._shown, self._left_out), key=place)
        self.show_footer()

    def _show_head(self, text: DiffText) -> None:
        around = "all lines" if self._everything else f"{self._around} around"
        if text.has_gaps:
            around = ""
        many = f"file {self._files.index(self._path) + 1} of {len(self._files)}" if len(self._files) > 1 else ""
        sides = "side by side" if self._is_side_by_side else "inline"
        said = f" {self.glyphs.dot} ".join(filter(None, (many, around, sides)))
        self.pane("#head").show(lambda width: [diff_head(self._path, text.diff, width, self.glyphs, said)])


class UncommittedScreen(TextScreen, inherit_bindings=False):
    """A file of a run against the commit its code stood on."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.TEXT)

    def __init__(self, row: VersionRow, path: str) -> None:
        super().__init__(row, row, path)

    def _diff(self, path: str) -> TextDiff:
        return self.explorer.project.uncommitted_diff(self._after, path, whole=True)
