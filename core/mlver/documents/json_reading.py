"""JSON text to plain data: the standard library's parser, held to budgets and to keys that stand once."""

from __future__ import annotations

import json
import re
from functools import partial

from mlver.documents.document import MAX_DIGITS, MOST_WARNINGS, NORMAL, Budget, Document, DocumentWarning, Lines, Spot
from mlver.documents.encoding import decoded
from mlver.documents.places import Places
from mlver.documents.survey import survey
from mlver.documents.yaml_scalars import NumberTooLong
from mlver.errors import DocumentInvalid
from mlver.model.data import Data
from mlver.progress import breathe

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|[^\s\[\]{},:"]+', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONG_NUMBER = re.compile(rf"[0-9]{{{MAX_DIGITS + 1}}}")


def read_json(content: bytes, *, name: str, budget: Budget = NORMAL) -> Document:
    """The data of a JSON text; NaN and infinities, which Python's writer makes, are taken with a warning.

    Raises DocumentInvalid, with the line where it is known, for everything else that is not JSON, for duplicate keys
    and everything past the budget.
    """
    text = decoded(content, name=name, budget=budget)
    data = _parsed(text, name, budget)
    lines = Lines(partial(json_spots, text))
    warnings = tuple(
        DocumentWarning(path=path, line=lines[path], text="NaN and infinities are not JSON; other readers refuse them")
        for path in survey(data, name=name, budget=budget)[:MOST_WARNINGS]
    )
    if _SURROGATE.search(text):
        _refuse_half_pairs(text, name)
    return Document(data=data, lines=lines, warnings=warnings)


def json_spots(text: str) -> Spot:
    """Where the values of a text stand that read_json took."""
    places = Places()
    line, counted = 1, 0
    for number, token in enumerate(_TOKEN.finditer(text)):
        if not number & 255:
            breathe()
        start, end, word = token.start(), token.end(), token.group()
        line += text.count("\n", counted, start)
        counted = start
        if word in "]}":
            places.end(end)
        elif word in "[{":
            places.start(Spot(line=line, start=start, children=[] if word == "[" else {}))
        elif places.wants_key:
            places.key(json.loads(word) if "\\" in word else word[1:-1], line)
        else:
            places.value(Spot(line=line, start=start, end=end))
    return places.root


class _KeyTwice(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _parsed(text: str, name: str, budget: Budget) -> Data:
    try:
        data: Data = json.loads(text, object_pairs_hook=_once, parse_int=_integer)
    except json.JSONDecodeError as error:
        problem = error.msg[:1].lower() + error.msg[1:]
        raise DocumentInvalid(problem, name=name, line=error.lineno) from error
    except _KeyTwice as error:
        line = _line_of_second(text, error.key)
        raise DocumentInvalid(f"the key {error.key!r} stands twice in one object", name=name, line=line) from error
    except NumberTooLong as error:
        found = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else None
        raise DocumentInvalid(f"a number of more than {MAX_DIGITS} digits", name=name, line=line) from error
    except RecursionError as error:
        raise DocumentInvalid(f"nested deeper than {budget.max_depth} levels", name=name) from error
    return data


def _once(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
    breathe()
    data = dict(pairs)
    if len(data) < len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise _KeyTwice(key)
            seen.add(key)
    return data


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise NumberTooLong
    return int(digits)


def _line_of_second(text: str, key: str) -> int | None:
    """The line where an object has a key again; objects are closed innermost first, as the parser closes them."""
    open_keys: list[set[str] | None] = []
    was_text: re.Match[str] | None = None
    for token in re.finditer(rf"{_TOKEN.pattern}|:", text, re.DOTALL):
        word = token.group()
        if word in "[{":
            open_keys.append(set() if word == "{" else None)
        elif word in "]}":
            open_keys.pop()
        elif word == ":" and was_text and open_keys and (keys := open_keys[-1]) is not None:
            found = json.loads(was_text.group())
            if found == key and found in keys:
                return text.count("\n", 0, was_text.start()) + 1
            keys.add(found)
        was_text = token if word[0] == '"' else None
    return None


def _refuse_half_pairs(text: str, name: str) -> None:
    for token in _TOKEN.finditer(text):
        if _SURROGATE.search(token.group()):
            try:
                json.loads(token.group()).encode()
            except UnicodeEncodeError as error:
                line = text.count("\n", 0, token.start()) + 1
                raise DocumentInvalid("half a surrogate pair is no text", name=name, line=line) from error
