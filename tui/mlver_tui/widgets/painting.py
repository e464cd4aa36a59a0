"""Lines of spans become strips: the one place where tones meet a theme's colours."""

from __future__ import annotations

from functools import cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mlver_tui.themes import TONE_COLOURS
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Tone, text_of

_CURSOR = Style(reverse=True)
_PALE_CURSOR = Style(reverse=True, dim=True)
_NO_PATCH = Tone.ACTIVE
_BOLD = {Tone.BRIGHT, Tone.SIDE_A, Tone.SIDE_B}


class Painted(ScrollView, inherit_bindings=False):
    """A widget that draws lines of spans and scrolls without a scrollbar."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Painted { scrollbar-size: 0 0; overflow-x: hidden; }
    """

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.glyphs = glyphs

    @property
    def allow_vertical_scroll(self) -> bool:
        """Keys and the wheel scroll, though no scrollbar is shown."""
        return True

    def paint(self, spans: Line, width: int, *, is_cursor: bool = False, is_pale: bool = False) -> Strip:
        """The strip of a line, exactly `width` cells wide. A pale cursor stands in a pane the keys do not move."""
        base = self.rich_style
        if is_cursor:
            # One look for the whole row: a reversed colour would be a patch of background.
            cursor = base + (_PALE_CURSOR if is_pale else _CURSOR)
            return Strip([Segment(self.glyphs.drawn(text_of(spans)), cursor)]).adjust_cell_length(width, cursor)
        theme, drawn = self.app.theme, self.glyphs.drawn
        segments = [Segment(drawn(text), base + tone_style(tone, theme)) for text, tone in _runs(spans)]
        return Strip(segments).adjust_cell_length(width, base)


def _runs(spans: Line) -> list[tuple[str, Tone]]:
    """The line in as few pieces as look the same: each one costs some thirty bytes of colour on the wire.

    A space has no colour of its own, so it continues the piece before it, except where that is reversed.
    """
    runs: list[tuple[str, Tone]] = []
    for span in spans:
        if runs and (span.tone is runs[-1][1] or (span.text.isspace() and _NO_PATCH not in {span.tone, runs[-1][1]})):
            runs[-1] = (runs[-1][0] + span.text, runs[-1][1])
        elif span.text:
            runs.append((span.text, span.tone))
    return runs


@cache
def tone_style(tone: Tone, theme: str) -> Style:
    """How a tone looks in a theme.

    Not a component class per tone: with a dozen of them on every widget the style sheet was what a screen's start
    waited for.
    """
    if tone is Tone.ACTIVE:
        return Style(reverse=True)
    colour = TONE_COLOURS.get(theme, {}).get(tone)
    style = Style(bold=True) if tone in _BOLD else Style()
    if colour is not None:
        return style + Style(color=Color.parse(colour).rich_color)
    return style + Style(dim=True) if tone is Tone.DIM else style
