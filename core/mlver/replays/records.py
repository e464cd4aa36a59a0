"""Keeps replay records in the repository, and finds them again."""

from __future__ import annotations

from mlver.catalogue.index import ReplayFacts
from mlver.errors import MlverError, RepositoryDamaged
from mlver.model.replay import ReplayRecord
from mlver.replays.documents import read_record, write_record
from mlver.store.repository import Repository
from mlver.store.trees import NewFile, commit_tree, tree_with

RECORD_PATH = "record.yaml"
LOG_PATH = "log.txt"

_LIMIT = 4 << 20


def replays_prefix(version_commit: str) -> str:
    """Where the records of one version's replays have their refs."""
    return f"refs/mlver/replays/{version_commit}/"


def keep_replay(repository: Repository, record: ReplayRecord, log: bytes, *, when: float) -> str:
    """Write the record: objects first, then the ref, add-if-absent. Gives the record's commit."""
    files = {RECORD_PATH: NewFile(content=write_record(record)), LOG_PATH: NewFile(content=log)}
    tree = tree_with(repository, None, files)
    subject = f"replay of {record.model} {record.run or record.version[:10]}: {record.agreement.value}"
    # The version is the parent, so the record keeps alive what it speaks of.
    commit_id = commit_tree(repository, tree, (record.version,), subject, record.author, when)
    repository.create_ref(replays_prefix(record.version) + record.id, commit_id)
    return commit_id


def replay_at(repository: Repository, commit_id: str) -> ReplayRecord:
    """The record at a replay's commit. Raises RepositoryDamaged when it speaks of another version than its commit."""
    record = read_record(repository.read(commit_id, RECORD_PATH, _LIMIT), name=f"{commit_id[:10]}:{RECORD_PATH}")
    if record.version not in repository.commit(commit_id).parents:
        raise RepositoryDamaged(f"the replay record {commit_id[:10]} speaks of a version that is not its parent")
    return record


def replay_facts(repository: Repository, commit_id: str) -> ReplayFacts:
    """What the list of versions needs of the record at a replay's commit; raises as `replay_at` does."""
    record = replay_at(repository, commit_id)
    return ReplayFacts(
        ref_commit=commit_id,
        version=record.version,
        agreement=record.agreement.value,
        created=record.created,
    )


def replays_of(repository: Repository, version_commit: str) -> tuple[ReplayRecord, ...]:
    """The records of a version's replays, newest first.

    One that cannot be read is left out, and so is one that speaks of another version than its ref does.
    """
    prefix = replays_prefix(version_commit)
    found = []
    for ref, commit_id in repository.refs().ids.items():
        if ref.startswith(prefix):
            try:
                record = replay_at(repository, commit_id)
            except MlverError:
                continue  # one damaged record must not hide the others
            if record.version == version_commit:
                found.append(record)
    return tuple(sorted(found, key=lambda record: (record.created, record.id), reverse=True))
