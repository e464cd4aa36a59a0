"""Curves of several versions, a metric from version to version, a metric over a param: with exact values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.worker import get_current_worker

from mlver.errors import MlverError
from mlver.model.version import VersionRow
from mlver_tui.actions import Context, Situation
from mlver_tui.messages import ChartMade, ChartParamsRead, CoreFailed, VersionCurvesRead
from mlver_tui.screens.explorer_screen import ExplorerScreen, bindings_of
from mlver_tui.screens.moving import Movable
from mlver_tui.view_models.chart import Chart, prepare
from mlver_tui.view_models.chart_places import Stretch, followed, zoomed
from mlver_tui.view_models.charting import Charting
from mlver_tui.view_models.chrome import rule_line, waiting_line
from mlver_tui.view_models.overlay import is_growing
from mlver_tui.view_models.param_axis import params_that_differ
from mlver_tui.view_models.smoothing import next_weight
from mlver_tui.view_models.spans import EMPTY, Line, fitted, text_of
from mlver_tui.widgets.chart_pane import ChartPane
from mlver_tui.widgets.line_view import LinePane, LineView

if TYPE_CHECKING:
    from mlver_tui.screens.exporting import Export
    from mlver_tui.view_models.yanking import Yankable

_LEGEND_SHARE = 3
"""The legend has at most a third of the lines, and scrolls."""


class ChartsScreen(ExplorerScreen, inherit_bindings=False):
    """Keys change what is charted; a worker makes that, another draws it, and the cursor waits for neither."""

    CONTEXT = Context.CHARTS
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Context.CHARTS)

    def __init__(self, rows: Sequence[VersionRow], listed: Sequence[VersionRow]) -> None:
        super().__init__()
        self._charting = Charting.of(rows, listed)
        self._chart: Chart | None = None
        self._made: Charting | None = None
        """What the chart was made of."""
        self._stretch: Stretch | None = None
        """The part of the x axis that is shown; None: all."""
        self._inspects = False
        self._cursor = 0.0

    # Compose.

    def compose_body(self) -> ComposeResult:
        yield LineView(glyphs=self.glyphs, id="title", classes="bar")
        yield LinePane(glyphs=self.glyphs, id="lines")
        yield ChartPane(glyphs=self.glyphs, id="chart")
        yield LineView(glyphs=self.glyphs, id="rule", classes="bar")
        yield LineView(glyphs=self.glyphs, id="legend")

    def begin_with(self, metric: str) -> None:
        """Show this metric, where there is one of that name."""
        self._change(replace(self._charting, metric=metric, context=""))

    def on_mount(self) -> None:
        self._show()
        self._read_curves(self._charting.rows)
        if any(map(is_growing, self._charting.rows)):
            self.set_interval(self.explorer.settings.poll_s, self._read_growing)

    def arrange_panes(self, width: int, height: int) -> None:  # noqa: ARG002 - it is as wide as the screen
        self._legend.styles.height = min(max(1, self._legend.line_count), max(4, height // _LEGEND_SHARE))

    @property
    def _legend(self) -> LineView:
        return self.query_one("#legend", LineView)

    # Act.

    def situation(self) -> Situation:
        charting = self._charting
        return Situation(
            has_version=True,
            has_curves=self._chart is not None,
            can_smooth=self._chart is not None and charting.is_of_curves,
            has_other_axis=charting.has_other_axis,
            no_scatter=charting.why_no_param,
            no_export="" if self._chart else "nothing is drawn here",
            is_read_only=self.explorer.settings.is_read_only,
        )

    @property
    def is_waiting(self) -> bool:
        return self._chart is None and (self._made is not self._charting or self._charting.is_reading)

    @property
    def tabs(self) -> tuple[int, int]:
        return self._charting.index, max(1, len(self._charting.names))

    def go_to_tab(self, index: int) -> None:
        if index < len(self._charting.names):
            self._change(self._charting.on_page(index))

    def do_chart_next(self) -> None:
        self._turn(1)

    def do_chart_previous(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        charting = self._charting
        if charting.param is not None:
            self._change(charting.next_param(step), is_other_axis=True)
        else:
            self._change(charting.on_page(charting.index + step))

    def do_chart_axis(self) -> None:
        self._change(self._charting.next_axis(), is_other_axis=True)

    def do_log_scale(self) -> None:
        self._change(replace(self._charting, log_y=not self._charting.log_y))

    def do_smooth(self) -> None:
        self._change(replace(self._charting, weight=next_weight(self._charting.weight, 1)))

    def do_smooth_less(self) -> None:
        self._change(replace(self._charting, weight=next_weight(self._charting.weight, -1)))

    def do_scatter(self) -> None:
        charting = self._charting
        if charting.params is None:
            self._read_params()
        elif charting.param is None:
            self._change(charting.next_param(0), is_other_axis=True)
        else:
            self._change(replace(charting, param=None), is_other_axis=True)

    def do_chart_pick(self) -> None:
        from mlver_tui.screens.browsing_dialogs import PickScreen

        def chosen(key: str | None) -> None:
            if key is not None:
                self._change(self._charting.chosen(key), is_other_axis=self._charting.param is not None)

        self.app.push_screen(PickScreen(self._charting.choices(self.glyphs), title="what to chart"), chosen)

    def _change(self, charting: Charting, *, is_other_axis: bool = False) -> None:
        """Show something else; over another axis the cursor and the part that is shown mean nothing any more."""
        self._charting = charting
        if is_other_axis:
            self._stretch = self._chart = None
        self._make()

    # The cursor.

    def do_inspect(self) -> None:
        if self._inspects:
            self._inspects = False
            self._show_cursor()
        else:
            self._point_at(self._cursor)

    def do_chart_right(self) -> None:
        self._step(1)

    def do_chart_left(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        """To the next point, or the one before; a cursor that is not seen comes first."""
        if self._chart is None or not self._inspects:
            self._point_at(self._cursor)
        else:
            stops = self._chart.stops
            self._point_at(stops.after(self._cursor) if step > 0 else stops.before(self._cursor))

    @on(ChartPane.Pointed)
    def _pointed(self, message: ChartPane.Pointed) -> None:
        self._point_at(message.x)

    def do_first(self) -> None:
        self._to_end(0, super().do_first)

    def do_last(self) -> None:
        self._to_end(1, super().do_last)

    def _to_end(self, end: int, otherwise: Callable[[], None]) -> None:
        if self._chart and self._inspects and self._chart.stops:
            self._point_at(self._chart.stops.whole[end])
        else:
            otherwise()

    def do_half_down(self) -> None:
        self._tenth(1, super().do_half_down)

    def do_half_up(self) -> None:
        self._tenth(-1, super().do_half_up)

    def _tenth(self, tenths: int, otherwise: Callable[[], None]) -> None:
        if self._chart and self._inspects and (stops := self._chart.stops):
            self._point_at(stops.tenth(self._cursor, self._stretch or stops.whole, tenths))
        else:
            otherwise()

    def _point_at(self, x: float) -> None:
        """Put the cursor on the point nearest to a place; what is shown follows it."""
        if self._chart is None or not (stops := self._chart.stops):
            return
        self._inspects, self._cursor = True, stops.nearest(x)
        stretch = followed(self._stretch, stops.whole, self._cursor)
        if stretch != self._stretch:
            self._stretch = stretch
            self._show_chart()
        self._show_cursor()

    def do_zoom_in(self) -> None:
        self._zoom(closer=True)

    def do_zoom_out(self) -> None:
        self._zoom(closer=False)

    def _zoom(self, *, closer: bool) -> None:
        if self._chart is None or not (stops := self._chart.stops):
            return
        about = self._cursor if self._inspects else (self._stretch or stops.whole)[1]
        self._stretch = zoomed(self._stretch, stops.whole, about, closer=closer)
        self._show_chart()

    def do_back(self) -> None:
        """One layer out: the cursor, the zoom, the param, the screen."""
        if self._inspects:
            self.do_inspect()
        elif self._stretch is not None:
            self._stretch = None
            self._show_chart()
        elif self._charting.param is not None:
            self.do_scatter()
        else:
            super().do_back()

    def do_leave(self) -> None:
        super().do_back()

    @property
    def moved(self) -> Movable:
        return self._legend

    @property
    def other(self) -> LineView:
        return self._legend

    def do_refresh(self) -> None:
        self._read_curves(self._charting.rows)

    def yankables(self) -> list[Yankable]:
        from mlver_tui.view_models.chart_yanks import chart_yanks

        if self._chart is None:
            return []
        lines = self._chart.lines(self._cursor if self._inspects else None, None)
        values = "\n".join(map(text_of, (self._chart.head(), *lines)))
        return chart_yanks(self._charting, self.explorer.home.all_rows, values, self._whole_text)

    def export(self) -> Export:
        from mlver_tui.chart_export import FORMATS
        from mlver_tui.screens.exporting import Export
        from mlver_tui.view_models.chart_yanks import chart_command

        def command(form: str) -> str:
            return chart_command(self._charting, self.explorer.home.all_rows, form=form)

        return Export(title="the points", name="chart.csv", forms=FORMATS, make=self._whole_text, command=command)

    def _whole_text(self, form: str) -> str:
        from mlver_tui.chart_export import chart_text

        assert self._chart
        return chart_text(self._charting, self._chart, form, self.glyphs)

    # Work.

    @work(thread=True, exclusive=True, group="read", description="read curves")
    def _read_curves(self, rows: Sequence[VersionRow]) -> None:
        """One after another, so that the first are drawn while the others are read; one failure is one line."""
        for row in rows:
            self.ask_core("read the curves", partial(self._curves_of, row), self.post_message)

    @work(thread=True, exclusive=True, group="growing")
    def _read_growing(self) -> None:
        for row in filter(is_growing, self._charting.rows):
            self.ask_core("read the curves", partial(self._curves_of, row), self.post_message)

    def _curves_of(self, row: VersionRow) -> VersionCurvesRead:
        project = self.explorer.project
        try:
            live = project.live(row) if is_growing(row) else None
            return VersionCurvesRead(row.key, live.curves if live else project.curves(row))
        except MlverError as error:
            return VersionCurvesRead(row.key, None, error.message)

    @work(thread=True, exclusive=True, group="params")
    def _read_params(self) -> None:
        project, rows = self.explorer.project, self._charting.listed
        self.ask_core(
            "read the params",
            lambda: ChartParamsRead(params_that_differ(project.params_of(rows))),
            self.post_message,
            about="params",
        )

    @work(thread=True, exclusive=True, group="make")
    def _make(self) -> None:
        charting, worker = self._charting, get_current_worker()
        chart = charting.chart(now=self.now, glyphs=self.glyphs)
        if chart:
            prepare(chart)
        if not worker.is_cancelled:
            self.post_message(ChartMade(charting, chart))

    @on(VersionCurvesRead)
    def _curves_read(self, message: VersionCurvesRead) -> None:
        self._change(self._charting.with_curves(message.key, message.curves, message.problem))

    @on(ChartParamsRead)
    def _params_read(self, message: ChartParamsRead) -> None:
        self._charting = replace(self._charting, params=message.params)
        if message.params:
            self._change(self._charting.next_param(0), is_other_axis=True)
        else:
            self._made = self._charting
            self.tell(self._charting.why_no_param)

    @on(ChartMade)
    def _chart_made(self, message: ChartMade) -> None:
        if message.charting is not self._charting:
            return
        is_first = self._chart is None
        self._chart, self._made = message.chart, message.charting
        if self._chart and (stops := self._chart.stops):
            self._cursor = stops.whole[1] if is_first else stops.nearest(self._cursor)
        self._show()
        self.do_what_was_typed_ahead()

    @on(CoreFailed)
    def _core_failed(self, message: CoreFailed) -> None:
        self.tell(self.glyphs.data(f"cannot {message.doing}: {message.error.message}"))
        self.forget_what_was_typed_ahead()

    # Show.

    def _show(self) -> None:
        chart = self._chart
        head: Line = chart.head() if chart else EMPTY
        self.pane("#title").show(lambda width: [fitted(head, width)])
        lines, pane = self.query_one("#lines", LinePane), self.query_one(ChartPane)
        lines.display, pane.display = chart is None, chart is not None
        lines.show(self._instead)
        self.pane("#rule").show(lambda width: [rule_line("", width, self.glyphs)])
        self._show_chart()
        self._show_cursor()
        self.show_status(self._charting.status(self.glyphs))
        self.show_footer()

    def _instead(self, _width: int) -> list[Line]:
        if self.is_waiting:
            return [EMPTY, waiting_line("reading the curves", self.glyphs)]
        return self._charting.nothing_lines(self.key_of("chart-axis"), self.glyphs)

    def _show_chart(self) -> None:
        if self._chart:
            axes = replace(self._chart.axes, x_range=self._stretch)
            self.query_one(ChartPane).show_traces(self._chart.traces, axes)

    def _show_cursor(self) -> None:
        """The exact values: nothing is made or drawn for that."""
        chart, cursor = self._chart, self._cursor if self._inspects else None
        self._legend.show(lambda width: chart.lines(cursor, width) if chart else [])
        self.arrange_panes(self.size.width, self.size.height)
        self.query_one(ChartPane).point_at(cursor)
