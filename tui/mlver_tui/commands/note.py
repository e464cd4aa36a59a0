"""`mlver note`: write a note about a version, or read those that were written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from mlver.errors import BadArgument
from mlver_tui.commands.failures import FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.scope import with_scope
from mlver_tui.view_models.spans import bright, dim, line
from mlver_tui.view_models.version_rows import shown_name

if TYPE_CHECKING:
    from mlver.model.note import Notes
    from mlver.model.version import VersionRow


@click.command("note")
@click.argument("version", metavar="V")
@click.option("-m", "--message", "messages", multiple=True, metavar="TEXT", help="The note; each -m a paragraph.")
@click.option("--list", "is_list", is_flag=True, help="Show the notes instead, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON: the notes, a new one among them.")
@click.pass_obj
@with_scope
def command(invocation: Invocation, *, version: str, messages: tuple[str, ...], is_list: bool, as_json: bool) -> int:
    """Write a note about a version; without -m your editor opens.

    V is a name, a run id, a recipe, a commit, `latest`. Notes are git notes under refs/notes/mlver, for versions of
    every tool; docs/format.md says how they are shared.
    """
    if is_list and messages:
        raise click.UsageError("--list shows notes and -m writes one: not both")
    with invocation.open_project() as project, invocation.console.progress() as report:
        project.refresh(report=report)
        row = project.find(version)
        if not is_list:
            text = "\n\n".join(messages) if messages else _from_editor(invocation, row)
            project.write_note(project.plan_note(row, text))
        notes = project.notes_of(row)
    if as_json:
        invocation.console.show_text(_json(row, notes))
    elif is_list:
        _show(invocation, row, notes)
    else:
        shown = shown_name(row, invocation.console.glyphs)
        invocation.console.show(line("noted ", bright(shown), dim(f", its note number {len(notes.notes)}")))
    return INCOMPLETE if notes.problems and is_list else FINE


def _from_editor(invocation: Invocation, row: VersionRow) -> str:
    from mlver.model.note import why_no_note
    from mlver_tui.commands.wishes import read_user_config
    from mlver_tui.editor import NO_EDITOR, NO_EDITOR_HINT, commented, edited, find_editor, without_comments
    from mlver_tui.view_models.noting import editor_help

    console, environment = invocation.console, invocation.settings.environment
    if why := why_no_note(row):  # before anybody writes a text that nobody takes
        raise BadArgument(f"{row.name} can have no note: {why}")
    if not console.can_ask or not console.is_terminal:
        raise BadArgument("there is no terminal for an editor", hint="say the note with -m TEXT")
    editor = read_user_config(invocation).config.editor or find_editor(environment)
    if editor is None:
        raise BadArgument(NO_EDITOR, hint=f"{NO_EDITOR_HINT}, or say the note with -m TEXT")
    return without_comments(edited(editor, commented(editor_help(row, console.glyphs)), environment))


def _show(invocation: Invocation, row: VersionRow, notes: Notes) -> None:
    from mlver_tui.view_models.note_lines import notes_lines, problem_lines

    console = invocation.console
    if notes.notes:
        shown = type(notes)(notes=notes.notes)
        console.show_all(notes_lines(shown, console.width, time.time(), console.glyphs))
    else:
        console.say(line(dim(f"nothing was noted about {shown_name(row, console.glyphs)}")))
    console.say(*problem_lines(notes.problems, console.glyphs))


def _json(row: VersionRow, notes: Notes) -> str:
    from mlver_tui.commands.json_output import json_text, note_document

    return json_text(
        {
            "version": row.name,
            "key": row.key,
            "commit": row.commit,
            "notes": [note_document(note) for note in notes.notes],
            "problems": list(notes.problems),
        }
    )
