"""Reads one pipeline: `dvc.yaml` says which steps there are, `dvc.lock` what they were when they ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlver.model.data import Data
from mlver.sources.dvc.expansion import Template, templates
from mlver.sources.dvc.lock import LockedStep, command_of, locked_datasets, locked_steps, tracked_by_path
from mlver.sources.dvc.parts import Part, joined
from mlver.sources.dvc.plot_files import plot_of, plots_of
from mlver.sources.dvc.steps import DataSet, Output, Pipeline, Step
from mlver.sources.dvc.templates import DEFAULT_PARAMS, Context, ReadParams, Unresolved
from mlver.sources.dvc.tracked import Tracked
from mlver.store.urls import without_user

_KINDS = ("outs", "metrics", "plots")


class PipelineReader:
    """One dvc.yaml and its lock."""

    def __init__(self, folder: str, lock: Part | None, read_params: ReadParams) -> None:
        """`folder` is where both lie; `lock` is None when there is none to be read."""
        self._folder = folder
        self._locked = locked_steps(lock) if lock else {}
        self._datasets = locked_datasets(lock) if lock else {}
        self._read_params = read_params

    def from_lock(self) -> Pipeline:
        """The pipeline by its lock alone: there is no dvc.yaml that can be read."""
        return Pipeline(steps=tuple(self._as_locked(name, locked) for name, locked in self._locked.items()))

    def whole(self, document: Part) -> Pipeline:
        """The pipeline as DVC sees it: steps that only the lock has are of the past."""
        context = Context.of_pipeline(self._folder, document.get("vars").data, self._read_params)
        steps = tuple(self._steps(document.get("stages"), context))
        used = {file: dict(values) for file, values in context.used.items()}
        return Pipeline(
            steps=steps,
            data=tuple(self._data_sets(_filled(document.get("datasets"), context))),
            params=tuple(self._places(_filled(document.get("params"), context))),
            used=used,
            metrics=tuple(self._places(_filled(document.get("metrics"), context))),
            plots=tuple(plots_of(_filled(document.get("plots"), context), self._folder)),
            artifacts=dict(self._artifacts(_filled(document.get("artifacts"), context))),
        )

    def _steps(self, stages: Part, context: Context) -> Iterator[Step]:
        for name, stage in stages.entries():
            try:
                made = tuple(templates(name, stage.data, context))
            except Unresolved as error:
                stage.note(f"{error}; its steps are those of dvc.lock")
                generated = {one: locked for one, locked in self._locked.items() if one.startswith(f"{name}@")}
                yield from (self._as_locked(one, locked) for one, locked in generated.items())
            else:
                yield from (step for template in made if (step := self._step(stage, template, context)))

    def _step(self, stage: Part, template: Template, context: Context) -> Step | None:
        if not isinstance(template.definition, dict):
            stage.note("should be a mapping with a cmd")
            return None
        locked = self._locked.get(template.name)
        try:
            filled = _filled_step(template, context, self._folder)
        except Unresolved as error:
            stage.note(f"{error}; the step {template.name} is as dvc.lock has it")
            return self._as_locked(template.name, locked) if locked else None
        return self._declared(template.name, stage.holding(filled), locked)

    def _declared(self, name: str, stage: Part, locked: LockedStep | None) -> Step:
        folder = stage.get("wdir").folder(self._folder)
        inputs = tracked_by_path(locked.inputs, folder) if locked else {}
        outputs = tracked_by_path(locked.outputs, folder) if locked else {}
        places = (path for one in stage.get("deps").items() if (path := one.place(folder)))
        return Step(
            name=name,
            run=locked.command if locked else command_of(stage.get("cmd")),
            folder=folder,
            inputs=tuple(inputs.get(path, Tracked(path=path)) for path in places),
            outputs=tuple(one for kind in _KINDS for one in _outputs(stage.get(kind), folder, outputs)),
            params=tuple(_params(stage.get("params"), folder)),
            values=_values(locked, folder),
        )

    def _as_locked(self, name: str, locked: LockedStep) -> Step:
        values = _values(locked, self._folder)
        return Step(
            name=name,
            run=locked.command,
            folder=self._folder,
            inputs=tuple(tracked_by_path(locked.inputs, self._folder).values()),
            outputs=tuple(Output(tracked=one) for one in tracked_by_path(locked.outputs, self._folder).values()),
            params=tuple((file, tuple(keys)) for file, keys in values.items()),
            values=values,
        )

    def _places(self, paths: Part) -> Iterator[str]:
        return (path for one in paths.items() if (path := one.place(self._folder)))

    def _artifacts(self, artifacts: Part) -> Iterator[tuple[str, Data]]:
        for name, one in artifacts.entries():
            path = one.get("path").place(self._folder)
            if path and isinstance(one.data, dict):
                yield name, {**one.data, "path": path}

    def _data_sets(self, datasets: Part) -> Iterator[DataSet]:
        for declared in datasets.items():
            name = declared.get("name").text()
            if name:
                locked = self._datasets.get(name, declared)
                path = f"ds://{name}"
                url = without_user(locked.get("url").text() or "")
                source = ":".join(filter(None, (url, locked.get("path").text())))
                revision = next(filter(None, (locked.get(key).text() for key in ("rev_lock", "version", "rev"))), None)
                output = Output(tracked=Tracked(path=path))
                yield DataSet(output=output, name=name, source=source or None, revision=revision)


def _filled(part: Part, context: Context) -> Part:
    if part.data is None:
        return part
    try:
        return part.holding(context.fill(part.data, {}))
    except Unresolved as error:
        part.note(f"{error}; left out")
        return part.holding(None)


def _filled_step(template: Template, context: Context, folder: str) -> dict[str, Data]:
    definition = dict(template.definition) if isinstance(template.definition, dict) else {}
    variables = definition.pop("vars", None)
    if variables:
        own = joined(folder, str(context.fill(definition.get("wdir") or ".", template.names)))
        context = context.with_vars(own or folder, variables)
    return {key: context.fill(value, template.names, key) for key, value in definition.items()}


def _outputs(outs: Part, folder: str, locked: Mapping[str, Tracked]) -> Iterator[Output]:
    kind = outs.path[-1]
    for one in outs.items():
        named = one.entries() if isinstance(one.data, dict) else ((one.text(), one.holding(None)),)
        for place, flags in named:
            path = flags.holding(place).place(folder)
            if path:
                yield Output(
                    tracked=locked.get(path, Tracked(path=path)),
                    is_cached=flags.get("cache").data is not False,
                    is_metric=kind == "metrics",
                    plot=plot_of(path, flags) if kind == "plots" else None,
                )


def _params(params: Part, folder: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in params.items():
        if isinstance(one.data, dict):
            for file, keys in one.entries():
                if path := keys.holding(file).place(folder):
                    yield path, tuple(key for part in keys.items() if (key := part.text()))
        elif (key := one.text()) and (path := joined(folder, DEFAULT_PARAMS)):
            yield path, (key,)


def _values(locked: LockedStep | None, folder: str) -> dict[str, Mapping[str, Data]]:
    if locked is None:
        return {}
    return {path: values for file, values in locked.params.items() if (path := joined(folder, file))}
