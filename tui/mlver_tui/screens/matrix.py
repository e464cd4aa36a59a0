"""Three to fifty versions side by side: params and outcomes as rows, the base pinned while the others scroll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input
from textual.worker import get_current_worker

from mlver.model.matrix import Matrix, MatrixRow
from mlver.model.version import VersionRow
from mlver.progress import Progress
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import CoreFailed, MatrixMade, MatrixProgressed
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.view_models.chrome import waiting_line
from mlver_tui.view_models.matrix_browsing import (
    entry_key,
    is_match,
    is_stop,
    note_lines,
    position_line,
    shown_sentence,
    title_line,
)
from mlver_tui.view_models.matrix_table import Entry, MatrixTable, matrix_table
from mlver_tui.view_models.matrix_values import value_lines
from mlver_tui.view_models.spans import EMPTY, Line
from mlver_tui.view_models.yanking import Yankable, command_of, matrix_yanks
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.rows import ListedRows
from mlver_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from mlver_tui.screens.exporting import Export

_MOST_NOTES = 4
"""Lines below the table; the table itself says `?` where a version cannot be read."""


class MatrixScreen(ExplorerScreen, inherit_bindings=False):
    """The first version is the base until another is chosen; nothing is read again for that."""

    CONTEXT = Context.MATRIX
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.MATRIX)

    def __init__(self, rows: Sequence[VersionRow]) -> None:
        super().__init__()
        self._rows = tuple(rows)
        self._base = self._rows[0].key
        self._matrix: Matrix | None = None
        self._table: MatrixTable | None = None
        self._failure: CoreFailed | None = None
        self._progress = Progress(doing="reading versions")
        self._everything = False
        self._column = self._first = 1
        """The column that has the cursor, and the first one beside the base."""
        self._is_open = False
        """The whole values of the cursor's row are shown."""

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="title", classes="bar")
        yield LinePane(glyphs=self.glyphs, id="lines")
        yield VirtualList(glyphs=self.glyphs, id="matrix")
        yield LineView(glyphs=self.glyphs, id="left-out")
        yield Input(id="filter", placeholder="words in the name of a row", compact=True)

    def on_mount(self) -> None:
        self._show()
        self._compare()

    def arrange_panes(self, width: int, height: int) -> None:  # noqa: ARG002 - the height changes nothing
        self._bring_column_into_view(width)

    @property
    def table(self) -> VirtualList:
        """The rows."""
        return self.query_one("#matrix", VirtualList)

    @property
    def _search(self) -> str:
        return self.query_one("#filter", Input).value

    @property
    def _row(self) -> MatrixRow | None:
        """The row under the cursor; None: it stands on the head of an area."""
        entries = self._table.entries if self._table else ()
        entry = entries[self.table.cursor] if entries else None
        return entry if isinstance(entry, MatrixRow) else None

    # Act.

    def situation(self) -> Situation:
        return Situation(
            has_version=True, has_matrix=self._matrix is not None, is_read_only=self.explorer.settings.is_read_only
        )

    @property
    def is_waiting(self) -> bool:
        return self._matrix is None and self._failure is None

    def do_matrix_left(self) -> None:
        self._go_to_column(self._column - 1)

    def do_matrix_right(self) -> None:
        self._go_to_column(self._column + 1)

    def _go_to_column(self, column: int) -> None:
        self._column = max(1, min(column, len(self._matrix.columns) - 1 if self._matrix else 1))
        self._bring_column_into_view(self.size.width)
        self.table.refresh()
        self._show_state()

    def _bring_column_into_view(self, width: int) -> None:
        self._first = min(self._first, self._column)
        while self._table and self._column not in self._table.fitting(self._first, width):
            self._first += 1

    def do_matrix_base(self) -> None:
        if self._matrix is None or self._column >= len(self._matrix.columns):
            return
        self._base = self._matrix.columns[self._column].row.key
        self._matrix = self._matrix.with_base(self._base)
        self._show()

    def do_charts(self) -> None:
        base = [row for row in self._rows if row.key == self._base]
        self.explorer.open_charts((*base, *(row for row in self._rows if row.key != self._base)))

    def do_matrix_all(self) -> None:
        self._everything = not self._everything
        self._show()

    def do_matrix_next(self) -> None:
        self._step(1)

    def do_matrix_previous(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        """To the next row that was searched for, else to the next that differs."""
        entries, words = self._table.entries if self._table else (), self._search
        wanted = (lambda entry: is_match(entry, words)) if words else is_stop
        if not self.table.move_to_next(lambda index: wanted(entries[index]), step=step):
            self.tell(f"no row has {self.glyphs.data(words)} in its name" if words else "no row differs")

    @on(VirtualList.Opened)
    def do_matrix_open(self) -> None:
        self._is_open = self._row is not None and not self._is_open
        self._show_panes()
        if self._row is None:
            self.tell("this line stands over the rows below it: values are theirs")

    def do_matrix_search(self) -> None:
        self.is_prompting = True
        self.set_focus(self.query_one("#filter", Input))  # at once: the keys behind this one are meant for it

    @on(Input.Changed, "#filter")
    def _look_for(self, event: Input.Changed) -> None:
        row = self._row
        if event.value and not (row and is_match(row, event.value)):
            self._step(1)

    @on(Input.Submitted, "#filter")
    def _keep_search(self) -> None:
        self._close_prompts()

    def _close_prompts(self) -> None:
        self.is_prompting = False
        self._show_panes()

    def do_back(self) -> None:
        """One layer out: the search, the whole values, the screen."""
        search = self.query_one("#filter", Input)
        if search.value or self.is_prompting:
            search.value = ""
            self._close_prompts()
        elif self._is_open:
            self.do_matrix_open()
        else:
            super().do_back()

    def do_leave(self) -> None:
        super().do_back()

    def yankables(self) -> list[Yankable]:
        return matrix_yanks(self._matrix, self._row, self._column, self._whole_text) if self._matrix else []

    def _whole_text(self, form: str) -> str:
        from mlver_tui.matrix_export import matrix_text

        assert self._matrix is not None
        return matrix_text(self._matrix, form, everything=self._everything, glyphs=self.glyphs)

    def _command(self, form: str) -> str:
        assert self._matrix is not None
        rows = [column.row for column in self._matrix.columns]
        options = {"json": " --json"}.get(form, f" --format {form}") + (" --all" if self._everything else "")
        return command_of("diff", rows, self.explorer.home.all_rows) + options

    def export(self) -> Export:
        from mlver_tui.matrix_export import FORMATS
        from mlver_tui.screens.exporting import Export

        return Export(
            title="these versions side by side", name="matrix.csv", forms=FORMATS, make=self._whole_text,
            command=self._command,
        )  # fmt: skip

    def do_refresh(self) -> None:
        self._matrix = self._table = self._failure = None
        self._show()
        self._compare()

    # Work.

    @work(thread=True, exclusive=True, group="matrix")
    def _compare(self) -> None:
        project, worker, rows = self.explorer.project, get_current_worker(), self._rows

        def stopped() -> bool:
            return worker.is_cancelled

        def report(progress: Progress) -> None:
            self.post_message(MatrixProgressed(progress))

        self.ask_core(
            "compare these versions",
            lambda: MatrixMade(project.matrix(rows, report=report, should_stop=stopped)),
            self.post_message,
            command=command_of("diff", rows, self.explorer.home.all_rows),
        )

    @on(MatrixProgressed)
    def _progressed(self, message: MatrixProgressed) -> None:
        self._progress = message.progress
        if self.is_waiting:
            self._show_panes()

    @on(MatrixMade)
    def _made(self, message: MatrixMade) -> None:
        self._matrix, self._failure = message.matrix.with_base(self._base), None
        self._show()
        if self._row is None and self._table:
            entries = self._table.entries
            self.table.move_to_next(lambda index: isinstance(entries[index], MatrixRow))
        self.do_what_was_typed_ahead()

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self._failure = message
        self.forget_what_was_typed_ahead()
        self._show()

    @on(VirtualList.CursorMoved)
    def _cursor_moved(self) -> None:
        self._show_state()
        if self._is_open:
            self._show_panes()

    # Show.

    def _show(self) -> None:
        if self._matrix is not None:
            self._table = table = matrix_table(self._matrix, everything=self._everything, glyphs=self.glyphs)
            self._bring_column_into_view(self.size.width)
            self.table.show(
                ListedRows[Entry](
                    table.entries,
                    key=entry_key,
                    draw=lambda entry, width, _marked: self._line(table, entry, width),
                    head=lambda width: table.head(table.fitting(self._first, width), width, at=self._column),
                    pinned=lambda width: 1 + table.name_width(width),
                )
            )
        self._show_notes()
        self._show_panes()

    def _line(self, table: MatrixTable, entry: Entry, width: int) -> Line:
        return table.line(entry, table.fitting(self._first, width), width)

    def _show_notes(self) -> None:
        matrix, glyphs, notes = self._matrix, self.glyphs, self.pane("#left-out")
        made = note_lines(matrix, self.size.width, glyphs)[:_MOST_NOTES] if matrix else []
        notes.styles.height = len(made)
        notes.display = bool(made)
        notes.show(lambda _width: made)

    def _show_panes(self) -> None:
        """The table, or in its place the whole values of a row, a failure, or that it is being made."""
        lines = self.pane("#lines")
        is_table = self._matrix is not None and self._failure is None and not self._is_open
        lines.show(self._instead)
        lines.display, self.table.display = not is_table, is_table
        if not self.is_prompting:
            self.set_focus(self.table if is_table else lines, scroll_visible=False)
        self._show_state()

    def _instead(self, width: int) -> list[Line]:
        failure, matrix, row, glyphs = self._failure, self._matrix, self._row, self.glyphs
        if failure:
            return self.error_card(failure)(width)
        if matrix is None:
            done = f" {self._progress.done} of {self._progress.total}" if self._progress.total else ""
            return [EMPTY, waiting_line(self._progress.doing + done, glyphs)]
        return value_lines(matrix, row, width, glyphs) if row else []

    def show_state(self) -> None:
        self._show_state()

    def _show_state(self) -> None:
        """Title, status and footer."""
        matrix = self._matrix
        key = self.key_of("matrix-all")
        said = shown_sentence(matrix, everything=self._everything, key=key) if matrix else ""
        self.pane("#title").show(lambda width: [title_line(matrix, said, width)])
        shown = self._table.fitting(self._first, self.size.width) if self._table else ()
        here = position_line(matrix, self._column, shown, self._search, self.glyphs) if matrix else EMPTY
        self.show_status(here)
        self.show_footer()
