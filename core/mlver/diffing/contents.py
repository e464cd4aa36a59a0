"""What a comparison reads of a version beside its manifest; implemented by whoever holds the repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from mlver.model.manifest import Artifact, FileFact
from mlver.model.version import Version


class Contents(Protocol):
    """The files of versions."""

    def read(self, version: Version, path: str, limit: int) -> bytes:
        """A file of the version's snapshot.

        Raises FileNotFoundInVersion, ObjectMissing, and LimitReached beyond `limit` bytes.
        """

    def open_artifact(self, version: Version, artifact: Artifact) -> Path | bytes | None:
        """A declared output by its digest: where it lies, or its bytes; None: it is not present here."""

    def members(self, version: Version, artifact: Artifact) -> tuple[FileFact, ...] | None:
        """The files of an output that is a folder, paths from the top; None: no folder, or its listing is not here."""

    def files(self, version: Version) -> Mapping[str, str]:
        """Path -> blob id of every file of the version's snapshot. Raises StoreFailed."""

    def committed(self, version: Version) -> Mapping[str, str]:
        """Path -> blob id of every file of the commit that the version's code stood on. Raises StoreFailed."""

    def read_committed(self, version: Version, path: str, limit: int) -> bytes:
        """A file of that commit. Raises as `read` does."""
