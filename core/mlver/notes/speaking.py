"""Which note speaks of a param: it names it, or the value that is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mlver.model.change import MISSING, Missing
from mlver.model.data import Data
from mlver.model.note import Note, Notebook
from mlver.model.version import VersionRow

_TELLING_VALUE = 3
"""Characters: `16` and `no` stand in notes about anything."""


def newest_about(
    book: Notebook, rows: Iterable[VersionRow], labels: Sequence[str], value: Data | Missing = MISSING
) -> Note | None:
    """The newest note of these versions that speaks of a param; None: none does.

    Args:
        book: all notes.
        rows: the versions whose notes are looked at.
        labels: from the top to the param; its last name alone is enough.
        value: what it is where it is asked about; a note may name that instead.
    """
    words = (rf"(?<![\w.]){re.escape(word)}(?!\w|\.\w)" for word in _words(labels, value))
    spoken = re.compile("|".join(words), re.IGNORECASE)
    found = [note for row in rows for note in book.on(row.commit).about(row.model).notes if spoken.search(note.text)]
    return max(found, key=lambda note: (note.written, note.id), default=None)


def _words(labels: Sequence[str], value: Data | Missing) -> set[str]:
    names = [label for label in labels if not label.startswith("[")]  # an item of a list has no name of its own
    words = {".".join(labels), *names[-1:]}
    if isinstance(value, (int, float, str)) and not isinstance(value, bool) and len(str(value)) >= _TELLING_VALUE:
        words.add(str(value))
    return words
