"""Text from a repository, made safe to show and cut to cells.

Ref names, commit messages, values and logs are untrusted: a terminal obeys escape sequences wherever they stand,
and bidi controls make text read as something else. Everything passes `sanitise` once, where data becomes a view.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_COMBINING = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}")
"""More marks on one letter than any language writes: they would pile over the neighbouring lines."""

ELLIPSIS = "…"
"""What cut-off text leaves; one cell, replaced at the edge where a terminal cannot show it."""

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

_LATIN_1, _BASIC_PLANE = 0xFF, 0xFFFF
_HANGUL_JOINING = range(0x1160, 0x1200)
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def sanitise(text: str) -> str:
    """The text with everything invisible or obeyed made visible, on one line.

    Control characters, escapes, bidi and other format controls, lone surrogates, private and unassigned code points
    become backslash escapes; every kind of space becomes a plain one.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = "".join(map(_shown, text))
    return _COMBINING.sub(lambda marks: "".join(map(_escaped, marks.group())), shown)


def sanitise_lines(text: str, *, tab_width: int = 4) -> list[str]:
    """The lines of a file or a log, each sanitised; tabs reach the next stop, for indentation is meaning in code.

    Only line feeds (and a carriage return before one) end a line: what other separators do is shown.
    """
    lines = [line.removesuffix("\r").expandtabs(tab_width) for line in text.split("\n")]
    if lines and not lines[-1]:
        lines.pop()
    return [sanitise(line) for line in lines]


def ascii_only(text: str) -> str:
    """The text for a terminal that can show nothing but ASCII: the rest as backslash escapes."""
    return text if text.isascii() else text.encode("ascii", "backslashreplace").decode("ascii")


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if character.isprintable():
        return _escaped(character) if ord(character) in _VARIATION_SELECTORS else character
    if unicodedata.category(character) == "Zs":
        return "  " if character == "\u3000" else " "
    return _escaped(character)


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= _LATIN_1:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _BASIC_PLANE else f"\\U{code:08x}"


def cell_width(text: str) -> int:
    """How many terminal cells the text takes."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    if ord(character) in _HANGUL_JOINING:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells; what is cut off leaves an ellipsis."""
    if cell_width(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[: max(0, width)]
    return _prefix(text, width - 1) + ELLIPSIS


def cut_start(text: str, width: int) -> str:
    """As `cut`, keeping the end: the telling part of a path."""
    if cell_width(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[: max(0, width)]
    return ELLIPSIS + _prefix(text[::-1], width - 1)[::-1]


def chunks(text: str, width: int) -> list[str]:
    """The text in pieces of at most `width` cells, all of it; at least one piece."""
    width = max(2, width)
    if text.isascii():
        return [text[start : start + width] for start in range(0, len(text), width)] or [""]
    pieces, start, used = [], 0, 0
    for index, character in enumerate(text):
        cells = _character_width(character)
        if used + cells > width:
            pieces.append(text[start:index])
            start, used = index, 0
        used += cells
    return [*pieces, text[start:]]


def without_start(text: str, width: int) -> str:
    """The text without its first cells."""
    return text[len(_prefix(text, width)) :] if width else text


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` cells, cut or filled with spaces; `right` puts the text at the right edge."""
    shown = cut(text, width)
    room = " " * (width - cell_width(shown))
    return room + shown if right else shown + room


def _prefix(text: str, width: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _character_width(character)
        if used > width:
            return text[:index]
    return text
