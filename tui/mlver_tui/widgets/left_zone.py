"""The zone on the left of the version list: a short list each of models, stages, filters and runs under way."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.left_zone import Entry
from mlver_tui.view_models.spans import bright, dim, fitted, line
from mlver_tui.widgets.rows import Heading, ListedRows
from mlver_tui.widgets.virtual_list import VirtualList

_MOST_LINES = 10
"""Of one part; it scrolls when there is more."""
_NARROW, _WIDE, _GROWS_FROM, _SHARE = 20, 30, 140, 6


class Part(StrEnum):
    """The parts from the top; the words are their titles."""

    MODELS = "MODELS"
    STAGES = "STAGES"
    FILTERS = "FILTERS"
    RUNNING = "RUNNING"


class ShortList(VirtualList, inherit_bindings=False):
    """A list beside the main one: its cursor is there only while the keys are."""

    def __init__(self, *, glyphs: Glyphs, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(glyphs=glyphs, has_cursor_sign=False, id=id)
        self.hide_cursor()

    def move(self, rows: int) -> None:
        if self.screen.focused is self:
            self.hide_cursor(hide=False)  # a key may be quicker than the news of having got the focus
        super().move(rows)

    def on_focus(self) -> None:
        self.hide_cursor(hide=False)

    def on_blur(self) -> None:
        self.hide_cursor()


class LeftZone(Vertical):
    """Shows the parts that have something; tells where the cursor goes and what is opened."""

    class Moved(Message):
        """The user moved the cursor of a part."""

        def __init__(self, part: Part, key: str) -> None:
            super().__init__()
            self.part = part
            self.key = key

    class Opened(Moved):
        """The user opened an entry by clicks."""

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__(id="left-zone")
        self._glyphs = glyphs
        self._entries: dict[Part, Sequence[Entry]] = {}
        self._told: dict[Part, Hashable | None] = {}
        """Where the cursors stand as far as was told, or as they were put by showing something."""

    def compose(self) -> ComposeResult:
        for part in Part:
            yield ShortList(glyphs=self._glyphs, id=part.name.lower())

    def part(self, part: Part) -> ShortList:
        """One of the lists."""
        return self.query_one(f"#{part.name.lower()}", ShortList)

    @property
    def focused_part(self) -> Part | None:
        """The part that the keys move."""
        focused = self.screen.focused  # not has_focus: a key may be quicker than the news
        return next((part for part in Part if self.part(part) is focused), None)

    @property
    def chosen(self) -> tuple[Part, str] | None:
        """The part with the focus and the key of the entry under its cursor."""
        part = self.focused_part
        key = self.part(part).cursor_key if part else None
        return (part, key) if part and isinstance(key, str) else None

    @property
    def first_part(self) -> ShortList | None:
        """The first that has something; None: the zone is not shown."""
        return next((self.part(part) for part in Part if self._entries.get(part)), None) if self.display else None

    def take_share(self, width: int) -> int:
        """Take a part of a screen of that width; gives the cells it takes."""
        share = min(_WIDE, _NARROW + max(0, width - _GROWS_FROM) // _SHARE)
        self.styles.width = share
        return share

    def show(self, part: Part, entries: Sequence[Entry], *, at: str | None = None) -> None:
        """Show the entries of a part; unless the keys are there its cursor goes to the entry of that key."""
        if self._entries.get(part) == entries:
            return
        self._entries[part] = entries
        shown = self.part(part)
        shown.display = bool(entries)
        shown.styles.height = 1 + min(len(entries), _MOST_LINES)
        rows = ListedRows(
            [entry if entry.key is not None else Heading(entry.left) for entry in entries],
            key=lambda entry: entry.key,
            draw=lambda entry, width, _is_marked: entry.line(width),
            head=lambda width: fitted(line(bright(part.value) if shown.has_focus else dim(part.value)), width),
        )
        shown.show(rows, key=None if shown.has_focus else at)
        self._told[part] = shown.cursor_key

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        event.stop()
        part = self._part_of(event.list)
        if isinstance(event.key, str) and event.key != self._told.get(part):
            self._told[part] = event.key
            self.post_message(self.Moved(part, event.key))

    @on(VirtualList.Opened)
    def _opened(self, event: VirtualList.Opened) -> None:
        event.stop()
        if isinstance(event.key, str):
            self.post_message(self.Opened(self._part_of(event.list), event.key))

    @staticmethod
    def _part_of(shown: VirtualList) -> Part:
        return Part[(shown.id or "").upper()]
