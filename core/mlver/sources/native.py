"""Reads versions that mlver recorded: a commit whose tree holds `.mlver/version.yaml`."""

from __future__ import annotations

from mlver.errors import FileNotFoundInVersion, ManifestInvalid
from mlver.manifests.reading import read_manifest
from mlver.model.manifest import Manifest
from mlver.store.repository import Repository

MANIFEST_PATH = ".mlver/version.yaml"
HISTORY_PATH = ".mlver/history.csv"
ENVIRONMENT_PATH = ".mlver/environment.txt"
LOG_PATH = ".mlver/log.txt"

_MANIFEST_LIMIT = 4 << 20
_PACKAGES_LIMIT = 1 << 20


def read_native(repository: Repository, commit_id: str, model: str) -> Manifest:
    """The manifest of the run at a commit.

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
    if manifest.model != model:
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
