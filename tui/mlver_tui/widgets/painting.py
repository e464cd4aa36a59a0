"""Lines of spans become strips: the one place where tones meet a theme's colours."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Tone

CURSOR_CLASS = "row--cursor"


class Painted(ScrollView, inherit_bindings=False):
    """A widget that draws lines of spans and scrolls without a scrollbar."""

    DEFAULT_CSS = """
    Painted { scrollbar-size: 0 0; overflow-x: hidden; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {CURSOR_CLASS, *(f"tone--{tone.value}" for tone in Tone)}

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.glyphs = glyphs
        self._tones: dict[Tone, Style] = {}

    @property
    def allow_vertical_scroll(self) -> bool:
        """Keys and the wheel scroll, though no scrollbar is shown."""
        return True

    def notify_style_update(self) -> None:
        """A theme or a class changed: the colours are asked for anew."""
        self._tones.clear()
        super().notify_style_update()

    def paint(self, spans: Line, width: int, *, is_cursor: bool = False) -> Strip:
        """The strip of a line, exactly `width` cells wide."""
        base = self.rich_style
        if is_cursor:
            # One look for the whole row: a reversed colour would be a patch of background.
            cursor = base + self.get_component_rich_style(CURSOR_CLASS, partial=True)
            segments = [Segment(self.glyphs.drawn(span.text), cursor) for span in spans]
            return Strip(segments).adjust_cell_length(width, cursor)
        segments = [Segment(self.glyphs.drawn(span.text), base + self._tone(span.tone)) for span in spans]
        return Strip(segments).adjust_cell_length(width, base)

    def _tone(self, tone: Tone) -> Style:
        if tone not in self._tones:
            self._tones[tone] = self.get_component_rich_style(f"tone--{tone.value}", partial=True)
        return self._tones[tone]
