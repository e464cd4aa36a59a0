"""Notes as people read them: who wrote what when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlver.model.moments import seconds_of
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import age, ago
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line, width_of
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import sanitise_lines

if TYPE_CHECKING:
    from mlver.model.note import Note, Notes

_INDENT = 5
_LEAST = 20


def note_author(note: Note, glyphs: Glyphs = UNICODE) -> str:
    """Who wrote it, as the note says."""
    return glyphs.data(note.author.name or note.author.email or "?")


def text_lines(text: str, width: int | None, glyphs: Glyphs = UNICODE) -> list[str]:
    """A note's text in lines of at most `width` cells; None: as it was written."""
    shown = [glyphs.data(one) for one in sanitise_lines(text)]
    return [piece for one in shown for piece in wrapped(one, max(_LEAST, width) if width else None)]


def notes_lines(notes: Notes, width: int | None, now: float, glyphs: Glyphs = UNICODE) -> Iterator[Line]:
    """Each note whole, the newest first: when and who, below it what; then what could not be read."""
    for number, note in enumerate(reversed(notes.notes)):
        if number:
            yield EMPTY
        written = seconds_of(note.written)
        model = f"  {glyphs.data(note.model)}" if note.model else ""
        yield line(bright(note_author(note, glyphs)), dim(f"  {ago(written, now)}{model}"))
        for one in text_lines(note.text, width - _INDENT if width else None, glyphs):
            yield line(" " * _INDENT, one)
    yield from problem_lines(notes.problems, glyphs)


def problem_lines(problems: Sequence[str], glyphs: Glyphs = UNICODE) -> Iterator[Line]:
    """What could not be read of the notes."""
    return (line(Span("! ", Tone.WARNING), glyphs.data(problem)) for problem in problems)


def notes_line(notes: Notes, now: float, glyphs: Glyphs = UNICODE, room: int | None = None) -> Line:
    """`2, last by ci2, 1 d ago`, without the name where there is no room for it; empty where there are none."""
    if not notes.notes:
        return EMPTY
    last = notes.notes[-1]
    since = ago(seconds_of(last.written), now)
    said = line(f"{len(notes.notes)}", dim(f", last by {note_author(last, glyphs)}, {since}"))
    return said if room is None or width_of(said) <= room else line(f"{len(notes.notes)}", dim(f", last {since}"))


def note_age(note: Note, now: float) -> str:
    """Its age in three cells."""
    return age(seconds_of(note.written), now)
