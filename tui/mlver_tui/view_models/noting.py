"""What is said before a note is written: in the editor, and in the question whether to keep it."""

from __future__ import annotations

import shlex

from mlver.model.note import NOTES_REF, TEXT_LIMIT, Note
from mlver.model.version import VersionRow
from mlver_tui.activity import command_at
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.note_lines import text_lines
from mlver_tui.view_models.spans import EMPTY, Line, dim, line
from mlver_tui.view_models.text import padded
from mlver_tui.view_models.version_rows import shown_name
from mlver_tui.view_models.yanking import command_of

_DIALOG, _DIALOG_FRAME, _DIALOG_REST = 90, 8, 14
"""Cells and lines of a dialog, and those that are not for the text."""


def editor_help(row: VersionRow, glyphs: Glyphs = UNICODE) -> list[str]:
    """What stands in the editor below the empty line."""
    return [
        f"A note about {shown_name(row, glyphs)} of {glyphs.data(row.model)}, commit {row.commit[:10]}.",
        f"It is kept in this repository under {NOTES_REF}, with your name and the time; up to {TEXT_LIMIT} characters.",
        "Lines that begin with # are left out. Without any other text nothing is written.",
    ]


def planned_lines(
    row: VersionRow, note: Note, size: tuple[int, int], glyphs: Glyphs = UNICODE, place: str = ""
) -> list[Line]:
    """What a note would be kept as, for a dialog in a terminal of that width and height."""
    width, height = min(size[0], _DIALOG) - _DIALOG_FRAME, size[1] - _DIALOG_REST
    text = text_lines(note.text, width, glyphs)
    if (more := len(text) - max(1, height)) > 0:
        text = [*text[: -more - 1], f"+{more + 1} more lines"]
    who = " ".join(filter(None, (note.author.name, f"<{note.author.email}>" if note.author.email else "")))
    facts = (
        ("will write", f"a line into {NOTES_REF}, about commit {note.commit[:10]}"),
        ("author", glyphs.data(who or "with no name: git knows none of you")),
        ("same as", glyphs.data(command_at(place, equal_command(row, note.text)))),
    )
    return [*(line("  ", one) for one in text), EMPTY, *(line(dim(padded(name, 12)), said) for name, said in facts)]


def equal_command(row: VersionRow, text: str) -> str:
    """The command that writes such a note; of a text that no line can hold, the one that opens the editor."""
    paragraphs = text.split("\n\n")
    command = command_of("note", [row])
    if any("\n" in one or not one.strip() for one in paragraphs):
        return command
    return " ".join((command, *(f"-m {shlex.quote(one)}" for one in paragraphs)))
