"""The last line while a filter is typed: what is wrong with it, what a word may become, or which keys there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlver.errors import MlverError
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, width_of

_PARAM = re.compile(r"(?:^|[\s(|:-])p(?:aram)?\.[^\s:=<>!()|]*\Z", re.IGNORECASE)
_KEYS = (("enter", "to the list"), ("tab", "complete"), ("up down", "earlier filters"), ("esc", "show all"))


def problem_of(error: MlverError) -> str:
    """What is wrong in one line; the lines below it show the place, which is underlined here."""
    return error.message.partition("\n")[0]


def mistake_line(error: MlverError, width: int, glyphs: Glyphs) -> Line:
    """`! no field is called 'stag'  did you mean stage?`."""
    said = line(Span(" ! ", Tone.WARNING), glyphs.data(problem_of(error)))
    hint = line("  ", dim(glyphs.data(error.hint))) if error.hint else ()
    return fitted((*said, *hint), width)


def unread_text(count: int) -> str:
    """What is said of versions that a filter could not judge."""
    who = (
        "1 version cannot be read: whether it is"
        if count == 1
        else f"{count} versions cannot be read: whether they are"
    )
    return f"{who} meant is not known"


def unread_line(count: int, width: int) -> Line:
    """Of how many versions nobody knows whether they are meant."""
    return fitted(line(Span(" ! ", Tone.WARNING), unread_text(count)), width)


def choices_line(choices: Sequence[str], width: int, glyphs: Glyphs) -> Line:
    """What the word may become: as many as fit, and how many there are besides."""
    if not choices:
        return fitted(line(dim(" nothing begins so")), width)
    shown: Line = (Span(" "),)
    for index, choice in enumerate(choices):
        more = line(dim(f"+{len(choices) - index}"))
        added = line(bright(glyphs.data(choice)), "  ")
        if width_of((*shown, *added, *more)) > width:
            return fitted((*shown, *more), width)
        shown += added
    return fitted(shown, width)


def names_params(typed: str) -> bool:
    """Whether the last word is about to name a param."""
    return _PARAM.search(typed) is not None


def prompt_line(width: int) -> Line:
    """The keys of the line a filter is typed in."""
    said: Line = (Span(" "),)
    for key, label in _KEYS:
        said += (bright(key), dim(f" {label}   "))
    return fitted(said, width)
