"""Opens files of versions in the user's editor, pager or viewers: read in a thread, shown while the explorer waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from mlver.errors import MlverError
from mlver.model.version import VersionRow
from mlver_tui.messages import FileRead, FilesListed
from mlver_tui.opening import NO_PROGRAM, find_pager, is_text, show_file, viewer_of
from mlver_tui.screens.rows_dialog import RowsScreen
from mlver_tui.view_models.picking import Labelled, labelled_rows
from mlver_tui.view_models.text import sanitise_lines

if TYPE_CHECKING:
    from mlver_tui.screens.explorer_screen import ExplorerScreen

LOG = ""
"""Stands for the log of the run where a path would: no file has that path."""
_MOST_LISTED = 2000
_NO_VIEWER = "no viewer for such files; [viewer] of your config names one"
_NO_TERMINAL = "this terminal cannot be given to another program"


def open_one_of(place: ExplorerScreen, row: VersionRow, *, in_viewer: bool) -> None:
    """Ask which file of a version; those that are there are looked up first."""
    app = place.explorer

    def look() -> None:
        try:
            with app.reading:
                paths = app.project.files(row)
        except MlverError as error:
            app.post_message(FilesListed(place, row, (), in_viewer=in_viewer, problem=_said(error)))
        else:
            app.post_message(FilesListed(place, row, paths, in_viewer=in_viewer))

    app.run_worker(look, thread=True, exclusive=True, group="open")


def choose_file(message: FilesListed) -> None:
    """Offer the files: the log first, or only those that some viewer shows."""
    place, row = message.place, message.row
    viewers, glyphs = place.explorer.settings.viewers, place.glyphs
    known = message.paths[:_MOST_LISTED]
    paths = [path for path in known if viewer_of(path, viewers)] if message.in_viewer else [LOG, *known]
    if message.problem or not paths:
        endings = ", ".join(f".{one}" for one in viewers)
        place.tell(glyphs.data(message.problem or f"no file of {row.name} ends in {endings}"))
        return
    labels = [Labelled(label=path or "log of the run", shown="", key="" if path else "l") for path in paths]
    rows = labelled_rows(labels, glyphs, most=_LONGEST_PATH)

    def chosen(index: int | None) -> None:
        if index is not None:
            open_file(place, row, paths[index], in_viewer=message.in_viewer)

    place.app.push_screen(RowsScreen(f"open of {glyphs.data(row.name)}", lambda _width: rows, does="opens"), chosen)


_LONGEST_PATH = 100


def open_file(place: ExplorerScreen, row: VersionRow, path: str, *, in_viewer: bool) -> None:
    """Read a file, or the log, in a thread; then it is shown."""
    app = place.explorer

    def read() -> None:
        try:
            with app.reading:
                content = app.project.log(row) if path == LOG else app.project.file(row, path)
        except MlverError as error:
            app.post_message(FileRead(place, row, path, b"", in_viewer=in_viewer, problem=_said(error)))
        else:
            app.post_message(FileRead(place, row, path, content, in_viewer=in_viewer))

    app.run_worker(read, thread=True, exclusive=True, group="open")


def show(message: FileRead) -> None:
    """Give the terminal to the program that shows it."""
    place, path, name = message.place, message.path, message.path or "the log"
    settings = place.explorer.settings
    command, content, problem = _chosen(message)
    if not problem and command:
        try:
            problem = show_file(command, path or "log.txt", content, settings.environment, place.app.suspend)
        except SuspendNotSupported:
            problem = _NO_TERMINAL
    said = f"open {name} of {message.row.name}"
    place.explorer.activities.add(said, outcome=problem)
    place.forget_told()
    if problem:
        place.tell(place.glyphs.data(f"{name}: {problem}"))


def _chosen(message: FileRead) -> tuple[str, bytes, str]:
    """The command, what it shows, and why not."""
    settings, content, is_log = message.place.explorer.settings, message.content, message.path == LOG
    if message.problem:
        return "", b"", message.problem
    if message.in_viewer:
        command = viewer_of(message.path, settings.viewers)
        return command or "", content, "" if command else _NO_VIEWER
    if not is_text(content):
        return "", b"", f"it is no text; {message.place.key_of('view')} shows it in a viewer of yours"
    editor, pager = settings.find_editor(), find_pager(settings.pager, settings.environment)
    if editor and not (is_log and pager):
        return editor, _harmless(content, is_log=True) if is_log else content, ""
    return pager or "", _harmless(content, is_log=is_log), "" if pager else NO_PROGRAM


def _harmless(content: bytes, *, is_log: bool) -> bytes:
    """Text for a pager, which may hand escapes on to the terminal: made visible, colours of a log left out."""
    from mlver_tui.commands.show import log_lines

    lines = log_lines(content) if is_log else sanitise_lines(content.decode("utf-8", "backslashreplace"))
    return "".join(f"{one}\n" for one in lines).encode()


def _said(error: MlverError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
