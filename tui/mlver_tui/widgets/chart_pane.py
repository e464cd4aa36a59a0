"""Curves of two versions overlaid, drawn off the UI thread."""

from __future__ import annotations

from rich.segment import Segment
from rich.text import Text
from textual import events, work
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.worker import get_current_worker

from mlver.model.curve import Curve
from mlver_tui.charts import MARKERS, ChartLook, Series, draw_curves
from mlver_tui.themes import TONE_COLOURS
from mlver_tui.view_models.spans import Line, Tone
from mlver_tui.widgets.painting import Painted

_NAMED_A, _NAMED_B = "green", "magenta"


class ChartPane(Painted, can_focus=True, inherit_bindings=False):
    """Shows up to one curve per side, under a head of its own; says so when nothing can be drawn."""

    DEFAULT_CSS = """
    ChartPane { height: 1fr; }
    """

    _before: Curve | None = None
    _after: Curve | None = None
    _head: tuple[Line, ...] = ()
    _lines: tuple[Text, ...] = ()
    _log_y = False

    class ChartDrawn(Message):
        """A chart was drawn, as lines of text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def show(self, before: Curve | None, after: Curve | None, head: tuple[Line, ...], *, log_y: bool = False) -> None:
        """Draw these curves; what was drawn before stays until the new one is there."""
        self._before, self._after, self._head, self._log_y = before, after, head, log_y
        self.virtual_size = Size(0, 1)
        self.refresh()
        self._redraw()

    @property
    def markers(self) -> tuple[str, str]:
        """What the lines of both sides are drawn with; nothing: colours tell them apart."""
        has_markers = self.glyphs.is_ascii or self.app.no_color
        return (MARKERS[0], MARKERS[1]) if has_markers else ("", "")

    def on_resize(self, _event: events.Resize) -> None:
        self._redraw()

    def _redraw(self) -> None:
        rows = self.size.height - len(self._head)
        look = ChartLook(columns=self.size.width - 2, rows=rows, log_y=self._log_y)
        colours = TONE_COLOURS.get(self.app.theme, {})
        sides = (
            (self._before, _colour(colours.get(Tone.SIDE_A, ""), _NAMED_A), self.markers[0]),
            (self._after, _colour(colours.get(Tone.SIDE_B, ""), _NAMED_B), self.markers[1]),
        )
        series = [
            Series(curve=curve, colour=colour, marker=marker) for curve, colour, marker in sides if curve is not None
        ]
        self._draw(series, look)

    @work(thread=True, exclusive=True, group="chart")
    def _draw(self, series: list[Series], look: ChartLook) -> None:
        text = draw_curves(series, look)
        if not get_current_worker().is_cancelled:
            self.post_message(self.ChartDrawn(text))

    def on_chart_pane_chart_drawn(self, message: ChartDrawn) -> None:
        lines = message.text.splitlines() or ["", " nothing to draw here: no finite points, or too little room"]
        self._lines = tuple(Text.from_ansi(line) for line in lines)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        base, width = self.rich_style, self.size.width
        if y < len(self._head):
            return self.paint(self._head[y], width)
        index = y - len(self._head)
        if index >= len(self._lines):
            return Strip.blank(width, base)
        segments = [
            Segment(text, base + (style or base))
            for text, style, _control in self._lines[index].render(self.app.console)
            if text
        ]
        return Strip([Segment(" ", base), *segments]).adjust_cell_length(width, base)


def _colour(value: str, named: str) -> str | tuple[int, int, int]:
    """A theme's colour for the chart: red, green and blue; by name where the theme has the terminal's own."""
    if not value.startswith("#"):
        return named
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
