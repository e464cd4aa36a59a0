"""The list while something is trained: rows of runs under way show how far they are, against another at one step."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import on, work

from mlver.model.attention import held_against
from mlver.model.live import live_value
from mlver.model.metric import MetricMeaning
from mlver.model.status import Status
from mlver_tui.messages import RepositoryChanged, RunsWatched
from mlver_tui.screens.browsed_list import BrowsedList
from mlver_tui.view_models.live_lines import Running, live_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlver.model.curve import Curve
    from mlver.model.version import VersionRow

MOST_WATCHED = 5
"""Runs under way that are looked at; a store may hold hundreds whose process died."""


class _Watched(Struct, frozen=True):
    """A run under way, and what it is held against."""

    row: VersionRow
    other: VersionRow | None
    against_name: str

    @property
    def primary(self) -> str | None:
        """The metric of its model's list: before a run has ended its own is not known."""
        return self.row.primary or (self.other.primary if self.other else None)

    def meaning_of(self, metric: str) -> MetricMeaning:
        metrics = self.other.metrics if self.other else {}
        return metrics[metric].meaning if metric in metrics else MetricMeaning()


class LiveList(BrowsedList, inherit_bindings=False):
    """Looks at the runs under way from time to time, and at nothing where there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._under_way: tuple[VersionRow, ...] = ()
        self._seen_runs: dict[str, Running] = {}
        """What was seen last, by the key of the row."""
        self._held_against: str | None = None
        """The base that the runs were held against last."""
        self._ended: set[str] = set()
        """Runs that nobody makes any more, for which the versions were listed anew: that is done once."""
        self._curves_of: dict[str, tuple[Curve, ...]] = {}
        """Of what they are held against, by its key; the worker's own."""

    def on_mount(self) -> None:
        self.set_interval(self.explorer.settings.poll_s, self.look_at_runs)

    @property
    def runs(self) -> list[tuple[VersionRow, Running]]:
        """The runs under way with what was seen of them, the newest first."""
        return [(row, self._seen_runs.get(row.key, Running())) for row in self._under_way]

    def running_of(self, row: VersionRow) -> Running | None:
        return self._seen_runs.get(row.key)

    # Work.

    def take_under_way(self, rows: Iterable[VersionRow]) -> None:
        """These are the versions now: some of them are being made."""
        being_made = (row for row in rows if row.is_running or row.status is Status.RUNNING)
        self._under_way = tuple(islice(being_made, MOST_WATCHED))
        keys = {row.key for row in self._under_way}
        self._seen_runs = {key: running for key, running in self._seen_runs.items() if key in keys}
        self._make_cells()
        self.look_at_runs()

    def look_at_runs(self) -> None:
        """Look at the runs under way, if there are any."""
        if self._under_way:
            self._watch([self._held(row) for row in self._under_way])

    def _held(self, row: VersionRow) -> _Watched:
        other = held_against(row, self._base_row, self._by_key.get)
        return _Watched(row, other, "A" if self._base_row else "parent")

    @work(thread=True, exclusive=True, group="runs", description="watch")
    def _watch(self, runs: Sequence[_Watched]) -> None:
        self.ask_core(
            "look at the runs under way",
            lambda: {watched.row.key: self._seen(watched) for watched in runs},
            lambda seen: self.post_message(RunsWatched(seen)),
            about="poll",
        )

    def _seen(self, watched: _Watched) -> Running | None:
        live = self.explorer.project.live(watched.row)
        if live is None:
            return None
        curves = self._other_curves(watched.other) if watched.other else ()
        value = live_value(live, watched.primary, curves, watched.meaning_of)
        return Running(axis=live.axis, total=live.total, value=value, against_name=watched.against_name)

    def _other_curves(self, other: VersionRow) -> tuple[Curve, ...]:
        if other.key not in self._curves_of:
            while len(self._curves_of) >= MOST_WATCHED:
                del self._curves_of[next(iter(self._curves_of))]
            self._curves_of[other.key] = self.explorer.project.curves(other)
        return self._curves_of[other.key]

    @on(RunsWatched)
    def _runs_watched(self, message: RunsWatched) -> None:
        ended = {key for key, running in message.seen.items() if running is None}
        if ended - self._ended:
            self._ended |= ended
            self.post_message(RepositoryChanged())  # perhaps it was killed: then no ref tells
        under_way = {row.key for row in self._under_way}
        moved = {
            key: running
            for key, running in message.seen.items()
            if running is not None and key in under_way and running != self._seen_runs.get(key)
        }
        if moved:
            self._seen_runs |= moved
            self._make_cells()
            self.runs_moved(moved.keys())

    # Show.

    def show_rows(self) -> None:
        super().show_rows()
        if self._base != self._held_against:
            self._held_against = self._base
            self.look_at_runs()

    def _make_cells(self) -> None:
        """In the table's own map, for the table is not made anew."""
        self.live_cells.clear()
        for row, running in self.runs:
            self.live_cells[row.key] = live_cells(running, self._held(row).primary, self.glyphs)

    def runs_moved(self, keys: Iterable[str]) -> None:
        """Something new was seen of these runs: what shows them is drawn, and nothing else."""
        for key in keys:
            self.list.refresh_key(key)
        row = self.cursor
        if row is not None and row.key in keys:
            self._show_detail()
