"""The list of versions with marks, ranges of marks, and the way back from what was done last."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from mlver.model.version import VersionRow
from mlver_tui.screens.spoken_list import SpokenList
from mlver_tui.view_models.browsing import marks_said, range_line
from mlver_tui.view_models.spans import EMPTY, Line, dim, line
from mlver_tui.view_models.undoing import Before, Undoing
from mlver_tui.view_models.version_rows import shown_name


class UndoableList(SpokenList, inherit_bindings=False):
    """Marks, filters and sortings are remembered before they change."""

    def __init__(self) -> None:
        super().__init__()
        self._undoing = Undoing()
        self._said: Line = EMPTY
        """Told in the status line until the next key."""

    # Act.

    def action_act(self, action_id: str) -> None:
        self._said = EMPTY
        super().action_act(action_id)

    def say(self, text: str) -> None:
        """Tell something that stays until the next key; text from a repository must have been made showable."""
        self._said = line(dim(f" {text}"))
        self.show_state()

    def tell(self, text: str) -> None:
        """Here rows come and go by themselves, and the state with them: what is told stays until the next key."""
        self.say(text)

    def forget_told(self) -> None:
        self._said = EMPTY
        super().forget_told()

    def said(self) -> Line:
        """What the status line must tell before all else: a range that is being made, or what was just done."""
        if self.list.has_range:
            return range_line(len(self.list.range_keys), self.key_of("mark"), self.key_of("back"))
        return self._said

    def do_mark(self) -> None:
        if self.list.has_range:
            self._mark_range()
            return
        row = self.cursor
        if row is not None:
            is_marked = row.key in self.list.marks
            self.remember(f"the mark of {shown_name(row, self.glyphs)}{' taken away' if is_marked else ''}")
            self.list.toggle_mark()
            self.marks_changed()

    def do_range(self) -> None:
        if self.list.has_range:
            self._mark_range()
        else:
            self.list.begin_range()
            self.show_state()

    def _mark_range(self) -> None:
        keys = self.list.range_keys
        self.list.leave_range()
        self.remember(marks_said(len(keys)))
        self.list.add_marks(keys)
        self.marks_changed()

    def do_clear_marks(self) -> None:
        self.list.leave_range()
        self.remember("the clearing of the marks")
        self.list.set_marks(())
        self.marks_changed()

    def mark(self, rows: Iterable[VersionRow]) -> None:
        marked = tuple(rows)
        self.remember(marks_said(len(marked)))
        super().mark(marked)

    def filter_changed(self, before: str, words: str) -> None:
        what = f"the filter {words}" if words else f"taking away the filter {before}"
        self.remember(self.glyphs.data(what), words=before)

    def remember(self, what: str, *, words: str | None = None) -> None:
        """Something showable is about to be done that can be undone."""
        before = Before(
            what=what,
            marks=self.list.marks,
            words=self.kept_words if words is None else words,
            order=self._browsing.order,
            is_reversed=self._browsing.is_reversed,
        )
        self._undoing.remember(before)

    def do_undo(self) -> None:
        before = self._undoing.take()
        if before is None:
            return
        self.list.set_marks(before.marks)
        self._browsing = replace(self._browsing, order=before.order, is_reversed=before.is_reversed)
        self._said = line(dim(f" undone: {before.what}"))
        if before.words != self.kept_words:
            self.restore_words(before.words)
        else:
            self.show_rows()
        self.look_again_at_marks()
