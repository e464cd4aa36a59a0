"""Writes a run down: objects first, then the ref; a draft before the steps, the run after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlver.capture.environment import environment_text
from mlver.errors import MlverError
from mlver.manifests.writing import write_manifest
from mlver.model.manifest import FileFact, Manifest, Status
from mlver.recording.history import history_csv
from mlver.recording.inputs import data_facts
from mlver.recording.preparing import Prepared
from mlver.recording.products import artifacts_of, attributes_for, keep_files
from mlver.recording.receipt import Outputs, draft_of, manifest_of, measured_from
from mlver.running.steps import Outcome
from mlver.sources.native import ENVIRONMENT_PATH, HISTORY_PATH, LOG_PATH, MANIFEST_PATH
from mlver.store.objects import ObjectStore
from mlver.store.pointers import is_own_attributes
from mlver.store.repository import Repository
from mlver.store.trees import NewFile, commit_tree, tree_with, tree_without

RUNS = "refs/mlver/runs/"
DRAFTS = "refs/mlver/drafts/"


def begin(repository: Repository, prepared: Prepared) -> str:
    """Write the draft: what is known before the first step, safe from `git gc` and listed. Gives its commit.

    Should mlver be killed, the draft is what is left, and it says so.
    """
    draft = _commit(repository, prepared, draft_of(prepared), {})
    repository.create_ref(_ref(DRAFTS, prepared), draft)
    return draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What is there when the steps have ended."""

    outcome: Outcome
    folder: Path
    """Where they ran."""
    log: bytes


def finish(repository: Repository, prepared: Prepared, trained: Trained, draft: str) -> str:
    """Collect what the steps made and write the run in place of its draft; gives its commit."""
    store = ObjectStore.of(repository)
    outcome, outputs = _collected(prepared, trained.outcome, trained.folder, store)
    inputs = keep_files(repository.folder, _copied(prepared), store)
    ended = prepared.request.clock()
    manifest = manifest_of(prepared, outcome, outputs, ended)
    files: dict[str, NewFile] = {**inputs.files, **outputs.kept.files}
    files |= attributes_for((*inputs.large, *outputs.kept.large), _attributes(repository, prepared))
    if outputs.history:
        files[HISTORY_PATH] = NewFile(content=outputs.history)
    files[LOG_PATH] = NewFile(content=trained.log)
    commit = _commit(repository, prepared, manifest, files)
    repository.create_ref(_ref(RUNS, prepared), commit)
    repository.delete_ref(_ref(DRAFTS, prepared), draft)
    return commit


def _collected(prepared: Prepared, outcome: Outcome, folder: Path, store: ObjectStore) -> tuple[Outcome, Outputs]:
    """What the finished steps made. What cannot be read makes the run a failed one, and says why."""
    try:
        return outcome, _outputs(prepared, outcome, folder, store)
    except MlverError as error:
        failed = Outcome(status=Status.FAILED, steps=outcome.steps, problem=outcome.problem or error.message)
        return failed, Outputs()


def _outputs(prepared: Prepared, outcome: Outcome, folder: Path, store: ObjectStore) -> Outputs:
    layout = prepared.layout
    made = [(step.name, fact) for step in outcome.steps for fact in step.outputs]
    kept = keep_files(folder, (fact for _, fact in made), store)
    there = {fact.path for _, fact in made}
    history, _ = history_csv(_contents(folder, [path for path in layout.history_files if path in there]))
    return Outputs(
        kept=kept,
        artifacts=artifacts_of(folder, ((step, fact) for step, fact in made if layout.is_output(fact.path))),
        measured=measured_from(prepared, _contents(folder, [path for path in layout.metrics_files if path in there])),
        data=data_facts(folder, layout, prepared.referenced),
        history=history,
    )


def _contents(folder: Path, paths: Iterable[str]) -> Mapping[str, bytes]:
    return {path: (folder / path).read_bytes() for path in paths}


def _copied(prepared: Prepared) -> tuple[FileFact, ...]:
    wanted = set(prepared.copied)
    return tuple(file for file in prepared.external.files if file.path in wanted)


def _attributes(repository: Repository, prepared: Prepared) -> dict[str, bytes]:
    """The user's own .gitattributes in the snapshot, by path."""
    return {
        file.path: repository.blob(file.id)
        for file in repository.files(prepared.snapshot.tree)
        if file.path.rpartition("/")[2] == ".gitattributes"
    }


def _commit(repository: Repository, prepared: Prepared, manifest: Manifest, files: Mapping[str, NewFile]) -> str:
    layout = prepared.layout
    own = {path for path, content in _attributes(repository, prepared).items() if is_own_attributes(content)}
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
