"""What an MLflow store holds, whichever kind of store it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from msgspec import Struct, field

from mlver.model.data import Data
from mlver.model.metric import Metric
from mlver.model.status import Status
from mlver.progress import Report, ShouldStop
from mlver.sources.mlflow.artifacts import Root

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class RunSummary(Struct, frozen=True, kw_only=True):
    """One run as the version list needs it."""

    run_id: str
    name: str = ""
    experiment: str
    """The experiment's true name; `model_of` makes the model's name of it."""
    experiment_id: str
    status: Status = Status.RUNNING
    created: float | None = None
    """Seconds since the epoch, UTC; None: not known."""
    ended: float | None = None
    user: str = ""
    parent: str | None = None
    """The run this one is nested in."""
    params: Mapping[str, Data] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    """The latest value of each."""
    tags: Mapping[str, str] = field(default_factory=dict)
    artifact_uri: str = ""
    is_deleted: bool = False
    """The run or its experiment."""
    notes: tuple[str, ...] = ()
    """What of the run cannot be read, and why."""
    is_broken: bool = False
    """Only that the run is there is known."""
    stamp: str = ""
    """Differs when the run may have changed."""

    @property
    def problem(self) -> str | None:
        """The first note: broken `meta.yaml`, a metric that is none."""
        return self.notes[0] if self.notes else None

    @property
    def git_commit(self) -> str | None:
        """The commit the code stood on, as the client recorded it; None: it names none."""
        commit = self.tags.get("mlflow.source.git.commit", "")
        return commit if _COMMIT.fullmatch(commit) else None


class Point(NamedTuple):
    """One value of a metric; what is latest is the greatest."""

    step: int
    time: int
    """Milliseconds since the epoch."""
    value: float


class Histories(Struct, frozen=True, kw_only=True):
    """All values of all metrics of a run."""

    points: Mapping[str, tuple[Point, ...]]
    """By metric, in the store's order."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Lines that hold no value, by metric."""
    cut: frozenset[str] = frozenset()
    """Metrics that have more values than are read."""


class Dataset(Struct, frozen=True, kw_only=True):
    """A data set that a run says it read."""

    name: str
    digest: str
    source: str
    """JSON, as its kind of source writes it."""
    profile: str
    """JSON; `num_rows` where the kind of data has rows."""
    context: str | None
    """`training`, `eval`, or what the run calls it."""


class RegisteredVersion(Struct, frozen=True, kw_only=True):
    """A version of a registered model."""

    model: str
    version: int
    run_id: str
    stage: str
    aliases: tuple[str, ...] = ()
    created: float | None = None
    """Seconds since the epoch."""
    user: str = ""
    description: str = ""
    entry: str
    """Where in the store it stands, as people look it up."""


class Store(Protocol):
    """One store, read and never written."""

    def signature(self) -> tuple[object, ...]:
        """Cheap; differs when runs may have changed."""

    def runs(self, *, deleted: bool, report: Report, should_stop: ShouldStop) -> tuple[RunSummary, ...]:
        """All runs, deleted ones only when asked for."""

    def run(self, run_id: str) -> RunSummary:
        """One run, deleted or not. Raises VersionNotFound."""

    def histories(self, run: RunSummary) -> Histories:
        """All values of the run's metrics."""

    def datasets(self, run: RunSummary) -> tuple[Dataset, ...]:
        """The data sets the run read."""

    def roots(self, run: RunSummary) -> tuple[Root, ...]:
        """Where the run's artifacts and logged models lie; only what is present here."""

    def registered(self) -> tuple[tuple[RegisteredVersion, ...], tuple[str, ...]]:
        """The registered versions that are not deleted, and what could not be read."""
