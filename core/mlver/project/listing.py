"""ListedProject: a project opened, and its versions: listed, filtered, found, read whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from mlver.catalogue.finding import find_row, row_on_commit, taken_back
from mlver.catalogue.index import Index, ReplayFacts
from mlver.catalogue.opening import Opened, find_opened
from mlver.catalogue.remembering import remembered
from mlver.errors import NotARepository, VersionNotFound
from mlver.model.scope import USUAL, Scope
from mlver.model.source_names import MLFLOW, NATIVE
from mlver.model.version import Listing, Version, VersionRow
from mlver.progress import Report, ShouldStop, never, silent
from mlver.project.param_values import ParamValues

if TYPE_CHECKING:
    from mlver.catalogue.catalogue import Catalogue
    from mlver.catalogue.git_versions import GitVersions
    from mlver.catalogue.histories import Histories
    from mlver.model.data import Data
    from mlver.model.ledger import Ledger
    from mlver.model.manifest import Manifest
    from mlver.notes.reading import NoteReader
    from mlver.query.filters import Filters
    from mlver.store.repository import Repository

_OPENED = 64 << 20
"""Bytes of a file that is opened in a program of the user's."""


class ListedProject:
    """A git repository or an MLflow store that is looked at; to be read by one thread at a time."""

    def __init__(
        self, opened: Opened, index: Index, environment: Mapping[str, str], state: Path, scope: Scope = USUAL
    ) -> None:
        """Use `Project.open`."""
        self._scope = scope
        self._at = opened
        self._index = index
        self.index_file = index.path
        """Where the list is remembered; None: in no place that can be written."""
        self._environment = environment
        self._state = state
        self._listing: Listing | None = None
        self._param_values = ParamValues(self.params_of)
        self._opened: Repository | None = None
        self._opening = Lock()
        self._drafts: dict[str, Manifest] = {}
        """What is known of runs that are watched, by commit: a draft never changes."""

    @classmethod
    def open(cls, folder: Path, *, environment: Mapping[str, str], cache: Path, scope: Scope = USUAL) -> Self:
        """Open the repository the folder lies in, or the MLflow store it is.

        Args:
            folder: anywhere in the working tree, a bare repository, an `mlruns` folder, an `mlflow.db`.
            environment: the user's variables; steps and git get them.
            cache: a folder of the user's for what cannot be kept in the repository.
            scope: which places are asked for versions.

        Raises:
            NotARepository: the folder is in none, and is and has no store.
        """
        opened = find_opened(folder)
        return cls(opened, Index.open(opened.index_files(cache)), environment, cache, scope)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the open files."""
        self._index.close()
        if self._opened:
            self._opened.close()

    @property
    def folder(self) -> Path:
        """Top of the working tree; the repository itself when it is bare; a store alone."""
        place = self._at.place
        if place is None or self._at.is_store:
            return self._at.folder
        return place.folder if place.git_dir != place.folder else self._repository.folder

    @property
    def has_repository(self) -> bool:
        """False: an MLflow store in no git repository."""
        return self._at.place is not None

    @property
    def label(self) -> str:
        """The folder as people write it: `~/proj/digits`."""
        home = self._environment.get("HOME", "")
        text = str(self.folder)
        return "~" + text.removeprefix(home) if home and text.startswith(home + "/") else text

    @property
    def branch(self) -> str | None:
        """The branch the working tree stands on; None: detached, or no branch."""
        return None if self._at.is_store else self._repository.refs().head.branch

    def remembered(self, limit: int | None = None) -> Listing:
        """The versions as they were last seen, at once: git is not asked. With a limit only the newest."""
        if not self._scope.is_usual:
            return Listing(rows=(), is_current=False)  # what is remembered is the usual list
        return remembered(self._index, self._is_running, limit)

    def refresh(self, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing:
        """The versions as git has them now."""
        self._listing = self._catalogue.refresh(self._scope, report=report, should_stop=should_stop)
        if self._notes and self._notes.is_at_hand:
            self._notes.read()
        return self._listing

    def ledger(self) -> Ledger:
        """Releases and stages, who made them and when, as the last refresh found them."""
        if self._listing is None:
            self.refresh()
        return self._catalogue.ledger

    def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
        """Key -> params of each version that can be read; from the index, so quick for thousands."""
        from mlver.catalogue.remembering import remembered_params

        return remembered_params(self._index, rows)

    @cached_property
    def filters(self) -> Filters:
        """The filter language, asked of these versions."""
        from mlver.query.filters import Filters

        return Filters(self.params_of, self.version, self._notes)

    def signature(self) -> tuple[object, ...]:
        """Differs when refs may have changed; cheap enough to ask every two seconds."""
        of_git = () if self._at.is_store else self._repository.signature()
        return of_git, *(store.signature() for store in self._histories.stores.values())

    def find(self, text: str) -> VersionRow:
        """The version that a name, an id, a digest or a ref means; `latest` is the newest, `V^` the parent of V.

        What no listed version is called may be a commit as git names it: `HEAD~2`, `origin/main`, `3fa92c1`.

        Raises:
            VersionNotFound: none; the hint names the nearest.
            VersionAmbiguous: several; the hint names them.
        """
        listing = self._listing if self._listing and self._listing.is_current else self.refresh()
        try:
            return find_row((*listing.rows, *listing.kin), text)
        except VersionNotFound:
            if row := self._found_by_git(text):
                return row
            if gone := taken_back(self.ledger(), text):
                raise gone from None
            raise

    def _found_by_git(self, text: str) -> VersionRow | None:
        commit = None if self._at.is_store else self._repository.resolve(text)
        if commit is None:
            return None
        self._scope = replace(self._scope, places=(*self._scope.places, commit))
        listing = self.refresh()
        found = row_on_commit((*listing.rows, *listing.kin), commit)
        if found is None:
            raise VersionNotFound(
                f"commit {commit[:10]} says nothing of a model", hint="mlver list --commits lists those that do"
            )
        return found

    def version(self, row: VersionRow) -> Version:
        """The version whole. Raises ManifestInvalid or StoreFailed when it cannot be read."""
        source = self._histories.source_of(row)
        manifest = source.manifest(row.commit, row.model)
        if row.source != NATIVE:
            meanings, head = self._histories.meanings, self._head_commit()
            manifest = meanings.meant(manifest, head)
            manifest = meanings.with_files(manifest, head, is_of_store=row.source == MLFLOW)
        return Version(row=row, manifest=manifest, packages=source.packages(row.commit))

    @property
    def _repository(self) -> Repository:
        """Opened when it is first needed: the remembered rows are on screen before that."""
        with self._opening:
            if self._opened is None:
                from mlver.store.repository import Repository
                from mlver.store.settings import GitSettings

                if self._at.place is None:
                    raise NotARepository(f"{self._at.folder} is in no git repository", hint="git init makes one")
                self._opened = Repository.open(self._at.place.folder, GitSettings(environment=self._environment))
            return self._opened

    def _head_commit(self) -> str | None:
        return self._repository.refs().head.commit if self._at.place else None

    @cached_property
    def _notes(self) -> NoteReader | None:
        """None: a store in no git repository has none."""
        if self._at.place is None:
            return None
        from mlver.notes.reading import NoteReader

        return NoteReader(lambda: self._repository)

    @cached_property
    def _catalogue(self) -> Catalogue:
        from mlver.catalogue.catalogue import Catalogue, Gatherer
        from mlver.catalogue.store_versions import StoreVersions

        stores = StoreVersions(
            lambda: self._histories.stores,
            self._index,
            head=self._head_commit,
            meant=self._histories.meanings.meant,
        )
        gatherers: list[Gatherer] = [stores] if self._at.is_store else [self._git_versions(), stores]
        return Catalogue(self._index, gatherers, is_running=self._is_running)

    def _git_versions(self) -> GitVersions:
        from mlver.catalogue.git_versions import GitVersions, Readers

        return GitVersions(self._repository, self._index, Readers.of(self._histories, self._replay_facts))

    @cached_property
    def _histories(self) -> Histories:
        from mlver.catalogue.histories import Histories

        return Histories(self._at, lambda: self._repository, at=self._scope.at)

    def _is_running(self, run: str) -> bool:
        from mlver.recording.locking import is_recording

        return is_recording(self._repository, run)

    def _replay_facts(self, commit_id: str) -> ReplayFacts:
        from mlver.replays.records import replay_facts

        return replay_facts(self._repository, commit_id)
