"""The line that narrows a dialog's list; some keys stay the dialog's own."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widgets import Input

from mlver_tui.widgets.filter_line import MOST_CHARACTERS

TO_FIND = "type to find"


class FindLine(Input):
    """A line to type words in, but for the keys that do something in the dialog."""

    def __init__(self, *, left_alone: Iterable[str] = ()) -> None:
        """`left_alone`: keys by Textual's names that are not typed."""
        super().__init__(id="wanted", placeholder=TO_FIND, max_length=MOST_CHARACTERS, compact=True)
        self._left_alone = frozenset(left_alone)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether it is typed; else a priority binding of the dialog gets it."""
        return key not in self._left_alone and super().check_consume_key(key, character)
