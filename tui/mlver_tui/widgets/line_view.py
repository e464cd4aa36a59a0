"""Lines that are looked at: a title, a footer, a receipt, a verdict. It scrolls when there is more than fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from mlver_tui.view_models.spans import Line, dim, done_at, fitted, staying_cells, text_of
from mlver_tui.widgets.sideways import Sideways

Lines: TypeAlias = Callable[[int], Sequence[Line]]
"""The lines for a width in cells."""
_SELECTED = Style(reverse=True)
_LEAST_HEIGHT = 3
"""In fewer lines none can be spared to say that there are more."""


class LineView(Sideways, can_focus=False, inherit_bindings=False):
    """Shows lines that are made anew for each width."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LineView { height: 1fr; }
    """

    class Clicked(Message):
        """A click on a part of a line that does something."""

        def __init__(self, does: str) -> None:
            super().__init__()
            self.does = does
            """The id of an action."""

    _make: Lines | None = None
    _lines: Sequence[Line] = ()
    _made_for = 0
    """The width that these are made for."""

    def show(self, make: Lines, *, keep_place: bool = True) -> None:
        """Show these lines; nothing is sent to the terminal when they are the ones already shown."""
        self._make = make
        if not keep_place:
            self.go_to_beginning()
            self.scroll_to(y=0, animate=False)
        before = self._lines
        lines = self._lines_made(make)
        if len(lines) == self.virtual_size.height == len(before):
            self._refresh_changed(before, lines)
        else:
            self.virtual_size = Size(0, len(lines))
            self.refresh()

    def _lines_made(self, make: Lines) -> Sequence[Line]:
        self._made_for = self.made_width
        self._lines = list(make(self._made_for))
        return self._lines

    def _refresh_changed(self, before: Sequence[Line], after: Sequence[Line]) -> None:
        """Draw only the lines that differ: over a slow line every one counts."""
        top = self.scroll_offset.y
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new and 0 <= index - top < self.size.height:
                self.refresh(Region(0, index - top, self.size.width, 1))

    def clear(self) -> None:
        """Show nothing."""
        self.show(lambda _width: [], keep_place=False)

    @property
    def page_height(self) -> int:
        """How many lines are seen at once, however many there are."""
        return max(1, self.size.height - (len(self._lines) > self.size.height >= _LEAST_HEIGHT))

    @property
    def lines_below(self) -> int:
        """How many lines are out of sight below; the one that tells that stands where one of them would."""
        left = len(self._lines) - self.scroll_offset.y
        return left - self.page_height if left > self.size.height else 0

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def page(self, lines: int) -> None:
        """Scroll by so many lines, upwards when negative."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def seen_lines(self, width: int) -> Sequence[Line]:
        top = self.scroll_offset.y
        return self._make(width)[top : top + self.size.height] if self._make else ()

    def make_anew(self) -> None:
        if self._make is not None:
            self._lines = ()
            self.show(self._make)

    def on_resize(self, _event: events.Resize) -> None:
        self.go_to_beginning()
        if self._made_for != self.made_width or self.virtual_size.height != len(self._lines):
            self.make_anew()

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        index = place.y + self.scroll_offset.y if place else len(self._lines)
        if place and self._hides_below(place.y):
            self.page(self.page_height)
        elif place and index < len(self._lines):
            line = self._lines[index]
            moved = self.moved_cells if place.x >= self._staying(line) else 0
            if does := done_at(line, place.x + moved):
                self.post_message(self.Clicked(does))

    def render_line(self, y: int) -> Strip:
        if self._make and self._made_for != self.made_width:
            # It is drawn in its new size before it is told that it has one: lines for the old one would flash up.
            self._lines_made(self._make)
        index = y + self.scroll_offset.y
        if self._hides_below(y):
            dots = "..." if self.glyphs.is_ascii else self.glyphs.ellipsis  # its own reads like "about" before a number
            said = f" {dots} {self.lines_below} more below"
            return self.paint(fitted((dim(said),), self.size.width), self.size.width)
        line = self._lines[index] if index < len(self._lines) else ()
        strip = self.paint(line, self.made_width)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(index)) is not None:
            start, end = span[0], self.made_width if span[1] == -1 else span[1]
            selected = strip.crop(start, end).apply_style(_SELECTED)
            strip = Strip.join([strip.crop(0, start), selected, strip.crop(end, None)])
        # So that the mouse knows which character it is on.
        return self.in_sight(strip.apply_offsets(0, index) if self.allow_select else strip, self._staying(line))

    def _staying(self, line: Line) -> int:
        """The cells of what a line is about, where they leave the half that a move goes by."""
        cells = staying_cells(line)
        return cells if cells <= self.size.width // 2 else 0

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that the mouse selected."""
        return selection.extract("\n".join(text_of(line).rstrip() for line in self._lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's signature
        """Another part is selected."""
        self.refresh()

    def _hides_below(self, y: int) -> bool:
        """Whether that line of the screen is the last, and says that there are more where one of them would stand."""
        height = self.size.height
        return y == height - 1 >= _LEAST_HEIGHT - 1 and self.scroll_offset.y + height < len(self._lines)


class LinePane(LineView, can_focus=True, inherit_bindings=False):
    """Lines that can have the focus, to be scrolled; the mouse selects text in them."""

    ALLOW_SELECT = True

    class Resized(Message):
        """It has another height, so other lines are out of sight."""

    def on_resize(self, _event: events.Resize) -> None:
        # Textual calls the one of LineView, too.
        self.post_message(self.Resized())
