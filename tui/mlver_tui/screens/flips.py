"""The rows of the test set that became right or wrong, of all classes or of one."""

from __future__ import annotations

import shlex
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from mlver.model.comparison import Comparison
from mlver.model.predictions import Fate, Flips, Predictions
from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.view_models.banner import Banner
from mlver_tui.view_models.flip_lines import flips_text
from mlver_tui.view_models.flip_table import FlipTable, chosen_flips, chosen_words
from mlver_tui.view_models.spans import Line, bright, fitted, line
from mlver_tui.view_models.yanking import Yankable, command_given, command_of, given, side_yanks
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.rows import ListedRows
from mlver_tui.widgets.virtual_list import VirtualList

_FATES = (None, Fate.FIXED, Fate.BROKEN)


class FlipsScreen(ExplorerScreen, inherit_bindings=False):
    """A list of rows; nothing is read again, for the comparison holds them."""

    CONTEXT = Context.FLIPS
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.FLIPS)

    def __init__(self, comparison: Comparison, predictions: Predictions, flips: Flips) -> None:
        super().__init__()
        self._comparison, self._predictions, self._flips = comparison, predictions, flips
        self._labels = (None, *(one.value for one in flips.by_class if one.tally.fixed or one.tally.broken))
        self._label = self._fate = 0

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="banner")
        yield LineView(glyphs=self.glyphs, id="head", classes="bar")
        yield LineView(glyphs=self.glyphs, id="strip", classes="bar")
        yield VirtualList(glyphs=self.glyphs, id="flips")

    def on_mount(self) -> None:
        before, after = self._sides
        right = (f"{self.key_of('back')} back", "")
        banner = Banner(before=before, after=after, now=self.now, right=right, glyphs=self.glyphs)
        self.pane("#banner").show(banner.lines)
        said = flips_text(self._predictions, self.glyphs)
        self.pane("#head").show(lambda width: [fitted(line(" ", bright(said)), width)])
        self._show()
        self.body.focus()

    @property
    def body(self) -> VirtualList:
        """The rows."""
        return self.query_one("#flips", VirtualList)

    @property
    def _sides(self) -> tuple[VersionRow, VersionRow]:
        return self._comparison.before.row, self._comparison.after.row

    # Act.

    def situation(self) -> Situation:
        return Situation(has_version=True, is_read_only=self.explorer.settings.is_read_only)

    def do_next_class(self) -> None:
        self._choose((self._label + 1) % len(self._labels), self._fate)

    def do_previous_class(self) -> None:
        self._choose((self._label - 1) % len(self._labels), self._fate)

    def do_fate(self) -> None:
        self._choose(self._label, (self._fate + 1) % len(_FATES))

    def _choose(self, label: int, fate: int) -> None:
        self._label, self._fate = label, fate
        self._show()

    def yankables(self) -> list[Yankable]:
        row = next((one for one in self._flips.rows if one.key == self.body.cursor_key), None)
        label = self._labels[self._label]
        command = command_of("diff", self._sides, self.explorer.home.all_rows) + " --flips"
        command += "" if label is None else f" --class {shlex.quote(label)}"
        under = [*given("r", "row", row.key), *given("t", "truth", row.truth)] if row else []
        before, after = self._sides
        return [*under, *command_given("m", command), *side_yanks("A", before), *side_yanks("B", after)]

    # Show.

    def _show(self) -> None:
        label, fate = self._labels[self._label], _FATES[self._fate]
        rows = chosen_flips(self._flips, label, fate)
        table = FlipTable(rows, self.glyphs)
        self.body.show(
            ListedRows(
                rows,
                key=lambda row: row.key,
                draw=lambda row, width, _marked: fitted(line(" ", *table.line(row, width - 1)), width),
                head=lambda width: fitted(line(" ", *table.head(width - 1)), width),
            )
        )
        self.pane("#strip").show(lambda width: [fitted(self._chosen_line(label, fate, len(rows)), width)])
        self.show_footer()

    def _chosen_line(self, label: str | None, fate: Fate | None, count: int) -> Line:
        return line(" ", chosen_words(label, fate, count, self.glyphs))
