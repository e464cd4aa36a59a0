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
CONTENT_LIMIT = 256 << 20
"""Bytes of a file of a snapshot that is compared by itself: git gives it as a whole."""


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

    def committed(self, version: Version) -> Mapping[str, str]:
        """Path -> blob id of every file of the commit that the code stood on."""
        return self._source_of(version.row).files(_code_commit(version))

    def read_committed(self, version: Version, path: str, limit: int) -> bytes:
        """A file of that commit."""
        return self._source_of(version.row).read(_code_commit(version), path, limit)


def _code_commit(version: Version) -> str:
    commit = version.manifest.code.commit
    if commit is None:
        raise ObjectMissing(f"{version.row.name} stood on no commit")
    return commit


def content_of(source: Source, version: Version, path: str, limit: int = CONTENT_LIMIT) -> Path | bytes:
    """A declared output of a version, else a file of its snapshot: where it lies, or its bytes.

    Raises ObjectMissing for an output that is not present here, FileNotFoundInVersion, LimitReached beyond `limit`
    bytes of the snapshot.
    """
    output = next((one for one in version.manifest.artifacts if one.path == path), None)
    if output is None:
        return source.read(version.row.commit, path, limit)
    found = source.open_artifact(version.row.commit, output)
    if found is None:
        raise ObjectMissing(f"{path} of {version.row.name} is not present here")
    return found


def text_of(source: Source, version: Version, path: str, limit: int = TEXT_LIMIT) -> bytes:
    """The content as bytes; empty when the version has no such file. Raises as `content_of` does."""
    try:
        return Blob(content_of(source, version, path, limit)).read(limit)
    except FileNotFoundInVersion:
        return b""
