"""Pieces of a line of code that have a look of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from mlver_tui.view_models.spans import Span, Tone

Runs: TypeAlias = tuple[tuple[int, int, Tone], ...]
"""Start, end and tone of each, in order, in characters of the line as it is shown; what is in none is plain."""


def coloured(text: str, start: int, runs: Runs, plain: Tone) -> Iterator[Span]:
    """A piece of a line, `start` being its place there; what has no look of its own is `plain`."""
    at, end = start, start + len(text)
    for first, last, tone in runs:
        if last <= at or first >= end:
            continue
        if first > at:
            yield Span(text[at - start : first - start], plain)
        stop = min(last, end)
        yield Span(text[max(at, first) - start : stop - start], tone)
        at = stop
    if at < end:
        yield Span(text[at - start :], plain)
