"""Writes a run down: objects first, then the ref; a draft before the steps, the run after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mlver.capture.environment import environment_text
from mlver.catalogue.seeing import DRAFTS, RUNS
from mlver.errors import MlverError, RunRefused, StoreFailed
from mlver.manifests.metrics import Measured
from mlver.manifests.writing import write_manifest
from mlver.model.manifest import FileFact, Manifest
from mlver.model.status import Status
from mlver.recording.history import history_csv
from mlver.recording.inputs import data_facts
from mlver.recording.layout import covers
from mlver.recording.pinning import inspector
from mlver.recording.preparing import Prepared
from mlver.recording.products import Kept, artifacts_of, attributes_for, attributes_in, keep_files, own_attributes
from mlver.recording.receipt import Outputs, draft_of, manifest_of, measured_from
from mlver.running.steps import Outcome
from mlver.sources.native import ENVIRONMENT_PATH, HISTORY_PATH, LOG_PATH, MANIFEST_PATH
from mlver.store.objects import ObjectStore
from mlver.store.repository import Repository
from mlver.store.trees import NewFile, commit_tree, tree_with, tree_without


class Draft(Struct, frozen=True, kw_only=True):
    """What is written before the first step."""

    commit: str
    inputs: Kept
    """Inputs that the snapshot does not hold, safe before a step can change them."""


def begin(repository: Repository, prepared: Prepared) -> Draft:
    """Write the draft: what is known before the first step, safe from `git gc` and listed.

    Should mlver be killed, the draft is what is left, and it says so.

    Raises:
        RunRefused: an input changed since it was fingerprinted, or would record a secret.
    """
    inputs = keep_files(repository.folder, _copied(prepared), ObjectStore.of(repository), inspector(prepared.request))
    if inputs.problems:
        raise RunRefused("\n".join(inputs.problems), hint="nothing was started")
    draft = _commit(repository, prepared, draft_of(prepared), _with_attributes(repository, prepared, inputs))
    repository.create_ref(_ref(DRAFTS, prepared), draft)
    return Draft(commit=draft, inputs=inputs)


class Trained(Struct, frozen=True, kw_only=True):
    """What is there when the steps have ended."""

    outcome: Outcome
    folder: Path
    """Where they ran."""
    log: bytes


class Written(Struct, frozen=True, kw_only=True):
    """A run that is recorded."""

    notes: tuple[str, ...]
    """What the user should know."""
    is_whole: bool
    """Everything the steps made is in it."""


def finish(repository: Repository, prepared: Prepared, trained: Trained, draft: Draft) -> Written:
    """Collect what the steps made and write the run in place of its draft.

    Raises StorageFull, ReadOnly, StoreFailed: the draft is what is recorded then.
    """
    outputs = _outputs(prepared, trained, ObjectStore.of(repository))
    outcome = trained.outcome
    if outputs.problems:
        outcome = replace(outcome, status=_worse(outcome.status), problem=outcome.problem or outputs.problems[0])
    manifest = manifest_of(prepared, outcome, outputs, prepared.request.clock())
    kept = Kept(files={**draft.inputs.files, **outputs.kept.files}, large=(*draft.inputs.large, *outputs.kept.large))
    files = _with_attributes(repository, prepared, kept)
    if outputs.history:
        files[HISTORY_PATH] = NewFile(content=outputs.history)
    files[LOG_PATH] = NewFile(content=trained.log)
    commit = _commit(repository, prepared, manifest, files)
    repository.create_ref(_ref(RUNS, prepared), commit)
    with suppress(StoreFailed):  # the run is recorded; a draft that stays beside it is not listed
        repository.delete_ref(_ref(DRAFTS, prepared), draft.commit)
    return Written(notes=(*outputs.problems[1:], *outputs.notes), is_whole=not outputs.kept.problems)


def _worse(status: Status) -> Status:
    return Status.FAILED if status is Status.DONE else status


def _outputs(prepared: Prepared, trained: Trained, store: ObjectStore) -> Outputs:
    """What the finished steps made. What cannot be read is a problem of its own: the rest is kept all the same."""
    layout, folder = prepared.layout, trained.folder
    made = [(step.name, fact) for step in trained.outcome.steps for fact in step.outputs]
    kept = keep_files(folder, (fact for _, fact in made), store, inspector(prepared.request))
    there = sorted(kept.files)
    problems = list(kept.problems)
    measured = Measured({})
    try:
        measured = measured_from(prepared, _contents(folder, _among(there, layout.metrics_files)))
    except MlverError as error:
        problems.append(error.message)
    history, warnings = history_csv(_contents(folder, _among(there, layout.history_files)))
    return Outputs(
        kept=kept,
        artifacts=artifacts_of(
            folder, ((step, fact) for step, fact in made if fact.path in kept.files and layout.is_output(fact.path))
        ),
        measured=measured,
        data=data_facts(folder, layout, prepared.referenced),
        history=history,
        problems=tuple(problems),
        notes=(*measured.notes, *warnings),
    )


def _among(paths: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """The paths that patterns stand for, in the order of the patterns."""
    known = list(paths)
    found = [path for pattern in patterns for path in known if covers(pattern, path)]
    return list(dict.fromkeys(found))


def _contents(folder: Path, paths: Iterable[str]) -> Mapping[str, bytes]:
    return {path: (folder / path).read_bytes() for path in paths if (folder / path).is_file()}


def _with_attributes(repository: Repository, prepared: Prepared, kept: Kept) -> dict[str, NewFile]:
    existing = attributes_in(repository, prepared.snapshot.tree)
    return {**kept.files, **attributes_for(kept.large, existing)}


def _copied(prepared: Prepared) -> tuple[FileFact, ...]:
    wanted = set(prepared.copied)
    return tuple(file for file in prepared.external.files if file.path in wanted)


def _commit(repository: Repository, prepared: Prepared, manifest: Manifest, files: Mapping[str, NewFile]) -> str:
    layout = prepared.layout
    own = own_attributes(repository, prepared.snapshot.tree)
    base = tree_without(
        repository,
        prepared.snapshot.tree,
        lambda path: layout.is_own(path) or layout.is_product(path) or path in own,
    )
    everything = {
        **files,
        MANIFEST_PATH: NewFile(content=write_manifest(manifest)),
        ENVIRONMENT_PATH: NewFile(content=environment_text(prepared.software.packages).encode()),
    }
    tree = tree_with(repository, base, everything)
    parents = (manifest.code.commit,) if manifest.code.commit else ()
    what = manifest.reason or f"{manifest.model} {manifest.run}"
    message = f"{what}\n\nmlver: {manifest.model} {manifest.run}, {manifest.status.value}"
    return commit_tree(repository, tree, parents, message, prepared.author, prepared.started)


def _ref(prefix: str, prepared: Prepared) -> str:
    return f"{prefix}{prepared.layout.project.model}/{prepared.run}"
