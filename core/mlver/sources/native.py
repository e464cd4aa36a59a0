"""Reads versions that mlver recorded: a commit whose tree holds `.mlver/version.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlver.errors import FileNotFoundInVersion, ManifestInvalid, MlverError
from mlver.manifests.reading import read_manifest
from mlver.model.curve import Curve
from mlver.model.manifest import Artifact, FileFact, Manifest
from mlver.model.source_names import NATIVE
from mlver.sources.commits import Commits
from mlver.sources.referenced import referenced_file
from mlver.store.objects import ObjectStore
from mlver.store.pointers import is_own_attributes, lfs_path, read_pointer
from mlver.store.repository import Repository

MANIFEST_PATH = ".mlver/version.yaml"
HISTORY_PATH = ".mlver/history.csv"
ENVIRONMENT_PATH = ".mlver/environment.txt"
LOG_PATH = ".mlver/log.txt"

_MANIFEST_LIMIT = 4 << 20
_PACKAGES_LIMIT = 1 << 20
_ATTRIBUTES_LIMIT = 1 << 20
_POINTER_LIMIT = 1024
_ARTIFACT_LIMIT = 64 << 20
_HISTORY_LIMIT = 256 << 20
_LOG_LIMIT = 4 << 20


class NativeSource:
    """The versions that mlver recorded: git's trees, and large files from where their pointers lead."""

    name = NATIVE

    def __init__(self, commits: Commits) -> None:
        self._repository = commits.repository
        self._store = ObjectStore.of(commits.repository)

    def manifest(self, place: str, model: str) -> Manifest:
        """The manifest of the run at a commit. Raises ManifestInvalid, ObjectMissing."""
        return read_native(self._repository, place, model)

    def packages(self, place: str) -> Mapping[str, str] | None:
        """Every package the interpreter saw; None when that was not recorded."""
        return read_packages(self._repository, place)

    def curves(self, place: str) -> tuple[Curve, ...]:
        """The recorded curves; empty when the run wrote none."""
        from mlver.comparing.curves import read_history

        content = self._or_nothing(place, HISTORY_PATH, _HISTORY_LIMIT)
        return read_history(content, name=f"{place[:10]}:{HISTORY_PATH}")

    def log(self, place: str) -> bytes:
        """The tail of a run's log; empty when none was kept."""
        return self._or_nothing(place, LOG_PATH, _LOG_LIMIT)

    def read(self, place: str, path: str, limit: int) -> bytes:
        """A file of the version's tree, as git holds it."""
        return self._repository.read(place, path, limit)

    def files(self, place: str) -> Mapping[str, str]:
        """Path -> blob id, without the attributes that mlver put beside its pointers."""
        files = {file.path: file.id for file in self._repository.files(place)}
        own = [
            path
            for path, blob_id in files.items()
            if path.rpartition("/")[2] == ".gitattributes"
            and is_own_attributes(self._repository.blob(blob_id, _ATTRIBUTES_LIMIT))
        ]
        for path in own:
            del files[path]
        return files

    def open_artifact(self, place: str, artifact: Artifact) -> Path | bytes | None:
        """Where a declared output lies, or its bytes; None: not present here."""
        if artifact.sha256 and (kept := self._store.path_of(artifact.sha256)):
            return kept
        try:
            content = self._repository.read(place, artifact.path, _ARTIFACT_LIMIT)
        except FileNotFoundInVersion:
            return None if self._repository.is_bare else referenced_file(self._repository.folder, artifact)
        except MlverError:
            return None
        is_pointer = len(content) <= _POINTER_LIMIT and read_pointer(content) is not None
        return self._lfs_path(artifact.sha256) if is_pointer else content

    def members(self, place: str, artifact: Artifact) -> tuple[FileFact, ...] | None:  # noqa: ARG002 - the protocol asks
        """None: folders are recorded file by file."""
        return None

    def _lfs_path(self, sha256: str | None) -> Path | None:
        if not sha256:
            return None
        path = lfs_path(self._repository.common_dir, sha256)
        return path if path.is_file() else None

    def _or_nothing(self, place: str, path: str, limit: int) -> bytes:
        try:
            return self._repository.read(place, path, limit)
        except FileNotFoundInVersion:
            return b""


def read_native(repository: Repository, commit_id: str, model: str | None = None) -> Manifest:
    """The manifest of the run at a commit; `model`: what its ref says, None: nothing does.

    Raises:
        ManifestInvalid: there is none, it breaks its rules, or it is of another model than the ref says.
        ObjectMissing: the commit or the manifest is not present here.
    """
    name = f"{commit_id[:10]}:{MANIFEST_PATH}"
    try:
        content = repository.read(commit_id, MANIFEST_PATH, _MANIFEST_LIMIT)
    except FileNotFoundInVersion as error:
        raise ManifestInvalid("the commit holds no manifest", name=name) from error
    manifest = read_manifest(content, name=name)
    if model is not None and manifest.model != model:
        raise ManifestInvalid(f"is of model {manifest.model!r}, its ref says {model!r}", name=name, key="model")
    return manifest


def read_packages(repository: Repository, commit_id: str) -> dict[str, str] | None:
    """Name -> version of every package the interpreter saw; None when that was not recorded."""
    try:
        content = repository.read(commit_id, ENVIRONMENT_PATH, _PACKAGES_LIMIT)
    except FileNotFoundInVersion:
        return None
    pairs = (line.partition("==") for line in content.decode("utf-8", "replace").splitlines() if "==" in line)
    return {name: version for name, _, version in pairs}
