"""Reads the small YAML files of an MLflow store.

They are written by a YAML 1.1 writer, which leaves words unquoted that YAML 1.2 reads as numbers: a digest `12e45678`
is text there. So a text is what stands in the file, whatever it may mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from mlver.documents.document import Document, Lines
from mlver.documents.reading import read_yaml
from mlver.errors import DocumentInvalid, FileNotFoundInVersion
from mlver.model.data import Data, Path
from mlver.sources.mlflow.finding import META
from mlver.sources.mlflow.folder import Folder, joined

_LIMIT = 1 << 20
"""Bytes; a data set's schema and profile may be long."""

_QUOTED, _PLAIN, _NOTHING = r"'[^'\n]*'", r"[A-Za-z0-9/_.](?:(?!: | #)[ -~])*(?<![: ])", r"\[\]|\{\}"
_FILE = re.compile(rf"(?:[a-z_]+: (?:{_NOTHING}|{_QUOTED}|{_PLAIN})\n)+")
_EMPTY = frozenset({"[]", "{}", "null"})


class MetaEmpty(DocumentInvalid):
    """The file is there and holds nothing: it may be being written in this moment."""


class Meta(Struct, frozen=True, kw_only=True):
    """One file: a mapping."""

    texts: Mapping[str, str]
    """What stands under each key; no lists and no mappings, empty for null."""
    mappings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The text under a key; empty when there is none."""
        return self.texts.get(key, "")

    def number(self, key: str) -> float | None:
        """The number under a key; None when there is none."""
        try:
            return float(self.text(key))
        except ValueError:
            return None


def read_meta(folder: Folder, path: str) -> Meta | None:
    """The `meta.yaml` of a folder; None: it has none. Raises MetaEmpty, DocumentInvalid, LimitReached, StoreFailed."""
    name = joined(path, META)
    try:
        content = folder.read(name, _LIMIT)
    except FileNotFoundInVersion:
        return None
    if not content.strip():
        raise MetaEmpty("is empty", name=name, hint="a run may be writing it, or it was cut off")
    return _by_line(content) or _whole(content, name)


def _by_line(content: bytes) -> Meta | None:
    """A file in the very form MLflow writes, read in a tenth of the time; None where a line is in another form."""
    if not content.isascii():
        return None
    text = content.decode()
    if not _FILE.fullmatch(text):
        return None
    lines = text.split("\n")[:-1]
    texts = {}
    for line in lines:
        key, _, value = line.partition(": ")
        texts[key] = value[1:-1] if value[0] == "'" else "" if value in _EMPTY else value
    return Meta(texts=texts) if len(texts) == len(lines) else None  # a key that stands twice is an error


def _whole(content: bytes, name: str) -> Meta:
    document = read_yaml(content, name=name)
    if not isinstance(document.data, dict):
        raise DocumentInvalid("is no mapping", name=name)
    return Meta(
        texts={key: _text(document, content, value, (key,)) for key, value in document.data.items()},
        mappings={
            key: {part: _text(document, content, inner, (key, part)) for part, inner in value.items()}
            for key, value in document.data.items()
            if isinstance(value, dict)
        },
    )


def _text(document: Document, content: bytes, value: Data, path: Path) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (dict, list)) or not isinstance(document.lines, Lines):
        return ""
    spot = document.lines.spot(path)
    return content.decode("utf-8-sig")[spot.start : spot.end]
