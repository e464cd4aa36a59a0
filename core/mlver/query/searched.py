"""What bare words are looked for in: made once for a row, for each key typed asks all rows again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlver.model.note import Note, Notebook, Notes
from mlver.model.version import VersionRow


def tag_texts(row: VersionRow) -> Iterator[str]:
    """The tags as filters see them: each by its name, and as `name=value`."""
    for name, value in row.tags.items():
        yield name
        yield f"{name}={value}"


def note_texts(notes: Iterable[Note]) -> Iterator[str]:
    """The notes as filters see them: what was written, and by whom."""
    for note in notes:
        yield note.text
        yield note.author.name


def searched_text(row: VersionRow, notes: Iterable[Note] = ()) -> str:
    """All that bare words are looked for in, in lower case; a line for each, so that no word reaches over two."""
    parts = [row.name, row.model, row.title, row.author, row.commit[:12], *row.names, *row.stages]
    if row.run:
        parts.append(row.run)
    if row.reason:
        parts.append(row.reason)
    if row.tags:
        parts.extend(tag_texts(row))
    parts.extend(note_texts(notes))
    return "\n".join(parts).casefold()


class SearchedTexts:
    """The texts of the rows that were asked last."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[VersionRow, Notes, str]] = {}

    def of(self, row: VersionRow, book: Notebook) -> str:
        """The row's text; made again when there is another row by that key, or another note."""
        known, notes = self._texts.get(row.key), book.on(row.commit)
        if known is None or known[0] is not row or known[1] is not notes:
            text = searched_text(row, notes.about(row.model).notes if notes.notes else ())
            known = self._texts[row.key] = (row, notes, text)
        return known[2]

    def forget_beyond(self, rows: int) -> None:
        """Start anew when it holds far more than is asked now."""
        if len(self._texts) > 2 * rows + _FEW:
            self._texts.clear()


_FEW = 1000
