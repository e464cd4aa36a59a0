"""A live log: fed from any thread, drawn ten times a second at most, bounded, coloured only by filtered SGR."""

from __future__ import annotations

from collections import deque
from queue import Empty, SimpleQueue

from rich.segment import Segment
from rich.text import Text
from textual.geometry import Size
from textual.strip import Strip

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.logs import LogLines
from mlver_tui.view_models.text import ascii_only
from mlver_tui.widgets.painting import Painted

MOST_LINES = 10_000
_PERIOD_S = 0.1


class LogPane(Painted, can_focus=True, inherit_bindings=False):
    """Follows the end unless it was scrolled away from it."""

    DEFAULT_CSS = """
    LogPane { height: 1fr; }
    """

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(glyphs=glyphs, id=id)
        self._waiting: SimpleQueue[bytes] = SimpleQueue()
        self._whole = LogLines()
        self._lines: deque[str] = deque(maxlen=MOST_LINES)

    def on_mount(self) -> None:
        self.set_interval(_PERIOD_S, self._drain)

    def feed(self, data: bytes) -> None:
        """Add output; may be called from any thread."""
        self._waiting.put(data)

    def finish(self) -> None:
        """No more output will come: show the line that never ended."""
        self._drain()
        self._add(self._whole.finish())

    @property
    def text(self) -> str:
        """What it shows, without colours."""
        return "\n".join(Text.from_ansi(line).plain for line in self._lines)

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @property
    def page_height(self) -> int:
        """How many lines are seen at once."""
        return max(1, self.size.height)

    def page(self, lines: int) -> None:
        """Scroll by so many lines, upwards when negative."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def _drain(self) -> None:
        parts = []
        while True:
            try:
                parts.append(self._waiting.get_nowait())
            except Empty:
                break
        if parts:
            self._add(self._whole.feed(b"".join(parts)))

    def _add(self, lines: list[str]) -> None:
        if not lines:
            return
        follows = self.scroll_offset.y >= self.max_scroll_y
        self._lines.extend(lines)
        self.virtual_size = Size(0, len(self._lines))
        if follows:
            self.scroll_to(y=len(self._lines), animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        base, width = self.rich_style, self.size.width
        if index >= len(self._lines):
            return Strip.blank(width, base)
        line = self._lines[index]
        segments = [
            Segment(ascii_only(text) if self.glyphs.is_ascii else text, base + (style or base))
            for text, style, _control in Text.from_ansi(line).render(self.app.console)
        ]
        return Strip(segments).adjust_cell_length(width, base)
