"""One run of a file store: `meta.yaml`, and a file per param, tag and metric."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from msgspec import Struct

from mlver.errors import MlverError
from mlver.model.metric import Metric
from mlver.model.status import Status
from mlver.sources.mlflow.folder import Contents, Folder
from mlver.sources.mlflow.meta import Meta
from mlver.sources.mlflow.records import Histories, Point, RunSummary
from mlver.sources.mlflow.values import PARENT_TAG, STATUS_NUMBERS, STATUSES, only_value, param_value, point, seconds

_TEXT_LIMIT = 1 << 20
_METRIC_LIMIT = 64 << 20


class Experiment(Struct, frozen=True, kw_only=True):
    """The experiment a run stands in."""

    id: str
    name: str
    path: str
    is_deleted: bool = False
    notes: tuple[str, ...] = ()


def tags_of(folder: Folder, path: str) -> Contents:
    """The tags of the run at `path`."""
    return folder.contents(f"{path}/tags", _TEXT_LIMIT)


def run_summary(folder: Folder, path: str, experiment: Experiment, meta: Meta, tags: Contents) -> RunSummary:
    """The run at `path`, whose `meta.yaml` and tags are read already. What else is broken of it is a note."""
    params = folder.contents(f"{path}/params", _TEXT_LIMIT)
    metrics = folder.contents(f"{path}/metrics", _METRIC_LIMIT)
    notes = [*experiment.notes, *tags.problems, *params.problems, *metrics.problems]
    named = _texts(tags)
    return RunSummary(
        run_id=run_id_of(path),
        name=meta.text("run_name") or named.get("mlflow.runName", ""),
        experiment=experiment.name,
        experiment_id=experiment.id,
        status=_status(meta, path, notes),
        created=seconds(meta.number("start_time")),
        ended=seconds(meta.number("end_time")),
        user=meta.text("user_id") or named.get("mlflow.user", ""),
        parent=named.get(PARENT_TAG) or None,
        params={key: param_value(text) for key, text in _texts(params).items()},
        metrics=_metrics(metrics, path, notes),
        tags=named,
        artifact_uri=meta.text("artifact_uri"),
        is_deleted=experiment.is_deleted or meta.text("lifecycle_stage") == "deleted",
        notes=tuple(notes),
        stamp=_stamp(meta, experiment, (tags, params, metrics)),
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
        stamp=error.message,
    )


def run_id_of(path: str) -> str:
    """What the folder of a run is called."""
    return path.rpartition("/")[2]


def histories(folder: Folder, path: str) -> Histories:
    """All values of all metrics of the run at `path`."""
    points: dict[str, tuple[Point, ...]] = {}
    skipped: dict[str, int] = {}
    for key, content in folder.contents(f"{path}/metrics", _METRIC_LIMIT).files.items():
        lines = [point(line) for line in content.splitlines() if line.strip()]
        name = _clean(key)
        points[name] = tuple(one for one in lines if one is not None)
        skipped[name] = len(lines) - len(points[name])
    return Histories(points=points, skipped=skipped)


def _status(meta: Meta, path: str, notes: list[str]) -> Status:
    recorded = meta.text("status")
    if not recorded:
        return Status.RUNNING
    name = STATUS_NUMBERS.get(recorded, recorded)
    if name not in STATUSES:
        notes.append(f"{path}/meta.yaml: the status {recorded!r} is none MLflow has")
    return STATUSES.get(name, Status.RUNNING)


def _texts(contents: Contents) -> dict[str, str]:
    return {_clean(key): content.decode("utf-8", "replace") for key, content in contents.files.items()}


def _clean(key: str) -> str:
    """A name of a file, which need not be UTF-8, as a key, which must."""
    return key if key.isascii() else key.encode(errors="surrogateescape").decode("utf-8", "replace")


def _metrics(contents: Contents, path: str, notes: list[str]) -> Mapping[str, Metric]:
    latest: dict[str, Metric] = {}
    for key, content in contents.files.items():
        value = only_value(content)
        if value is None:
            best = _greatest(content, f"{path}/metrics/{key}", notes)
            value = None if best is None else best.value
        if value is not None:
            latest[_clean(key)] = Metric(value=value)
    return latest


def _greatest(content: bytes, name: str, notes: list[str]) -> Point | None:
    best: Point | None = None
    for number, line in enumerate(content.splitlines(), 1):
        found = point(line)
        if found is None:
            if line.strip():
                notes.append(f"{name}:{number}: holds no value of a metric")
        elif best is None or found > best:
            best = found
    return best


def _stamp(meta: Meta, experiment: Experiment, parts: tuple[Contents, ...]) -> str:
    words = (experiment.name, str(experiment.is_deleted), *experiment.notes, *meta.texts, *meta.texts.values())
    said = blake2b("\0".join(words).encode(errors="replace"), digest_size=12)
    for part in parts:
        said.update("\0".join(part.files).encode(errors="surrogateescape"))
        said.update(b"\0".join(part.files.values()))
    return said.hexdigest()
