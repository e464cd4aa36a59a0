"""Runs of a file store: `mlruns/<experiment>/<run>/`, on disk or in a commit."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mlver.errors import Interrupted, MlverError, VersionNotFound
from mlver.model.status import Status
from mlver.progress import Progress, Report, ShouldStop
from mlver.sources.mlflow.artifacts import Root, found_root, free_prefix
from mlver.sources.mlflow.file_registry import registered_versions
from mlver.sources.mlflow.file_run import Experiment, broken_run, histories, run_id_of, run_summary, tags_of
from mlver.sources.mlflow.finding import META
from mlver.sources.mlflow.folder import Contents, Folder, fingerprint
from mlver.sources.mlflow.meta import Meta, MetaEmpty, read_meta
from mlver.sources.mlflow.records import Dataset, Histories, RegisteredVersion, RunSummary

_TRASH = ".trash"
_REGISTRY = "models"

_NO_RUNS = frozenset({"tags", "datasets", "traces", "models"})
"""Folders of an experiment that hold something else."""

_BATCH = 100
"""Runs between two reports."""

_NO_SUMMARY = ("artifacts",)
"""Folders of a run that do not bear on its summary, and may be large."""

_RUN_ID = re.compile(r"[a-zA-Z0-9][\w-]{0,255}")
_MADE_BY_MLFLOW = re.compile(r"[0-9a-f]{32}")

_WAITS = (0.1, 0.2)
"""Seconds; what MLflow itself waits for a `meta.yaml` that is being written."""

_WATCHED = ("", "metrics", "params", "tags")
"""Folders of a run that change when a file comes, goes or is replaced: `meta.yaml` is always replaced."""

_MOST_RUNNING = 50
"""Runs under way whose every file is watched: a metric's file grows without its folder noticing."""


class _Known(NamedTuple):
    """A run as it was read."""

    watched: tuple[object, ...]
    """What `_watched` said before it was read."""
    tags: int
    """What `_told` said of its tags."""
    experiment: Experiment
    summary: RunSummary | None


