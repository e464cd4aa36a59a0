"""One file of two versions, byte by byte: in hex, with the tensor and the number at the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input
from textual.worker import get_current_worker

from mlver.model.comparison import ByteComparison
from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import BytesCompared, BytesOpened, CoreFailed, DifferenceFound
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.view_models.banner import Banner
from mlver_tui.view_models.chrome import waiting_line
from mlver_tui.view_models.hex_lines import (
    HexLook,
    HexWindow,
    cursor_lines,
    differing_words,
    hex_lines,
    overview,
)
from mlver_tui.view_models.spans import EMPTY, dim, line
from mlver_tui.view_models.yanking import Yankable, command_of, given
from mlver_tui.widgets.line_view import LinePane, LineView

if TYPE_CHECKING:
    from mlver_tui.opened_project import OpenedBytes

_CHROME = 9
"""Lines that are not bytes: banner, name, strip, rule, cursor, status, footer."""


class BytesScreen(ExplorerScreen, inherit_bindings=False):
    """Both files in step; what is seen is read when it is seen, so any size opens at once."""

    CONTEXT = Context.BYTES
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.BYTES)

    def __init__(self, before: VersionRow, after: VersionRow, path: str, part: str = "") -> None:
        """`part`: the tensor to begin with."""
        super().__init__()
        self._before, self._after, self._path, self._part = before, after, path, part
        self._bytes: OpenedBytes | None = None
        self._found: ByteComparison | None = None
        self._has_failed = False
        self._top = self._cursor = 0

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="banner")
        yield LineView(glyphs=self.glyphs, id="head", classes="bar")
        yield LineView(glyphs=self.glyphs, id="strip", classes="bar")
        yield LinePane(glyphs=self.glyphs, id="hex")
        yield LineView(glyphs=self.glyphs, id="place")
        yield Input(id="filter", placeholder="an offset (0x1f40, 8000), or the name of a tensor", compact=True)

    def on_mount(self) -> None:
        right = (f"{self.key_of('back')} back", "")
        banner = Banner(before=self._before, after=self._after, now=self.now, right=right, glyphs=self.glyphs)
        self.pane("#banner").show(banner.lines)
        self.query_one("#hex").focus()
        self.do_refresh()

    def on_unmount(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._bytes is not None:
            self._bytes.close()
            self._bytes = None

    def arrange_panes(self, width: int, height: int) -> None:  # noqa: ARG002 - asked of the size
        self._show()

    # Act.

    @property
    def is_waiting(self) -> bool:
        return self._bytes is None and not self._has_failed

    def situation(self) -> Situation:
        return Situation(has_version=True, is_read_only=self.explorer.settings.is_read_only)

    def under_cursor(self) -> tuple[VersionRow, str]:
        return self._after, self._path

    def yankables(self) -> list[Yankable]:
        return [*given("p", "path", self._path), *given("v", "offset", f"{self._cursor:#x}")]

    @property
    def _look(self) -> HexLook:
        return HexLook(width=self.size.width, height=max(1, self.size.height - _CHROME), glyphs=self.glyphs)

    @property
    def _longest(self) -> int:
        return max(self._bytes.sizes) if self._bytes else 0

    def _page(self) -> int:
        return self._look.lines

    def _move(self, rows: int) -> None:
        """By lines; a line is as many bytes as the width has room for."""
        per_line = self._look.per_line
        last = max(0, self._longest - 1)
        if abs(rows) > last:
            self._go(0 if rows < 0 else last)
            return
        wanted = self._cursor + rows * per_line
        self._go(self._cursor % per_line if wanted < 0 else min(wanted, last))

    def do_byte_right(self) -> None:
        self._go(self._cursor + 1)

    def do_byte_left(self) -> None:
        self._go(self._cursor - 1)

    def _go(self, place: int) -> None:
        """The cursor to a byte, the window after it."""
        look = self._look
        self._cursor = max(0, min(place, self._longest - 1))
        line_start = self._cursor - self._cursor % look.per_line
        if line_start < self._top or line_start >= self._top + look.window:
            lead = look.lines // 3 * look.per_line
            self._top = max(0, line_start - lead)
        self._show()

    def do_next_difference(self) -> None:
        self.tell(f"looking for the next byte that differs {self.glyphs.ellipsis}")
        self._seek(1)

    def do_previous_difference(self) -> None:
        self.tell(f"looking for the byte before that differs {self.glyphs.ellipsis}")
        self._seek(-1)

    def do_go_to_byte(self) -> None:
        self.is_prompting = True
        self.set_focus(self.query_one("#filter", Input))  # at once: the keys behind this one are meant for it

    @on(Input.Submitted, "#filter")
    def _go_to_words(self, event: Input.Submitted) -> None:
        words = event.value.strip()
        self._close_prompt()
        if not words or self._bytes is None:
            return
        place = _offset(words)
        if place is None:
            place = self._bytes.start_of(words)
        if place is None:
            self.tell(f"{self.glyphs.data(words)}: no offset, and no tensor has it in its name")
        elif place >= self._longest:
            self.tell(f"the files end before {place:#x}")
        else:
            self._go(place)

    def _close_prompt(self) -> None:
        self.query_one("#filter", Input).value = ""
        self.is_prompting = False
        self.query_one("#hex").focus()

    def do_back(self) -> None:
        """One layer out: the prompt, then the screen."""
        if self.is_prompting:
            self._close_prompt()
        else:
            super().do_back()

    def do_leave(self) -> None:
        super().do_back()

    def do_interrupt(self) -> None:
        self.workers.cancel_node(self)
        super().do_interrupt()

    def do_refresh(self) -> None:
        self._close()
        self._found, self._has_failed = None, False
        self._show()
        self._open()

    # Work.

    @work(thread=True, exclusive=True, group="bytes")
    def _open(self) -> None:
        project, path = self.explorer.project, self._path
        command = command_of("diff", [self._before, self._after], self.explorer.home.all_rows) + " --only files"

        def opened() -> BytesOpened:
            files = project.byte_pair(self._before, self._after, path)
            files.elements_at(0)  # reads where the tensors lie, here and not between two keys
            return BytesOpened(files)

        self.ask_core(
            f"open {self.glyphs.data(path)}",
            opened,
            self.post_message,
            command=command,
        )

    @work(thread=True, exclusive=True, group="comparing")
    def _compare(self, opened: OpenedBytes) -> None:
        worker = get_current_worker()
        self.ask_core(
            "compare the bytes",
            lambda: BytesCompared(opened.compare(should_stop=lambda: worker.is_cancelled)),
            self.post_message,
        )

    @work(thread=True, exclusive=True, group="seeking")
    def _seek(self, step: int) -> None:
        worker, opened, cursor = get_current_worker(), self._bytes, self._cursor
        if opened is None:
            return

        def seek() -> DifferenceFound:
            find = opened.next_stretch if step > 0 else opened.previous_stretch
            return DifferenceFound(find(cursor, lambda: worker.is_cancelled))

        self.ask_core("look for a difference", seek, self.post_message)

    @on(BytesOpened)
    def _opened(self, message: BytesOpened) -> None:
        if not self.is_mounted:
            message.opened.close()
            return
        self._bytes = message.opened
        start = self._bytes.start_of(self._part) if self._part else None
        self._go(start or 0)
        self._compare(self._bytes)
        if start is None:
            self._seek_first()
        self.do_what_was_typed_ahead()

    def _seek_first(self) -> None:
        """To the first byte that differs: that is what it was opened for."""
        if self._bytes is not None and self._bytes.read(0, 1)[0] == self._bytes.read(0, 1)[1]:
            self._seek(1)

    @on(BytesCompared)
    def _compared(self, message: BytesCompared) -> None:
        self._found = message.found
        self._show()

    @on(DifferenceFound)
    def _difference_found(self, message: DifferenceFound) -> None:
        if message.place is None:
            self.tell("no other difference this way")
        else:
            self._go(message.place)

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self._has_failed = True
        self.forget_what_was_typed_ahead()
        self.pane("#hex").show(self.error_card(message))

    # Show.

    def _show(self) -> None:
        opened, look, glyphs = self._bytes, self._look, self.glyphs
        name = glyphs.data(self._path)
        said = differing_words(self._found, glyphs)
        self.pane("#head").show(lambda _width: [line(f" {name}", dim(f"   {said}"))])
        if opened is None:
            self.pane("#hex").show(lambda _width: [EMPTY, waiting_line("opening", glyphs)])
            return
        before, after = opened.read(self._top, look.window)
        window = HexWindow(start=self._top, before=before, after=after, cursor=self._cursor)
        elements = opened.elements_at(self._cursor)
        self.pane("#strip").show(lambda _width: [overview(self._found, self._longest, self._cursor, look)])
        self.pane("#hex").show(lambda _width: hex_lines(window, look))
        self.pane("#place").show(lambda _width: cursor_lines(window, elements, look))
        self.show_status(EMPTY)
        self.show_footer()


def _offset(words: str) -> int | None:
    """An offset as people write it, in hex with 0x."""
    try:
        place = int(words.replace("_", "").replace(" ", ""), 16 if words.lower().startswith("0x") else 10)
    except ValueError:
        return None
    return place if place >= 0 else None
