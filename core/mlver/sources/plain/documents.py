"""The documents of a version that can be read; why the others cannot is noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlver.documents.document import Document
from mlver.errors import LimitReached, MlverError
from mlver.model.roles import Role, role_of
from mlver.sources.commits import DOCUMENT_LIMIT, Commits
from mlver.sources.plain.blobs import blob_facts
from mlver.sources.plain.curves import is_json_lines
from mlver.sources.plain.noting import Notes
from mlver.store.repository import TreeFile

MOST_BYTES = 64 << 20
"""Of the documents that are asked for together."""


def documents(commits: Commits, files: Iterable[TreeFile], notes: Notes) -> dict[str, Document]:
    """Path -> document. What is too long for one is data, whatever its name, and left out."""
    found: dict[str, Document] = {}
    for file in _within_budget(commits, files, notes):
        try:
            document = commits.document_of(file.id, file.path)
        except LimitReached:
            continue
        except MlverError as error:
            _refused(commits, file, error, notes)
            continue
        if isinstance(document.data, str) and blob_facts(commits, file.id).pointer:  # which is a text to YAML
            notes.others.append(_kept_elsewhere(file))
        else:
            found[file.path] = document
    return found


def _within_budget(commits: Commits, files: Iterable[TreeFile], notes: Notes) -> Iterator[TreeFile]:
    """The files until they are too many bytes for one version."""
    total = 0
    for file in files:
        total += blob_facts(commits, file.id).size or 0
        if total > MOST_BYTES:
            notes.others.append(f"{file.path}: it and what follows are more than {MOST_BYTES} bytes, not read")
            return
        yield file


def _refused(commits: Commits, file: TreeFile, error: MlverError, notes: Notes) -> None:
    if blob_facts(commits, file.id).pointer:
        notes.others.append(_kept_elsewhere(file))
    elif not _is_log(commits, file):
        notes.failed(file.path, error)


def _kept_elsewhere(file: TreeFile) -> str:
    return f"{file.path}: kept by Git LFS, not in git"


def _is_log(commits: Commits, file: TreeFile) -> bool:
    """Whether a JSON file is one of entries, line by line, which some trainings call metrics.json."""
    if role_of(file.path) is not Role.METRICS or not file.path.lower().endswith(".json"):
        return False
    try:
        return is_json_lines(commits.repository.blob(file.id, DOCUMENT_LIMIT))
    except MlverError:
        return False
