"""The files of versions, each from the source that reads its kind of history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from mlver.errors import FileNotFoundInVersion, ObjectMissing
from mlver.formats.blob import Blob
from mlver.model.manifest import Artifact, FileFact
from mlver.model.version import Version, VersionRow
from mlver.sources.source import Source

TEXT_LIMIT = 4 << 20
"""Bytes of a file that is shown as a text diff."""


class SourcedContents:
    """What comparisons read of versions beside their manifests."""

    def __init__(self, source_of: Callable[[VersionRow], Source]) -> None:
        self._source_of = source_of

    def read(self, version: Version, path: str, limit: int) -> bytes:
        """A file of the version's snapshot, as git holds it."""
        return self._source_of(version.row).read(version.row.commit, path, limit)

    def open_artifact(self, version: Version, artifact: Artifact) -> Path | bytes | None:
        """Where a declared output lies, or its bytes; None: not present here."""
        return self._source_of(version.row).open_artifact(version.row.commit, artifact)

    def members(self, version: Version, artifact: Artifact) -> tuple[FileFact, ...] | None:
        """The files of an output that is a folder; None: no folder, or its listing is not here."""
        return self._source_of(version.row).members(version.row.commit, artifact)

    def files(self, version: Version) -> Mapping[str, str]:
        """Path -> blob id of every file of the snapshot."""
        return self._source_of(version.row).files(version.row.commit)


def text_of(source: Source, version: Version, path: str, limit: int = TEXT_LIMIT) -> bytes:
    """A declared output of a version, else a file of its snapshot; empty when the version has no such file.

    Raises ObjectMissing for an output that is not present here, LimitReached beyond `limit` bytes.
    """
    place = version.row.commit
    output = next((one for one in version.manifest.artifacts if one.path == path), None)
    if output is not None:
        found = source.open_artifact(place, output)
        if found is None:
            raise ObjectMissing(f"{path} of {version.row.name} is not present here")
        return Blob(found).read(limit)
    try:
        return source.read(place, path, limit)
    except FileNotFoundInVersion:
        return b""
