"""A line of text with meaning instead of colours; each front end has its own colours for the tones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import takewhile
from typing import TypeAlias

from msgspec import Struct

from mlver_tui.view_models.text import cell_width, chunks, cut


class Tone(StrEnum):
    """What a piece of text is, so that a theme can say how it looks."""

    PLAIN = "plain"
    DIM = "dim"
    BRIGHT = "bright"
    """What a reader should see first."""
    BETTER = "better"
    WORSE = "worse"
    WARNING = "warning"
    ADDED = "added"
    REMOVED = "removed"
    SIDE_A = "side-a"
    SIDE_B = "side-b"
    SIDE_C = "side-c"
    """The third of several versions, and so on: hues for curves."""
    SIDE_D = "side-d"
    SIDE_E = "side-e"
    SIDE_F = "side-f"
    SIDE_G = "side-g"
    SIDE_H = "side-h"
    KEYWORD = "keyword"
    """Of code: a word of the language, a key of a document."""
    LITERAL = "literal"
    """Of code: a text or a number."""
    ACTIVE = "active"
    """Reverse video: the tab or button that is on."""
    ACCENT = "accent"


class Span(Struct, frozen=True):
    """A piece of a line."""

    text: str
    tone: Tone = Tone.PLAIN
    does: str = ""
    """The id of the action that a click on it does; only what browses is ever named."""
    stays: bool = False
    """It begins a line and says what that is about: moved sideways, the rest goes out of sight and it does not."""


Line: TypeAlias = tuple[Span, ...]

EMPTY: Line = ()


def line(*parts: Span | str) -> Line:
    """A line of spans; plain text stands for a plain span. Data must have been sanitised before."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts if part)


def dim(text: str, does: str = "") -> Span:
    """A span for what is there, but not looked for."""
    return Span(text, Tone.DIM, does)


def bright(text: str, does: str = "") -> Span:
    """A span for what should be seen first."""
    return Span(text, Tone.BRIGHT, does)


def label(text: str) -> Span:
    """A dim span that stays in sight while what stands behind it is moved sideways."""
    return Span(text, Tone.DIM, stays=True)


def staying_cells(spans: Iterable[Span]) -> int:
    """The first cells of a line that stay where they are."""
    return width_of(takewhile(lambda span: span.stays, spans))


def done_at(spans: Iterable[Span], cell: int) -> str:
    """The action that a click on this cell of the line does; empty: none."""
    for span in spans:
        cell -= cell_width(span.text)
        if cell < 0:
            return span.does
    return ""


def text_of(spans: Iterable[Span]) -> str:
    """The characters of a line."""
    return "".join(span.text for span in spans)


def width_of(spans: Iterable[Span]) -> int:
    """The cells of a line."""
    return sum(cell_width(span.text) for span in spans)


def fitted(spans: Line, width: int, *, right: bool = False) -> Line:
    """The line in exactly `width` cells: cut with an ellipsis, or filled with spaces (on the left when `right`)."""
    used = width_of(spans)
    if used <= width:
        # What fills a column belongs to it: names stay with the room behind them.
        stays = bool(spans) and not right and spans[-1].stays
        room = (Span(" " * (width - used), stays=stays),) if used < width else ()
        return room + spans if right else spans + room
    kept: list[Span] = []
    left = width
    for span in spans:
        size = cell_width(span.text)
        # The last cell is kept free for the ellipsis unless everything that follows fits, which it does not.
        if size >= left:
            kept.append(Span(cut(span.text + " " * (left + 1), left), span.tone, stays=span.stays))
            break
        kept.append(span)
        left -= size
    return fitted(tuple(kept), width) if width_of(kept) < width else tuple(kept)


def wrapped_spans(spans: Line, width: int) -> list[Line]:
    """The line in lines of at most `width` cells, broken at spaces where there are any."""
    lines: list[list[Span]] = [[]]
    left = width
    for span in spans:
        for piece in _pieces(span.text, width):
            if cell_width(piece.rstrip()) > left and lines[-1]:
                lines.append([])
                left = width
            # The space that a line is broken at would stand in its last cell.
            kept = piece if cell_width(piece) <= left else piece.rstrip()
            lines[-1].append(Span(kept, span.tone))
            left -= cell_width(kept)
    return [tuple(one) for one in lines]


def _pieces(text: str, width: int) -> list[str]:
    """Words with the space behind them; longer ones in parts."""
    words = [word for word in re.split(r"(?<= )", text) if word]
    return [piece for word in words for piece in (chunks(word, width) if cell_width(word.rstrip()) > width else [word])]


def spread(left: Line, right: Line, width: int) -> Line:
    """Two texts at the two edges; the right one is kept whole as long as it fits, and goes when it does not."""
    room = width - width_of(right)
    if room < min(width_of(left), width // 3) + 1:
        return fitted(left, width)
    return (*fitted(left, room - 1), Span(" "), *right) if right else fitted(left, width)


def join(parts: Iterable[Line], separator: str = "  ") -> Line:
    """Lines one after another with a separator between them."""
    joined: list[Span] = []
    for part in parts:
        if not part:
            continue
        if joined:
            joined.append(Span(separator))
        joined.extend(part)
    return tuple(joined)
