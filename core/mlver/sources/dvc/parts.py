"""A place in a document that anybody may have written: what is not as expected is noted, and the rest is read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mlver.documents.document import Document
from mlver.model.data import Data, Path, dotted
from mlver.sources.plain.noting import Notes

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


class Origin(NamedTuple):
    """The document that parts are of, and where is noted what is wrong with it."""

    file: str
    document: Document
    notes: Notes


class Part:
    """A value in a document. Versions hold hundreds, so making one must cost nothing."""

    __slots__ = ("_above", "_key", "_origin", "data")

    def __init__(self, origin: Origin, data: Data, above: Part | None = None, key: str | int = "") -> None:
        self._origin = origin
        self.data = data
        self._above = above
        self._key = key

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self._origin.file

    @property
    def path(self) -> Path:
        """Where in the document it stands."""
        return () if self._above is None else (*self._above.path, self._key)

    def holding(self, data: Data) -> Part:
        """Other data at the same place."""
        return Part(self._origin, data, self._above, self._key)

    def note(self, problem: str) -> None:
        """Keep what is wrong here."""
        file, document, notes = self._origin
        line = document.nearest_line(self.path)
        key = f"{dotted(self.path)}: " if self.path else ""
        notes.broken.append(f"{file}:{line}: {key}{problem}" if line else f"{file}: {key}{problem}")

    def get(self, key: str) -> Part:
        """The value under a key; one without data where there is none."""
        data = self.data.get(key) if isinstance(self.data, dict) else None
        return Part(self._origin, data, self, key)

    def entries(self) -> Iterator[tuple[str, Part]]:
        """Keys and values of a mapping."""
        if isinstance(self.data, dict):
            for key, value in self.data.items():
                yield key, Part(self._origin, value, self, key)
        elif self.data is not None:
            self.note("should be a mapping")

    def items(self) -> Iterator[Part]:
        """Values of a list."""
        if isinstance(self.data, list):
            for index, value in enumerate(self.data):
                yield Part(self._origin, value, self, index)
        elif self.data is not None:
            self.note("should be a list")

    def text(self) -> str | None:
        """The text that stands here; a number or a flag as it is written."""
        if self.data is None or isinstance(self.data, str):
            return self.data
        if isinstance(self.data, (dict, list)):
            self.note("should be text")
            return None
        return str(self.data).lower() if isinstance(self.data, bool) else str(self.data)

    def text_at(self, key: str) -> str | None:
        """As `get(key).text()`; a part is made only where something else stands."""
        data = self.data.get(key) if isinstance(self.data, dict) else None
        return data if data is None or isinstance(data, str) else self.get(key).text()

    def count(self) -> int | None:
        """The number that stands here; None: none, or no count."""
        is_count = isinstance(self.data, int) and not isinstance(self.data, bool) and 0 <= self.data < 1 << 63
        return self.data if is_count else None  # type: ignore[return-value]  # the line above looked

    def place(self, folder: str) -> str | None:
        """The path or address that stands here, from the repository's top; noted and None when it leads out of it."""
        text = self.text()
        if not text:
            return None
        found = joined(folder, text)
        if found is None:
            self.note(f"{text} leads out of the repository; left out")
        return found

    def folder(self, above: str) -> str:
        """The folder that stands here; the one above where none does, or none in the repository."""
        found = self.place(above)
        return above if found is None or "://" in found else found


@lru_cache(maxsize=65_536)
def joined(folder: str, path: str) -> str | None:
    """A path written in a folder, from the repository's top; addresses (`s3://…`) as they are; None: it leads out."""
    if _URL.match(path):
        return path
    if path.startswith("/") or _DRIVE.match(path) or "\0" in path:
        return None
    found = posixpath.normpath(posixpath.join(folder, path))
    return None if found == ".." or found.startswith("../") else found
