"""One run of a file store: `meta.yaml`, and a file per param, tag and metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from mlver.errors import MlverError
from mlver.model.data import Data
from mlver.model.manifest import Status
from mlver.model.metric import Metric
from mlver.sources.mlflow.folder import Folder, files_below
from mlver.sources.mlflow.meta import Meta
from mlver.sources.mlflow.records import Histories, Point, RunSummary
from mlver.sources.mlflow.values import PARENT_TAG, STATUS_NUMBERS, STATUSES, param_value, point, seconds

_TEXT_LIMIT = 1 << 20
_METRIC_LIMIT = 64 << 20
_MOST_KEYS = 10_000
"""Files of one kind that one run may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """The experiment a run stands in."""

    id: str
    name: str
    path: str
    is_deleted: bool = False
    notes: tuple[str, ...] = ()


def run_summary(folder: Folder, path: str, experiment: Experiment, meta: Meta) -> RunSummary:
    """The run at `path`, whose `meta.yaml` is read already. What else is broken of it is a note."""
    notes = list(experiment.notes)
    tags = _texts(folder, f"{path}/tags", notes)
    return RunSummary(
        run_id=run_id_of(path),
        name=meta.text("run_name") or tags.get("mlflow.runName", ""),
        experiment=experiment.name,
        experiment_id=experiment.id,
        status=_status(meta, path, notes),
        created=seconds(meta.number("start_time")),
        ended=seconds(meta.number("end_time")),
        user=meta.text("user_id") or tags.get("mlflow.user", ""),
        parent=tags.get(PARENT_TAG) or None,
        params=_params(folder, f"{path}/params", notes),
        metrics=_metrics(folder, f"{path}/metrics", notes),
        tags=tags,
        artifact_uri=meta.text("artifact_uri"),
        is_deleted=experiment.is_deleted or meta.text("lifecycle_stage") == "deleted",
        notes=tuple(notes),
    )


def broken_run(path: str, experiment: Experiment, error: MlverError) -> RunSummary:
    """The run whose `meta.yaml` cannot be read: only that it is there is known."""
    return RunSummary(
        run_id=run_id_of(path),
        experiment=experiment.name,
        experiment_id=experiment.id,
        is_deleted=experiment.is_deleted,
        notes=(error.message, *experiment.notes),
        is_broken=True,
    )


def run_id_of(path: str) -> str:
    """What the folder of a run is called."""
    return path.rpartition("/")[2]


def histories(folder: Folder, path: str) -> Histories:
    """All values of all metrics of the run at `path`."""
    points: dict[str, tuple[Point, ...]] = {}
    skipped: dict[str, int] = {}
    for key, content in _contents(folder, f"{path}/metrics", _METRIC_LIMIT, []):
        lines = [point(line) for line in content.splitlines() if line.strip()]
        points[key] = tuple(one for one in lines if one is not None)
        skipped[key] = len(lines) - len(points[key])
    return Histories(points=points, skipped=skipped)


def stamp_of(fingerprint: object) -> str:
    """A fingerprint in short."""
    return blake2b(repr(fingerprint).encode(errors="surrogateescape"), digest_size=12).hexdigest()


def _status(meta: Meta, path: str, notes: list[str]) -> Status:
    recorded = meta.data.get("status")
    if recorded is None:
        return Status.RUNNING
    name = STATUS_NUMBERS.get(recorded) if isinstance(recorded, int) else recorded
    if not isinstance(name, str) or name not in STATUSES:
        notes.append(f"{path}/meta.yaml: the status {recorded!r} is none MLflow has")
        return Status.RUNNING
    return STATUSES[name]


def _texts(folder: Folder, path: str, notes: list[str]) -> dict[str, str]:
    return {key: content.decode("utf-8", "replace") for key, content in _contents(folder, path, _TEXT_LIMIT, notes)}


def _params(folder: Folder, path: str, notes: list[str]) -> Mapping[str, Data]:
    return {key: param_value(text) for key, text in _texts(folder, path, notes).items()}


def _metrics(folder: Folder, path: str, notes: list[str]) -> Mapping[str, Metric]:
    latest: dict[str, Metric] = {}
    for key, content in _contents(folder, path, _METRIC_LIMIT, notes):
        best: Point | None = None
        for number, line in enumerate(content.splitlines(), 1):
            found = point(line)
            if found is None:
                if line.strip():
                    notes.append(f"{path}/{key}:{number}: holds no value of a metric")
            elif best is None or found > best:
                best = found
        if best is not None:
            latest[key] = Metric(value=best.value)
    return latest


def _contents(folder: Folder, path: str, limit: int, notes: list[str]) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for key in files_below(folder, path):
        if len(found) >= _MOST_KEYS:
            notes.append(f"{path}: holds more than {_MOST_KEYS} files; the rest is not read")
            break
        try:
            found.append((key, folder.read(f"{path}/{key}", limit)))
        except MlverError as error:
            notes.append(error.message)
    return found
