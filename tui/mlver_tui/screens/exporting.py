"""Writing what is shown into a file that is named: asked twice, for pasted text may end with enter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from msgspec import Struct
from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from mlver.errors import MlverError
from mlver_tui.export_files import NamedFile, named_file, replace_file, write_new_file
from mlver_tui.messages import FileWritten
from mlver_tui.screens.confirm import ConfirmScreen
from mlver_tui.screens.early_keys import EarlyKeys
from mlver_tui.view_models.spans import Span, Tone, bright, dim, fitted, line
from mlver_tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from mlver_tui.app import MlverApp
    from mlver_tui.screens.explorer_screen import ExplorerScreen


class Export(Struct, frozen=True, kw_only=True):
    """What a screen would write."""

    title: str
    name: str
    """The file that is proposed."""
    forms: tuple[str, ...]
    """The endings it can be written in."""
    make: Callable[[str], str]
    """The text in a form; called in a thread."""
    command: Callable[[str], str]
    """The command that prints the same; nothing where none does."""


class NamingScreen(EarlyKeys, ModalScreen[NamedFile | None], inherit_bindings=False):
    """Asks for a file; what cannot be one is said, and asked again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "dismiss(None)", show=False)]

    def __init__(self, export: Export) -> None:
        super().__init__()
        self._export = export

    def compose(self) -> ComposeResult:
        glyphs = cast("MlverApp", self.app).settings.glyphs
        with Vertical(id="dialog"):
            yield LineView(glyphs=glyphs, id="dialog-title", classes="bar")
            yield Input(self._export.name, id="file", placeholder="a file", compact=True, select_on_focus=False)
            yield LineView(glyphs=glyphs, id="said")
            yield LineView(glyphs=glyphs, id="dialog-foot", classes="bar")

    def on_mount(self) -> None:
        export = self._export
        endings = ", ".join(f".{form}" for form in export.forms)
        title = line(" ", bright(f"write {export.title} into a file"), dim(f"  {endings}"))
        self.query_one("#dialog-title", LineView).show(lambda width: [fitted(title, width)])
        foot = line(" ", bright("enter"), dim(" goes on and asks once more   "), bright("esc"), dim(" closes"))
        self.query_one("#dialog-foot", LineView).show(lambda width: [fitted(foot, width)])
        self.query_one("#file").focus()

    @on(Input.Submitted)
    def _look_at(self, event: Input.Submitted) -> None:
        try:
            named = named_file(event.value, self._export.forms)
        except MlverError as error:
            glyphs = cast("MlverApp", self.app).settings.glyphs
            said = Span(f" {glyphs.data(f'{error.message}; {error.hint}')}", Tone.WARNING)
            self.query_one("#said", LineView).show(lambda width: [fitted((said,), width)])
        else:
            self.dismiss(named)


def ask_and_write(place: ExplorerScreen, export: Export) -> None:
    """Ask for a file, then whether it shall be written; then write it."""

    def named(file: NamedFile | None) -> None:
        if file is None:
            return
        glyphs, place.explorer.named_files[export.title] = place.glyphs, str(file.path)
        replaced = "the file that is there is replaced" if file.is_there else ""
        question = "replace this file?" if file.is_there else "write this file?"
        said = [line(glyphs.data(str(file.path))), line(dim(replaced))]
        answer = ConfirmScreen(question, said, yes="replace" if file.is_there else "write", no="cancel")
        place.app.push_screen(answer, lambda yes: write(place, export, file) if yes else None)

    name = place.explorer.named_files.get(export.title, export.name)
    place.app.push_screen(NamingScreen(replace(export, name=name)), named)


def write(place: ExplorerScreen, export: Export, file: NamedFile) -> None:
    """Write it in a thread; how that ended is told in the status line."""
    app = place.explorer

    def work() -> None:
        shown = _shown(file.path)
        problem = ""
        try:
            command = export.command(file.form)
            with app.activities.doing(f"write {shown}", f"{command} > {shown}" if command else ""):
                text = export.make(file.form)
                (replace_file if file.is_there else write_new_file)(file.path, text)
        except MlverError as error:
            problem = f"{error.message}; {error.hint}"
        app.post_message(FileWritten(place, file.path, problem))

    app.run_worker(work, thread=True, group="write")


def _shown(path: Path) -> str:
    from shlex import quote

    return quote(path.name)
