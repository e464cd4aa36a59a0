"""All notes of a repository; what did not change since the last look is not read again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING

from mlver.errors import LimitReached, MlverError
from mlver.model.note import NO_NOTES, NOTES_REF, Note, Notebook, Notes
from mlver.model.version import VersionRow
from mlver.notes.lines import NotANote, note_of

if TYPE_CHECKING:
    from mlver.store.repository import Repository

COMMITS_READ = 100_000
NOTES_READ = 1_000
"""Of one commit."""
BYTES_READ = 4 << 20
"""Of one commit."""
_PROBLEMS_TOLD = 5
"""Of one commit."""

_ID_LENGTH = 40
_PART = re.compile(r"[0-9a-f]{2}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class NoteReader:
    """Reads the notes of one repository. Several threads may ask."""

    def __init__(self, repository: Callable[[], Repository]) -> None:
        """`repository` opens it; asked when notes are read first, for most lists need none."""
        self._opened = repository
        self._lock = Lock()
        self._at: str | None = None
        """The commit of the notes that the book was read from."""
        self._book: Notebook | None = None
        self._blobs: dict[tuple[str, str], Notes] = {}
        """(commit, blob) -> what it says."""

    @property
    def _repository(self) -> Repository:
        return self._opened()

    @property
    def is_at_hand(self) -> bool:
        """Whether the notes were read, so that asking for them takes no time."""
        return self._book is not None

    def last(self) -> Notebook:
        """The notes as they were read last; read now where they never were."""
        return self._book or self.read()

    def of(self, row: VersionRow) -> Notes:
        """The notes of one version as they are now; those of all others are not read for it."""
        at = self._repository.refs().ids.get(NOTES_REF)
        if at is None:
            return NO_NOTES
        with self._lock:
            if self._book is not None and at == self._at:
                return self._book.of(row)
        try:
            blobs = list(blobs_of(self._repository, self._repository.commit(at).tree, row.commit))
        except MlverError as error:
            return Notes(problems=(f"{NOTES_REF}: {error.message}",))
        found = NO_NOTES
        for path, blob in blobs:
            found = _joined(found, self._notes_in(row.commit, blob, path))
        return found.about(row.model)

    def read(self) -> Notebook:
        """The notes as they are now."""
        with self._lock:
            at = self._repository.refs().ids.get(NOTES_REF)
            if self._book is None or at != self._at:
                self._book = self._read(at) if at else Notebook()
                self._at = at
            return self._book

    def _read(self, at: str) -> Notebook:
        found: dict[str, Notes] = {}
        blobs: dict[tuple[str, str], Notes] = {}
        problems = []
        try:
            for commit, path, blob in note_blobs(self._repository, self._repository.commit(at).tree):
                if len(blobs) >= COMMITS_READ:
                    raise LimitReached(f"only the notes of {COMMITS_READ} commits are read")
                known = self._blobs.get((commit, blob)) or self._notes_in(commit, blob, path)
                blobs[commit, blob] = known
                # git itself would join two files for one commit, which a merge by hand can leave.
                found[commit] = _joined(found[commit], known) if commit in found else known
        except MlverError as error:
            problems.append(f"{NOTES_REF}: {error.message}")
        self._blobs = blobs
        return Notebook(by_commit=found, problems=tuple(problems))

    def _notes_in(self, commit: str, blob: str, path: str) -> Notes:
        try:
            content = self._repository.blob(blob, BYTES_READ)
        except MlverError as error:
            return Notes(problems=(f"{NOTES_REF}: {path}: {error.message}",))
        return notes_in(content, commit)


def note_blobs(
    repository: Repository, tree_id: str, above: str = "", folder: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Commit, path and blob of each commit's notes; git spreads many over folders of two digits: `3f/a9/2c1e...`."""
    for name, entry in repository.tree(tree_id).items():
        commit, path = above + name, f"{folder}{name}"
        if entry.is_tree:
            if _PART.fullmatch(name) and len(commit) < _ID_LENGTH:
                yield from note_blobs(repository, entry.id, commit, f"{path}/")
        elif _COMMIT.fullmatch(commit) and not entry.is_submodule:
            yield commit, path, entry.id


def blobs_of(repository: Repository, tree_id: str, commit: str) -> Iterator[tuple[str, str]]:
    """Path and blob of one commit's notes: one, or several where a merge by hand left it so."""
    folder, rest = "", commit
    while True:
        entries = repository.tree(tree_id)
        entry, below = entries.get(rest), entries.get(rest[:2])
        if entry is not None and not entry.is_tree and not entry.is_submodule:
            yield folder + rest, entry.id
        if below is None or not below.is_tree:
            return
        folder, rest, tree_id = f"{folder}{rest[:2]}/", rest[2:], below.id


def notes_in(content: bytes, commit: str) -> Notes:
    """The notes of a commit; what is none is said and skipped."""
    notes: dict[str, Note] = {}
    problems = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        if len(notes) >= NOTES_READ:
            problems.append(f"more than {NOTES_READ} notes of {commit[:10]}: the others are not read")
            break
        try:
            note = note_of(line, commit)
        except NotANote as error:
            problems.append(f"line {number} of the notes of {commit[:10]} is no note: {error}")
        else:
            notes.setdefault(note.id, note)
    if (more := len(problems) - _PROBLEMS_TOLD) > 0:
        problems[_PROBLEMS_TOLD:] = [f"{more} more lines of the notes of {commit[:10]} are no notes"]
    return Notes(notes=_in_order(notes.values()), problems=tuple(problems)) if notes or problems else NO_NOTES


def _joined(one: Notes, other: Notes) -> Notes:
    notes = {note.id: note for note in (*one.notes, *other.notes)}
    return Notes(notes=_in_order(notes.values()), problems=(*one.problems, *other.problems))


def _in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: (note.written, note.id)))
