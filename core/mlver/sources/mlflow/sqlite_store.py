"""Runs of a SQLite database: `mlflow.db`."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

from mlver.errors import Interrupted, VersionNotFound
from mlver.model.metric import Metric
from mlver.model.status import Status
from mlver.progress import Progress, Report, ShouldStop, never, silent
from mlver.sources.mlflow.artifacts import Root, found_root, free_prefix
from mlver.sources.mlflow.database import Database, Tables
from mlver.sources.mlflow.records import Dataset, Histories, Point, RegisteredVersion, RunSummary
from mlver.sources.mlflow.values import (
    DELETED_STAGE,
    IS_PROMPT,
    PARENT_TAG,
    STATUSES,
    param_value,
    run_of_source,
    seconds,
)

_Row: TypeAlias = tuple[Any, ...]

_BETWEEN_QUESTIONS = 5_000
"""Rows between two questions whether to go on."""

_BATCH = 100
"""Runs between two reports."""

_RUN = "run_uuid name experiment_id status start_time end_time user_id lifecycle_stage artifact_uri"
_VALUE = "run_uuid key value is_nan step timestamp"
_GREATEST = 1.7976931348623157e308
"""What MLflow writes for infinity."""


class SqliteStore:
    """One database."""

    def __init__(self, database: Database, place: Path | None) -> None:
        """`place`: where it lies on this machine; None: nowhere, it is a commit's."""
        self._database = database
        self._place = place

    def signature(self) -> tuple[object, ...]:  # noqa: D102 - the protocol says
        return self._database.signature()

    def runs(self, *, deleted: bool, report: Report, should_stop: ShouldStop) -> tuple[RunSummary, ...]:  # noqa: D102
        def read(tables: Tables) -> list[RunSummary]:
            return list(_summaries(tables, None, report, should_stop))

        shown = [one for one in self._database.ask(read) if deleted or not one.is_deleted]
        return tuple(sorted(shown, key=lambda one: (-(one.created or 0), one.run_id)))

    def run(self, run_id: str) -> RunSummary:  # noqa: D102
        found = self._database.ask(lambda tables: list(_summaries(tables, run_id, silent, never)))
        if not found:
            raise VersionNotFound(f"the store has no run {run_id}")
        return found[0]

    def histories(self, run: RunSummary) -> Histories:  # noqa: D102
        def read(tables: Tables) -> Histories:
            points: defaultdict[str, list[Point]] = defaultdict(list)
            skipped: Counter[str] = Counter()
            for row in tables.rows("metrics", _VALUE, "run_uuid = ?", [run.run_id]):
                found = _point(row)
                if found is None:
                    skipped[str(row[1])] += 1
                else:
                    points[str(row[1])].append(found)
            return Histories(points={key: tuple(values) for key, values in points.items()}, skipped=skipped)

        return self._database.ask(read)

    def datasets(self, run: RunSummary) -> tuple[Dataset, ...]:  # noqa: D102
        return self._database.ask(lambda tables: tuple(_datasets(tables, run.run_id)))

    def roots(self, run: RunSummary) -> tuple[Root, ...]:  # noqa: D102
        if self._place is None:
            return ()
        beside = self._place.parent
        own = found_root(run.artifact_uri, (run.experiment_id, run.run_id, "artifacts"), beside)
        found = [own] if own else []
        names: set[str] = set()
        for model_id, name, uri in self._database.ask(lambda tables: _logged_models(tables, run.run_id)):
            prefix = free_prefix(name, model_id, names)
            root = found_root(uri, (run.experiment_id, "models", model_id, "artifacts"), beside, prefix)
            found.extend([root] if root else [])
        return tuple(found)

    def registered(self) -> tuple[tuple[RegisteredVersion, ...], tuple[str, ...]]:  # noqa: D102
        return self._database.ask(lambda tables: tuple(_registered(tables))), ()


def _summaries(tables: Tables, run_id: str | None, report: Report, should_stop: ShouldStop) -> Iterator[RunSummary]:
    asked = ("run_uuid = ?", [run_id]) if run_id is not None else ("", [])
    experiments = {
        str(number): (str(name), stage == "deleted")
        for number, name, stage in tables.rows("experiments", "experiment_id name lifecycle_stage")
    }
    params = _by_run(tables.rows("params", "run_uuid key value", *asked), should_stop)
    tags = _by_run(tables.rows("tags", "run_uuid key value", *asked), should_stop)
    metrics = _by_run(_latest(tables, *asked), should_stop)
    runs = list(tables.rows("runs", _RUN, *asked))
    for done, row in enumerate(runs):
        if done % _BATCH == 0:
            report(Progress(doing="reading MLflow runs", done=done, total=len(runs)))
        own = str(row[0])
        parts = (params.get(own, []), metrics.get(own, []), tags.get(own, []))
        yield _summary(row, experiments, parts)


