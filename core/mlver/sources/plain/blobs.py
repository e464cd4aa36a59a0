"""Files and folders of a commit as facts: by their Git LFS pointer, else by git's own ids."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mlver.errors import MlverError, ObjectMissing
from mlver.model.manifest import FileFact
from mlver.sources.commits import Commits
from mlver.store.parsing import LINK_MODE
from mlver.store.pointers import POINTER_BYTES, Pointer, lfs_path, read_pointer
from mlver.store.repository import TreeFile

FOLDER = ".dir"
"""Ends the checksum of a folder."""

GIT = "git:"
"""Begins the checksum that is an id of git's."""

MOST_MEMBERS = 20_000


class BlobFacts(NamedTuple):
    """What is known of a blob without reading it, unless it is as small as a pointer."""

    size: int | None
    """None: the blob is not present here."""
    pointer: Pointer | None = None


def blob_facts(commits: Commits, blob_id: str) -> BlobFacts:
    """Size and pointer of a blob; nothing when it is not present here."""
    try:
        return commits.made_of(blob_id, lambda blob: _looked_at(commits, blob), "facts")
    except MlverError:
        return BlobFacts(None)


def file_fact(commits: Commits, file: TreeFile) -> FileFact:
    """A file's identity: what its Git LFS pointer stands for, else the blob."""
    size, pointer = blob_facts(commits, file.id)
    if pointer:
        return FileFact(path=file.path, sha256=pointer.sha256, size=pointer.size)
    return FileFact(path=file.path, sha256=None, size=size, checksum=f"{GIT}{file.id}")


def folder_fact(path: str, tree_id: str) -> FileFact:
    """A folder's identity."""
    return FileFact(path=path, sha256=None, checksum=f"{GIT}{tree_id}{FOLDER}")


def members_of(commits: Commits, path: str, checksum: str) -> tuple[FileFact, ...] | None:
    """The files of a folder, paths from the top; None: it is none, or its listing is not here."""
    if not (checksum.startswith(GIT) and checksum.endswith(FOLDER)):
        return None
    tree_id = checksum.removeprefix(GIT).removesuffix(FOLDER)
    found: list[FileFact] = []
    try:
        for file in commits.repository.files(tree_id):
            if len(found) == MOST_MEMBERS:
                break
            whole = TreeFile(path=f"{path}/{file.path}", mode=file.mode, id=file.id)
            found.append(file_fact(commits, whole))
    except MlverError:
        return None
    return tuple(found)


def content_of(commits: Commits, blob_id: str, path: str, limit: int) -> bytes:
    """A file's bytes, those of a Git LFS file from where `git lfs` keeps them.

    Raises ObjectMissing, also when they are not kept here; LimitReached.
    """
    _, pointer = blob_facts(commits, blob_id)
    if pointer is None:
        return commits.repository.blob(blob_id, limit)
    kept = lfs_file(commits, pointer.sha256)
    if kept is None or pointer.size > limit:
        raise ObjectMissing(f"{path} is kept by Git LFS and not present here", hint="git lfs fetch --all gets it")
    with kept.open("rb") as file:
        return file.read(limit)


def lfs_file(commits: Commits, sha256: str) -> Path | None:
    """Where Git LFS keeps a file; None: it has not got it."""
    path = lfs_path(commits.repository.common_dir, sha256)
    return path if path.is_file() else None


def regular(files: Iterable[TreeFile]) -> Iterable[TreeFile]:
    """Without links, which hold nothing of their own."""
    return (file for file in files if file.mode != LINK_MODE)


def _looked_at(commits: Commits, blob_id: str) -> BlobFacts:
    size = commits.repository.blob_size(blob_id)
    if size > POINTER_BYTES:
        return BlobFacts(size)
    return BlobFacts(size, read_pointer(commits.repository.blob(blob_id, POINTER_BYTES)))
