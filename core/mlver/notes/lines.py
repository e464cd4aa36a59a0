"""A note as one line of JSON, and back.

Two repositories' notes are merged by git line by line, sorted and each once (`cat_sort_uniq`). So a line needs no other
line, begins with its time, which has always the same length, and is made unique by its id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from mlver.errors import BadArgument
from mlver.model.data import Data
from mlver.model.moments import seconds_of
from mlver.model.names import MODEL_NAME
from mlver.model.note import TEXT_LIMIT, Note
from mlver.model.person import Person

LINE_LIMIT = 8 * TEXT_LIMIT
"""Bytes: room for a text of which every character is written as an escape."""

_ID = re.compile(r"[0-9a-z]{1,40}")
_NAME_LIMIT = 200


class NotANote(ValueError):
    """A line holds no note; says why. It never leaves this room."""


def checked_text(text: str) -> str:
    """The text of a new note, as it is kept. Raises BadArgument when there is none or too much of it."""
    lines = text.encode(errors="replace").decode().replace("\r\n", "\n").strip("\n").split("\n")
    kept = "\n".join(line.rstrip() for line in lines).strip()
    if not kept:
        raise BadArgument("the note is empty", hint="nothing was written")
    if len(kept) > TEXT_LIMIT:
        raise BadArgument(
            f"the note has {len(kept)} characters, and {TEXT_LIMIT} are the most",
            hint="put the text into a file of the repository and note its name",
        )
    return kept


def line_of(note: Note) -> str:
    """The note as it is kept, without the line's end."""
    data: dict[str, Data] = {
        "time": note.written,
        "id": note.id,
        "author": {"name": note.author.name, "email": note.author.email},
    }
    if note.model is not None:
        data["model"] = note.model
    data["text"] = note.text
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # `git notes show` writes the line to a terminal: what a terminal could obey is escaped.
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def note_of(line: bytes, commit: str) -> Note:
    """The note of a line. Raises NotANote."""
    if len(line) > LINE_LIMIT:
        raise NotANote(f"it has more than {LINE_LIMIT} bytes")
    try:
        data = json.loads(line.decode())  # of bytes, json would guess the encoding
    except UnicodeDecodeError as error:
        raise NotANote("it is no UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise NotANote("it is no JSON") from error
    if not isinstance(data, dict):
        raise NotANote("it is no JSON object")
    author = data.get("author")
    author = author if isinstance(author, dict) else {}
    return Note(
        id=_matching(data, "id", _ID),
        commit=commit,
        written=_moment(data),
        author=Person(name=_name(author, "name"), email=_name(author, "email")),
        text=_text(data),
        model=_matching(data, "model", MODEL_NAME) if data.get("model") is not None else None,
    )


def _moment(data: Mapping[str, Data]) -> str:
    written = data.get("time")
    if not isinstance(written, str) or seconds_of(written) is None or not written.endswith("Z"):
        raise NotANote("it has no time")
    return written


def _matching(data: Mapping[str, Data], key: str, pattern: re.Pattern[str]) -> str:
    value = data.get(key)
    if not isinstance(value, str) or len(value) > _NAME_LIMIT or not pattern.fullmatch(value):
        raise NotANote(f"its {key} is none")
    return value


def _name(data: Mapping[str, Data], key: str) -> str:
    value = data.get(key)
    return _whole(value)[:_NAME_LIMIT] if isinstance(value, str) else ""


def _text(data: Mapping[str, Data]) -> str:
    text = data.get("text")
    if not isinstance(text, str) or not text.strip():
        raise NotANote("it has no text")
    if len(text) > TEXT_LIMIT:
        raise NotANote(f"its text has more than {TEXT_LIMIT} characters")
    return _whole(text)


def _whole(text: str) -> str:
    """JSON can hold half a surrogate pair, which no output can take."""
    return text.encode(errors="replace").decode()
