"""The list of versions in the order, with the columns and the marks that its user wants; and the way back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from textual import on, work
from textual.screen import Screen
from textual.worker import get_current_worker

from mlver.model.data import Data
from mlver.model.filtering import Narrowed
from mlver.model.ledger import Ledger
from mlver.model.version import VersionRow
from mlver_tui.messages import CoreFailed, FiltersCounted, MetricsRead, ParamNamesRead, ParamValuesRead
from mlver_tui.screens.spoken_list import SpokenList
from mlver_tui.view_models.browsing import Browsing, heading_said, marks_said, range_line
from mlver_tui.view_models.numbers import amount
from mlver_tui.view_models.ordering import needs_metrics
from mlver_tui.view_models.saved_filters import NamedFilter, counted, offered_filters
from mlver_tui.view_models.spans import EMPTY, Line, dim, line
from mlver_tui.view_models.undoing import Before, Undoing
from mlver_tui.view_models.version_fields import called, leaves_of, of_param
from mlver_tui.view_models.version_rows import LiveCells, VersionTable, shown_name, version_table, with_columns
from mlver_tui.widgets.rows import Heading, ListedRows

if TYPE_CHECKING:
    from mlver_tui.screens.choosing import ChoosingScreen
    from mlver_tui.view_models.choices import Choice

T = TypeVar("T")

_QUICKLY_RANKED = 2000
"""Versions whose metrics can be read within a key."""


class BrowsedList(SpokenList, inherit_bindings=False):
    """Rows under headings where they are of several models. Params are read when a column or the order needs them."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[VersionRow, ...] = ()
        self._table: VersionTable | None = None
        self._undoing = Undoing()
        self.live_cells: dict[str, LiveCells] = {}
        """What rows of versions being made show, by key."""
        self._said: Line = EMPTY
        """Told in the status line until the next key."""
        self._values: dict[str, dict[str, Data]] = {}
        """Params that are sorted by or shown, as last read."""
        self._values_of: tuple[frozenset[str], Sequence[VersionRow]] | None = None
        """Which params were asked for, of which rows."""
        self._has_metrics_of: Sequence[VersionRow] | None = None
        self._reads_metrics_of: Sequence[VersionRow] | None = None
        self._models: dict[str, int] = {}
        self._ledger = Ledger()
        self._dialog: Screen[Any] | None = None
        """What is open over the list, and may have to be told more."""

    @property
    def listed_rows(self) -> tuple[VersionRow, ...]:
        """What the list shows now."""
        return self._rows

    # Act.

    def action_act(self, action_id: str) -> None:
        self._said = EMPTY
        super().action_act(action_id)

    def say(self, text: str) -> None:
        """Tell something that stays until the next key; text from a repository must have been made showable."""
        self._said = line(dim(f" {text}"))
        self.show_state()

    def said(self) -> Line:
        """What the status line must tell before all else: a range that is being made, or what was just done."""
        if self.list.has_range:
            return range_line(len(self.list.range_keys), self.key_of("mark"), self.key_of("back"))
        return self._said

    def do_mark(self) -> None:
        if self.list.has_range:
            self._mark_range()
            return
        row = self.cursor
        if row is not None:
            is_marked = row.key in self.list.marks
            self.remember(f"the mark of {shown_name(row, self.glyphs)}{' taken away' if is_marked else ''}")
            self.list.toggle_mark()
            self.marks_changed()

    def do_range(self) -> None:
        if self.list.has_range:
            self._mark_range()
        else:
            self.list.begin_range()
            self.show_state()

    def _mark_range(self) -> None:
        keys = self.list.range_keys
        self.list.leave_range()
        self.remember(marks_said(len(keys)))
        self.list.add_marks(keys)
        self.marks_changed()

    def do_clear_marks(self) -> None:
        self.list.leave_range()
        self.remember("the clearing of the marks")
        self.list.set_marks(())
        self.marks_changed()

    def mark(self, rows: Iterable[VersionRow]) -> None:
        marked = tuple(rows)
        self.remember(marks_said(len(marked)))
        super().mark(marked)

    def do_reverse(self) -> None:
        self.remember("the reversing")
        self._browse(replace(self._browsing, is_reversed=not self._browsing.is_reversed))

    def sort_by(self, order: str) -> None:
        if order != self._browsing.order or self._browsing.is_reversed:
            self.remember(f"sorting by {self.glyphs.data(called(order))}")
        self._browse(replace(self._browsing, order=order, is_reversed=False))

    def do_sort(self) -> None:
        from mlver_tui.screens.browsing_dialogs import PickScreen

        self._open(PickScreen(self._orders(), title="sort by"), self.sort_by)
        self._know_params()

    def _orders(self) -> list[Choice]:
        from mlver_tui.view_models.order_choices import order_choices

        return order_choices(
            self._all_rows, leaves_of(self._params or ()), self._browsing.order,
            is_reversed=self._browsing.is_reversed, glyphs=self.glyphs,
        )  # fmt: skip

    def do_columns(self) -> None:
        from mlver_tui.screens.browsing_dialogs import ColumnsScreen

        params = leaves_of(self._params or ())
        self._open(ColumnsScreen(self._browsing.columns, self._all_rows, params, self.glyphs), self._show_columns)
        self._know_params()

    def _show_columns(self, columns: tuple[str, ...]) -> None:
        self._browse(replace(self._browsing, columns=columns))

    def do_model(self) -> None:
        from mlver_tui.screens.browsing_dialogs import PickScreen
        from mlver_tui.view_models.model_choices import model_choices, stage_choices

        models = model_choices(self._models, self._browsing.model, self.glyphs)
        stages = stage_choices(self._all_rows, self._ledger, self.now, self.glyphs)
        self._open(PickScreen([*models, *stages], title="models and stages"), self._model_chosen)

    def _model_chosen(self, key: str) -> None:
        from mlver_tui.view_models.model_choices import chosen_holder, chosen_model

        holder = chosen_holder(key)
        if holder is None:
            self.show_model(chosen_model(key))
        elif row := self._by_key.get(holder):
            self.go_to(row)

    def do_saved_filters(self) -> None:
        from mlver_tui.screens.browsing_dialogs import FiltersScreen

        app = self.explorer
        dialog = FiltersScreen(
            self.offered_filters, self._words, save=app.save_filter, forget=app.forget_filter, glyphs=self.glyphs
        )
        self._open(dialog, self.filter_by)
        self.count_filters(self.offered_filters())

    def offered_filters(self) -> tuple[NamedFilter, ...]:
        """The filters with names, and those used lately."""
        return offered_filters(self.explorer.saved_filters, self.explorer.settings.filters, self.explorer.filters)

    def _open(self, dialog: ChoosingScreen[T], then: Callable[[T], None]) -> None:
        def done(chosen: T | None) -> None:
            self._dialog = None
            if chosen is not None:
                then(chosen)

        self._dialog = dialog
        self.app.push_screen(dialog, done)

    def show_model(self, model: str | None) -> None:
        """Show the versions of one model, or of all."""
        self._browse(replace(self._browsing, model=model))

    def filter_changed(self, before: str, words: str) -> None:
        what = f"the filter {words}" if words else f"taking away the filter {before}"
        self.remember(self.glyphs.data(what), words=before)

    def remember(self, what: str, *, words: str | None = None) -> None:
        """Something showable is about to be done that can be undone."""
        marks: tuple[Hashable, ...] = self.list.marks
        before = Before(
            what=what,
            marks=marks,
            words=self.kept_words if words is None else words,
            order=self._browsing.order,
            is_reversed=self._browsing.is_reversed,
        )
        self._undoing.remember(before)

    def do_undo(self) -> None:
        before = self._undoing.take()
        if before is None:
            return
        self.list.set_marks(before.marks)
        self._browsing = replace(self._browsing, order=before.order, is_reversed=before.is_reversed)
        self._said = line(dim(f" undone: {before.what}"))
        if before.words != self.kept_words:
            self.restore_words(before.words)
        else:
            self.show_rows()
        self.look_again_at_marks()

    # Work.

    def _know_params(self) -> None:
        """A dialog offers params: their names may have to be read first."""
        if self._params is None:
            self._read_param_names()

    @on(ParamNamesRead)
    def _offer_params(self, message: ParamNamesRead) -> None:
        from mlver_tui.screens.browsing_dialogs import ColumnsScreen, PickScreen

        self._params = message.names
        if isinstance(self._dialog, ColumnsScreen):
            self._dialog.take_fields(map(of_param, leaves_of(message.names)))
        elif isinstance(self._dialog, PickScreen):
            self._dialog.offer(self._orders())

    @work(thread=True, exclusive=True, group="counts")
    def count_filters(self, filters: Sequence[NamedFilter]) -> None:
        """Find out how many versions of the model that is shown pass each of them."""
        worker, language = get_current_worker(), self.explorer.project.filters
        model, around = self._browsing.model, self._around()
        rows = [row for row in self._all_rows if model in {None, row.model}]

        def matching(words: str) -> Narrowed:
            return language.matching(rows, words, around, should_stop=lambda: worker.is_cancelled)

        self.ask_core(
            "count what passes the filters",
            lambda: counted(filters, matching),
            lambda found: self.post_message(FiltersCounted(found)),
            about="filter",
        )

    @on(FiltersCounted)
    def _filters_counted(self, message: FiltersCounted) -> None:
        from mlver_tui.screens.browsing_dialogs import FiltersScreen

        if isinstance(self._dialog, FiltersScreen):
            self._dialog.take_counts({one.filter.words: one.count for one in message.found})

    @work(thread=True, exclusive=True, group="values")
    def _read_values(self, names: frozenset[str], rows: Sequence[VersionRow]) -> None:
        filters = self.explorer.project.filters
        self.ask_core(
            "read the params",
            lambda: filters.param_values(rows, names),
            lambda values: self.post_message(ParamValuesRead(names, rows, values)),
            about="params",
        )

    @on(ParamValuesRead)
    def _values_read(self, message: ParamValuesRead) -> None:
        if self._values_of is not None and self._values_of[0] == message.names and self._values_of[1] is message.rows:
            self._values = message.values
            self.show_rows()

    @on(CoreFailed)
    def _params_failed(self, message: CoreFailed) -> None:
        if message.about == "params":
            self.say(self.glyphs.data(f"the params cannot be read: {message.error.message}"))

    def _read_values_if_needed(self) -> None:
        names, rows = self._browsing.params, self._all_rows
        if not names or (self._values_of is not None and self._values_of[0] >= names and self._values_of[1] is rows):
            return
        self._values_of = (names, rows)
        self._read_values(names, rows)

    @work(thread=True, exclusive=True, group="metrics")
    def _read_metrics(self, rows: Sequence[VersionRow]) -> None:
        """What is stored of them is read when it is first asked for: here it holds no key."""
        worker = get_current_worker()
        for row in rows:
            if worker.is_cancelled:
                return
            len(row.metrics)
        self.post_message(MetricsRead(rows))

    @on(MetricsRead)
    def _metrics_read(self, message: MetricsRead) -> None:
        if message.rows is self._all_rows:
            self._has_metrics_of = message.rows
            self._said = EMPTY
            self.show_rows()

    def _must_wait(self) -> bool:
        """Whether the rows cannot be put in their order yet; they are shown when they can."""
        rows = self._all_rows
        if len(rows) <= _QUICKLY_RANKED or not needs_metrics(self._browsing.order) or self._has_metrics_of is rows:
            return False
        if self._reads_metrics_of is not rows:
            self._reads_metrics_of = rows
            self._read_metrics(rows)
            self.say(f"sorting {amount(len(rows), 'version', self.glyphs)} {self.glyphs.ellipsis}")
        return True

    # Show.

    def _browse(self, browsing: Browsing) -> None:
        self._browsing = browsing
        self.show_rows()

    def show_rows(self) -> None:
        self._browsing = replace(self._browsing, words=self._words)
        if self._must_wait():
            return
        self._read_values_if_needed()
        groups = self._browsing.groups_of(self._narrowed.rows, self._values)
        self._rows = tuple(row for rows in groups.values() for row in rows)
        table = version_table(self._rows, find=self._by_key.get, now=self.now, base=self._base_row, glyphs=self.glyphs)
        table = with_columns(table, self._browsing.shown_columns, self._rows, self._values)
        self._table = table = replace(table, longest_model=0, live=self.live_cells)  # headings say the model
        self.list.show(
            ListedRows(
                self._under_headings(groups) if self._browsing.is_grouped and len(self._models) > 1 else self._rows,
                key=lambda row: row.key,
                draw=lambda row, width, is_marked: table.line(row, width, is_marked=is_marked),
                head=table.head,
            )
        )
        self.rows_shown()

    def _under_headings(self, groups: dict[str, list[VersionRow]]) -> list[VersionRow | Heading]:
        items: list[VersionRow | Heading] = []
        for model, rows in groups.items():
            items += (Heading(heading_said(model, rows, self.glyphs), self.glyphs.rule), *rows)
        return items

    def rows_shown(self) -> None:
        """Other rows are shown: what is about them is shown anew."""
        raise NotImplementedError
