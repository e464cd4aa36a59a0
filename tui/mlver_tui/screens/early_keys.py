"""Keys that come before the dialog they are meant for has its line to type in: kept, then typed there in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from textual import events
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

if TYPE_CHECKING:
    _Dialog: TypeAlias = Screen[Any]
else:  # Textual takes the styles of the first base alone: this must not be one that has any
    _Dialog = object


class EarlyKeys(_Dialog):
    """What a dialog with a line to type in is made of, before the screen it is.

    Keys typed at once behind the one that opens it, as over a slow line, arrive before its line has the focus.
    """

    _early: list[events.Key] | None = None
    _has_line = False

    @property
    def is_early(self) -> bool:
        """Whether a key that comes now must be kept."""
        return not self._has_line

    def keep_key(self, key: events.Key) -> None:
        """It is given to the line once that has the focus."""
        self._early = [*(self._early or ()), key]

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        super().set_focus(widget, scroll_visible, from_app_focus)
        if isinstance(widget, Input) and not self._has_line:
            self._has_line = True
            self._type_early_keys(widget)

    def _type_early_keys(self, entry: Input) -> None:
        """At once, before the keys that wait for the app; from the first that is not typed on, behind them."""
        keys, self._early = self._early or [], None
        while keys and entry.check_consume_key(keys[0].key, keys[0].character):
            entry.insert_text_at_cursor(keys.pop(0).character or "")
        for key in keys:
            self.app.post_message(events.Key(key.key, key.character))
