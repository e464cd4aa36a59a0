"""The one list of the app: it draws only the lines on the screen, so a million rows cost what thirty do."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span
from mlver_tui.widgets.rows import Rows, no_rows
from mlver_tui.widgets.sideways import Sideways


class VirtualList(Sideways, can_focus=True, inherit_bindings=False):
    """Rows with a cursor and marks, both kept by key: they stay on their row however the rows are replaced."""

    DEFAULT_CSS = """
    VirtualList { height: 1fr; }
    """

    class CursorMoved(Message):
        """The cursor stands on another row, or its row was replaced; only the newest matters."""

        def __init__(self, list_: VirtualList, key: Hashable | None) -> None:
            super().__init__()
            self.list = list_
            self.key = key

        @property
        def control(self) -> VirtualList:
            """The list it happened in."""
            return self.list

        def can_replace(self, message: Message) -> bool:
            """A held key needs one answer, not thirty."""
            return isinstance(message, VirtualList.CursorMoved) and message.list is self.list

    class Opened(Message):
        """A row was opened: a second click on it."""

        def __init__(self, list_: VirtualList, key: Hashable) -> None:
            super().__init__()
            self.list = list_
            self.key = key

        @property
        def control(self) -> VirtualList:
            """The list it happened in."""
            return self.list

    class MarkWanted(Message):
        """A click where the marks stand: the cursor is on that row now."""

        def __init__(self, list_: VirtualList) -> None:
            super().__init__()
            self.list = list_

        @property
        def control(self) -> VirtualList:
            """The list it happened in."""
            return self.list

    def __init__(
        self,
        *,
        glyphs: Glyphs = UNICODE,
        has_cursor_sign: bool = True,
        is_one_of_panes: bool = True,
        marks: Iterable[Hashable] = (),
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """`has_cursor_sign`: the first cell of a row belongs to the cursor, so it is seen without colour too.

        `is_one_of_panes`: its cursor is pale while another pane has the focus.

        `marks`: keys of the rows that are marked from the start.
        """
        super().__init__(glyphs=glyphs, id=id)
        self._rows: Rows = no_rows()
        self._cursor = 0
        self._marks: dict[Hashable, None] = dict.fromkeys(marks)
        self._range_from: Hashable | None = None
        """The row a range begins at; None: there is no range."""
        self._has_cursor_sign = has_cursor_sign
        self._is_one_of_panes = is_one_of_panes
        self._is_cursor_hidden = False
        self.mark_cells = 0
        """The first so many cells of a row are the mark's: a click there wants it marked."""

    # What it shows.

    @property
    def rows(self) -> Rows:
        """The rows shown now."""
        return self._rows

    def show(self, rows: Rows, *, key: Hashable | None = None) -> None:
        """Replace the rows. The cursor stays on its row, or goes to the row of `key`; its row stays where it was.

        When its row is gone the cursor stays at its place. Marks of rows that are gone are kept: a filter hides them.
        """
        before = self.cursor_key
        top = self.scroll_offset.y
        wanted = key if key is not None else before
        found = rows.index_of(wanted) if wanted is not None else None
        place = found if found is not None else self._cursor
        moved = place - self._cursor
        self._rows = rows
        self._cursor = self._stop_near(max(0, min(place, len(rows) - 1)), 1)
        if self._range_from is not None and rows.index_of(self._range_from) is None:
            self._range_from = None
        self.virtual_size = Size(0, len(rows) + self._head_height)
        if top and found is not None:
            self.scroll_to(y=top + moved, animate=False)
        self._bring_into_view()
        self.refresh()
        self.post_message(self.CursorMoved(self, self.cursor_key))

    # The cursor.

    @property
    def cursor(self) -> int:
        """The index of the cursor's row; 0 when there are no rows."""
        return self._cursor

    @property
    def is_cursor_hidden(self) -> bool:
        """Whether no row is shown as the cursor's."""
        return self._is_cursor_hidden

    def hide_cursor(self, *, hide: bool = True) -> None:
        """Show no row as the cursor's, until it is moved; or show it again."""
        self._is_cursor_hidden = hide
        self._refresh_row(self._cursor)

    @property
    def cursor_key(self) -> Hashable | None:
        """The key of the cursor's row; None when there are no rows."""
        is_row = len(self._rows) and not self._rows.is_heading(self._cursor)
        return self._rows.key_at(self._cursor) if is_row else None

    def move(self, rows: int) -> None:
        """Move the cursor by so many rows, upwards when negative, to the ends at most; a hidden one comes first."""
        if self._is_cursor_hidden:
            self.hide_cursor(hide=False)
            return
        self.move_to(self._cursor + rows)

    def move_to(self, index: int) -> None:
        """Move the cursor to a row, to the ends at most; headings are passed over."""
        index = max(0, min(index, len(self._rows) - 1))
        index = self._stop_near(index, 1 if index >= self._cursor else -1)
        if index == self._cursor or not len(self._rows):
            self._show_heading()
            return
        before, self._cursor = self._cursor, index
        if self.has_range and abs(index - before) > 1:
            self.refresh()
        self._refresh_row(before)
        self._refresh_row(index)
        self._bring_into_view()
        self._show_heading()
        self.post_message(self.CursorMoved(self, self.cursor_key))

    def _stop_near(self, index: int, step: int) -> int:
        """The row to stand on: past headings the way the cursor goes, at the ends the other way."""
        for way in (step, -step):
            place = index
            while 0 <= place < len(self._rows):
                if not self._rows.is_heading(place):
                    return place
                place += way
        return max(0, index)

    def move_to_next(self, wanted: Callable[[int], bool], *, step: int = 1) -> bool:
        """Move to the next row (the one before, with step -1) that is wanted, around the ends; whether there is one."""
        count = len(self._rows)
        for away in range(1, count + 1):
            index = (self._cursor + step * away) % count
            if not self._rows.is_heading(index) and wanted(index):
                self.move_to(index)
                return True
        return False

    @property
    def page_height(self) -> int:
        """Rows on the screen."""
        return max(1, self.size.height - self._head_height)

    # Marks.

    @property
    def marks(self) -> tuple[Hashable, ...]:
        """The keys of the marked rows, in the order they were marked."""
        return tuple(self._marks)

    def toggle_mark(self) -> None:
        """Mark the cursor's row, or take its mark away."""
        key = self.cursor_key
        if key is None:
            return
        if key in self._marks:
            del self._marks[key]
        else:
            self._marks[key] = None
        self._refresh_row(self._cursor)

    def add_marks(self, keys: Iterable[Hashable]) -> None:
        """Mark the rows of these keys, too; one that is not shown now is marked all the same."""
        self._marks |= dict.fromkeys(keys)
        self.refresh()

    def set_marks(self, keys: Iterable[Hashable]) -> None:
        """Mark the rows of these keys and no others."""
        self._marks = dict.fromkeys(keys)
        self.refresh()

    # A range of rows, from where it was begun to the cursor.

    @property
    def has_range(self) -> bool:
        """Whether a range was begun."""
        return self._range_from is not None

    def begin_range(self) -> None:
        """Begin a range at the cursor's row; wherever the cursor goes, it reaches to there."""
        self._range_from = self.cursor_key

    def leave_range(self) -> None:
        """There is no range any more."""
        self._range_from = None
        self.refresh()

    @property
    def range_keys(self) -> tuple[Hashable, ...]:
        """The keys of the rows in the range, from the top; none where there is no range."""
        return tuple(self._rows.key_at(index) for index in self._range() if not self._rows.is_heading(index))

    def _range(self) -> range:
        start = self._rows.index_of(self._range_from) if self._range_from is not None else None
        if start is None:
            return range(0)
        return range(min(start, self._cursor), max(start, self._cursor) + 1)

    # Drawing.

    def render_line(self, y: int) -> Strip:
        return self.in_sight(self._whole_line(y), self.pinned_cells(self.made_width))

    def pinned_cells(self, width: int) -> int:
        return self._rows.pinned(width)

    def seen_lines(self, width: int) -> list[Line]:
        top = self.scroll_offset.y
        seen = range(top, min(top + self.page_height, len(self._rows)))
        return [self._rows.head(width) or (), *(self._rows.line_at(one, width, is_marked=False) for one in seen)]

    def _whole_line(self, y: int) -> Strip:
        width = self.made_width
        if y < self._head_height:
            return self.paint(self._rows.head(width) or (), width)
        index = y - self._head_height + self.scroll_offset.y
        if index >= len(self._rows):
            return self.paint((), width)
        if self._rows.is_heading(index):
            return self.paint(self._rows.line_at(index, width, is_marked=False), width)
        is_cursor = index == self._cursor and not self._is_cursor_hidden
        is_in_range = index in self._range()
        is_marked = is_in_range or self._rows.key_at(index) in self._marks
        spans = self._rows.line_at(index, width, is_marked=is_marked)
        if is_cursor and self._has_cursor_sign:
            spans = self._with_cursor_sign(spans)
        is_pale = not is_cursor or (self._is_one_of_panes and not self.has_focus)
        return self.paint(spans, width, is_cursor=is_cursor or is_in_range, is_pale=is_pale)

    def _with_cursor_sign(self, spans: Line) -> Line:
        first, *rest = spans or (Span(" "),)
        return (Span(self.glyphs.cursor, first.tone), Span(first.text[1:], first.tone), *rest)

    @property
    def _head_height(self) -> int:
        return 0 if self._rows.head(1) is None else 1

    def refresh_key(self, key: Hashable) -> None:
        """Draw the row of that key anew: what it shows has changed."""
        index = self._rows.index_of(key)
        if index is not None:
            self._refresh_row(index)

    def _refresh_row(self, index: int) -> None:
        y = index - self.scroll_offset.y + self._head_height
        if self._head_height <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _bring_into_view(self) -> None:
        top, height = self.scroll_offset.y, self.page_height
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def _show_heading(self) -> None:
        """The first row under a heading is not shown without it."""
        top = self.scroll_offset.y
        if self._cursor == top and top and self._rows.is_heading(top - 1):
            self.scroll_to(y=top - 1, animate=False)

    def on_resize(self, _event: events.Resize) -> None:
        self.go_to_beginning()
        self._bring_into_view()

    def on_focus(self) -> None:
        self._refresh_row(self._cursor)

    def on_blur(self) -> None:
        self._refresh_row(self._cursor)

    def on_click(self, event: events.Click) -> None:
        index = event.y - self._head_height + self.scroll_offset.y
        if event.y < self._head_height or not 0 <= index < len(self._rows) or self._rows.is_heading(index):
            return
        was_here = index == self._cursor and not self._is_cursor_hidden
        self.hide_cursor(hide=False)
        self.move_to(index)
        if event.x < self.mark_cells:
            self.post_message(self.MarkWanted(self))
        elif was_here and event.chain > 1:
            self.post_message(self.Opened(self, self._rows.key_at(index)))
