"""The environment of a foreign version: what its lock file says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct

from mlver.errors import DocumentInvalid, MlverError
from mlver.manifests.locks import Lock, read_lock
from mlver.model.canonical import digest
from mlver.model.manifest import EnvironmentFacts, LockFacts
from mlver.model.roles import Role, lock_rank, role_of
from mlver.sources.commits import Commits
from mlver.sources.plain.blobs import regular
from mlver.sources.survey import Survey
from mlver.store.repository import TreeFile

_LIMIT = 16 << 20
_VERSION = re.compile(r"\d+(?:\.\d+)*")


class _Read(Struct, frozen=True):
    """A lock's bytes and what they say."""

    sha256: str
    lock: Lock | None
    problem: str = ""


def lock_facts(
    commits: Commits, survey: Survey, commit_id: str, path: str | None = None
) -> tuple[EnvironmentFacts, Mapping[str, str] | None]:
    """The environment as the lock file says it, and package -> version; None: there is no lock that can be read.

    `path` is the lock that a project file names; without one the one counts that `lock_rank` puts first. A lock that
    cannot be read is named and says nothing; `lock_note` says why.
    """
    path, read = _lock_of(commits, survey, commit_id, path)
    if path is None:
        return EnvironmentFacts(), None
    named = LockFacts(path=path, sha256=read.sha256 if read else None)
    if read is None or read.lock is None:
        return EnvironmentFacts(lock=named), None
    python, versions = read.lock.python, dict(read.lock.versions)
    versions.pop("python", None)  # conda has it among the packages
    facts = EnvironmentFacts(
        digest=digest({"python": python, "packages": versions}),
        python=python if python and _VERSION.fullmatch(python) else None,
        lock=named,
    )
    return facts, versions


def lock_note(commits: Commits, survey: Survey, commit_id: str, path: str | None = None) -> str | None:
    """Why the lock that counts cannot be read; None: it can, or there is none."""
    path, read = _lock_of(commits, survey, commit_id, path)
    if path is None:
        return None
    if read is None:
        return f"{path}: the lock file is not there, or not present here"
    return read.problem or None


def lock_that_counts(survey: Survey) -> TreeFile | None:
    """The lock file nearest to the top, and of several in one folder the one that pins most."""
    locks = (file for file in regular(survey.telling) if role_of(file.path) is Role.LOCK)
    return min(locks, key=lambda file: lock_rank(file.path), default=None)


def _lock_of(commits: Commits, survey: Survey, commit_id: str, path: str | None) -> tuple[str | None, _Read | None]:
    """Path and content of the lock that counts."""
    if path is None:
        found = lock_that_counts(survey)
        path, blob_id = (found.path, found.id) if found else (None, None)
    else:
        entry = commits.repository.entry(commit_id, path)
        blob_id = entry.id if entry and not (entry.is_tree or entry.is_submodule or entry.is_link) else None
    if path is None or blob_id is None:
        return path, None
    name = path
    try:
        read = commits.made_of(blob_id, lambda blob: _read(commits.repository.blob(blob, _LIMIT), name), f"lock {name}")
    except MlverError:  # not present here: tomorrow it may be
        return path, None
    return path, read


def _read(content: bytes, name: str) -> _Read:
    checksum = sha256(content).hexdigest()
    try:
        return _Read(checksum, read_lock(content, name=name))
    except DocumentInvalid as error:
        return _Read(checksum, None, error.message)
