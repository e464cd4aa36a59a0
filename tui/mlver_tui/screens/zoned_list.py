"""The zones around the list: on the left what can be chosen, under it the trend and what is worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import sleep

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.worker import get_current_worker

from mlver.model.attention import Company, held_against
from mlver.model.ledger import Ledger
from mlver.model.version import VersionRow
from mlver_tui.messages import WorthFound, ZoneCounted
from mlver_tui.screens.live_list import LiveList
from mlver_tui.view_models.attention_lines import Worthy
from mlver_tui.view_models.browsing import Title
from mlver_tui.view_models.left_zone import (
    ALL_MODELS,
    filter_entries,
    model_entries,
    running_entries,
    stage_entries,
)
from mlver_tui.view_models.saved_filters import NamedFilter, Origin, counted, zone_filters
from mlver_tui.view_models.spans import Line, dim, fitted, line
from mlver_tui.view_models.trend_lines import trend_lines, trend_of, why_no_trend
from mlver_tui.view_models.version_fields import NEWEST, called
from mlver_tui.view_models.wide_title import wide_title_line
from mlver_tui.widgets.left_zone import LeftZone, Part
from mlver_tui.widgets.line_view import LinePane, LineView
from mlver_tui.widgets.version_detail import VersionDetail, lines_below
from mlver_tui.widgets.virtual_list import VirtualList
from mlver_tui.widgets.worth_pane import WorthPane

_ZONES_FROM = 140
"""Columns for three zones."""
_AROUND = 3
"""Lines of the screen above and below the panes."""
_TREND_LINES, _LEAST_TREND = 14, 7
_LIST_LINES, _LEAST_WORTH, _WORTH_LINES = 8, 4, 6
"""What the list keeps; what is worth a look has where that is possible, and beside a long list."""
_MOST_FOUND, _MOST_SEARCHED, _MOST_COUNTED = 50, 20_000, 20_000
_ASKED_AFTER, _BREATH_S = 64, 0.001
"""Rows between two questions whether the answer is still wanted."""
_QUIET_S = 0.3


class ZonedList(LiveList, inherit_bindings=False):
    """Three zones on a wide screen, two on one of middling width, the detail under the list on a narrow one."""

    def __init__(self) -> None:
        super().__init__()
        self._models: dict[str, int] = {}
        self._ledger = Ledger()
        self._refs = 0
        self.keeps_trend = self.explorer.settings.state.has_trend
        """On a screen with zones the trend is there, until it is taken away."""
        self._has_trend_here = False
        """On a screen without zones the trend comes when it is asked for, and is not kept."""
        self._counts: dict[str, int | None] = {}
        self._counted_for: tuple[object, ...] = ()
        self._worth_of: tuple[object, ...] = ()
        """What these were asked of, the rows first: those are compared by identity, for there may be thousands."""
        self._company = Company(())
        self._find: Timer | None = None

    # Compose.

    def compose_panes(self) -> ComposeResult:
        """The panes between the title and the status line."""
        state = self.explorer.settings.state
        with Container(id="panes"):
            yield LeftZone(glyphs=self.glyphs)
            with Vertical(id="centre"):
                yield VirtualList(glyphs=self.glyphs, id="list", marks=state.marks)
                yield LinePane(glyphs=self.glyphs, id="notice")
                yield LineView(glyphs=self.glyphs, id="trend")
                yield WorthPane(glyphs=self.glyphs)
            yield VersionDetail(glyphs=self.glyphs, tab=state.tab, retry=self.key_of("refresh"))

    @property
    def left_zone(self) -> LeftZone:
        """Models, stages, filters, runs."""
        return self.query_one(LeftZone)

    @property
    def worth(self) -> WorthPane:
        """What is worth a look."""
        return self.query_one(WorthPane)

    @property
    def has_zones(self) -> bool:
        """Whether there is room for three zones."""
        return self.has_class("zones")

    @property
    def has_trend(self) -> bool:
        """Whether the trend is shown."""
        return self.keeps_trend if self.has_zones else self._has_trend_here

    def arrange_panes(self, width: int, height: int) -> None:
        self.set_class(width >= _ZONES_FROM, "zones")
        taken, is_wide = self.left_zone.take_share(width), self.has_class("wide")
        self.detail.take_share(width - taken if self.has_zones else width, height, beside=is_wide)
        self.set_class(self.has_trend, "trended")
        self.set_class(self.has_trend and not is_wide, "trend-instead")
        self._share_height(height)

    def panes_arranged(self) -> None:
        if self.is_mounted:
            self._keep_keys_in_sight()
            self.show_zones()

    def _keep_keys_in_sight(self) -> None:
        """The keys go to the list when their pane goes."""
        is_in_zone = self.left_zone.focused_part is not None or self.focused is self.worth
        is_in_detail = self.focused is self.detail.body
        if (is_in_zone and not self.has_zones) or (is_in_detail and self.has_class("trend-instead")):
            self.set_focus(self.list)

    def _share_height(self, height: int) -> None:
        """The list, the trend, what is worth a look; by the size of the model, so that no filter moves them."""
        lines = max(1, height - _AROUND)
        beside = min(_TREND_LINES, max(_LEAST_TREND, lines // 2))
        trend = beside if self.has_class("wide") else lines_below(height)
        self.pane("#trend").styles.height = trend
        left = lines - trend if self.has_trend else lines
        rows = sum(count for model, count in self._models.items() if self._browsing.model in {None, model})
        room = left - _LIST_LINES
        self.worth.styles.height = max(_LEAST_WORTH, min(room, max(_WORTH_LINES, left - rows - 2)))
        self.set_class(self.has_zones and room >= _LEAST_WORTH, "has-worth")

    # Act.

    def do_trend(self) -> None:
        if self.has_zones:
            self.keeps_trend = not self.keeps_trend
        else:
            self._has_trend_here = not self._has_trend_here
        with self.restyled_once():
            self.arrange_panes(*self.size)
        self.panes_arranged()

    def do_zoom(self) -> None:
        self.toggle_class("zoomed")
        (self.detail.body if self.has_class("zoomed") else self.list).focus()

    def do_zone_left(self) -> None:
        # At once: the next key may already be there, and is for the zone that was asked for.
        self.set_focus(self.list if self.focused is self.detail.body else self.left_zone.first_part or self.focused)

    def do_zone_right(self) -> None:
        if self.left_zone.focused_part:
            self.set_focus(self.list)
        elif self.has_class("trend-instead"):
            self.open_detail()
        else:
            self.set_focus(self.detail.body)

    def open_detail(self) -> None:
        if self.has_class("trend-instead"):
            self.do_trend()  # it stands in the detail's place
        super().open_detail()

    def look_again_at_marks(self) -> None:
        super().look_again_at_marks()
        if self.has_zones:
            self._find_soon()  # of a filter for marked ones another count is true

    def open_zone(self) -> bool:
        """Do what the entry under the cursor of a zone is for; False: the keys are in no zone."""
        if chosen := self.left_zone.chosen:
            self._choose(*chosen)
            return True
        if self.focused is self.worth:
            self._go_to_key(str(self.worth.cursor_key))
            return True
        return False

    def _choose(self, part: Part, key: str) -> None:
        if part is Part.FILTERS:
            self.filter_by(key)
            self.set_focus(self.list)
        elif part is Part.MODELS:
            self._pick_model(key)
            self.set_focus(self.list)
        else:
            self._go_to_key(key)

    def _go_to_key(self, key: str) -> None:
        row = self._by_key.get(key)
        if row is None:
            self.tell("it is not among the versions listed here; --refs lists more places")
        else:
            self.go_to(row)
            self.set_focus(self.list)

    def _pick_model(self, key: str) -> None:
        model = None if key == ALL_MODELS else key
        if model != self._browsing.model:
            self.show_model(model)

    @on(LeftZone.Moved)
    def _zone_moved(self, event: LeftZone.Moved) -> None:
        if event.part is Part.MODELS:
            self._pick_model(event.key)

    @on(LeftZone.Opened)
    def _zone_opened(self, event: LeftZone.Opened) -> None:
        self._choose(event.part, event.key)

    # Work. Each has a description: without one Textual writes out the arguments, which are thousands of rows.

    @work(thread=True, exclusive=True, group="worth", description="worth a look")
    def _look_for_worth(self, rows: Sequence[VersionRow], company: Company, base: VersionRow | None) -> None:
        worker, by_key = get_current_worker(), self._by_key
        found: list[Worthy] = []
        for place, row in enumerate(rows[:_MOST_SEARCHED]):
            if place % _ASKED_AFTER == 0:
                sleep(_BREATH_S)  # else the thread that answers keys gets no turn while thousands of rows are judged
                if worker.is_cancelled:
                    return
            reasons = company.reasons(row, held_against(row, base, by_key.get))
            if reasons:
                found.append(Worthy(row, reasons))
            if len(found) > _MOST_FOUND:
                break
        is_all = len(found) <= _MOST_FOUND and len(rows) <= _MOST_SEARCHED
        self.post_message(WorthFound(rows, found[:_MOST_FOUND], is_all=is_all))

    @on(WorthFound)
    def _worth_found(self, message: WorthFound) -> None:
        if message.rows is self._rows:
            self.worth.show_worthies(message.found, is_all=message.is_all)

    @work(thread=True, exclusive=True, group="zone", description="count")
    def _count_filters(self, rows: Sequence[VersionRow], model: str | None, filters: Sequence[NamedFilter]) -> None:
        language, around, worker = self.explorer.project.filters, self._around(), get_current_worker()
        self.ask_core(
            "count what passes the filters",
            lambda: counted(
                filters,
                lambda words: language.matching(rows, words, around, should_stop=lambda: worker.is_cancelled),
            ),
            lambda found: self.post_message(ZoneCounted(model, found)),
            about="poll",
        )

    @on(ZoneCounted)
    def _zone_counted(self, message: ZoneCounted) -> None:
        if message.model == self._browsing.model:
            self._counts = {one.filter.words: one.count for one in message.found}
            self._show_filters()

    # Show.

    def take_rows(self, rows: Iterable[VersionRow]) -> None:
        """The listing is another: what is known of all its versions is found out anew."""
        self._company = Company(rows)
        self._refs = len({row.ref for row in rows if row.ref})
        self.take_under_way(rows)

    def title_line(self, title: Title, width: int) -> Line:
        """The top line; on a wide screen it says all that the list depends on."""
        if not self.has_zones:
            return title.line(width)
        return wide_title_line(title, width, refs=self._refs, base=self._base_row)

    def show_zones(self) -> None:
        """What stands around the list."""
        if self.has_trend:
            self.pane("#trend").show(self._trend_lines)
        if not self.has_zones:
            return
        self._share_height(self.size.height)
        browsing, glyphs = self._browsing, self.glyphs
        current = ALL_MODELS if browsing.model is None else browsing.model
        self.left_zone.show(Part.MODELS, model_entries(self._models, browsing.model, glyphs), at=current)
        stages = stage_entries(self._all_rows, self._ledger, self.now, model=browsing.model, glyphs=glyphs)
        self.left_zone.show(Part.STAGES, stages)
        self._show_filters()
        self.left_zone.show(Part.RUNNING, running_entries(self.runs, glyphs))
        self._find_soon()

    def _find_soon(self) -> None:
        """Once the rows are on the screen and no more of them come: who holds a key down waits for nothing here."""
        if self._find is not None:
            self._find.stop()
        if self.explorer.settings.follow_s:
            self._find = self.set_timer(_QUIET_S, self._find_what_the_zones_lack)
        else:
            self._find_what_the_zones_lack()

    def _find_what_the_zones_lack(self) -> None:
        model = self._browsing.model
        filters = self._filters_with_names
        counted_for = (self._all_rows, model, self._base, self.list.marks, filters)
        if _differ(counted_for, self._counted_for):
            self._counted_for = counted_for
            rows = [row for row in self._all_rows if model in {None, row.model}]
            if len(rows) <= _MOST_COUNTED:
                self._count_filters(rows, model, filters)
            else:
                self._counts = {one.words: None for one in filters}
                self._show_filters()
        worth_of = (self._rows, self._base)
        if self.has_class("has-worth") and _differ(worth_of, self._worth_of):
            self._worth_of = worth_of
            self._look_for_worth(self._rows, self._company, self._base_row)

    def _show_filters(self) -> None:
        filters = zone_filters(self._filters_with_names, self._counts, self._words)
        self.left_zone.show(Part.FILTERS, filter_entries(filters, self._words, self.glyphs), at=self._words)

    @property
    def _filters_with_names(self) -> tuple[NamedFilter, ...]:
        return tuple(one for one in self.offered_filters() if one.origin is not Origin.RECENT)

    def _trend_lines(self, width: int) -> list[Line]:
        height = self.pane("#trend").size.height
        browsing = self._browsing
        models = {row.model for row in self._rows} if browsing.model is None else ()
        order = self.glyphs.data(called(browsing.order))
        is_time, sort, model = browsing.order == NEWEST, self.key_of("sort"), self.key_of("model")
        why = why_no_trend(order, len(models), sort, model, is_time=is_time)
        # As many as there are cells: more than are drawn, for not every version has a number.
        newest = self._rows[: -width - 1 : -1] if browsing.is_reversed else self._rows[:width]
        trend = None if why else trend_of(newest, self.glyphs)
        if trend is None:
            said = why or "a trend needs versions with a metric"
            return [fitted(line(dim(f"{self.glyphs.rule} trend {self.glyphs.rule} {said}")), width)]
        return trend_lines(trend, width, height)

    def runs_moved(self, keys: Iterable[str]) -> None:
        super().runs_moved(keys)
        if self.has_zones:
            self.left_zone.show(Part.RUNNING, running_entries(self.runs, self.glyphs))


def _differ(these: tuple[object, ...], those: tuple[object, ...]) -> bool:
    """Whether rows, the first of each, or anything else is another."""
    return not those or these[0] is not those[0] or these[1:] != those[1:]
