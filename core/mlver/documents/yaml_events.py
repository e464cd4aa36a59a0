"""PyYAML's parser: its events, which parser is there, and its errors in mlver's words.

Events only. PyYAML's C loader composes nodes by recursion and ends the process on deep nesting; the event parser
holds no more than a state per open collection, and its caller counts those.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from yaml.error import MarkedYAMLError, YAMLError
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from mlver.errors import DocumentInvalid

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml
    CParser = None  # type: ignore[assignment, misc]


class Events(Protocol):
    """What mlver uses of a parser."""

    def get_event(self) -> Any:
        """The next event; after the last one, None."""


class _PythonParser(Reader, Scanner, Parser):
    """PyYAML's parser without libyaml: the same events, some twenty times slower."""

    def __init__(self, content: bytes) -> None:
        Reader.__init__(self, content)
        Scanner.__init__(self)
        Parser.__init__(self)


open_parser: Callable[[bytes], Events] = _PythonParser if CParser is None else CParser
"""UTF-8 without a byte order mark -> its events."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WORDING = (
    ("found a tab", "a tab where YAML wants spaces"),
    ("mapping values are not allowed", "a `: ` where no key can be; quote text that holds one"),
    ("did not find expected ',' or", "a list or mapping in brackets is not closed, or a comma is missing"),
    ("did not find expected <document start>", "text after the end of the document"),
)
"""Part of PyYAML's problem -> what a person can act on."""


def translated(error: YAMLError, content: bytes, name: str) -> DocumentInvalid:
    """The parser's error with file and line."""
    if isinstance(error, ReaderError):
        return _unprintable(content, name)
    if not isinstance(error, MarkedYAMLError):
        return DocumentInvalid(str(error), name=name)
    problem = error.problem or "cannot be read"
    for part, wording in _WORDING:
        if part in problem:
            problem = wording
    mark = error.problem_mark or error.context_mark
    if mark and "cannot start any token" in problem:
        problem = _stranger(content, mark.line, mark.column)
    if error.context and error.context_mark and mark and error.context_mark.line != mark.line:
        problem += f" ({error.context} of line {error.context_mark.line + 1})"
    return DocumentInvalid(problem, name=name, line=mark.line + 1 if mark else None)


def _stranger(content: bytes, line: int, column: int) -> str:
    """What stands where nothing can start."""
    text = re.split("\r\n|[\n\r\x85\u2028\u2029]", content.decode())[line]
    character = text[column : column + 1]
    return "a tab where YAML wants spaces" if character == "\t" else f"a value cannot start with {character}; quote it"


def _unprintable(content: bytes, name: str) -> DocumentInvalid:
    text = content.decode()
    found = _UNPRINTABLE.search(text)
    if not found:
        return DocumentInvalid("holds a character YAML does not allow", name=name)
    line = text.count("\n", 0, found.start()) + 1
    problem = f"the control character U+{ord(found.group()):04X} is not allowed in YAML"
    return DocumentInvalid(problem, name=name, line=line, hint='write it escaped in double quotes: "\\x1b"')