def _summary(
    row: _Row, experiments: Mapping[str, tuple[str, bool]], parts: tuple[list[_Row], list[_Row], list[_Row]]
) -> RunSummary:
    params, metrics, tags = parts
    run_id, name, experiment_id, status, start, end, user, stage, uri = row
    experiment, is_gone = experiments.get(str(experiment_id), (str(experiment_id), False))
    texts = {str(key): str(value) for _, key, value in params}
    named = {str(key): str(value) for _, key, value in tags}
    notes = [] if status in STATUSES or status is None else [f"run {run_id}: the status {status!r} is none MLflow has"]
    values = {one[1]: _value(one) for one in metrics}
    notes.extend(f"run {run_id}: the metric {key!r} has no number" for key, one in values.items() if one is None)
    return RunSummary(
        run_id=str(run_id),
        name=str(name or "") or named.get("mlflow.runName", ""),
        experiment=experiment,
        experiment_id=str(experiment_id),
        status=STATUSES.get(status or "RUNNING", Status.RUNNING),
        created=seconds(start),
        ended=seconds(end),
        user=str(user or "") or named.get("mlflow.user", ""),
        parent=named.get(PARENT_TAG) or None,
        params={key: param_value(text) for key, text in texts.items()},
        metrics={str(key): Metric(value=one) for key, one in values.items() if one is not None},
        tags=named,
        artifact_uri=str(uri or ""),
        is_deleted=is_gone or stage == "deleted",
        notes=tuple(notes),
        stamp=_stamp((row, experiment, values, texts, named)),
    )


def _stamp(said: object) -> str:
    return blake2b(repr(said).encode(errors="replace"), digest_size=12).hexdigest()


def _latest(tables: Tables, where: str, values: Iterable[object]) -> Iterable[_Row]:
    """The latest value of each metric; databases older than the table of those say it only by all values."""
    if tables.has("latest_metrics"):
        return tables.rows("latest_metrics", _VALUE, where, values)
    latest: dict[tuple[Any, Any], tuple[Point, _Row]] = {}
    for row in tables.rows("metrics", _VALUE, where, values):
        found, held = _point(row), latest.get(row[:2])
        if found is not None and (held is None or found > held[0]):
            latest[row[:2]] = (found, row)
    return [row for _, row in latest.values()]


def _by_run(rows: Iterable[_Row], should_stop: ShouldStop) -> Mapping[str, list[_Row]]:
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for number, row in enumerate(rows):
        if number % _BETWEEN_QUESTIONS == 0 and should_stop():
            raise Interrupted("reading MLflow runs was stopped")
        found[row[0]].append(row)
    for own in found.values():
        own.sort(key=_key)
    return found


def _key(row: _Row) -> str:
    return str(row[1])


def _value(row: _Row) -> float | None:
    """A metric's value as MLflow keeps it; None: the column holds no number."""
    _, _, value, is_nan, _, _ = row
    if is_nan:
        return math.nan
    if value.__class__ is not float and not isinstance(value, int):
        return None
    return math.copysign(math.inf, value) if abs(value) >= _GREATEST else float(value)


def _point(row: _Row) -> Point | None:
    """A value with its place among the others; None: it has none."""
    value, step, time = _value(row), row[4], row[5]
    if value is None:
        return None
    return Point(step if isinstance(step, int) else 0, time if isinstance(time, int) else 0, value)


def _datasets(tables: Tables, run_id: str) -> Iterator[Dataset]:
    known = {row[0]: row for row in tables.rows("datasets", "dataset_uuid name digest dataset_source dataset_profile")}
    inputs = tables.rows(
        "inputs",
        "input_uuid source_id",
        "source_type = 'DATASET' AND destination_type = 'RUN' AND destination_id = ?",
        [run_id],
    )
    for input_id, source_id in list(inputs):
        if source_id not in known:
            continue
        contexts = tables.rows("input_tags", "value", "input_uuid = ? AND name = 'mlflow.data.context'", [input_id])
        context = next((str(row[0]) for row in contexts), None)
        _, name, digest, source, profile = known[source_id]
        yield Dataset(
            name=str(name), digest=str(digest), source=str(source or ""), profile=str(profile or ""), context=context
        )


def _logged_models(tables: Tables, run_id: str) -> list[tuple[str, str, str]]:
    """Id, name and address of the models that a run logged, the oldest first."""
    rows = tables.rows(
        "logged_models",
        "model_id name artifact_location lifecycle_stage creation_timestamp_ms",
        "source_run_id = ?",
        [run_id],
    )
    kept = sorted((row for row in rows if row[3] != "deleted"), key=lambda row: (row[4] or 0, str(row[0])))
    return [(str(row[0]), str(row[1] or row[0]), str(row[2] or "")) for row in kept]


def _registered(tables: Tables) -> Iterator[RegisteredVersion]:
    prompts = {
        row[0] for row in tables.rows("registered_model_tags", "name", "key = ? AND value = 'true'", [IS_PROMPT])
    }
    aliases: defaultdict[tuple[Any, Any], list[str]] = defaultdict(list)
    for alias, version, name in tables.rows("registered_model_aliases", "alias version name"):
        aliases[name, version].append(str(alias))
    columns = "name version run_id current_stage creation_time user_id description source"
    for name, version, run_id, stage, created, user, description, source in tables.rows("model_versions", columns):
        if name not in prompts and stage != DELETED_STAGE and isinstance(version, int):
            yield RegisteredVersion(
                model=str(name),
                version=version,
                run_id=str(run_id or "") or run_of_source(str(source or "")),
                stage=str(stage or ""),
                aliases=tuple(sorted(aliases[name, version])),
                created=seconds(created),
                user=str(user or ""),
                description=str(description or ""),
                entry=f"models/{name}/version-{version}",
            )
