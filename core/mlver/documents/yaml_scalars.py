"""What an unquoted YAML word means: by YAML 1.2's core schema, and where YAML 1.1 readers differ.

Sources: YAML 1.2.2 chapter 10.3.2 for the core schema; PyYAML's own resolver and constructor for YAML 1.1, so that
the warning says what the most used reader really does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from mlver.documents.document import MAX_DIGITS
from mlver.model.data import Scalar, same_leaf

MAY_BE_TYPED = frozenset("-+.0123456789~nNtTfFyYoO=<")
"""First characters of every word that YAML 1.1 or 1.2 reads as something other than text; so is the empty word."""

LONGEST_NOTED = 40
"""Longer words are looked at without YAML 1.1 in mind: they are digests and sentences."""

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NAN = re.compile(r"\.(?:nan|NaN|NAN)")


class NumberTooLong(ValueError):
    """A number has more digits than MAX_DIGITS."""


def core_value(text: str) -> Scalar:
    """The value of a plain word by YAML 1.2's core schema; NumberTooLong past MAX_DIGITS."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in MAY_BE_TYPED:
        return text
    value = _number(text)
    return text if value is None else value


def _number(text: str) -> float | int | None:
    if _FLOAT.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise NumberTooLong
        return int(text) if _INTEGER.fullmatch(text) else float(text)
    if _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise NumberTooLong
        return int(text, 0)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float("nan") if _NAN.fullmatch(text) else None


@lru_cache(maxsize=8192)
def plain_value(text: str) -> tuple[Scalar, str]:
    """The core value of a plain word, and a note when YAML 1.1 reads it differently (else nothing).

    For words up to LONGEST_NOTED: answers are remembered.
    """
    value = core_value(text)
    return value, _difference(text, value)


def is_plain_text(text: str) -> bool:
    """Whether both YAML 1.1 and 1.2 read the unquoted word as that text; the empty word is none."""
    if not text or len(text) > MAX_DIGITS:
        return False
    return text[0] not in MAY_BE_TYPED or (_tag_in_11(text) == _TEXT and core_value(text) is text)


def _difference(text: str, value: Scalar) -> str:
    tag = _tag_in_11(text)
    if tag == _TEXT:
        return "" if value is text else f"YAML 1.1 readers take {text} for text, here it is {_shown(value)}"
    try:
        old = _READ_11[tag](yaml.ScalarNode(tag, text))
    except (KeyError, ValueError, OverflowError):
        return f"YAML 1.1 readers cannot read {text} unquoted"
    if isinstance(old, (str, int, float, type(None))) and same_leaf(old, value):
        return ""
    return f"YAML 1.1 readers take {text} for {_shown(old)}, here it is {_shown(value)}"


_TEXT = "tag:yaml.org,2002:str"
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_CONSTRUCTOR: Any = yaml.constructor.SafeConstructor()
_READ_11 = {
    "tag:yaml.org,2002:null": _CONSTRUCTOR.construct_yaml_null,
    "tag:yaml.org,2002:bool": _CONSTRUCTOR.construct_yaml_bool,
    "tag:yaml.org,2002:int": _CONSTRUCTOR.construct_yaml_int,
    "tag:yaml.org,2002:float": _CONSTRUCTOR.construct_yaml_float,
    "tag:yaml.org,2002:timestamp": _CONSTRUCTOR.construct_yaml_timestamp,
}


def _tag_in_11(text: str) -> str:
    for tag, pattern in _RESOLVERS.get(text[:1], ()):
        if pattern.match(text):
            return tag
    return _TEXT


def _shown(value: object) -> str:
    if isinstance(value, str):
        return "text"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return "a date"
