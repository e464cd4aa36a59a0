"""Cells in columns as wide as they need: for output that nothing limits, and for columns that must not be cut."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from itertools import zip_longest

from mlver_tui.view_models.spans import EMPTY, Line, Span, fitted, width_of

GAP = "  "
_WIDEST = 60
"""A cell wider than that does not widen its column: one long name must not push a thousand lines apart."""
_LEAST = 12
"""The flexible column keeps that many cells; what does not fit then is cut at the end of the line."""


def aligned(
    rows: Sequence[Sequence[Line]],
    *,
    right: Collection[int] = (),
    flexible: int | None = None,
    width: int | None = None,
) -> list[Line]:
    """The rows as lines, each column as wide as its widest cell.

    Args:
        rows: cells; a row may have fewer than others.
        right: columns whose cells stand at their right edge.
        flexible: the column that is cut when the lines would be wider than `width`; rows that end before it are left
            as they are.
        width: None: nothing is cut.
    """
    if not rows:
        return []
    natural = _natural(rows)
    widths = [min(_WIDEST, cells) for cells in natural]
    if width is not None and flexible is not None and flexible < len(widths):
        others = sum(widths) - widths[flexible] + len(GAP) * (len(widths) - 1)
        widths[flexible] = min(natural[flexible], max(_LEAST, width - others))
    return [_joined(row, widths, right, is_cut=width is not None) for row in rows]


def natural_width(rows: Sequence[Sequence[Line]]) -> int:
    """The cells that the rows need when nothing of them is cut."""
    natural = _natural(rows)
    return sum(natural) + len(GAP) * max(0, len(natural) - 1)


def _natural(rows: Sequence[Sequence[Line]]) -> list[int]:
    return [max(map(width_of, column)) for column in zip_longest(*rows, fillvalue=EMPTY)]


def _joined(row: Sequence[Line], widths: Sequence[int], right: Collection[int], *, is_cut: bool) -> Line:
    spans: list[Span] = []
    for index, cell in enumerate(row):
        if index:
            spans.append(Span(GAP, stays=bool(spans) and spans[-1].stays))
        room = widths[index] if is_cut else max(widths[index], width_of(cell))
        spans.extend(fitted(cell, room, right=index in right))
    return tuple(spans)


def wrapped(text: str, width: int | None) -> list[str]:
    """A sentence on as many lines as it needs; None: on one."""
    return textwrap.wrap(text, max(1, width), break_on_hyphens=False) if width and text else [text]
