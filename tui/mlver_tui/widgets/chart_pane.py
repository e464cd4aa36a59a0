"""A chart under a head of lines, drawn off the UI thread; a cursor is laid over what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events, work
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.worker import get_current_worker

from mlver.model.curve import Curve
from mlver_tui.charts import MARKERS, ChartLook, Drawing, Series, draw_chart, series_of
from mlver_tui.themes import TONE_COLOURS
from mlver_tui.view_models.spans import Line, Tone
from mlver_tui.view_models.traces import Axes, Trace
from mlver_tui.widgets.painting import Painted, tone_style

_DASH_ROWS = 4
"""The cursor's line has a dash on each of so many lines."""
_MARGIN = 1
"""Empty cells on both sides of a chart."""


class ChartPane(Painted, can_focus=True, inherit_bindings=False):
    """Shows traces; says so when nothing can be drawn."""

    DEFAULT_CSS = """
    ChartPane { height: 1fr; }
    """

    _traces: tuple[Trace, ...] | None = None
    """None: nothing was asked for yet, so nothing is said either."""
    _axes = Axes()
    _head: tuple[Line, ...] = ()
    _drawing = Drawing()
    _lines: tuple[Text, ...] = ()
    _cursor: float | None = None

    class ChartDrawn(Message):
        """A chart was drawn."""

        def __init__(self, drawing: Drawing) -> None:
            super().__init__()
            self.drawing = drawing

    class Pointed(Message):
        """The mouse pointed at a place of the x axis."""

        def __init__(self, x: float) -> None:
            super().__init__()
            self.x = x

    def show(self, before: Curve | None, after: Curve | None, head: tuple[Line, ...], *, log_y: bool = False) -> None:
        """Draw the curves of two sides."""
        sides = ((before, Tone.SIDE_A, self.markers[0]), (after, Tone.SIDE_B, self.markers[1]))
        traces = [Trace(curve=curve, tone=tone, sign=sign) for curve, tone, sign in sides if curve is not None]
        self.show_traces(traces, Axes(log_y=log_y), head)

    def show_traces(self, traces: Sequence[Trace], axes: Axes, head: tuple[Line, ...] = ()) -> None:
        """Draw these; what was drawn before stays until the new one is there, and nothing is drawn twice."""
        if (tuple(traces), axes, head) == (self._traces, self._axes, self._head):
            return
        self._traces, self._axes, self._head = tuple(traces), axes, head
        if not self._drawing.text:
            self._lines = (Text(), Text(f"drawing {self.glyphs.ellipsis}"))
        self.virtual_size = Size(0, 1)
        self.refresh()
        self._redraw()

    def point_at(self, x: float | None) -> None:
        """Lay a dashed line over the chart at a place of its x axis, or take it away.

        Only the lines that have a dash or a point there are sent: a cell costs the terminal its whole line.
        """
        before = self._cursor_rows
        self._cursor = x
        for row in before | self._cursor_rows:
            self.refresh(Region(0, row + len(self._head), self.size.width, 1))

    @property
    def drawing(self) -> Drawing:
        """What is on the screen."""
        return self._drawing

    @property
    def markers(self) -> tuple[str, str]:
        """What the lines of both sides are drawn with; nothing: colours tell them apart."""
        has_markers = self.glyphs.is_ascii or self.app.no_color
        return (MARKERS[0], MARKERS[1]) if has_markers else ("", "")

    @property
    def _cursor_column(self) -> int | None:
        return None if self._cursor is None else self._drawing.column_of(self._cursor)

    @property
    def _cursor_rows(self) -> set[int]:
        """The lines of the drawing that the cursor changes; the names of the axis are none of them."""
        column = self._cursor_column
        if column is None:
            return set()
        lines = [line.plain for line in self._lines[:-1]]
        points = {row for row, text in enumerate(lines) if text[column : column + 1].strip()}
        return points | set(range(0, len(lines), _DASH_ROWS)) | {len(lines) - 1}

    def on_click(self, event: events.Click) -> None:
        if (x := self._drawing.place_at(event.x - _MARGIN)) is not None:
            self.post_message(self.Pointed(x))

    def on_resize(self, _event: events.Resize) -> None:
        self._redraw()

    def _redraw(self) -> None:
        if self._traces is None or not self.size:
            return  # it has no place yet: too little room is not known before it has
        columns, rows = self.size.width - 2 * _MARGIN, self.size.height - len(self._head)
        look = ChartLook.of(self._axes, columns=columns, rows=rows)
        colours, is_ascii = TONE_COLOURS.get(self.app.theme, {}), self.glyphs.is_ascii
        self._draw([series_of(trace, colours, is_ascii=is_ascii) for trace in self._traces], look)

    # Described, for Textual would else describe it by its arguments: all points of all curves as text.
    @work(thread=True, exclusive=True, group="chart", description="draw a chart")
    def _draw(self, series: list[Series], look: ChartLook) -> None:
        drawing = draw_chart(series, look)
        if not get_current_worker().is_cancelled:
            self.post_message(self.ChartDrawn(drawing))

    def on_chart_pane_chart_drawn(self, message: ChartDrawn) -> None:
        self._drawing = message.drawing
        lines = message.drawing.text.splitlines()
        lines = lines or ["", "nothing to draw here: no finite points, or too little room"]
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
        strip = Strip([Segment(" " * _MARGIN, base), *segments]).adjust_cell_length(width, base)
        return self._with_cursor(strip) if index in self._cursor_rows else strip

    def _with_cursor(self, strip: Strip) -> Strip:
        """The line of a chart with the cursor's cell over it: what stands there stays to be seen."""
        if self._cursor_column is None:
            return strip
        column = self._cursor_column + _MARGIN
        under = strip.crop(column, column + 1)
        accent = self.rich_style + tone_style(Tone.ACCENT, self.app.theme)
        text = under.text.strip()
        cell = Segment(text, accent + Style(reverse=True)) if text else Segment(self.glyphs.bar_line, accent)
        return Strip.join([strip.crop(0, column), Strip([cell], 1), strip.crop(column + 1)])
