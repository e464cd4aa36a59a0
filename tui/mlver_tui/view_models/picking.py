"""Rows of a dialog to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import Line, Span, bright, dim, line, wrapped_spans
from mlver_tui.view_models.text import cell_width, padded

_KEY_CELLS, _MOST_LABEL = 4, 32
_LONGEST_SHOWN = 300
_GAP, _MOST_WHOLE = 2, 10_000


class PickRow(Struct, frozen=True, kw_only=True):
    """One of the rows."""

    line: Line
    key: str = ""
    """The letter that chooses it; empty: only the cursor does."""
    can_be_chosen: bool = True


class Labelled(Struct, frozen=True, kw_only=True):
    """A row with a name and what stands behind it; both unsanitised."""

    label: str
    shown: str
    key: str = ""
    why_not: str = ""
    """Why it cannot be chosen now."""


def whole_rows(labelled: Sequence[Labelled], width: int, glyphs: Glyphs) -> list[tuple[int, PickRow]]:
    """The rows with what they are unshortened, on as many lines as that takes; before each line whose it is."""
    cells = min(_MOST_LABEL, max((cell_width(glyphs.data(one.label)) for one in labelled), default=0))
    made: list[tuple[int, PickRow]] = []
    for place, one in enumerate(labelled):
        lines = wrapped_spans(line(glyphs.data(one.shown[:_MOST_WHOLE])), max(2, width - cells - 2 * _GAP))
        if len(one.shown) > _MOST_WHOLE:
            lines.append(line(dim(f"and {len(one.shown) - _MOST_WHOLE} more characters: enter copies all")))
        for number, text in enumerate(lines):
            label = "" if number else glyphs.data(one.label)
            row = PickRow(line=(*line(" " * _GAP, bright(padded(label, cells)), " " * _GAP), *text))
            made.append((place, row))
    return made


def labelled_rows(labelled: Sequence[Labelled], glyphs: Glyphs, *, most: int = _MOST_LABEL) -> list[PickRow]:
    """The rows in columns: letter, name in `most` cells at most, what it is."""
    width = min(most, max((cell_width(glyphs.data(one.label)) for one in labelled), default=0))
    return [
        PickRow(
            line=line(
                "  ",
                bright(padded(one.key, _KEY_CELLS)),
                Span(padded(glyphs.data(one.label), width)),
                dim(f"  not now: {one.why_not}" if one.why_not else f"  {glyphs.data(one.shown[:_LONGEST_SHOWN])}"),
            ),
            key=one.key,
            can_be_chosen=not one.why_not,
        )
        for one in labelled
    ]
