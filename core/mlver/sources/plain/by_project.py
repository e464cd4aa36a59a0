"""A version whose project file says which file is what: as a run of it would be recorded, so that both compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from mlver.documents.document import Document
from mlver.errors import DocumentInvalid
from mlver.manifests.metrics import Measured, collect_metrics
from mlver.manifests.params import asked_params, joined, taken
from mlver.model.data import Data, Scalar, value_at
from mlver.model.manifest import Artifact, DataFacts, Manifest, StepFacts
from mlver.model.project_file import ProjectFile, Step
from mlver.sources.commits import Commits
from mlver.sources.plain.declared import Declared
from mlver.sources.plain.documents import documents
from mlver.sources.plain.noting import Notes
from mlver.sources.plain.outputs import as_artifact
from mlver.sources.plain.project_file import history_path, predictions_path


def by_project(commits: Commits, place: str, project: ProjectFile, base: Manifest, notes: Notes) -> Manifest:
    """The version as its project file tells it; what the file declares and git does not have is unknown."""
    declared = Declared(commits, place, project)
    asked = asked_params(project)
    found = _documents(commits, declared, asked, notes)
    metrics = _metrics(commits, declared, project, notes)
    return replace(
        base,
        unread=tuple(path for path in asked if path not in found and declared.file(path)),
        steps=tuple(_step(step, project.folder, declared) for step in project.steps),
        params=_params(asked, found, notes),
        params_from={file: {"keys": None if asked[file] is None else list(asked[file] or ())} for file in found},
        data=tuple(_data(project, declared)),
        bases=project.bases,
        seeds=dict(_seeds(project, found)),
        metrics=metrics.metrics,
        slices=metrics.slices,
        artifacts=_artifacts(project, declared),
        environment=replace(base.environment, container=project.container),
        tags=project.tags,
        ignore=project.ignore,
        history=history_path(project),
        predictions=predictions_path(project),
    )


def _documents(commits: Commits, declared: Declared, paths: Iterable[str], notes: Notes) -> dict[str, Document]:
    files = []
    for path in paths:
        file = declared.file(path)
        if file:
            files.append(file)
        else:
            notes.others.append(f"{path}: declared in the project file, not in git")
    return documents(commits, files, notes)


def _params(
    asked: Mapping[str, tuple[str, ...] | None], found: Mapping[str, Document], notes: Notes
) -> dict[str, Data]:
    trees: dict[str, dict[str, Data]] = {}
    for file in found:
        for keys in _one_by_one(asked[file], found[file]):
            try:
                trees[file] = taken(file, keys, found)
            except DocumentInvalid as error:
                notes.failed(file, error)
    return joined(trees)[0]


def _one_by_one(keys: tuple[str, ...] | None, document: Document) -> Iterator[tuple[str, ...] | None]:
    """The keys together; those that are not there, each in a question of its own, which says so."""
    if keys is None:
        yield None
        return
    missing = [key for key in keys if not _has(document.data, key)]
    yield from ((key,) for key in missing)
    yield tuple(key for key in keys if key not in missing)


def _has(data: Data, key: str) -> bool:
    try:
        value_at(data, key)
    except KeyError:
        return False
    return True


def _metrics(commits: Commits, declared: Declared, project: ProjectFile, notes: Notes) -> Measured:
    """The metrics of the files that can be read, with what the project says they mean."""
    paths = {project.from_top(path): None for step in project.steps for path in step.metrics}
    measured = _documents(commits, declared, paths, notes)
    for path, document in list(measured.items()):
        try:
            collect_metrics(project, {path: document})
        except DocumentInvalid as error:
            notes.failed(path, error)
            del measured[path]
    try:
        return collect_metrics(project, measured)
    except DocumentInvalid as error:  # a name of one file is a prefixed name of another
        notes.broken.append(error.message)
        return Measured({})


def _step(step: Step, folder: str, declared: Declared) -> StepFacts:
    return StepFacts(
        name=step.name,
        run=step.run,
        cwd=folder,
        inputs=tuple(declared.whole(path) for path in step.inputs),
        outputs=tuple(declared.whole(path) for path in (*step.outputs, *step.metrics)),
    )


def _artifacts(project: ProjectFile, declared: Declared) -> tuple[Artifact, ...]:
    """Every file of every output once."""
    found = {
        fact.path: as_artifact(fact, step.name)
        for step in project.steps
        for output in step.outputs
        for fact in declared.files(output)
    }
    return tuple(found.values())


def _data(project: ProjectFile, declared: Declared) -> Iterator[DataFacts]:
    for data in project.data:
        fact = declared.whole(data.path)
        yield DataFacts(
            name=data.name,
            path=fact.path,
            role=data.role,
            sha256=fact.sha256,
            size=fact.size,
            source=data.source,
            snapshot=data.snapshot,
            store=data.store,
            target=data.target,
            checksum=fact.checksum,
        )


def _seeds(project: ProjectFile, found: Mapping[str, Document]) -> Iterator[tuple[str, Scalar]]:
    """The seeds that stand in params files; what an environment variable was nobody wrote down."""
    for name, place in project.seeds.items():
        path, colon, key = place.rpartition(":")
        document = found.get(project.from_top(path)) if colon else None
        if document is None or not _has(document.data, key):
            continue
        value = value_at(document.data, key)
        if not isinstance(value, (dict, list)):
            yield name, value
