"""Takes snapshots and shows what is in them."""

from __future__ import annotations

from typing import Any

from mlver.store.snapshot import Snapshot, SnapshotRequest, take_snapshot
from tests.support.git import RepoBuilder

CODE = {"train.py": "print('train')\n", "params.yaml": "lr: 0.1\n"}


def snapshot(repo: RepoBuilder, **request: Any) -> Snapshot:
    """A snapshot of the working tree; `request` are the fields of SnapshotRequest."""
    with repo.open() as repository:
        return take_snapshot(repository, SnapshotRequest(**request))


def contents(repo: RepoBuilder, snap: Snapshot) -> dict[str, bytes]:
    """Path -> bytes of all it holds but submodules."""
    return {file.path: repo.git_bytes("cat-file", "-p", file.id) for file in snap.files if file.mode != 0o160000}
