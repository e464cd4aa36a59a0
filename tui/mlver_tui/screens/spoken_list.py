"""The list of versions, told by words what keys tell it: go there, mark these, sort by that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mlver.model.version import Listing, VersionRow
from mlver_tui.screens.filtered_list import FilteredList
from mlver_tui.view_models.browsing import Browsing
from mlver_tui.view_models.version_fields import METRIC, NAME, NEWEST, leaves_of, metrics_of, of_metric, of_param


class SpokenList(FilteredList, inherit_bindings=False):
    """What the palette asks of the list."""

    _browsing: Browsing
    _listing: Listing

    @property
    def all_rows(self) -> Sequence[VersionRow]:
        """Every version of the listing, whatever the filter shows."""
        return self._all_rows

    @property
    def shown_rows(self) -> list[VersionRow]:
        """The versions as the list shows them, in its order."""
        rows = self.list.rows
        keys = (str(rows.key_at(index)) for index in range(len(rows)))
        return [self._by_key[key] for key in keys if key in self._by_key]

    @property
    def problems(self) -> tuple[str, ...]:
        """What the listing had to leave out, and why."""
        return self._listing.problems

    @property
    def orders(self) -> tuple[str, ...]:
        """What it can be sorted by; the params once they were wanted and read."""
        params = leaves_of(self._params or ())
        return (NEWEST, METRIC, NAME, *map(of_metric, metrics_of(self._all_rows)), *map(of_param, params))

    def go_to(self, row: VersionRow) -> None:
        """Put the cursor on a version; what hides it is taken away first."""
        if self.list.rows.index_of(row.key) is None:
            self._show_hidden(row)
        index = self.list.rows.index_of(row.key)
        if index is None:
            self.tell(f"{self.glyphs.data(row.name)} is not among the places listed here; --refs lists more of them")
            return
        self.leave_filter()
        self.list.move_to(index)

    def _show_hidden(self, row: VersionRow) -> None:
        if self._browsing.model not in {None, row.model}:
            self._browsing = replace(self._browsing, model=row.model)
        self.filter_line.value = ""
        self.filter_by("")

    def mark(self, rows: Iterable[VersionRow]) -> None:
        """Mark versions beside those that are; marked ones stay so."""
        self.list.add_marks(row.key for row in rows)
        self.marks_changed()

    def marks_changed(self) -> None:
        """What depends on the marks is shown anew."""
        raise NotImplementedError

    def _show_state(self) -> None:
        raise NotImplementedError

    def show_state(self) -> None:
        self._show_state()

    def make_base(self, row: VersionRow) -> None:
        """Make a version the base A of deltas."""
        self._base = row.key
        self.look_again()

    def sort_by(self, order: str) -> None:
        """Sort by one of the orders."""
        raise NotImplementedError

    def filter_by(self, words: str) -> None:
        """Show the versions that pass, as if it had been typed."""
        self.ask_again(words)
        if self._mistake is None:
            self.explorer.remember_filter(words)
            self.keep_words(words)
