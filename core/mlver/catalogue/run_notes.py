"""What the description of an MLflow run says in a line: MLflow shows it as Markdown, a list as text."""

from __future__ import annotations

import re

_MOST = 500
"""Characters that are looked at: a line shows fewer."""
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_BLOCK = re.compile(r"^(?:#{1,6}|>|[-*+]|\d+[.)])\s+")
_MARKED = re.compile(r"(\*\*|__|~~|`|\*)(?=\S)(.+?)(?<=\S)\1")


def first_line(description: str) -> str:
    """The first line that says something, without links, headings, emphasis and marks of code."""
    lines = (_plain(" ".join(one[:_MOST].split())) for one in description[: 4 * _MOST].splitlines())
    return next(filter(None, lines), "")


def _plain(line: str) -> str:
    text = _LINK.sub(r"\1", _BLOCK.sub("", line))
    for _ in range(2):  # bold may stand around code, or italics in it
        text = _MARKED.sub(r"\2", text)
    return "" if set(text) <= set("-=_*# ") else text
