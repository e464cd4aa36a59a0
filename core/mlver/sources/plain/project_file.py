"""The project file of a commit: it says which file is what, and what metrics mean, better than names do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from mlver.errors import MlverError, ProjectFileInvalid
from mlver.manifests.reading_project import read_project_file
from mlver.model.metric import Metric, MetricMeaning
from mlver.model.project_file import ProjectFile
from mlver.sources.commits import Commits
from mlver.sources.plain.blobs import regular
from mlver.sources.plain.recognising import is_project_file
from mlver.sources.survey import Survey
from mlver.store.repository import TreeFile

MOST_LOOKED_AT = 50

_LIMIT = 1 << 20
_NOTHING_SAID = MetricMeaning()


class Told(NamedTuple):
    """What a commit has for a project file."""

    project: ProjectFile | None
    problem: str | None = None
    """Why the one that counts cannot be read."""


def project_of(commits: Commits, survey: Survey, model: str) -> Told:
    """The project file of a model: the one that names it, else the one at the top, else the only one."""
    files = [file for file in regular(survey.telling) if is_project_file(file.path)]
    files = sorted(files, key=lambda file: (file.path.count("/"), file.path))[:MOST_LOOKED_AT]
    found = [_read(commits, file) for file in files]
    named = next((told for told in found if told.project and told.project.model == model), None)
    if named:
        return named
    if files and (len(files) == 1 or "/" not in files[0].path):
        return found[0]
    return Told(None)


def lock_path(project: ProjectFile | None) -> str | None:
    """The lock file that the project names, from the top; None: it names none."""
    return project.from_top(project.lock) if project and project.lock else None


def history_path(project: ProjectFile | None) -> str | None:
    """The file of curves that the project names, from the top; None: it names none."""
    if project is None:
        return None
    return next((project.from_top(step.history) for step in project.steps if step.history), None)


def predictions_path(project: ProjectFile) -> str | None:
    """The file of predictions that the project names, from the top; None: it names none."""
    return next((project.from_top(step.predictions) for step in project.steps if step.predictions), None)


def meant(metrics: Mapping[str, Metric], project: ProjectFile | None) -> dict[str, Metric]:
    """The metrics with what the project says of those that say nothing themselves, by name.

    `file:name` is of `name` where nothing else is said.
    """
    meanings = project.metrics if project else {}
    return {name: _meant(name, metric, meanings) for name, metric in metrics.items()}


def _meant(name: str, metric: Metric, meanings: Mapping[str, MetricMeaning]) -> Metric:
    if metric.meaning != _NOTHING_SAID:
        return metric
    meaning = meanings.get(name) or meanings.get(name.rpartition(":")[2])
    return replace(metric, meaning=meaning) if meaning else metric


def _read(commits: Commits, file: TreeFile) -> Told:
    def read(blob_id: str) -> Told:
        folder = file.path.rpartition("/")[0] or "."
        content = commits.repository.blob(blob_id, _LIMIT)
        try:
            return Told(read_project_file(content, name=file.path, folder=folder))
        except ProjectFileInvalid as error:
            return Told(None, error.message)

    try:
        return commits.made_of(file.id, read, f"project {file.path}")
    except MlverError as error:  # not present here: tomorrow it may be
        return Told(None, f"{file.path}: {error.message}")
