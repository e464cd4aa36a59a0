"""Writes data as YAML: the same data always gives the same bytes, and YAML 1.1 and 1.2 readers read the same.

Block style, two spaces, keys in the order given. Text stands unquoted only where every reader takes it for that text
and it starts with a letter, `_` or `/`; all other text is double-quoted on one line. Nothing here asks the Unicode
database, which differs between Pythons.
"""

from __future__ import annotations

import math
import re

from mlver.documents.document import MAX_DIGITS, NORMAL
from mlver.documents.yaml_scalars import is_plain_text
from mlver.errors import InvalidInput
from mlver.model.data import Data, Scalar

_SAFE = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./@+=%~()-]|:(?=[A-Za-z0-9/])| (?=[^ #]))*", re.ASCII)
_NEVER_PLAIN = frozenset("yYnN")
"""Booleans by the letter of YAML 1.1, though PyYAML takes them for text."""
_ESCAPED = re.compile(
    '["\\\\\x00-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f'
    "\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)
"""Quotes, controls, and what is invisible or turns the direction of text."""
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPES = ((0x100, "\\x{:02x}"), (0x10000, "\\u{:04x}"), (0x110000, "\\U{:08x}"))
_MOST_BITS = 3300
"""Of a whole number that readers take: MAX_DIGITS decimal digits."""
_LONGEST_KEY = 1000
"""YAML finds an ordinary key only within 1024 characters."""


def write_yaml(data: Data) -> str:
    """The canonical YAML text of the data, ending in a newline.

    Raises InvalidInput for text that is not Unicode (half a surrogate pair) and for nesting no reader would take.
    """
    lines: list[str] = []
    if isinstance(data, (dict, list)) and data:
        _block(data, 0, lines)
    else:
        lines.append(flow_yaml(data))
    return "\n".join(lines) + "\n"


def flow_yaml(data: Data) -> str:
    """The data on one line, lists and mappings in brackets."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{_text(key)}: {flow_yaml(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(flow_yaml(value) for value in data) + "]"
    return _scalar(data)


def _block(data: Data, depth: int, lines: list[str]) -> None:
    """Appends a collection that is not empty."""
    if depth >= NORMAL.max_depth:
        raise InvalidInput(f"data is nested deeper than {NORMAL.max_depth} levels", hint="store it as a file instead")
    indent = "  " * depth
    if isinstance(data, dict):
        for key, value in data.items():
            _entry(f"{indent}{_key(key, indent)}:", value, depth, lines)
    elif isinstance(data, list):
        for value in data:
            _entry(f"{indent}-", value, depth, lines)


def _entry(head: str, value: Data, depth: int, lines: list[str]) -> None:
    if not (isinstance(value, (dict, list)) and value):
        lines.append(f"{head} {flow_yaml(value)}")
        return
    at = len(lines)
    _block(value, depth + 1, lines)
    if head.endswith("-"):
        lines[at] = f"{head} {lines[at].lstrip(' ')}"
    else:
        lines.insert(at, head)


def _key(key: str, indent: str) -> str:
    text = _text(key)
    return text if len(text) <= _LONGEST_KEY else f"? {text}\n{indent}"


def _scalar(value: Scalar) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if value.bit_length() > _MOST_BITS:
        raise InvalidInput(f"a number of more than {MAX_DIGITS} digits cannot be written", hint="store it as text")
    return str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    # YAML 1.1 takes a float without a point for text: 1e-05 is written 1.0e-05, the same number.
    return text if "." in text else text.replace("e", ".0e")


def _text(text: str) -> str:
    if _SAFE.fullmatch(text) and text not in _NEVER_PLAIN and is_plain_text(text):
        return text
    try:
        text.encode()
    except UnicodeEncodeError as error:
        problem = f"text with half a surrogate pair (U+{ord(text[error.start]):04X}) cannot be written"
        raise InvalidInput(problem, hint="a file name that is not UTF-8 has to be renamed") from error
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    return _SHORT_ESCAPES.get(character) or next(form.format(code) for end, form in _ESCAPES if code < end)
