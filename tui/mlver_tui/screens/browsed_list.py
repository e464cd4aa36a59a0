"""The list of versions in the order and with the columns that its user wants, and the dialogs that ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace
from textual import on, work
from textual.worker import get_current_worker

from mlver.model.data import Data
from mlver.model.filtering import Around, Narrowed
from mlver.model.ledger import Ledger
from mlver.model.version import VersionRow
from mlver_tui.messages import CoreFailed, FiltersCounted, MetricsRead, ParamNamesRead, ParamValuesRead
from mlver_tui.screens.undoable_list import UndoableList
from mlver_tui.view_models.browsing import Browsing, heading_said
from mlver_tui.view_models.numbers import amount
from mlver_tui.view_models.ordering import needs_metrics
from mlver_tui.view_models.saved_filters import NamedFilter, counted, offered_filters
from mlver_tui.view_models.spans import EMPTY
from mlver_tui.view_models.version_fields import called, leaves_of, of_param
from mlver_tui.view_models.version_rows import LiveCells, VersionTable, version_table, with_columns
from mlver_tui.widgets.rows import Heading, ListedRows

if TYPE_CHECKING:
    from mlver_tui.screens.choosing import ChoosingScreen
    from mlver_tui.view_models.choices import Choice

T = TypeVar("T")

_QUICKLY_RANKED = 2000
"""Versions whose metrics can be read within a key."""


class BrowsedList(UndoableList, inherit_bindings=False):
    """Rows under headings where they are of several models. Params are read when a column or the order needs them."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[VersionRow, ...] = ()
        self._table: VersionTable | None = None
        self.live_cells: dict[str, LiveCells] = {}
        """What rows of versions being made show, by key."""
        self._values: dict[str, dict[str, Data]] = {}
        """Params that are sorted by or shown, as last read."""
        self._values_of: tuple[frozenset[str], Sequence[VersionRow]] | None = None
        """Which params were asked for, of which rows."""
        self._has_metrics_of: Sequence[VersionRow] | None = None
        self._reads_metrics_of: Sequence[VersionRow] | None = None
        self._models: dict[str, int] = {}
        self._ledger = Ledger()
        self._take_params: Callable[[Sequence[str]], None] | None = None
        """Of the dialog that is open: it offers params, whose names may be read later."""
        self._take_counts: Callable[[Mapping[str, int | None]], None] | None = None
        """Of the dialog that is open: it shows how many versions pass filters."""

    @property
    def listed_rows(self) -> tuple[VersionRow, ...]:
        """What the list shows now."""
        return self._rows

    # Act.

    def do_reverse(self) -> None:
        self.remember("the reversing")
        self._browse(replace(self._browsing, is_reversed=not self._browsing.is_reversed))

    def sort_by(self, order: str) -> None:
        if order != self._browsing.order or self._browsing.is_reversed:
            self.remember(f"sorting by {self.glyphs.data(called(order))}")
        self._browse(replace(self._browsing, order=order, is_reversed=False))

    def do_sort(self) -> None:
        from mlver_tui.screens.browsing_dialogs import PickScreen

        dialog = PickScreen(self._orders(), title="sort by")
        self._open(dialog, self.sort_by)
        self._offer_params(lambda _params: dialog.offer(self._orders()))

    def _orders(self) -> list[Choice]:
        from mlver_tui.view_models.order_choices import order_choices

        return order_choices(
            self._all_rows, leaves_of(self._params or ()), self._browsing.order,
            is_reversed=self._browsing.is_reversed, glyphs=self.glyphs,
        )  # fmt: skip

    def do_columns(self) -> None:
        from mlver_tui.screens.browsing_dialogs import ColumnsScreen

        dialog = ColumnsScreen(self._browsing.columns, self._all_rows, self.glyphs)
        self._open(dialog, self._show_columns)
        self._offer_params(lambda params: dialog.take_fields(map(of_param, params)))

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
        self._take_counts = dialog.take_counts
        self._count_offered(self.offered_filters())

    def offered_filters(self) -> tuple[NamedFilter, ...]:
        """The filters with names, and those used lately."""
        return offered_filters(self.explorer.saved_filters, self.explorer.settings.filters, self.explorer.filters)

    def _open(self, dialog: ChoosingScreen[T], then: Callable[[T], None]) -> None:
        def done(chosen: T | None) -> None:
            self._take_params = self._take_counts = None
            if chosen is not None:
                then(chosen)

        self.app.push_screen(dialog, done)

    def _offer_params(self, take: Callable[[Sequence[str]], None]) -> None:
        """Give a dialog the names of the params, now or when they were read."""
        if self._params is None:
            self._take_params = take
            self._read_param_names()
        else:
            take(leaves_of(self._params))

    def show_model(self, model: str | None) -> None:
        """Show the versions of one model, or of all."""
        self._browse(replace(self._browsing, model=model))

    # Work.

    @on(ParamNamesRead)
    def _params_known(self, message: ParamNamesRead) -> None:
        self._params = message.names
        if self._take_params is not None:
            self._take_params(leaves_of(message.names))

    def _count_offered(self, filters: Sequence[NamedFilter]) -> None:
        """Find out how many versions of the model that is shown pass each of them."""
        model = self._browsing.model
        self._count_passing([row for row in self._all_rows if model in {None, row.model}], filters, self._around())

    @work(thread=True, exclusive=True, group="counts", description="counts")
    def _count_passing(self, rows: Sequence[VersionRow], filters: Sequence[NamedFilter], around: Around) -> None:
        worker, language = get_current_worker(), self.explorer.project.filters

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
        if self._take_counts is not None:
            self._take_counts({one.filter.words: one.count for one in message.found})

    @work(thread=True, exclusive=True, group="values", description="values")
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

    @work(thread=True, exclusive=True, group="metrics", description="metrics")
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
        table = with_columns(table, self._browsing.shown_columns(self._rows), self._rows, self._values)
        self._table = table = replace(table, longest_model=0, live=self.live_cells)  # headings say the model
        self.list.show(
            ListedRows(
                self._under_headings(groups) if self._browsing.is_grouped and len(self._models) > 1 else self._rows,
                key=lambda row: row.key,
                draw=lambda row, width, is_marked: table.line(row, width, is_marked=is_marked),
                head=table.head,
                pinned=table.name_end,
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
