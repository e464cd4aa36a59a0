"""The readers of every kind of history at one opened place, each loaded when the first version of its kind is read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from mlver.catalogue.opening import Opened
from mlver.errors import VersionNotFound
from mlver.model.source_names import DVC, MLFLOW, NATIVE, PLAIN
from mlver.sources.mlflow.finding import store_places

if TYPE_CHECKING:
    from mlver.catalogue.meanings import Meanings
    from mlver.model.version import VersionRow
    from mlver.sources.commits import Commits
    from mlver.sources.mlflow.source import MlflowSource
    from mlver.sources.source import Source
    from mlver.store.repository import Repository

_COMMIT_SOURCES = {
    NATIVE: ("mlver.sources.native", "NativeSource"),
    DVC: ("mlver.sources.dvc.source", "DvcSource"),
    PLAIN: ("mlver.sources.plain.source", "PlainSource"),
}
"""Name -> module and class of what reads the commits of that kind."""

_HOSTING = (".github/", ".gitlab/", ".circleci/")
"""Folders that tell a host of repositories what to do, and nothing of a model."""


class Histories:
    """Hands out the source of a version."""

    def __init__(self, opened: Opened, repository: Callable[[], Repository], *, at: str | None = None) -> None:
        """Nothing is read yet.

        Args:
            opened: what is looked at.
            repository: opens it; asked when a commit is read first.
            at: words for a commit whose stores are read, in place of those on disk.
        """
        self._opened = opened
        self._at = at
        self._repository = repository
        self._made: dict[str, Source] = {}

    def source_of(self, row: VersionRow) -> Source:
        """What reads the version."""
        if row.source == MLFLOW:
            store = self.stores.get(row.store)
            if store is None:
                raise VersionNotFound(f"{row.store} is not there any more", hint="mlver list looks again")
            return store
        return self.named(row.source)

    def named(self, name: str) -> Source:
        """What reads the commits of one kind."""
        if name not in self._made:
            module, kind = _COMMIT_SOURCES[name]
            made: Source = getattr(import_module(module), kind)(self.commits)
            self._made[name] = made
        return self._made[name]

    @cached_property
    def commits(self) -> Commits:
        """What the readers of commits share."""
        from mlver.sources.commits import Commits

        return Commits(self._repository())

    @cached_property
    def stores(self) -> Mapping[str, MlflowSource]:
        """Label -> the MLflow stores at, in and beside the folder, or those that a commit has.

        Raises VersionNotFound when the words for the commit mean none.
        """
        if self._at is not None:
            return self._stores_at(self._at)
        if next(store_places(self._opened.folder), None) is None:
            return {}
        from mlver.sources.mlflow.source import MlflowSource

        commits = self.commits if self._opened.place else None
        return {store.label: store for store in MlflowSource.find(self._opened.folder, commits)}

    def _stores_at(self, words: str) -> Mapping[str, MlflowSource]:
        from mlver.sources.mlflow.source import MlflowSource

        commit_id = self._repository().resolve(words)
        if commit_id is None:
            raise VersionNotFound(f"no commit is called {words!r}", hint="a tag, a branch, an id, HEAD~2")
        found = {store.label: store for store in MlflowSource.find_at_commit(self.commits, commit_id)}
        if not found:
            raise VersionNotFound(
                f"commit {commit_id[:10]} holds no MLflow store", hint="mlruns or mlflow.db at its top"
            )
        return found

    @cached_property
    def meanings(self) -> Meanings:
        """What the project says today of metrics."""
        from mlver.catalogue.meanings import Meanings

        return Meanings(lambda: self.commits)

    def recognise(self, commit_id: str) -> tuple[str, str]:
        """The source that reads a commit and the model it names; empty texts where there is none."""
        from mlver.sources.recognising import recognise

        return recognise(self.commits, commit_id)

    def content_of(self, commit_id: str) -> Hashable:
        """All that a commit's tree says of a version: commits with equal ones are one version."""
        from mlver.model.roles import role_of

        survey = self.commits.survey(commit_id)
        others = tuple(file for file in survey.others if role_of(file.path))
        return survey.code, tuple(file for file in survey.telling if not file.path.startswith(_HOSTING)), others
