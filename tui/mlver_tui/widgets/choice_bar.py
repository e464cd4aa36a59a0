"""Buttons in one line, with the harmless one chosen first.

Only the arrow keys and the mouse move and only enter chooses: letters, space and tab choose nothing, so pasted text,
keys typed ahead and a slip of the mouse cannot start anything.
"""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, dim, width_of
from mlver_tui.widgets.painting import Painted


class ChoiceBar(Painted, can_focus=True, inherit_bindings=False):
    """One of a few choices; the first is the harmless one."""

    DEFAULT_CSS = """
    ChoiceBar { height: 1; }
    """

    class Chosen(Message):
        """Enter on a choice, or a click on the harmless one."""

        def __init__(self, choice: str) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, choices: tuple[str, ...], *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(glyphs=glyphs, id=id)
        self._choices = choices
        self._index = 0

    def offers(self, choice: str) -> bool:
        """Whether it can be chosen."""
        return choice in self._choices

    def offer(self, choices: tuple[str, ...]) -> None:
        """Offer other choices, the first one chosen again."""
        self._choices, self._index = choices, 0
        self.virtual_size = Size(0, 1)
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        if event.key in {"left", "right"}:
            step = 1 if event.key == "right" else -1
            self._index = max(0, min(self._index + step, len(self._choices) - 1))
            self.refresh()
            event.stop()
        elif event.key == "enter" and self._choices:
            self.post_message(self.Chosen(self._choices[self._index]))
            event.stop()

    def on_click(self, event: events.Click) -> None:
        """The harmless answer is taken at once; another one is only gone to: enter takes it, as with the arrows."""
        x = 0
        for index, (choice, spans) in enumerate(zip(self._choices, self._parts(), strict=True)):
            x += width_of(spans)
            if event.x < x:
                self.focus()
                self._index = index
                self.refresh()
                if index == 0:
                    self.post_message(self.Chosen(choice))
                return

    def render_line(self, y: int) -> Strip:
        spans = tuple(span for part in self._parts() for span in part) if y == 0 else ()
        return self.paint(spans, self.size.width)

    def _parts(self) -> list[Line]:
        glyphs = self.glyphs
        return [
            (Span("  "), Span(f"{glyphs.active_left} {choice} {glyphs.active_right}", Tone.ACTIVE))
            if index == self._index and self.has_focus
            else (Span("  "), dim(f"  {choice}  "))
            for index, choice in enumerate(self._choices)
        ]

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
