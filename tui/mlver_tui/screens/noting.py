"""A screen from which notes are written: in the user's editor, shown before they are kept, kept only when told to."""

from __future__ import annotations

from textual import on, work
from textual.app import SuspendNotSupported

from mlver.errors import MlverError
from mlver.model.note import Note
from mlver.model.version import VersionRow
from mlver_tui.messages import NotePlanned, NoteWritten
from mlver_tui.screens.explorer_screen import ExplorerScreen
from mlver_tui.view_models.version_rows import shown_name

_SUSPENDED = "this terminal cannot be given to an editor; mlver note V -m TEXT writes a note"


class NotingScreen(ExplorerScreen, inherit_bindings=False):
    """A screen about versions."""

    def __init__(self) -> None:
        super().__init__()
        self._drafts: dict[str, str] = {}
        """Key of a version -> a text that was not kept: the next note about it begins with it."""

    # Act.

    def note_about(self, row: VersionRow) -> None:
        """Open the editor for a note; nothing is written yet."""
        # Loaded when one is written: the list is on screen before that.
        from mlver_tui.editor import NO_EDITOR, NO_EDITOR_HINT, commented, without_comments
        from mlver_tui.view_models.noting import editor_help

        settings = self.explorer.settings
        editor = settings.find_editor()
        if editor is None:
            self.tell(f"{NO_EDITOR}: {NO_EDITOR_HINT}")
            return
        begin = self._drafts.get(row.key, "") + commented(editor_help(row, self.glyphs))
        try:
            text = settings.edit(editor, begin, self.app.suspend)
        except SuspendNotSupported:
            self.tell(_SUSPENDED)
        except MlverError as error:
            self.tell(self.glyphs.data(error.message))
        else:
            self._consider(row, without_comments(text))

    def _consider(self, row: VersionRow, text: str) -> None:
        self._drafts[row.key] = text.strip("\n")
        if text.strip():
            self._plan_note(row, text)
        else:
            self.tell("the note is empty: nothing was written")

    # Work.

    @work(thread=True, exclusive=True, group="note")
    def _plan_note(self, row: VersionRow, text: str) -> None:
        project = self.explorer.project
        self.ask_core(
            "write this note",
            lambda: NotePlanned(row, project.plan_note(row, text)),
            self.post_message,
            about=row.key,
        )

    @work(thread=True, exclusive=True, group="note")
    def _write_note(self, row: VersionRow, note: Note) -> None:
        from mlver_tui.view_models.noting import equal_command

        project = self.explorer.project
        self.ask_core(
            f"write the note about {shown_name(row, self.glyphs)}",
            lambda: project.write_note(note),
            lambda _nothing: self.post_message(NoteWritten(row)),
            about=row.key,
            command=equal_command(row, note.text),
        )

    # Show.

    @on(NotePlanned)
    def _note_planned(self, message: NotePlanned) -> None:
        from mlver_tui.screens.confirm import ConfirmScreen
        from mlver_tui.view_models.noting import planned_lines

        def answered(is_wanted: bool | None) -> None:
            if is_wanted:
                self._write_note(message.row, message.note)
            else:
                self.tell("nothing was written; the next note about it begins with this text")

        said = planned_lines(message.row, message.note, self.app.size, self.glyphs, self.explorer.settings.place)
        question = f"note about {shown_name(message.row, self.glyphs)}"
        self.app.push_screen(ConfirmScreen(question, said, yes="write", no="cancel"), answered)

    @on(NoteWritten)
    def _note_written(self, message: NoteWritten) -> None:
        self._drafts.pop(message.row.key, None)
        self.do_refresh()
        # Not in the status line: the list, looked at again, says something else there.
        self.notify(f"noted {shown_name(message.row, self.glyphs)}", markup=False)
