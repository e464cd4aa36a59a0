"""The files of recorded versions: from git's trees, large ones from where their pointers lead."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlver.errors import FileNotFoundInVersion, MlverError
from mlver.model.manifest import Artifact
from mlver.model.version import Version
from mlver.sources.native import HISTORY_PATH, LOG_PATH
from mlver.store.objects import ObjectStore
from mlver.store.pointers import is_own_attributes, read_pointer
from mlver.store.repository import Repository

_ATTRIBUTES_LIMIT = 1 << 20
_POINTER_LIMIT = 1024
_ARTIFACT_LIMIT = 64 << 20
_HISTORY_LIMIT = 256 << 20
_LOG_LIMIT = 4 << 20


class RecordedContents:
    """What comparisons read of versions that lie in this repository."""

    def __init__(self, repository: Repository, store: ObjectStore) -> None:
        self._repository = repository
        self._store = store

    def read(self, version: Version, path: str, limit: int) -> bytes:
        """A file of the version's tree, as git holds it."""
        return self._repository.read(version.row.commit, path, limit)

    def open_artifact(self, version: Version, artifact: Artifact) -> Path | bytes | None:
        """Where a declared output lies, or its bytes; None: not present here."""
        if artifact.sha256 and (kept := self._store.path_of(artifact.sha256)):
            return kept
        try:
            content = self._repository.read(version.row.commit, artifact.path, _ARTIFACT_LIMIT)
        except MlverError:
            return None
        is_pointer = len(content) <= _POINTER_LIMIT and read_pointer(content) is not None
        return self._lfs_path(artifact.sha256) if is_pointer else content

    def files(self, version: Version) -> Mapping[str, str]:
        """Path -> blob id, without the attributes that mlver put beside its pointers."""
        files = {file.path: file.id for file in self._repository.files(version.row.commit)}
        own = [
            path
            for path, blob_id in files.items()
            if path.rpartition("/")[2] == ".gitattributes"
            and is_own_attributes(self._repository.blob(blob_id, _ATTRIBUTES_LIMIT))
        ]
        for path in own:
            del files[path]
        return files

    def _lfs_path(self, sha256: str | None) -> Path | None:
        if not sha256:
            return None
        path = self._repository.common_dir / "lfs" / "objects" / sha256[:2] / sha256[2:4] / sha256
        return path if path.is_file() else None


def history_of(repository: Repository, commit_id: str) -> bytes:
    """The recorded curves as CSV; empty when the run wrote none."""
    return _or_nothing(repository, commit_id, HISTORY_PATH, _HISTORY_LIMIT)


def log_of(repository: Repository, commit_id: str) -> bytes:
    """The tail of a run's log; empty when none was kept."""
    return _or_nothing(repository, commit_id, LOG_PATH, _LOG_LIMIT)


def file_of(repository: Repository, commit_id: str, path: str, limit: int) -> bytes:
    """A file of a version; empty when the version has no such file."""
    return _or_nothing(repository, commit_id, path, limit)


def _or_nothing(repository: Repository, commit_id: str, path: str, limit: int) -> bytes:
    try:
        return repository.read(commit_id, path, limit)
    except FileNotFoundInVersion:
        return b""
