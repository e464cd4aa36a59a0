"""Reads a document by the suffix of its name."""

from __future__ import annotations

from pathlib import PurePosixPath

from mlver.documents.document import NORMAL, Budget, Document, DocumentWarning
from mlver.documents.json_reading import read_json
from mlver.documents.toml_reading import read_toml
from mlver.documents.yaml_reading import read_yaml
from mlver.errors import DocumentInvalid

_READERS = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json, ".toml": read_toml}


def is_readable(name: str) -> bool:
    """Whether a file is in a format that documents are read in, by its suffix."""
    return PurePosixPath(name).suffix.lower() in _READERS


def read_document(content: bytes, *, name: str, budget: Budget = NORMAL) -> Document:
    """The data of a .yaml, .yml, .json or .toml file; DocumentInvalid, with the line, when it cannot be read."""
    reader = _READERS.get(PurePosixPath(name).suffix.lower())
    if reader is None:
        hint = "mlver reads .yaml, .yml, .json and .toml"
        raise DocumentInvalid("is in no format mlver reads", name=name, hint=hint)
    return reader(content, name=name, budget=budget)


__all__ = [
    "Budget",
    "Document",
    "DocumentWarning",
    "is_readable",
    "read_document",
    "read_json",
    "read_toml",
    "read_yaml",
]
