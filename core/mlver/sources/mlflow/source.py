"""MLflow's runs as versions: finds stores, lists runs, reads one whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlver.errors import ObjectMissing
from mlver.model.curve import Curve
from mlver.model.ledger import Ledger
from mlver.model.manifest import Artifact, FileFact, Manifest
from mlver.model.source_names import MLFLOW
from mlver.progress import Report, ShouldStop, never, silent
from mlver.sources.commits import Commits
from mlver.sources.mlflow.artifacts import Root, where
from mlver.sources.mlflow.commit_folder import CommitFolder
from mlver.sources.mlflow.curves import curves_of
from mlver.sources.mlflow.database import CommitDatabase, DiskDatabase
from mlver.sources.mlflow.disk_folder import DiskFolder
from mlver.sources.mlflow.file_store import FileStore
from mlver.sources.mlflow.finding import DATABASE, FILE_STORE, is_database, store_places
from mlver.sources.mlflow.manifests import manifest_of
from mlver.sources.mlflow.model_folder import logged_model
from mlver.sources.mlflow.records import RunSummary, Store
from mlver.sources.mlflow.registry import registry_ledger
from mlver.sources.mlflow.sqlite_store import SqliteStore
from mlver.sources.mlflow.values import model_of

DATABASE_SUFFIX = ".db"

__all__ = ["MlflowSource", "RunSummary", "model_of"]


class MlflowSource:
    """One store: `mlruns` or a SQLite database. A place is a run id. Nothing is ever written into it."""

    name = MLFLOW

    def __init__(self, store: Store, label: str, commits: Commits | None = None) -> None:
        self._store = store
        self.label = label
        """How people write the store: `mlruns`, `mlflow.db`."""
        self.commits = commits
        """Where the code of runs is looked for; None: nowhere."""

    @classmethod
    def find(cls, folder: Path, commits: Commits | None = None) -> tuple[MlflowSource, ...]:
        """The stores at, inside or beside a folder."""
        return tuple(cls(_store(place), label, commits) for place, label in store_places(folder))

    @classmethod
    def at_commit(cls, commits: Commits, commit_id: str, path: str = "mlruns") -> MlflowSource:
        """A store as a commit has it; a path that ends in `.db` is a database."""
        store: Store
        if path.endswith(DATABASE_SUFFIX):
            store = SqliteStore(CommitDatabase(commits, commit_id, path), None)
        else:
            store = FileStore(CommitFolder(commits, commit_id, path), None)
        return cls(store, f"{path}@{commit_id[:10]}", commits)

    @classmethod
    def find_at_commit(cls, commits: Commits, commit_id: str) -> tuple[MlflowSource, ...]:
        """The stores at the top of a commit's tree. Raises ObjectMissing, RepositoryDamaged."""
        top = commits.repository.tree(commits.repository.commit(commit_id).tree)
        paths = [name for name in (FILE_STORE, DATABASE) if name in top and top[name].is_tree is (name == FILE_STORE)]
        return tuple(cls.at_commit(commits, commit_id, path) for path in paths)

    def signature(self) -> tuple[object, ...]:
        """Cheap enough for every two seconds; differs when runs may have changed."""
        return self._store.signature()

    def runs(
        self, *, deleted: bool = False, report: Report = silent, should_stop: ShouldStop = never
    ) -> tuple[RunSummary, ...]:
        """All runs, newest first; deleted ones only when asked for. Raises StoreFailed, Interrupted."""
        return self._store.runs(deleted=deleted, report=report, should_stop=should_stop)

    def ledger(self) -> Ledger:
        """Registered versions as releases; aliases and old-style stages as what they hold."""
        return registry_ledger(*self._store.registered(), store=self.label)

    def manifest(self, place: str, model: str) -> Manifest:
        """The run whole. Raises VersionNotFound, ManifestInvalid when its `meta.yaml` cannot be read."""
        run = self._store.run(place)
        return manifest_of(run, model, self._store, self.commits)

    def packages(self, place: str) -> Mapping[str, str] | None:
        """What the requirements of the run's first logged model pin; None: there is none."""
        return logged_model(self._roots(place)).packages

    def curves(self, place: str) -> tuple[Curve, ...]:
        """The history of every metric."""
        return curves_of(self._store.histories(self._store.run(place)))

    def log(self, place: str) -> bytes:  # noqa: ARG002 - MLflow keeps none
        """Empty: MLflow keeps no log of a run."""
        return b""

    def files(self, place: str) -> Mapping[str, str]:
        """The files of the commit the code stood on. Raises ObjectMissing when that is not here."""
        commits, commit_id = self._code(place)
        return commits.files(commit_id)

    def read(self, place: str, path: str, limit: int) -> bytes:
        """A file of the commit the code stood on. Raises FileNotFoundInVersion, ObjectMissing, LimitReached."""
        commits, commit_id = self._code(place)
        return commits.read(commit_id, path, limit)

    def open_artifact(self, place: str, artifact: Artifact) -> Path | bytes | None:
        """Where an artifact lies; None: it is on a server or in a bucket, or gone."""
        return where(self._roots(place), artifact.path)

    def members(self, place: str, artifact: Artifact) -> tuple[FileFact, ...] | None:  # noqa: ARG002
        """None: every file of a folder is an artifact of its own."""
        return None

    def _roots(self, place: str) -> tuple[Root, ...]:
        return self._store.roots(self._store.run(place))

    def _code(self, place: str) -> tuple[Commits, str]:
        run = self._store.run(place)
        if run.git_commit is None:
            raise ObjectMissing(f"run {place} does not say which code it ran", hint="MLflow records it inside git")
        if self.commits is None or not self.commits.repository.has(run.git_commit):
            raise ObjectMissing(
                f"the code of run {place} is not here: commit {run.git_commit[:10]}",
                hint="open the repository it was run in, or fetch the commit",
            )
        return self.commits, run.git_commit


def _store(place: Path) -> Store:
    if is_database(place):
        return SqliteStore(DiskDatabase(place), place)
    return FileStore(DiskFolder(place), place)
