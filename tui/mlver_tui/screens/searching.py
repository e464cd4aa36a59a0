"""What screens share whose lines can be searched: a prompt, and n N from match to match until esc."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widgets import Input

from mlver_tui.screens.explorer_screen import ExplorerScreen
from mlver_tui.view_models.found import Found
from mlver_tui.view_models.spans import EMPTY


class SearchingScreen(ExplorerScreen, inherit_bindings=False):
    """A screen with a prompt for words; the first match is shown while they are typed."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def search_prompt(self, placeholder: str) -> Input:
        """The prompt, to be composed."""
        return Input(id="filter", placeholder=placeholder, compact=True)

    @property
    def searched(self) -> str:
        """The words that are searched for; empty: none are."""
        return self.query_one("#filter", Input).value

    def find(self, words: str, step: int, *, may_stay: bool = False) -> Found | None:
        """Go to the next match, the one before with step -1; `may_stay`: one under the cursor counts, too."""
        raise NotImplementedError

    def focus_searched(self) -> None:
        """Give the keys back to what was searched."""
        raise NotImplementedError

    def step_to_match(self, step: int) -> bool:
        """To the next match if something is searched for; whether that is so."""
        words = self.searched
        if words:
            self._tell_of(words, self.find(words, step))
        return bool(words)

    def _tell_of(self, words: str, found: Found | None) -> None:
        self.tell(found.text if found else f"nothing here has {self.glyphs.data(words)}")

    def do_search(self) -> None:
        self.is_prompting = True
        self.set_focus(self.query_one("#filter", Input))  # at once: the keys behind this one are meant for it

    @on(Input.Changed, "#filter")
    def _look_for(self, event: Input.Changed) -> None:
        if event.value:
            self._tell_of(event.value, self.find(event.value, 1, may_stay=True))

    @on(Input.Submitted, "#filter")
    def _keep_search(self) -> None:
        self._close_prompt()

    def _close_prompt(self) -> None:
        self.is_prompting = False
        self.focus_searched()

    def forget_search(self) -> bool:
        """Take the search away; whether there was one."""
        prompt = self.query_one("#filter", Input)
        had_search = bool(prompt.value) or self.is_prompting
        if had_search:
            prompt.value = ""
            self.show_status(EMPTY)
            self._close_prompt()
        return had_search

    def do_back(self) -> None:
        """One layer out: the search, then the screen."""
        if not self.forget_search():
            super().do_back()

    def do_leave(self) -> None:
        super().do_back()
