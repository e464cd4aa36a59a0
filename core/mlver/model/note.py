"""What people wrote about a version after it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from mlver.model.person import Person
from mlver.model.source_names import MLFLOW
from mlver.model.version import VersionRow

NOTES_REF = "refs/notes/mlver"
"""Where git keeps them, by the commit of the version."""

TEXT_LIMIT = 10_000
"""Characters of one note; what is longer belongs into a file."""


class Note(Struct, frozen=True, kw_only=True):
    """One note: written once, never changed."""

    id: str
    commit: str
    """The commit of the version."""
    written: str
    """UTC, ISO 8601 with `Z`."""
    author: Person = Person()
    """As the note says; nobody vouches for it."""
    text: str
    """Unsanitised; may have several lines."""
    model: str | None = None
    """Where several models share the commit, the one that is meant; None: all of them."""


class Notes(Struct, frozen=True, kw_only=True):
    """The notes of a commit or of a version."""

    notes: tuple[Note, ...] = ()
    """The oldest first."""
    problems: tuple[str, ...] = ()
    """What cannot be read, each in a sentence; unsanitised."""

    def about(self, model: str) -> Notes:
        """Those that speak of this model."""
        return Notes(notes=tuple(note for note in self.notes if note.model in {None, model}), problems=self.problems)


NO_NOTES = Notes()


class Notebook(Struct, frozen=True, kw_only=True):
    """All notes of a repository at one moment."""

    by_commit: Mapping[str, Notes] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """Why there may be more notes than these."""

    def on(self, commit: str) -> Notes:
        """All notes of a commit: the very same object as long as nobody writes another."""
        return self.by_commit.get(commit, NO_NOTES)

    def of(self, row: VersionRow) -> Notes:
        """The notes of a version, and why there may be more."""
        own = self.on(row.commit).about(row.model)
        return Notes(notes=own.notes, problems=(*own.problems, *self.problems))


def why_no_note(row: VersionRow) -> str:
    """Why nobody can write a note about a version; empty: one can."""
    if row.source == MLFLOW:
        return "an MLflow run is no commit, and git keeps notes of commits only"
    if row.is_running:
        return "it is being recorded, and gets its commit at the end"
    return ""


def shares_its_commit(row: VersionRow, rows: Iterable[VersionRow]) -> bool:
    """Whether a version of another model lies on the same commit."""
    return any(other.commit == row.commit and other.model != row.model for other in rows)
