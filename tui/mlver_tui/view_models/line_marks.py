"""What differs inside a line: the pieces of two lines that stand for each other."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TypeAlias

Pieces: TypeAlias = tuple[tuple[str, bool], ...]
"""The text in order, and of each part whether it differs."""

_WORDS = re.compile(r"\w+|\s+|.")
_MOST_WORDS = 400
"""Of a line that is looked into: matching is quadratic."""
_LEAST_ALIKE = 0.3
"""Lines that share less are two lines, and marks would only speckle them."""


def marked(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both lines in pieces; a line that shares little with the other is one piece that differs."""
    left, right = _WORDS.findall(before), _WORDS.findall(after)
    whole = _piece(before), _piece(after)
    if len(left) > _MOST_WORDS or len(right) > _MOST_WORDS:
        return whole
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    blocks = matcher.get_matching_blocks()
    shared = sum(len("".join(left[block.a : block.a + block.size]).strip()) for block in blocks)
    if shared < _LEAST_ALIKE * max(len(before.strip()), len(after.strip()), 1):
        return whole
    return (
        _pieces(left, [(block.a, block.size) for block in blocks]),
        _pieces(right, [(block.b, block.size) for block in blocks]),
    )


def _piece(text: str) -> Pieces:
    return ((text, True),) if text else ()


def _pieces(words: list[str], same: list[tuple[int, int]]) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, size in same:
        pieces += [("".join(words[at:start]), True), ("".join(words[start : start + size]), False)]
        at = start + size
    return tuple(piece for piece in pieces if piece[0])
