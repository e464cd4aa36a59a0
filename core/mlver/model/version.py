"""A version as the explorer lists it (a row) and as it is read whole."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from mlver.model.metric import Metric
from mlver.model.source_names import MLFLOW
from mlver.model.status import Status

if TYPE_CHECKING:
    from mlver.model.manifest import Manifest

DIMENSIONS = "CDPEHS"
"""Code, Data, Params, Environment, Hardware, Seeds: the letters of the strip."""

NO_STRIP = "??????"


class Agreement(StrEnum):
    """How close a replay came, best first; the ladder of verdicts."""

    IDENTICAL = "identical"
    """Every output has the same bytes, and every judged metric is equal or within its tolerance."""
    CONTENT = "content"
    """Likewise, but some output has other bytes of the same content."""
    WITHIN_TOLERANCE = "within tolerance"
    """Outputs differ; some metric has a tolerance, all that have one are within it, and the others are equal."""
    DIFFERENT = "different"
    FAILED = "failed"
    """A step did not end well, or did not make what it should."""
    NOT_COMPARABLE = "not comparable"
    """There is nothing to hold against each other: no output and no metric that measures the model."""


class ReplayMark(Struct, frozen=True, kw_only=True):
    """What the replays of a version say together: the best-agreeing verdict is not hidden by a newer failure."""

    agreement: Agreement
    """The verdict of the newest replay."""
    count: int
    """How many replays reached that same verdict."""


class VersionRow(Struct, frozen=True, kw_only=True):
    """One line of the version list: what the index holds, joined with names and replays."""

    key: str
    """Stable over refreshes and unique: `runs/<model>/<run id>`, `<commit>/<model>`, `mlflow/<store>/<run id>`."""
    source: str
    """The reader: `native`, `dvc`, `plain`, `mlflow`."""
    ref: str
    """The ref that names it first; empty where none does."""
    commit: str
    """40 hexadecimal digits; of an MLflow run its run id."""
    model: str
    run: str | None = None
    name: str = ""
    """What people call it: `v1.4.0`, else the first 8 of the recipe and an ordinal: `e07b3a51.2`."""
    names: tuple[str, ...] = ()
    """Every name it has: releases first, then tags, experiments and branches."""
    stages: tuple[str, ...] = ()
    """The deployment stages it holds now."""
    status: Status = Status.DONE
    is_running: bool = False
    """A recording is under way in this moment."""
    created: float | None = None
    """Seconds since the epoch, UTC."""
    author: str = ""
    reason: str | None = None
    title: str = ""
    """The WHY column."""
    strip: str = NO_STRIP
    recipe: str | None = None
    family: str | None = None
    result: str | None = None
    parent: str | None = None
    """The key of the parent's row; None: has none, or it is not here."""
    primary: str | None = None
    """Name of the primary metric."""
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    tags: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    replay: ReplayMark | None = None
    problem: str | None = None
    """Why the version cannot be read, or why its run failed; one line, unsanitised."""
    is_broken: bool = False
    """The manifest cannot be read: everything else but key, ref, commit and model is a guess."""
    is_dirty: bool = False
    code_commit: str | None = None
    """The commit the code stood on."""
    has_overrides: bool = False
    """Params were set for this run alone, beside what the files say."""

    @property
    def store(self) -> str:
        """The MLflow store a run is of, as people write it: `mlflow.db`; empty for a commit."""
        return self.key.removeprefix(f"{MLFLOW}/").rpartition("/")[0] if self.source == MLFLOW else ""

    @property
    def primary_metric(self) -> Metric | None:
        """The metric the list shows."""
        return self.metrics.get(self.primary) if self.primary else None


class Listing(Struct, frozen=True, kw_only=True):
    """The versions of a repository at one moment, newest first."""

    rows: tuple[VersionRow, ...]
    is_current: bool
    """False: from the last time; the refs have not been looked at yet."""
    is_cut: bool = False
    """A limit was hit: there is more than this; `problems` says which."""
    problems: tuple[str, ...] = ()
    """Refs that hold no version and why, and limits that were hit."""
    kin: tuple[VersionRow, ...] = ()
    """Parents of rows that are not among the rows themselves, when only the newest are here."""
    counts: Mapping[str, int] | None = None
    """Model -> how many versions there are, when only the newest are here; None: all are."""

    def of(self, key: str | None) -> VersionRow | None:
        """The row with that key, kin included."""
        return next((row for row in (*self.rows, *self.kin) if row.key == key), None) if key else None


class Version(Struct, frozen=True, kw_only=True):
    """One version read whole."""

    row: VersionRow
    manifest: Manifest
    packages: Mapping[str, str] | None = None
    """Name -> version of everything the interpreter saw; None: not recorded."""
