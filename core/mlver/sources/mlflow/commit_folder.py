"""A folder of a store as a commit has it. Links in it are not followed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from mlver.errors import FileNotFoundInVersion, MlverError
from mlver.sources.commits import Commits
from mlver.sources.mlflow.folder import MOST_FILES, Contents, files_below, joined
from mlver.store.repository import TreeEntry

ARTIFACT_LIMIT = 64 << 20
"""Bytes of an artifact that are taken out of a commit."""


class CommitFolder:
    """A folder of a commit."""

    is_fixed = True

    def __init__(self, commits: Commits, commit_id: str, top: str) -> None:
        self.commit_id = commit_id
        self.top = top.strip("/")
        self._repository = commits.repository
        self._trees: dict[str, Mapping[str, TreeEntry]] = {}

    def names(self, path: str) -> Mapping[str, bool]:  # noqa: D102
        entries = self._entries(path)
        return {name: entry.is_tree for name, entry in entries.items() if not (entry.is_link or entry.is_submodule)}

    def read(self, path: str, limit: int) -> bytes:  # noqa: D102
        entry = self._entry(path)
        if entry is None or entry.is_tree or entry.is_link or entry.is_submodule:
            raise FileNotFoundInVersion(f"{joined(self.top, path)} is not in {self.commit_id[:10]}")
        return self._repository.blob(entry.id, limit)

    def contents(self, path: str, limit: int) -> Contents:  # noqa: D102
        files: dict[str, bytes] = {}
        problems: list[str] = []
        for name in islice(files_below(self, path), MOST_FILES):
            try:
                files[name] = self.read(f"{path}/{name}", limit)
            except MlverError as error:
                problems.append(error.message)
        return Contents(files, tuple(problems))

    def stamp(self, path: str) -> object:  # noqa: D102
        entry = self._entry(path)
        return entry.id if entry else None

    def size(self, path: str) -> int | None:  # noqa: D102
        entry = self._entry(path)
        try:
            return None if entry is None or entry.is_tree else self._repository.blob_size(entry.id)
        except MlverError:
            return None  # left at the remote of a partial clone

    def checksum(self, path: str) -> str | None:  # noqa: D102
        entry = self._entry(path)
        return None if entry is None or entry.is_tree else f"git:{entry.id}"

    def where(self, path: str) -> Path | bytes | None:  # noqa: D102
        try:
            return self.read(path, ARTIFACT_LIMIT)
        except FileNotFoundInVersion:
            return None

    def _entry(self, path: str) -> TreeEntry | None:
        full = joined(self.top, path)
        if not full:
            return TreeEntry(mode=0o040000, id=self._repository.commit(self.commit_id).tree)
        above, _, name = full.rpartition("/")
        return self._tree(above).get(name)

    def _entries(self, path: str) -> Mapping[str, TreeEntry]:
        return self._tree(joined(self.top, path))

    def _tree(self, full: str) -> Mapping[str, TreeEntry]:
        known = self._trees.get(full)
        if known is None:
            if full:
                above, _, name = full.rpartition("/")
                entry = self._tree(above).get(name)
                known = self._repository.tree(entry.id) if entry and entry.is_tree else {}
            else:
                known = self._repository.tree(self._repository.commit(self.commit_id).tree)
            self._trees[full] = known
        return known
