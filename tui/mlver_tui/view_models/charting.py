"""What of the chosen versions is charted: over which axis, which metric, which param; and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.curve import Curve
from mlver.model.version import VersionRow
from mlver_tui.view_models.chart import Chart
from mlver_tui.view_models.choices import Choice
from mlver_tui.view_models.curve_axes import Axis, axes_of
from mlver_tui.view_models.curve_lines import CurveName, curve_names
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import count
from mlver_tui.view_models.origin import curves_hint
from mlver_tui.view_models.overlay import MOST_CURVES, Charted, Wish, is_growing, overlay_of
from mlver_tui.view_models.param_axis import Param
from mlver_tui.view_models.scatter import ScatterWish, scatter_chart
from mlver_tui.view_models.spans import EMPTY, Line, bright, dim, line
from mlver_tui.view_models.trend import trend_metrics
from mlver_tui.view_models.trend_chart import TrendWish, trend_chart
from mlver_tui.view_models.version_rows import shown_name

_FOUND = (
    "metrics.csv, *history*.csv, log.csv and the like, with a column step or epoch",
    "Lightning's, Keras' and DVCLive's logs, Hugging Face's trainer_state.json, MLflow's metrics",
    "docs/histories.md tells all of them; history: in mlver.yaml names any other file",
)


def _with_curves(one: Charted, curves: tuple[Curve, ...] | None, problem: str) -> Charted:
    """Of a run under way the newest points come: those from before stay in front of them."""
    if curves is None or not one.curves or not is_growing(one.row):
        return replace(one, curves=curves, problem=problem)
    known = {(curve.metric, curve.context): curve for curve in one.curves}
    grown = [_grown(known.get((curve.metric, curve.context)), curve) for curve in curves]
    return replace(one, curves=tuple(grown), problem=problem)


def _grown(before: Curve | None, after: Curve) -> Curve:
    if before is None or not after.steps:
        return before or after
    kept = [place for place, step in enumerate(before.steps) if step < after.steps[0]]
    if not kept:
        return after

    def joined(older: tuple[float, ...], newer: tuple[float, ...]) -> tuple[float, ...]:
        return (*(older[place] for place in kept), *newer) if older and newer else ()

    return replace(
        after,
        steps=joined(before.steps, after.steps),
        values=joined(before.values, after.values),
        epochs=joined(before.epochs, after.epochs),
        times=joined(before.times, after.times),
    )


MOST_LISTED = 10_000
"""Versions that a trend or a scatter is of; of more the newest."""


class Charting(Struct, frozen=True, kw_only=True, dict=True):
    """What is charted and how, whoever draws it. What keys ask again is made once; hence no slots."""

    charted: tuple[Charted, ...]
    """The versions with letters, A first."""
    left_out: int
    """Versions beyond those."""
    listed: tuple[VersionRow, ...]
    """The versions of the model that the list shows: what trends and scatters are of."""
    measured: tuple[str, ...] = ()
    """The metrics that have a number in any of those."""
    unlisted: int = 0
    """Older versions of the list that are in neither."""
    axis: Axis = Axis.STEP
    metric: str = ""
    """The metric shown last, so that another axis begins with it."""
    context: str = ""
    param: str | None = None
    """The param that is the axis; None: no param is."""
    params: tuple[Param, ...] | None = None
    """None: not read yet."""
    weight: float = 0.0
    log_y: bool = False

    @classmethod
    def of(cls, rows: Sequence[VersionRow], listed: Iterable[VersionRow]) -> Charting:
        """Nothing of their curves is known yet."""
        first = rows[0]
        same = {row.key: row for row in listed if row.model == first.model}
        newest = sorted(same.values(), key=lambda row: -(row.created or 0.0))[:MOST_LISTED]
        shown = {row.key: row for row in (*newest, *(row for row in rows if row.model == first.model))}
        return cls(
            charted=tuple(Charted(row=row) for row in rows[:MOST_CURVES]),
            left_out=max(0, len(rows) - MOST_CURVES),
            listed=tuple(shown.values()),
            measured=trend_metrics(shown.values()),
            unlisted=max(0, len(same) - len(newest)),
        )

    @property
    def rows(self) -> list[VersionRow]:
        """The versions with letters."""
        return [one.row for one in self.charted]

    @property
    def is_reading(self) -> bool:
        """Whether the curves of some version are still to come."""
        return any(one.curves is None and not one.problem for one in self.charted)

    @property
    def is_of_curves(self) -> bool:
        """Whether curves are shown: neither a trend nor a scatter."""
        return self.param is None and self.axis is not Axis.VERSION

    @property
    def why_no_param(self) -> str:
        """Why no param can be an axis; empty: one can, or it is not known yet."""
        return "no param differs between the versions of the list" if self.params == () else ""

    @cached_property
    def curves(self) -> list[Curve]:
        """All curves of all versions."""
        return [curve for one in self.charted for curve in one.curves or ()]

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What can be drawn over: what any history tells, and from version to version."""
        has_trend = len(self.listed) > 1 and bool(self.measured)
        return (*axes_of(self.curves), *((Axis.VERSION,) if has_trend else ()))

    def with_curves(self, key: str, curves: tuple[Curve, ...] | None, problem: str = "") -> Charting:
        """A version's curves came, or why they cannot."""
        charted = tuple(_with_curves(one, curves, problem) if one.row.key == key else one for one in self.charted)
        made = replace(self, charted=charted)
        if made.is_reading or made.axis in made.axes:
            return made
        # Histories may tell epochs alone; where there are none the axis stays, and it is said how to get some.
        return replace(made, axis=axes_of(made.curves)[0]) if made.curves else made

    @property
    def has_other_axis(self) -> bool:
        """Whether it can be drawn over something else."""
        return bool({*self.axes} - ({self.axis} if self.param is None else set()))

    def next_axis(self) -> Charting:
        """Over the next axis that there is."""
        axes = self.axes
        place = axes.index(self.axis) if self.axis in axes else -1
        return replace(self.on_page(self.index), axis=axes[(place + 1) % len(axes)], param=None)

    # Pages.

    @cached_property
    def names(self) -> tuple[CurveName, ...]:
        """The metrics to page through, with their contexts."""
        if not self.is_of_curves:
            return tuple((metric, "") for metric in self.measured)
        return curve_names((), self.curves)

    @property
    def index(self) -> int:
        """Which of the names is shown: the one shown before, else of the same metric, else the first."""
        names = self.names
        if (self.metric, self.context) in names:
            return names.index((self.metric, self.context))
        return next((place for place, (metric, _) in enumerate(names) if metric == self.metric), 0)

    def on_page(self, index: int) -> Charting:
        """With another metric, around the ends."""
        names = self.names
        if not names:
            return self
        metric, context = names[index % len(names)]
        return replace(self, metric=metric, context=context)

    @property
    def _param_index(self) -> int:
        names = [param.name for param in self.params or ()]
        return names.index(self.param) if self.param in names else 0

    def next_param(self, step: int) -> Charting:
        """Over another param, around the ends; over the one shown last, or the first, when none is."""
        if not self.params:
            return self
        place = (self._param_index + step) % len(self.params)
        return replace(self.on_page(self.index), param=self.params[place].name)

    # The chart.

    def chart(self, *, now: float, glyphs: Glyphs = UNICODE) -> Chart | None:
        """What is drawn; None: there is nothing. Slow where curves are long."""
        names = self.names
        if not names:
            return None
        if self.param is not None:
            return self._scatter(names[self.index][0], glyphs)
        if self.axis is Axis.VERSION:
            wish = TrendWish(metrics=[metric for metric, _ in names], index=self.index, log_y=self.log_y)
            return trend_chart(self.listed, self.rows, wish, now=now, glyphs=glyphs)
        how = Wish(axis=self.axis, weight=self.weight, log_y=self.log_y)
        return overlay_of(self.charted, names, self.index, how, glyphs=glyphs)

    def _scatter(self, metric: str, glyphs: Glyphs) -> Chart | None:
        if not self.params:
            return None
        known = {key for param in self.params for key in param.values}
        rows = [row for row in self.listed if row.key in known]
        wish = ScatterWish(params=self.params, index=self._param_index, metric=metric, log_y=self.log_y)
        return scatter_chart(rows, self.rows, wish, glyphs=glyphs)

    # What is said.

    def choices(self, glyphs: Glyphs = UNICODE) -> list[Choice]:
        """The metrics, and where a param is the axis the params: to be chosen by name."""
        shown = glyphs.data
        metrics = [
            Choice(
                key=f"{_METRIC}{place}",
                name=shown(metric),
                said=shown(context),
                section="metrics" if self.params else "",
                is_on=place == self.index,
            )
            for place, (metric, context) in enumerate(self.names)
        ]
        params = [
            Choice(
                key=f"{_PARAM}{param.name}",
                name=shown(param.name),
                said="number" if param.is_number else "text",
                section="params",
                is_on=param.name == self.param,
            )
            for param in self.params or ()
        ]
        return [*metrics, *params]

    def chosen(self, key: str) -> Charting:
        """With the metric or the param of that choice."""
        if key.startswith(_PARAM):
            return replace(self, param=key.removeprefix(_PARAM))
        return self.on_page(int(key.removeprefix(_METRIC)))

    def status(self, glyphs: Glyphs = UNICODE) -> Line:
        """What a reader of the chart must know beside it."""
        said = []
        if self.left_out:
            said.append(f"{self.left_out} more marked: a chart holds {MOST_CURVES} versions, these are the first")
        if len(self.charted) > 1 and self.is_of_curves:
            said.append(f"{glyphs.delta} is against A, {shown_name(self.charted[0].row, glyphs)}")
        if self.unlisted and not self.is_of_curves:
            said.append(f"the newest {count(MOST_LISTED, glyphs)} versions; {count(self.unlisted, glyphs)} are older")
        return line(" ", dim(f" {glyphs.dot} ".join(said))) if said else EMPTY

    def nothing_lines(self, axis_key: str, glyphs: Glyphs = UNICODE) -> list[Line]:
        """What stands in the place of a chart without curves: which logs are found, and what else can be seen."""
        names = ", ".join(shown_name(row, glyphs) for row in self.rows)
        hints = dict.fromkeys(curves_hint(row) for row in self.rows)
        said = [EMPTY, line(" ", bright("no curves: "), names), EMPTY]
        said += [line(" ", glyphs.remark(hint)) for hint in hints]
        said += [EMPTY, line(dim(" found by themselves:")), *(line(dim(f"   {part}")) for part in _FOUND)]
        if Axis.VERSION in self.axes:
            said += [EMPTY, line(" ", bright(axis_key), dim(" shows how the metrics went from version to version"))]
        return said


_METRIC, _PARAM = "metric ", "param "
