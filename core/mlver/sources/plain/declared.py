"""What a project file declares, as it is in a commit."""

from __future__ import annotations

from functools import cached_property

from mlver.errors import MlverError
from mlver.manifests.pipeline import stands_for
from mlver.model.manifest import FileFact
from mlver.model.project_file import ProjectFile
from mlver.sources.commits import Commits
from mlver.sources.plain.blobs import GIT, file_fact, folder_fact, members_of
from mlver.store.repository import TreeEntry, TreeFile

MOST_FILES = 2_000


class Declared:
    """Paths, folders and globs of a project file -> facts of one commit.

    What git does not have is known by its path alone.
    """

    def __init__(self, commits: Commits, place: str, project: ProjectFile) -> None:
        self._commits = commits
        self._place = place
        self._project = project

    def file(self, full: str) -> TreeFile | None:
        """The file at a path from the top; None: git has none there."""
        entry = self._entry(full)
        if entry is None or entry.is_tree or entry.is_submodule or entry.is_link:
            return None
        return TreeFile(path=full, mode=entry.mode, id=entry.id)

    def whole(self, path: str) -> FileFact:
        """A file or folder as one; a glob has no identity of its own."""
        full = self._project.from_top(path)
        file = self.file(full)
        if file:
            return file_fact(self._commits, file)
        entry = self._entry(full)
        return folder_fact(full, entry.id) if entry and entry.is_tree else FileFact(path=full, sha256=None)

    def files(self, path: str) -> tuple[FileFact, ...]:
        """Every file that a path, a folder or a glob stands for; the path alone where git has none."""
        fact = self.whole(path)
        if fact.checksum and fact.checksum.startswith(GIT):
            return (members_of(self._commits, fact.path, fact.checksum) or (fact,))[:MOST_FILES]
        if fact.digest or not any(mark in path for mark in "*?["):
            return (fact,)
        matched = (file for file in self._all if stands_for(fact.path, file.path))
        return tuple(file_fact(self._commits, file) for file, _ in zip(matched, range(MOST_FILES), strict=False))

    def _entry(self, path: str) -> TreeEntry | None:
        try:
            return self._commits.repository.entry(self._place, path)
        except MlverError:
            return None  # a folder that is not present here

    @cached_property
    def _all(self) -> tuple[TreeFile, ...]:
        return tuple(self._commits.repository.files(self._place))
