"""What reading a text gives: plain data, where each value stands, and what a reader should know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias, Union

from msgspec import Struct

from mlver.model.data import Data, Path


class Budget(Struct, frozen=True, kw_only=True):
    """How much a text may hold before it is refused."""

    max_bytes: int = 16 << 20
    max_depth: int = 200
    """Collections within collections, aliases followed."""
    max_nodes: int = 1_000_000
    """Keys, values, starts and ends of collections; an alias counts as all it stands for, each time it is used."""


NORMAL = Budget()
"""What any file of a project may hold."""


MAX_DIGITS = 1000
"""A longer number is refused: Python's own limit would strike later, where the number is printed."""

MOST_WARNINGS = 1000
"""Further ones are left out: nobody reads them, and a hostile text could hold a million."""


class DocumentWarning(Struct, frozen=True, kw_only=True):
    """Something a person should know though the text can be read."""

    path: Path
    line: int
    """Counts from 1."""
    text: str


Inner: TypeAlias = Union["dict[str, Spot]", "list[Spot]", None]


class Spot(Struct):
    """Where one value stands in the text."""

    line: int
    """The line of its key, else of the value itself; counts from 1."""
    start: int = -1
    """First character of the value; -1: not known."""
    end: int = -1
    """Behind its last character."""
    children: Inner = None
    """The spots of a collection's values, in its shape."""
    text: str = ""
    """The scalar's text, kept where an alias may ask for it."""
    obstacle: str = ""
    """Why the value cannot be replaced in the text by itself: `it has an anchor`."""


class Lines(Mapping[Path, int]):
    """Path -> line of the value, from 1. The text is searched when the first line is asked for."""

    __slots__ = ("_find", "_root")

    def __init__(self, find: Callable[[], Spot]) -> None:
        self._find = find
        self._root: Spot | None = None

    def spot(self, path: Path) -> Spot:
        """The spot of the value; KeyError where the text has none."""
        if self._root is None:
            self._root = self._find()
        spot = self._root
        for part in path:
            try:
                spot = spot.children[part]  # type: ignore[index]  # what does not fit is the error below
            except (IndexError, TypeError):
                raise KeyError(path) from None
        return spot

    def __getitem__(self, path: Path) -> int:
        return self.spot(path).line

    def __iter__(self) -> Iterator[Path]:
        waiting: list[tuple[Path, Spot]] = [((), self.spot(()))]
        while waiting:
            path, spot = waiting.pop()
            yield path
            inner = spot.children
            entries = inner.items() if isinstance(inner, dict) else enumerate(inner or ())
            waiting.extend(reversed([((*path, key), child) for key, child in entries]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Document(Struct, frozen=True, kw_only=True):
    """A text as plain data."""

    data: Data
    lines: Mapping[Path, int]
    """Path -> line of the value (of its key, when it has one), counted from 1; the root is `()`."""
    warnings: tuple[DocumentWarning, ...] = ()

    def nearest_line(self, path: Path) -> int | None:
        """The line of the value, else of the nearest mapping or list around it; None for the whole document."""
        return nearest_line(self.lines, path)


def nearest_line(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of a value, or of what is around it where it has none of its own: it was not written, or not there."""
    return next((lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in lines), None)
