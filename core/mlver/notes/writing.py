"""Adds a note: objects first, then the ref by compare-and-swap; once more when somebody else was faster."""

from __future__ import annotations

import base64
import random
import time

from msgspec import Struct

from mlver.errors import BadArgument, RefExists, RefMoved, StoreFailed
from mlver.model.moments import moment
from mlver.model.note import NOTES_REF, Note, why_no_note
from mlver.model.person import Person
from mlver.model.version import VersionRow
from mlver.notes.lines import checked_text, line_of
from mlver.notes.reading import BYTES_READ
from mlver.store.repository import Repository
from mlver.store.trees import NewFile, commit_tree, tree_with

_PATIENCE_S = 10.0
_PAUSE_S = 0.05
_FLAT_ENTRIES = 256
"""Beyond so many in one folder a new note goes into a folder below it, as git itself does."""


class NoteRequest(Struct, frozen=True, kw_only=True):
    """What is to be written, by whom and when."""

    row: VersionRow
    text: str
    author: Person
    when: float
    """Seconds since the epoch."""
    randomness: bytes
    """At least 5 bytes: what tells apart two notes of one moment."""
    is_shared: bool = False
    """A version of another model lies on the same commit."""


def planned_note(request: NoteRequest) -> Note:
    """The note as it will be kept; nothing is written. Raises BadArgument: no text, too much of it, no commit."""
    if why := why_no_note(request.row):
        raise BadArgument(f"{request.row.name} can have no note: {why}")
    return Note(
        id=base64.b32encode(request.randomness).decode().lower()[:8],
        commit=request.row.commit,
        written=moment(request.when),
        author=request.author,
        model=request.row.model if request.is_shared else None,
        text=checked_text(request.text),
    )


def add_note(repository: Repository, note: Note) -> None:
    """Write the note.

    Raises:
        RefMoved: others wrote all the time.
        ReadOnly, StorageFull, StoreFailed: git could not do it.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        before = repository.refs().ids.get(NOTES_REF)
        commit_id = _commit_with(repository, before, note)
        try:
            if before is None:
                repository.create_ref(NOTES_REF, commit_id)
            else:
                repository.move_ref(NOTES_REF, before, commit_id)
        except (RefExists, RefMoved):
            if time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0, _PAUSE_S))
        else:
            return


def _commit_with(repository: Repository, before: str | None, note: Note) -> str:
    tree = repository.commit(before).tree if before else None
    path = _path_of(repository, tree, note.commit) if tree else note.commit
    old = b""
    if tree and (entry := repository.entry(tree, path)):
        if entry.is_tree or entry.is_submodule:
            raise StoreFailed(f"{NOTES_REF}: {path} is no file, so there is no place for a note")
        old = repository.blob(entry.id, BYTES_READ)
    if old and not old.endswith(b"\n"):
        old += b"\n"
    content = old + line_of(note).encode() + b"\n"
    if len(content) > BYTES_READ:
        raise StoreFailed(f"the notes of {note.commit[:10]} have reached {BYTES_READ} bytes")
    parents = (before,) if before else ()
    # Now, not when the note was composed: an editor may have been open in between.
    return commit_tree(
        repository,
        tree_with(repository, tree, {path: NewFile(content=content)}),
        parents,
        f"Note about {note.commit[:10]}",
        note.author,
        time.time(),
    )


def _path_of(repository: Repository, tree_id: str, commit: str) -> str:
    """Where the notes of a commit are, else where they belong: git spreads many over folders of two digits."""
    folder, rest = "", commit
    while True:
        entries = repository.tree(tree_id)
        below = entries.get(rest[:2])
        is_spread = below is not None and below.is_tree
        if rest in entries or not (is_spread or len(entries) >= _FLAT_ENTRIES) or len(rest) <= len("3f"):
            return folder + rest
        folder, rest = f"{folder}{rest[:2]}/", rest[2:]
        if below is None or not below.is_tree:
            return folder + rest
        tree_id = below.id
