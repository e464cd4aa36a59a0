"""Versions of DVC projects, read in process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlver.model.manifest import Artifact, Manifest
from mlver.sources.commits import Commits
from mlver.sources.dvc.source import DvcSource
from mlver.store.repository import Repository
from tests.support.git import RepoBuilder

_DATA = Path(__file__).parents[1] / "data" / "dvc"


@dataclass(frozen=True)
class DvcReading:
    """One repository as the reader of DVC sees it."""

    repository: Repository
    source: DvcSource

    def place(self, name: str) -> str:
        """The commit that a ref names; tags by their short name."""
        ids = self.repository.refs().ids
        return self.repository.peel(ids.get(name) or ids[f"refs/tags/{name}"])

    def manifest(self, name: str) -> Manifest:
        """The version that a ref names."""
        return self.source.manifest(self.place(name), "model")


@contextmanager
def read_dvc(repo: RepoBuilder) -> Iterator[DvcReading]:
    """The repository, opened."""
    with repo.open() as repository:
        yield DvcReading(repository, DvcSource(Commits(repository)))


def artifact_at(manifest: Manifest, path: str) -> Artifact:
    """An output or a data set of the version, as an artifact."""
    found = {one.path: one for one in manifest.artifacts}
    of_data = {one.path: Artifact(path=one.path, sha256=None, checksum=one.checksum) for one in manifest.data}
    return (of_data | found)[path]


def old_files(name: str) -> dict[str, str]:
    """Files as an older DVC wrote them, from tests/data/dvc: path -> text."""
    folder = _DATA / name
    return {
        path.relative_to(folder).as_posix().removesuffix(".txt"): path.read_text() for path in folder.rglob("*.txt")
    }
