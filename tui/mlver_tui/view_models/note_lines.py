"""Notes as people read them: who wrote what when; and what the editor says before one is written."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from mlver.model.moments import seconds_of
from mlver.model.note import NOTES_REF, TEXT_LIMIT, Note, Notes
from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import age, ago
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import padded, sanitise_lines
from mlver_tui.view_models.version_rows import shown_name

_INDENT = 5
_LEAST = 20
_DIALOG, _DIALOG_FRAME, _DIALOG_REST = 90, 8, 14
"""Cells and lines of a dialog, and those that are not for the text."""


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


def notes_line(notes: Notes, now: float, glyphs: Glyphs = UNICODE) -> Line:
    """`2, last by ci2, 1 d ago`; empty where there are none."""
    if not notes.notes:
        return EMPTY
    last = notes.notes[-1]
    since = ago(seconds_of(last.written), now)
    return line(f"{len(notes.notes)}", dim(f", last by {note_author(last, glyphs)}, {since}"))


def note_age(note: Note, now: float) -> str:
    """Its age in three cells."""
    return age(seconds_of(note.written), now)


def editor_help(row: VersionRow, glyphs: Glyphs = UNICODE) -> list[str]:
    """What stands in the editor below the empty line."""
    return [
        f"A note about {shown_name(row, glyphs)} of {glyphs.data(row.model)}, commit {row.commit[:10]}.",
        f"It is kept in this repository under {NOTES_REF}, with your name and the time; up to {TEXT_LIMIT} characters.",
        "Lines that begin with # are left out. Without any other text nothing is written.",
    ]


def planned_lines(row: VersionRow, note: Note, size: tuple[int, int], glyphs: Glyphs = UNICODE) -> list[Line]:
    """What a note would be kept as, for a dialog in a terminal of that width and height."""
    width, height = min(size[0], _DIALOG) - _DIALOG_FRAME, size[1] - _DIALOG_REST
    text = text_lines(note.text, width, glyphs)
    if (more := len(text) - max(1, height)) > 0:
        text = [*text[: -more - 1], f"+{more + 1} more lines"]
    who = " ".join(filter(None, (note.author.name, f"<{note.author.email}>" if note.author.email else "")))
    facts = (
        ("will write", f"a line into {NOTES_REF}, about commit {note.commit[:10]}"),
        ("signed", glyphs.data(who or "with no name: git knows none of you")),
        ("same as", glyphs.data(equal_command(row, note.text))),
    )
    return [*(line("  ", one) for one in text), EMPTY, *(line(dim(padded(name, 12)), said) for name, said in facts)]


def equal_command(row: VersionRow, text: str) -> str:
    """The command that writes such a note; of a text that no line can hold, the one that opens the editor."""
    paragraphs = text.split("\n\n")
    command = ["mlver", "note", row.run or row.commit[:10]]
    if any("\n" in one or not one.strip() for one in paragraphs):
        return shlex.join(command)
    return shlex.join([*command, *(word for one in paragraphs for word in ("-m", one))])
