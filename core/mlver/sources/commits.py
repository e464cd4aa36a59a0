"""The commits of one repository as the readers of foreign histories see them: surveyed, documents read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TypeAlias, TypeVar

from msgspec import Struct

from mlver.documents.reading import Document, read_document
from mlver.errors import DocumentInvalid, FileNotFoundInVersion
from mlver.model.manifest import CodeFacts
from mlver.model.moments import moment
from mlver.model.person import Person
from mlver.sources.names import interest_of
from mlver.sources.survey import Survey, Surveyor
from mlver.store.repository import Commit, Repository

DOCUMENT_LIMIT = 8 << 20
"""Bytes of a config or of metrics; a longer one is data, not a document."""

DOCUMENTS_KEPT = 2_000

Reader: TypeAlias = Callable[..., Document]
"""Takes a file's bytes and its `name`; gives its data or raises DocumentInvalid."""

MADE_KEPT = 100_000

NO_CODE = sha256(b"").hexdigest()
"""Names the code of a commit that holds no source file."""

T = TypeVar("T")


class Written(Struct, frozen=True, kw_only=True):
    """What a commit itself says of the version that stands on it."""

    created: str | None
    """When it was committed; UTC, ISO 8601 with `Z`; None: it does not say."""
    author: Person
    subject: str
    code: CodeFacts


class Commits:
    """Reading for every source whose places are commits. Starts no process, writes nothing."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._surveyor = Surveyor(repository, interest_of)
        self._documents: OrderedDict[tuple[str, str], Document | DocumentInvalid] = OrderedDict()
        self._made: OrderedDict[tuple[str, str], object] = OrderedDict()

    def survey(self, commit_id: str) -> Survey:
        """What the commit holds, by names alone. Raises ObjectMissing, RepositoryDamaged."""
        return self._surveyor.survey(commit_id)

    def written(self, commit_id: str) -> Written:
        """Who made the commit, when, and what its code is. Raises ObjectMissing, RepositoryDamaged."""
        commit: Commit = self.repository.commit(commit_id)
        return Written(
            created=_moment(commit.time),
            author=commit.author,
            subject=commit.subject,
            code=CodeFacts(commit=commit_id, tree=_code_of(self.survey(commit_id)), dirty=False),
        )

    def document(self, commit_id: str, path: str) -> Document:
        """A YAML, JSON or TOML file of the commit.

        Raises DocumentInvalid, with the line; FileNotFoundInVersion, ObjectMissing, LimitReached.
        """
        entry = self.repository.entry(commit_id, path)
        if entry is None or entry.is_tree or entry.is_submodule:
            raise FileNotFoundInVersion(f"{path} is not there in {commit_id[:10]}")
        return self.document_of(entry.id, path)

    def document_of(self, blob_id: str, path: str, reader: Reader = read_document) -> Document:
        """The document in a blob; most commits share most of theirs, so each is parsed once.

        `reader` is for files whose suffix says nothing (`dvc.lock`); one path has one reader.
        """
        key = (blob_id, path)
        known = self._documents.get(key)
        if known is None:
            known = self._read(blob_id, path, reader)
            self._documents[key] = known
            if len(self._documents) > DOCUMENTS_KEPT:
                self._documents.popitem(last=False)
        if isinstance(known, DocumentInvalid):
            raise known.with_traceback(None)
        return known

    def made_of(self, blob_id: str, make: Callable[[str], T], what: str) -> T:
        """What `make` gives for a blob, made once for all commits that share it.

        `what` tells apart the things that are made of the same blob. What `make` raises is not kept.
        """
        key = (blob_id, what)
        if key not in self._made:
            self._made[key] = make(blob_id)
            if len(self._made) > MADE_KEPT:
                self._made.popitem(last=False)
        return self._made[key]  # type: ignore[return-value]  # `what` stands for one kind of thing

    def read(self, commit_id: str, path: str, limit: int) -> bytes:
        """A file of the commit, as git holds it. Raises FileNotFoundInVersion, ObjectMissing, LimitReached."""
        return self.repository.read(commit_id, path, limit)

    def files(self, commit_id: str) -> Mapping[str, str]:
        """Path -> blob id of every file of the commit."""
        return {file.path: file.id for file in self.repository.files(commit_id)}

    def _read(self, blob_id: str, path: str, reader: Reader) -> Document | DocumentInvalid:
        try:
            return reader(self.repository.blob(blob_id, DOCUMENT_LIMIT), name=path)
        except DocumentInvalid as error:
            return error


def _code_of(survey: Survey) -> str | None:
    """What names the code. None: folders are not here. Commits without any code have the same code: none."""
    return survey.code or NO_CODE if survey.is_whole else None


def _moment(seconds: int) -> str | None:
    try:
        return moment(seconds) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None  # git keeps any number; a date beyond the calendar says nothing
