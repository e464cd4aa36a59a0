"""The line a filter is typed in: it underlines a mistake, completes words and brings earlier filters back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from mlver.model.filtering import Completion

MOST_CHARACTERS = 500
_SHOWABLE = r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
"""What is pasted stands in this line as it is: nothing in it may be obeyed by a terminal or turn the text around."""


class _Underlined(Highlighter):
    """Underlines a part of the text."""

    def __init__(self) -> None:
        self.place: tuple[int, int] | None = None

    def highlight(self, text: Text) -> None:
        if self.place is not None and text.plain:
            start, end = self.place
            # What is missing at the end has no characters: the last one shows where.
            text.stylize("underline", min(start, len(text.plain) - 1), max(end, start + 1))


class FilterLine(Input):
    """A line to type a filter in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("up", "recall(1)", show=False),
        Binding("down", "recall(-1)", show=False),
    ]

    class CompletionWanted(Message):
        """Tab: what can the last of these words become?"""

        def __init__(self, typed: str) -> None:
            super().__init__()
            self.typed = typed
            """The text up to the cursor."""

    def __init__(self) -> None:
        self._underlined = _Underlined()
        super().__init__(
            id="filter",
            placeholder="words, metric.NAME>=0.9, stage:production, is:worth",
            highlighter=self._underlined,
            restrict=_SHOWABLE,
            max_length=MOST_CHARACTERS,
            select_on_focus=False,
            compact=True,
        )
        self._recent: Sequence[str] = ()
        self._recalled = -1
        self._draft = ""

    def begin(self, recent: Sequence[str]) -> None:
        """Take the keys; `up` brings these filters back, the newest first."""
        self._recent, self._recalled = [one for one in recent if re.fullmatch(_SHOWABLE, one)], -1
        # At once, not after what is waiting: keys that came with the one that led here are meant for this line.
        self.screen.set_focus(self)

    def underline(self, place: tuple[int, int] | None) -> None:
        """Underline these characters; None: nothing is wrong."""
        if self._underlined.place != place:
            self._underlined.place = place
            self.refresh()

    def complete(self, completion: Completion) -> None:
        """Put in as much of the last word as all its choices share, unless no terminal should be given it."""
        shared, start, end = completion.shared, completion.start, self.cursor_position
        if len(shared) > end - start and re.fullmatch(_SHOWABLE, shared):
            self.value = self.value[:start] + shared + self.value[end:]
            self.cursor_position = start + len(shared)

    def action_complete(self) -> None:
        self.post_message(self.CompletionWanted(self.value[: self.cursor_position]))

    def action_recall(self, step: int) -> None:
        """Bring back an older filter, or a newer one; before the newest stands what was being typed."""
        wanted = self._recalled + step
        if not -1 <= wanted < len(self._recent):
            return
        if self._recalled == -1:
            self._draft = self.value
        self._recalled = wanted
        self.value = self._draft if wanted == -1 else self._recent[wanted]
        self.cursor_position = len(self.value)
