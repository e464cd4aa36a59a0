"""What a virtual list shows: rows that are made when they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from mlver_tui.view_models.spans import Line, dim, fitted, width_of

T = TypeVar("T")


class Rows(Protocol):
    """Rows by index, each with a key that outlives sorting, filtering and refreshing."""

    def __len__(self) -> int: ...

    def head(self, width: int) -> Line | None:
        """The line that stays on top; None: there is none."""

    def pinned(self, width: int) -> int:  # noqa: ARG002 - none do unless a list says so
        """The first cells of each line that stay when the others move sideways."""
        return 0

    def key_at(self, index: int) -> Hashable:
        """The key of a row."""

    def index_of(self, key: Hashable) -> int | None:
        """Where the row of that key is now; None: nowhere."""

    def is_heading(self, index: int) -> bool:
        """Whether it is a line over rows: no cursor stops there."""

    def line_at(self, index: int, width: int, *, is_marked: bool) -> Line:
        """The line of a row."""


class Heading(Struct, frozen=True):
    """A line over rows that belong together."""

    said: Line
    fill: str = " "
    """What the rest of the line is filled with."""

    def line(self, width: int) -> Line:
        """The line in so many cells."""
        rest = max(0, width - width_of(self.said))
        return fitted((*self.said, dim(self.fill * rest)), width)


class ListedRows(Generic[T]):
    """Rows over a sequence, some of them headings."""

    def __init__(
        self,
        items: Sequence[T | Heading],
        *,
        key: Callable[[T], Hashable],
        draw: Callable[[T, int, bool], Line],
        head: Callable[[int], Line] | None = None,
        pinned: Callable[[int], int] = lambda _width: 0,
    ) -> None:
        """`draw` gets the item, the width and whether it is marked; `pinned` tells which first cells stay in sight."""
        self.items = items
        self._key = key
        self._draw = draw
        self._head = head
        self._pinned = pinned
        self._places: dict[Hashable, int] | None = None

    def __len__(self) -> int:
        return len(self.items)

    def head(self, width: int) -> Line | None:
        return self._head(width) if self._head else None

    def pinned(self, width: int) -> int:
        return self._pinned(width)

    def key_at(self, index: int) -> Hashable:
        return self._key_of(self.items[index])

    def _key_of(self, item: T | Heading) -> Hashable:
        return item if isinstance(item, Heading) else self._key(item)

    def index_of(self, key: Hashable) -> int | None:
        if self._places is None:
            self._places = {self._key_of(item): index for index, item in enumerate(self.items)}
        return self._places.get(key)

    def line_at(self, index: int, width: int, *, is_marked: bool) -> Line:
        item = self.items[index]
        return item.line(width) if isinstance(item, Heading) else self._draw(item, width, is_marked)

    def is_heading(self, index: int) -> bool:
        return isinstance(self.items[index], Heading)


def no_rows() -> ListedRows[None]:
    """Nothing to show."""
    return ListedRows((), key=lambda _item: None, draw=lambda _item, _width, _marked: ())