class FileStore:
    """One `mlruns`. What a run says is remembered until one of its files changes."""

    def __init__(self, folder: Folder, place: Path | None) -> None:
        """`place`: where the store lies on this machine; None: nowhere, it is a commit's."""
        self._folder = folder
        self._place = place
        self._known: dict[str, _Known] = {}
        self._running: tuple[str, ...] = ()

    def signature(self) -> tuple[object, ...]:  # noqa: D102 - the protocol says
        folder = self._folder
        if folder.is_fixed:
            return (folder.stamp(""),)
        seen: list[object] = [fingerprint(folder, _REGISTRY), folder.stamp(""), folder.stamp(_TRASH)]
        for experiment in self._experiment_paths(deleted=True):
            seen.append(folder.stamp(f"{experiment}/{META}"))
            seen.extend(
                folder.stamp(f"{path}/{watched}") for path in self._run_paths(experiment) for watched in _WATCHED
            )
        seen.extend(fingerprint(folder, path, _NO_SUMMARY) for path in self._running)
        return (hash(tuple(seen)),)

    def runs(self, *, deleted: bool, report: Report, should_stop: ShouldStop) -> tuple[RunSummary, ...]:  # noqa: D102
        places = [(path, one) for one in self._experiments(deleted=deleted) for path in self._run_paths(one.path)]
        found: dict[str, RunSummary] = {}
        empty: list[tuple[str, Experiment]] = []
        for done, (path, experiment) in enumerate(places):
            if should_stop():
                raise Interrupted("reading MLflow runs was stopped")
            if done % _BATCH == 0:
                report(Progress(doing="reading MLflow runs", done=done, total=len(places)))
            try:
                summary = self._run_at(path, experiment)
            except MetaEmpty:
                empty.append((path, experiment))
                continue
            if summary is not None:
                found.setdefault(summary.run_id, summary)
        for summary in self._after_waiting(empty):
            found.setdefault(summary.run_id, summary)
        self._remember_running(found, places)
        shown = [one for one in found.values() if deleted or not one.is_deleted]
        return tuple(sorted(shown, key=lambda one: (-(one.created or 0), one.run_id)))

    def run(self, run_id: str) -> RunSummary:  # noqa: D102
        path, experiment = self._must_find(run_id)
        try:
            summary = self._run_at(path, experiment)
        except MetaEmpty:
            summary = next(iter(self._after_waiting([(path, experiment)])), None)
        if summary is None:
            raise VersionNotFound(f"the store has no run {run_id}")
        return summary

    def histories(self, run: RunSummary) -> Histories:  # noqa: D102
        path, _ = self._must_find(run.run_id)
        return histories(self._folder, path)

    def datasets(self, run: RunSummary) -> tuple[Dataset, ...]:  # noqa: D102
        path, experiment = self._must_find(run.run_id)
        found = []
        for meta in self._metas(f"{path}/inputs"):
            known = self._meta(f"{experiment.path}/datasets/{meta.text('source_id')}")
            if meta.text("source_type") == "DATASET" and known is not None:
                found.append(
                    Dataset(
                        name=known.text("name"),
                        digest=known.text("digest"),
                        source=known.text("source"),
                        profile=known.text("profile"),
                        context=meta.mappings.get("tags", {}).get("mlflow.data.context"),
                    )
                )
        return tuple(sorted(found, key=lambda one: (one.name, one.context or "")))

    def roots(self, run: RunSummary) -> tuple[Root, ...]:  # noqa: D102
        path, experiment = self._must_find(run.run_id)
        own = self._root(f"{path}/artifacts", run.artifact_uri, (run.experiment_id, run.run_id, "artifacts"), "")
        found = [own] if own else []
        names: set[str] = set()
        for output in self._metas(f"{path}/outputs"):
            model_id = output.text("destination_id")
            model = self._meta(f"{experiment.path}/models/{model_id}")
            if model is None:
                continue
            prefix = free_prefix(model.text("name") or model_id, model_id, names)
            ending = (run.experiment_id, "models", model_id, "artifacts")
            uri = model.text("artifact_location")
            root = self._root(f"{experiment.path}/models/{model_id}/artifacts", uri, ending, prefix)
            found.extend([root] if root else [])
        return tuple(found)

    def registered(self) -> tuple[tuple[RegisteredVersion, ...], tuple[str, ...]]:  # noqa: D102
        return registered_versions(self._folder, _REGISTRY)

    def _root(self, path: str, uri: str, ending: tuple[str, ...], prefix: str) -> Root | None:
        inside = Root(folder=self._folder, path=path, prefix=prefix)
        if self._folder.names(path) or self._place is None:
            return inside
        return found_root(uri, ending, self._place.parent, prefix) or inside

    def _experiment_paths(self, *, deleted: bool) -> Iterator[str]:
        for name, is_folder in self._folder.names("").items():
            if is_folder and name not in {_TRASH, _REGISTRY}:
                yield name
        if deleted:
            yield from (f"{_TRASH}/{name}" for name, is_folder in self._folder.names(_TRASH).items() if is_folder)

    def _experiments(self, *, deleted: bool) -> Iterator[Experiment]:
        for path in self._experiment_paths(deleted=deleted):
            experiment = self._experiment(path)
            if experiment is not None and (deleted or not experiment.is_deleted):
                yield experiment

    def _experiment(self, path: str) -> Experiment | None:
        """None: a folder that is none, such as an artifact root."""
        name = path.rpartition("/")[2]
        try:
            meta = read_meta(self._folder, path)
        except MlverError as error:
            return Experiment(id=name, name=name, path=path, notes=(error.message,))
        if meta is None:
            return None
        is_deleted = path.startswith(f"{_TRASH}/") or meta.text("lifecycle_stage") == "deleted"
        return Experiment(id=name, name=meta.text("name") or name, path=path, is_deleted=is_deleted)

    def _run_paths(self, experiment: str) -> Iterator[str]:
        for name, is_folder in self._folder.names(experiment).items():
            if is_folder and name not in _NO_RUNS and _RUN_ID.fullmatch(name):
                yield f"{experiment}/{name}"

    def _run_at(self, path: str, experiment: Experiment) -> RunSummary | None:
        """The run, from memory when nothing of it changed; None: the folder holds none. Raises MetaEmpty."""
        known = self._known.get(path)
        try:
            now = self._watched(path)
            is_same = known is not None and known.watched == now and known.experiment == experiment
            if known is not None and is_same and self._folder.is_fixed:
                return known.summary
            tags = tags_of(self._folder, path)
        except MlverError as error:
            return broken_run(path, experiment, error)
        if known is not None and is_same and known.tags == _told(tags) and not _may_grow(known.summary):
            return known.summary
        summary = self._read(path, experiment, tags)
        self._known[path] = _Known(now, _told(tags), experiment, summary)
        return summary

    def _watched(self, path: str) -> tuple[object, ...]:
        """Differs when the run changed, but for its tags, and for what metrics under way have got."""
        folder = self._folder
        if folder.is_fixed:
            return (folder.stamp(path),)
        return (folder.stamp(path), folder.stamp(f"{path}/metrics"), folder.stamp(f"{path}/params"))

    def _read(self, path: str, experiment: Experiment, tags: Contents) -> RunSummary | None:
        try:
            meta = read_meta(self._folder, path)
        except MetaEmpty:
            raise
        except MlverError as error:
            return broken_run(path, experiment, error) if _MADE_BY_MLFLOW.fullmatch(run_id_of(path)) else None
        if meta is None or not _is_run(meta):
            return None
        return run_summary(self._folder, path, experiment, meta, tags)

    def _after_waiting(self, empty: list[tuple[str, Experiment]]) -> list[RunSummary]:
        """The runs whose `meta.yaml` was empty, once it is written; broken ones when it stays so."""
        found: list[RunSummary] = []
        for wait in (*_WAITS, None):
            errors = {}
            for path, experiment in empty:
                try:
                    summary = self._run_at(path, experiment)
                except MetaEmpty as error:
                    errors[path, experiment] = error
                    continue
                found.extend([summary] if summary else [])
            empty = list(errors)
            if not empty or wait is None or self._folder.is_fixed:
                found.extend(self._remember_empty(path, one, errors[path, one]) for path, one in empty)
                break
            time.sleep(wait)
        return found

    def _remember_empty(self, path: str, experiment: Experiment, error: MetaEmpty) -> RunSummary:
        """Such a run is not waited for again until it changes."""
        summary = broken_run(path, experiment, error)
        self._known[path] = _Known(self._watched(path), _told(tags_of(self._folder, path)), experiment, summary)
        return summary

    def _remember_running(self, found: dict[str, RunSummary], places: list[tuple[str, Experiment]]) -> None:
        running = [path for path, _ in places if (one := found.get(run_id_of(path))) and one.status is Status.RUNNING]
        running.sort(key=lambda path: -(found[run_id_of(path)].created or 0))
        self._running = tuple(running[:_MOST_RUNNING])

    def _place_of(self, run_id: str) -> tuple[str, Experiment] | None:
        if not _RUN_ID.fullmatch(run_id):
            return None
        for path in self._experiment_paths(deleted=True):
            if self._folder.stamp(f"{path}/{run_id}/{META}") is not None and (one := self._experiment(path)):
                return f"{path}/{run_id}", one
        return None

    def _must_find(self, run_id: str) -> tuple[str, Experiment]:
        found = self._place_of(run_id)
        if found is None:
            raise VersionNotFound(f"the store has no run {run_id}")
        return found

    def _metas(self, path: str) -> Iterator[Meta]:
        for name, is_folder in sorted(self._folder.names(path).items()):
            meta = self._meta(f"{path}/{name}") if is_folder else None
            if meta is not None:
                yield meta

    def _meta(self, path: str) -> Meta | None:
        """What is beside the run itself; what of it cannot be read is left out."""
        if any(part in {"", ".", ".."} for part in path.split("/")):
            return None
        try:
            return read_meta(self._folder, path)
        except MlverError:
            return None


def _told(tags: Contents) -> int:
    """Differs when a tag does: its file is written over, which the folder does not show; reading one costs a look."""
    return hash((tuple(tags.files.items()), tags.problems))


def _may_grow(run: RunSummary | None) -> bool:
    return run is not None and run.status is Status.RUNNING and not run.is_broken


def _is_run(meta: Meta) -> bool:
    return bool(meta.text("run_id") or meta.text("run_uuid"))
