"""Two texts held against each other, line by line."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class LineKind(StrEnum):
    """What a line of a diff is."""

    SAME = "same"
    """Context, on both sides."""
    ADDED = "added"
    REMOVED = "removed"
    GAP = "gap"
    """Stands for same lines that are left out; its text says how many."""


class DiffLine(Struct, frozen=True):
    """One line of a unified diff."""

    kind: LineKind
    text: str
    """Without its line end; unsanitised."""
    before: int | None = None
    """Line number before, from 1; None: not there."""
    after: int | None = None


class TextDiff(Struct, frozen=True, kw_only=True):
    """What differs between two texts; `lines` is empty when nothing does, or when a side is no text."""

    lines: tuple[DiffLine, ...] = ()
    added: int = 0
    """Lines, all of them, also those that `lines` leaves out."""
    removed: int = 0
    is_binary: bool = False
    """A side is no text: nothing was compared line by line."""
    is_same: bool = False
    """Both sides hold the same bytes."""
    notes: tuple[str, ...] = ()
    """Sentences: `only the line ends differ`, `no newline at the end after`, `plainer diff: too many changes`."""
    complete: bool = True
    """False: a limit was hit and lines are left out."""
