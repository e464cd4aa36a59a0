"""Where the values of a TOML text stand, as far as lines of `[table]` and `key = value` tell it."""

from __future__ import annotations

import re

from mlver.documents.document import Spot
from mlver.model.data import Data

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_TABLE = re.compile(rf"[ \t]*\[(\[?)[ \t]*({_KEY})[ \t]*\]\]?")
_ENTRY = re.compile(rf"[ \t]*({_KEY})[ \t]*=[ \t]*(.*)")
_ONE_LINE = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'[^']*'|\[[^\[\]"'#]*\]|\{[^{}"'#]*\}|[^\s"'\[\]{}#]+)[ \t]*(?:#.*)?\r?"""
)


def toml_spots(text: str, data: Data) -> Spot:
    """The spots of what stands on lines of its own; all below that stands with it."""
    root = Spot(line=1, children={})
    table = root
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        if header := _TABLE.match(line):
            table = _inner(root, _parts(header.group(2)), Spot(line=number), is_item=bool(header.group(1)))
        elif entry := _ENTRY.match(line):
            start = offset + entry.start(2)
            value = _ONE_LINE.fullmatch(entry.group(2))
            spot = Spot(line=number, start=start, end=start + value.end(1) if value else -1)
            if not value:
                spot.obstacle = "it spans several lines or is nested"
            _inner(table, _parts(entry.group(1)), spot)
        offset += len(line) + 1
    return _completed(root, data)


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, key)]


def _inner(table: Spot, parts: list[str], spot: Spot, *, is_item: bool = False) -> Spot:
    """Enters a spot below a table, making the tables between; gives the spot that now stands there."""
    for part in parts[:-1]:
        table = _newest(_children(table).setdefault(part, Spot(line=spot.line)))
    siblings = _children(table)
    if not is_item:
        return siblings.setdefault(parts[-1], spot)
    items = siblings.setdefault(parts[-1], Spot(line=spot.line, children=[]))
    if isinstance(items.children, list):
        items.children.append(spot)
    return spot


def _children(spot: Spot) -> dict[str, Spot]:
    if not isinstance(spot.children, dict):
        spot.children = {}
    return spot.children


def _newest(spot: Spot) -> Spot:
    return spot.children[-1] if isinstance(spot.children, list) and spot.children else spot


def _completed(spot: Spot, data: Data) -> Spot:
    """The tree in the shape of the data: what the lines did not tell takes the line above it."""
    if isinstance(data, dict):
        known = spot.children if isinstance(spot.children, dict) else {}
        blank = {key: known.get(key) or Spot(line=spot.line) for key in data}
        spot.children = {key: _completed(blank[key], inner) for key, inner in data.items()}
    elif isinstance(data, list):
        items = spot.children if isinstance(spot.children, list) else []
        rows = items + [Spot(line=spot.line) for _ in data[len(items) :]]
        spot.children = [_completed(row, inner) for row, inner in zip(rows, data, strict=False)]
    else:
        spot.children = None
    return spot
