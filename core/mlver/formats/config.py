"""JSON, YAML and TOML files: compared by structure."""

from __future__ import annotations

from pathlib import PurePosixPath

from mlver.comparing.configs import compare_data
from mlver.comparing.places import Places, Source
from mlver.documents.document import Document
from mlver.documents.reading import read_document
from mlver.errors import DocumentInvalid, LimitReached
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits, NotUnderstood
from mlver.formats.text import TextFormat, text_change, texts_of
from mlver.model.canonical import canonical_json
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop

SHOWN_CHANGES = 1000
"""A file with more leaves that differ is told by its lines: weights written as JSON are no config."""


class DocumentFormat:
    """Documents with one of the suffixes."""

    def __init__(self, name: str, suffixes: tuple[str, ...]) -> None:
        self.name = name
        self.tells_bytes = False
        self.vouches = True
        self._suffixes = suffixes

    def recognises(self, path: str, head: bytes) -> bool:
        """Whether the suffix is one of them and the head is text."""
        return PurePosixPath(path).suffix.lower() in self._suffixes and TextFormat().recognises(path, head)

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - bounded by size
        """Keys and values that differ; by lines when nearly everything does."""
        before, after = texts_of(pair, limits)
        left, right = self._read(pair.path, before), self._read(pair.path, after)
        change = compare_data(
            left.data,
            right.data,
            label=pair.path,
            places_before=Places(sources=(Source(file=pair.path, lines=left.lines),)),
            places_after=Places(sources=(Source(file=pair.path, lines=right.lines),)),
        )
        if change.kind is Kind.SAME:
            return Change(label=pair.path, kind=Kind.SAME)
        if change.count().total > SHOWN_CHANGES:
            return text_change(pair.path, before, after)
        return change

    def hold_same_values(self, pair: Pair, limits: Limits) -> bool:
        """Whether both mean the same; much sooner known than what differs."""
        before, after = texts_of(pair, limits)
        left, right = self._read(pair.path, before).data, self._read(pair.path, after).data
        return canonical_json(left) == canonical_json(right)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> None:
        """Its lines are all that is to be told."""

    def _read(self, path: str, content: bytes) -> Document:
        try:
            return read_document(content, name=path)
        except (DocumentInvalid, LimitReached) as error:
            raise NotUnderstood(error.message) from error


JSON = DocumentFormat("json", (".json",))
YAML = DocumentFormat("yaml", (".yaml", ".yml"))
TOML = DocumentFormat("toml", (".toml",))
