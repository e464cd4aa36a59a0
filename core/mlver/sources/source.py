"""What every kind of history gives: places to versions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from mlver.model.curve import Curve
from mlver.model.manifest import Artifact, FileFact, Manifest


class Source(Protocol):
    """Reads the versions of one kind of history. A place is a commit, or the id of a run in a store.

    Reading writes nothing and starts no process. What is asked for and is not here raises an MlverError.
    """

    @property
    def name(self) -> str:
        """`native`, `dvc`, `plain`, `mlflow`."""

    def manifest(self, place: str, model: str) -> Manifest:
        """The version whole, as far as this kind knows it.

        What is broken in one file of a foreign version is a note, and the rest stands. Raises ManifestInvalid when
        nothing can be said, ObjectMissing when the place itself is not here.
        """

    def packages(self, place: str) -> Mapping[str, str] | None:
        """Name -> version of the environment's packages; None: not recorded."""

    def curves(self, place: str) -> tuple[Curve, ...]:
        """The recorded curves; empty when there are none."""

    def log(self, place: str) -> bytes:
        """The tail of the run's log; empty when none was kept."""

    def files(self, place: str) -> Mapping[str, str]:
        """Path -> blob id of every file of the snapshot. Raises StoreFailed when the code is not here."""

    def read(self, place: str, path: str, limit: int) -> bytes:
        """A file of the snapshot, as git holds it.

        Raises FileNotFoundInVersion, ObjectMissing, and LimitReached beyond `limit` bytes.
        """

    def open_artifact(self, place: str, artifact: Artifact) -> Path | bytes | None:
        """Where a declared output lies, or its bytes; None: it is not present here."""

    def members(self, place: str, artifact: Artifact) -> tuple[FileFact, ...] | None:
        """The files of an output that is a folder, paths from the top; None: no folder, or its listing is not here."""
