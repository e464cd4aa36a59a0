"""Things told one after another on one line: with what is said of them where it fits, by name where it does not."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mlver_tui.view_models.spans import EMPTY, Line, Span, dim, width_of


class Told(Struct, frozen=True, kw_only=True):
    """One thing."""

    name: Line
    said: Line = EMPTY
    """What is said of it; the first that is left out where room is short."""
    stands_close: bool = False
    """Belongs to the one before it: no dot between them."""


def told_line(things: Sequence[Told], more: int, width: int, dot: str) -> Line:
    """The things in at most `width` cells: first the later ones lose what is said of them, then they become `+2`.

    What is said of the first is worth more than the names of the last. `more`: how many there are besides. Wider than
    `width` only when the first alone is.
    """
    count = len(things)
    attempts = [*((count, told) for told in range(count, 0, -1)), *((named, 1) for named in range(count - 1, 0, -1))]
    line = EMPTY
    for named, told in attempts:
        line = _line(things[:named], told, more + count - named, dot)
        if width_of(line) <= width:
            break
    return line


def _line(things: Sequence[Told], with_said: int, more: int, dot: str) -> Line:
    spans: list[Span] = []
    for number, thing in enumerate(things):
        if number:
            spans.append(Span("  " if thing.stands_close else f" {dot} "))
        spans += (*thing.name, *(thing.said if number < with_said else EMPTY))
    if more:
        spans.append(dim(f" {dot} +{more}" if spans else f"+{more}"))
    return tuple(spans)
