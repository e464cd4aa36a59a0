"""Changes one value in a document's text and leaves every other byte as it is."""

from __future__ import annotations

import codecs
import copy
import json
from difflib import get_close_matches
from pathlib import PurePosixPath

from msgspec import Struct

from mlver.documents.document import NORMAL, Document, Lines, Spot
from mlver.documents.encoding import decoded
from mlver.documents.reading import read_document
from mlver.documents.writing import flow_yaml
from mlver.documents.yaml_reading import read_yaml
from mlver.documents.yaml_scalars import NumberTooLong, core_value
from mlver.errors import BadArgument, DocumentInvalid
from mlver.model.canonical import canonical_json
from mlver.model.data import Data, Path, dotted, path_to, value_at
from mlver.model.nearest import dotted_keys


class Edit(Struct, frozen=True, kw_only=True):
    """A value that was replaced."""

    content: bytes
    """The whole text after the change."""
    path: Path
    before: Data
    after: Data
    note: str = ""
    """What a person may not have meant: `optimiser.lr was a number, now it is text`."""


def set_value(content: bytes, dotted_key: str, value: Data, *, name: str) -> bytes:
    """The text with the value under an existing key replaced; see `edit_value`."""
    return edit_value(content, dotted_key, value, name=name).content


def edit_value(content: bytes, dotted_key: str, value: Data, *, name: str) -> Edit:
    """Replaces a scalar, or a list or mapping that stands in brackets on one line; the format is by suffix of `name`.

    Raises BadArgument when the key does not exist or its value cannot be replaced by itself, DocumentInvalid when the
    text cannot be read.
    """
    document = read_document(content, name=name)
    path = _existing(document, dotted_key, name)
    before = value_at(document.data, dotted_key)
    text = decoded(content, name=name, budget=NORMAL)
    spot = _replaceable(document, path, text, name)
    spelled = _spelled(value, PurePosixPath(name).suffix.lower(), name)
    gap = " " if spot.start == spot.end and text[:1] else ""  # `key:` without a value
    changed = text[: spot.start] + gap + spelled + text[spot.end :]
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    edit = Edit(
        content=mark + changed.encode(), path=path, before=before, after=value, note=_note(dotted_key, before, value)
    )
    _check(edit, document, name)
    return edit


def parse_value(text: str) -> Data:
    """What `--set key=TEXT` means: a word by YAML's core schema, a list or mapping in brackets, or text in quotes.

    Everything else is text as it stands. Raises BadArgument for brackets or quotes that do not close.
    """
    word = text.strip()
    if word[:1] not in ("[", "{", '"', "'"):
        try:
            return core_value(word)
        except NumberTooLong as error:
            raise BadArgument("the number has too many digits", hint="quote it to pass it as text") from error
    try:
        return read_yaml(word.encode(), name="value").data
    except DocumentInvalid as error:
        raise BadArgument(f"{text}: {error.problem}", hint="quote it to pass it as text") from error


def _existing(document: Document, dotted_key: str, name: str) -> Path:
    try:
        return path_to(document.data, dotted_key)
    except KeyError as error:
        known = list(dotted_keys(document.data))
        near = get_close_matches(dotted_key, known, n=3) or known[:5]
        hint = f"nearest keys: {', '.join(near)}" if near else "the file holds no keys"
        raise BadArgument(f"{name} has no key {dotted_key}", hint=hint) from error


def _replaceable(document: Document, path: Path, text: str, name: str) -> Spot:
    lines = document.lines
    assert isinstance(lines, Lines)
    try:
        spot = lines.spot(path)
    except KeyError:
        spot = Spot(line=1, obstacle="it has no place of its own in the text")
    shown = text[spot.start : spot.end]
    obstacle = spot.obstacle
    if not obstacle and (spot.start < 0 or "\n" in shown):
        obstacle = "it spans several lines"
    elif not obstacle and spot.children is not None and shown[:1] not in ("[", "{"):
        obstacle = "it is a list or mapping in block style"
    if obstacle:
        problem = f"{name}:{spot.line}: {dotted(path)} cannot be set: {obstacle}"
        raise BadArgument(problem, hint="set a single value, or edit the file")
    return spot


def _spelled(value: Data, suffix: str, name: str) -> str:
    if suffix == ".json":
        return json.dumps(value, ensure_ascii=False)
    if suffix != ".toml":
        return flow_yaml(value)
    spelled = _toml(value)
    if spelled is None:
        raise BadArgument(f"{name}: TOML has no null", hint="remove the key in the file instead")
    return spelled


def _toml(value: Data) -> str | None:
    if isinstance(value, list):
        items = [_toml(item) for item in value]
        return None if None in items else f"[{', '.join(item for item in items if item)}]"
    if isinstance(value, dict):
        entries = {json.dumps(key): _toml(inner) for key, inner in value.items()}
        return None if None in entries.values() else f"{{{', '.join(f'{k} = {v}' for k, v in entries.items())}}}"
    if isinstance(value, float):
        return repr(value)
    return None if value is None else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check(edit: Edit, document: Document, name: str) -> None:
    """Reads the new text: nothing but the one value may have changed."""
    wanted = copy.deepcopy([document.data])
    inside: Data = wanted
    for part in (0, *edit.path[:-1]):
        inside = inside[part]  # type: ignore[index]  # the path was found in this data
    inside[edit.path[-1]] = edit.after  # type: ignore[index]
    try:
        data = read_document(edit.content, name=name).data
    except DocumentInvalid as error:
        raise BadArgument(
            f"{name}: {dotted(edit.path)} cannot be set: {error.problem}", hint="edit the file"
        ) from error
    if canonical_json(data) != canonical_json(wanted[0]):
        raise BadArgument(f"{name}: {dotted(edit.path)} cannot be set by itself", hint="edit the file")


def _note(dotted_key: str, before: Data, after: Data) -> str:
    was, now = _type(before), _type(after)
    if was == now or None in (before, after):
        return ""
    return f"{dotted_key} was {was}, now it is {now}"


def _type(value: Data) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "null"
