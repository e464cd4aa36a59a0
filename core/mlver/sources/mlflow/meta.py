"""Reads the small YAML files of an MLflow store."""

from __future__ import annotations

from collections.abc import Mapping

from mlver.documents.document import Lines
from mlver.documents.reading import read_yaml
from mlver.errors import DocumentInvalid, FileNotFoundInVersion
from mlver.model.data import Data, Path
from mlver.sources.mlflow.folder import Folder, joined

META = "meta.yaml"

_LIMIT = 1 << 20
"""Bytes; a data set's schema and profile may be long."""


class MetaEmpty(DocumentInvalid):
    """The file is there and holds nothing: it may be being written in this moment."""


class Meta:
    """One file: a mapping whose texts are MLflow's own.

    It is written by a YAML 1.1 writer, which leaves words unquoted that YAML 1.2 reads as numbers: a digest `12e45678`
    is text there. So a text is what stands in the file, whatever it may mean.
    """

    def __init__(self, content: bytes, name: str) -> None:
        """Raises DocumentInvalid for what is no mapping."""
        self._content = content
        self._document = read_yaml(content, name=name)
        if not isinstance(self._document.data, dict):
            raise DocumentInvalid("is no mapping", name=name)
        self.data: Mapping[str, Data] = self._document.data

    def text(self, *path: str) -> str:
        """The text under a key; empty when there is none."""
        value: Data = dict(self.data)
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value
        return "" if value is None or isinstance(value, (dict, list)) else self._as_written(path)

    def number(self, key: str) -> int | float | None:
        """The number under a key; None when there is none."""
        value = self.data.get(key)
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def texts(self, key: str) -> dict[str, str]:
        """A mapping of texts."""
        inner = self.data.get(key)
        return {name: self.text(key, name) for name in inner} if isinstance(inner, dict) else {}

    def _as_written(self, path: Path) -> str:
        lines = self._document.lines
        spot = lines.spot(path) if isinstance(lines, Lines) else None
        return self._content.decode("utf-8-sig")[spot.start : spot.end] if spot else ""


def read_meta(folder: Folder, path: str) -> Meta | None:
    """The `meta.yaml` of a folder; None: it has none. Raises MetaEmpty, DocumentInvalid, LimitReached, StoreFailed."""
    name = joined(path, META)
    try:
        content = folder.read(name, _LIMIT)
    except FileNotFoundInVersion:
        return None
    if not content.strip():
        raise MetaEmpty("is empty", name=name, hint="a run may be writing it, or it was cut off")
    return Meta(content, name)
