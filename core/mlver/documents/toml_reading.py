"""TOML text to plain data by the standard library's parser; dates become text."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from functools import partial
from typing import Any

from mlver.documents.document import MAX_DIGITS, NORMAL, Budget, Document, Lines
from mlver.documents.encoding import decoded
from mlver.documents.survey import survey
from mlver.documents.toml_places import toml_spots
from mlver.errors import DocumentInvalid
from mlver.model.data import Data

MAX_BYTES = 1 << 20
"""tomllib takes quadratic time on some hostile texts; no configuration is as long."""

_LONG_KEY = re.compile(r"""(?<![\w"'.-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""", re.ASCII)
_PROBLEM = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


def read_toml(content: bytes, *, name: str, budget: Budget = NORMAL) -> Document:
    """The data of a TOML text; DocumentInvalid, with the line where it is known, when it cannot be read."""
    if len(content) > MAX_BYTES:
        raise DocumentInvalid(f"is {len(content)} bytes; TOML is read up to {MAX_BYTES}", name=name)
    text = decoded(content, name=name, budget=budget)
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise DocumentInvalid("a key of more than 100 parts", name=name, line=line)
    try:
        data = _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _translated(error, text, name) from error
    except RecursionError as error:
        raise DocumentInvalid(f"nested deeper than {budget.max_depth} levels", name=name) from error
    except ValueError as error:  # int() past Python's own limit, which tomllib lets through
        raise DocumentInvalid(f"a number of more than {MAX_DIGITS} digits", name=name) from error
    survey(data, name=name, budget=budget)
    return Document(data=data, lines=Lines(partial(toml_spots, text, data)))


def _plain(value: Any) -> Data:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, int) and value.bit_length() > MAX_DIGITS * 4:
        raise ValueError(value.bit_length())
    assert isinstance(value, (str, int, float, bool))
    return value


def _translated(error: tomllib.TOMLDecodeError, text: str, name: str) -> DocumentInvalid:
    found = _PROBLEM.fullmatch(str(error))
    if not found:
        return DocumentInvalid(str(error), name=name)
    problem, line = found.groups()
    at = int(line) if line else text.count("\n") + 1
    return DocumentInvalid(problem[:1].lower() + problem[1:], name=name, line=at)
