"""A commit's DVC projects as one: every pipeline and pointer read, what is broken noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.documents.reading import read_yaml
from mlver.errors import MlverError
from mlver.model.data import Data
from mlver.sources.commits import Commits
from mlver.sources.dvc.contents import reader_of
from mlver.sources.dvc.parts import Origin, Part
from mlver.sources.dvc.pipeline import PipelineReader
from mlver.sources.dvc.pointers import read_pointer
from mlver.sources.dvc.recognising import PIPELINE, DvcFiles, dvc_files, projects
from mlver.sources.dvc.steps import DataSet, Pipeline, PlotFile, Step
from mlver.sources.dvc.templates import DEFAULT_PARAMS, Unresolved
from mlver.sources.dvc.tracked import Tracked
from mlver.sources.plain.noting import Notes
from mlver.sources.survey import Survey
from mlver.store.repository import TreeFile

MOST_POINTERS = 5_000
"""Pointers read of one version; one that has more is said to."""


class Project(Struct, frozen=True, kw_only=True):
    """Everything the files of DVC say of a version."""

    survey: Survey
    tops: tuple[str, ...]
    """Top folders of its DVC projects; the repository's is an empty text."""
    steps: tuple[Step, ...] = ()
    data: tuple[DataSet, ...] = ()
    params: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Params files and the dotted keys tracked of them; no keys: all."""
    used: Mapping[str, Mapping[str, Data]] = field(default_factory=dict)
    metrics: tuple[str, ...] = ()
    plots: tuple[PlotFile, ...] = ()
    artifacts: Mapping[str, Data] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    """What could not be read, and why; read it, do not add to it."""

    @property
    def default_params(self) -> tuple[str, ...]:
        """Params files that are tracked whole where they exist."""
        return tuple(f"{top}/{DEFAULT_PARAMS}" if top else DEFAULT_PARAMS for top in self.tops)

    @property
    def locked_params(self) -> Mapping[str, Mapping[str, Data]]:
        """Params file -> dotted key -> value, as the locks have them."""
        found: dict[str, dict[str, Data]] = {}
        for step in self.steps:
            for path, values in step.values.items():
                found.setdefault(path, {}).update(values)
        return found

    @property
    def outputs(self) -> dict[str, Tracked]:
        """All that steps make and pointers track, by path."""
        of_data = (one.output.tracked for one in self.data)
        return {one.path: one for one in (*(out.tracked for step in self.steps for out in step.outputs), *of_data)}


def read_project(commits: Commits, commit_id: str) -> Project:
    """The DVC projects of a commit. Raises ObjectMissing, RepositoryDamaged for the commit itself."""
    survey = commits.survey(commit_id)
    notes = Notes(others=list(survey.problems))
    files = dvc_files(survey)
    tops = projects(commits.repository, commit_id, survey, files)
    reading = _Reading(commits, commit_id, survey, files, tops, notes)
    pipelines = [*reading.pipelines(), *reading.pointers()]
    steps = tuple(step for one in pipelines for step in one.steps)
    outputs = [out for step in steps for out in step.outputs]
    data = tuple(one for pipeline in pipelines for one in pipeline.data)
    outputs += [one.output for one in data]
    return Project(
        survey=survey,
        tops=tops,
        steps=steps,
        data=data,
        params=(
            *(param for step in steps for param in step.params),
            *((path, ()) for one in pipelines for path in one.params),
        ),
        used=_joined_uses(pipelines),
        metrics=(
            *(out.tracked.path for out in outputs if out.is_metric),
            *(path for one in pipelines for path in one.metrics),
        ),
        plots=(*(plot for one in pipelines for plot in one.plots), *(out.plot for out in outputs if out.plot)),
        artifacts={name: value for one in pipelines for name, value in one.artifacts.items()},
        notes=notes,
    )


class _Reading(Struct, frozen=True):
    commits: Commits
    commit_id: str
    survey: Survey
    files: DvcFiles
    tops: tuple[str, ...]
    notes: Notes

    def pipelines(self) -> Iterator[Pipeline]:
        for folder in self.files.folders:
            lock = self._part(self.files.locks.get(folder))
            reader = PipelineReader(folder, lock, self._params)
            document = self._part(self.files.pipelines.get(folder))
            pipeline = reader.whole(document) if document else reader.from_lock()
            yield self._named(folder, pipeline)

    def pointers(self) -> Iterator[Pipeline]:
        files = self.files.pointers
        if len(files) > MOST_POINTERS:
            self.notes.others.append(f"more than {MOST_POINTERS} pointers of DVC; the others were not looked at")
        for file in files[:MOST_POINTERS]:
            document = self._part(file)
            if document is not None:
                yield read_pointer(document)

    def _named(self, folder: str, pipeline: Pipeline) -> Pipeline:
        """Steps by the names DVC gives them: those of a pipeline below the top have its path in front."""
        top = self.tops[0] if len(self.tops) == 1 else ""
        if folder == top:
            return pipeline
        path = f"{folder}/{PIPELINE}"[len(top) + 1 if top else 0 :]
        artifacts = {f"{path}:{name}": one for name, one in pipeline.artifacts.items()}
        steps = tuple(replace(step, name=f"{path}:{step.name}") for step in pipeline.steps)
        return replace(pipeline, steps=steps, artifacts=artifacts)

    def _part(self, file: TreeFile | None) -> Part | None:
        """The file's whole document; None: there is none, or it cannot be read, which is noted."""
        if file is None:
            return None
        try:
            document = self.commits.document_of(file.id, file.path, read_yaml)
        except MlverError as error:
            self.notes.failed(file.path, error)
            return None
        whole = Part(Origin(file.path, document, self.notes), {} if document.data is None else document.data)
        if isinstance(whole.data, dict):
            return whole
        whole.note("should be a mapping")
        return None

    def _params(self, path: str) -> Data:
        """A params file for templates: from git alone, for what steps there are is not the cache's to say."""
        # Nearly always among the files that were looked at; asking git reads its folders anew.
        known = next((file.entry for file in self.survey.telling if file.path == path), None)
        entry = known or self.commits.repository.entry(self.commit_id, path)
        if entry is None or entry.is_tree or entry.is_submodule or entry.is_link:
            return None
        try:
            return self.commits.document_of(entry.id, path, reader_of(path)).data
        except MlverError as error:
            raise Unresolved(error.message) from error


def _joined_uses(pipelines: list[Pipeline]) -> dict[str, dict[str, Data]]:
    found: dict[str, dict[str, Data]] = {}
    for pipeline in pipelines:
        for path, values in pipeline.used.items():
            found.setdefault(path, {}).update(values)
    return found
