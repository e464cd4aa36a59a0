"""`mlver curves`: the recorded curves of versions over one another, or a metric from version to version."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from mlver.errors import BadArgument, FileNotFoundInVersion, VersionNotFound
from mlver_tui.chart_export import curves_csv, curves_json, trend_csv, trend_json
from mlver_tui.commands.failures import FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.scope import with_scope
from mlver_tui.native_noise import own_words_only
from mlver_tui.view_models.curve_axes import Axis, axes_of
from mlver_tui.view_models.spans import EMPTY, dim, line

if TYPE_CHECKING:
    from mlver.model.curve import Curve
    from mlver.model.version import Listing, VersionRow
    from mlver_tui.view_models.chart import Chart
    from mlver_tui.view_models.overlay import Charted

_ROWS = 16
_MOST_CHARTS = 4


class Asked(Struct, frozen=True, kw_only=True):
    """What the options say."""

    metric: str | None
    axis: Axis | None
    weight: float
    log_y: bool
    form: str
    """`json`, `csv`, or nothing."""


@click.command("curves")
@click.argument("versions", metavar="[V]...", nargs=-1)
@click.option("--metric", metavar="NAME", help="Only this metric.")
@click.option(
    "--x",
    "axis",
    type=click.Choice([axis.value for axis in Axis]),
    help="The x axis: what the histories tell, or version: a metric over all versions of the model.",
)
@click.option(
    "--smooth",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    metavar="WEIGHT",
    help="Smooth the curves, the raw ones behind: from 0 to less than 1.",
)
@click.option("--log-y", is_flag=True, help="A logarithmic y axis.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV: version, metric, context, step, value.")
@click.pass_obj
@with_scope
@own_words_only()
def command(  # noqa: PLR0913 - one parameter an option
    invocation: Invocation,
    *,
    versions: tuple[str, ...],
    metric: str | None,
    axis: str | None,
    smooth: float,
    log_y: bool,
    as_json: bool,
    as_csv: bool,
) -> int:
    """Show the recorded curves of versions over one another, a chart for each metric."""
    form = "json" if as_json else "csv" if as_csv else ""
    asked = Asked(metric=metric, axis=Axis(axis) if axis else None, weight=smooth, log_y=log_y, form=form)
    if not versions and asked.axis is not Axis.VERSION:
        raise BadArgument("no version is named", hint="mlver curves latest; --x version needs none")
    with invocation.open_project() as project:
        rows = list({row.key: row for row in map(project.find, versions)}.values())
        if asked.axis is Axis.VERSION:
            return _show_trend(invocation, rows, project.refresh(), asked)
        curves = {row.key: project.curves(row) for row in rows}
    return _show_curves(invocation, rows, curves, asked)


def _show_curves(
    invocation: Invocation, rows: Sequence[VersionRow], curves: dict[str, tuple[Curve, ...]], asked: Asked
) -> int:
    from mlver_tui.view_models.overlay import Charted

    charted = [
        Charted(row=row, curves=tuple(curve for curve in curves[row.key] if asked.metric in {None, curve.metric}))
        for row in rows
    ]
    drawn = [curve for one in charted for curve in one.curves or ()]
    if not drawn:
        _explain(rows, [curve for found in curves.values() for curve in found], asked.metric)
    if asked.form == "json":
        invocation.console.show_text(curves_json(charted, asked.weight))
    elif asked.form == "csv":
        invocation.console.show_text(curves_csv(charted, invocation.console.glyphs))
    else:
        _show_overlays(invocation, charted, _axis_of(drawn, asked), asked)
    return FINE if all(curve.complete for curve in drawn) else INCOMPLETE


def _explain(rows: Sequence[VersionRow], curves: Iterable[Curve], metric: str | None) -> None:
    """Nothing can be shown: say why."""
    names = sorted({curve.metric for curve in curves})
    if metric is not None and names:
        raise VersionNotFound(f"there is no curve of '{metric}'", hint=f"there are: {', '.join(names)}")
    from mlver_tui.view_models.origin import curves_hint

    said = " and ".join(row.name for row in rows)
    hints = dict.fromkeys(map(curves_hint, rows))
    raise FileNotFoundInVersion(f"{said}: no curves were recorded", hint="; ".join(hints))


def _axis_of(curves: Sequence[Curve], asked: Asked) -> Axis:
    axes = axes_of(curves) or (Axis.STEP,)
    if asked.axis is None:
        return axes[0]
    if asked.axis not in (*axes, Axis.STEP):
        there = ", ".join((*axes, Axis.VERSION))
        raise BadArgument(f"no history here tells the {asked.axis} of its points", hint=f"--x can be: {there}")
    return asked.axis


def _show_overlays(invocation: Invocation, charted: Sequence[Charted], axis: Axis, asked: Asked) -> None:
    from mlver_tui.view_models.curve_lines import curve_names
    from mlver_tui.view_models.overlay import MOST_CURVES, Wish, overlay_of

    console, shown = invocation.console, charted[:MOST_CURVES]
    names = curve_names((), [curve for one in shown for curve in one.curves or ()])
    wish = Wish(axis=axis, weight=asked.weight, log_y=asked.log_y)
    for index in range(min(len(names), _MOST_CHARTS)):
        _show_chart(invocation, overlay_of(shown, names, index, wish, glyphs=console.glyphs))
        console.show(EMPTY)
    if len(names) > _MOST_CHARTS:
        others = ", ".join(console.glyphs.data(metric) for metric, _context in names[_MOST_CHARTS:])
        console.say(line(dim("not shown: "), others, dim("; --metric NAME shows one")))
    if len(charted) > MOST_CURVES:
        console.say(line(dim(f"a chart holds {MOST_CURVES} versions: {len(charted) - MOST_CURVES} are not shown")))


def _show_chart(invocation: Invocation, chart: Chart) -> None:
    """The chart where somebody looks at it, and always what it is and its exact values."""
    console = invocation.console
    console.show(chart.head())
    if console.is_terminal and console.width:
        console.show_text(_drawn(invocation, chart, console.width))
    console.show_all(chart.lines(None, console.width))


def _drawn(invocation: Invocation, chart: Chart, width: int) -> str:
    from mlver_tui.charts import ChartLook, draw_chart, series_of
    from mlver_tui.commands.live_output import without_colours

    console = invocation.console
    series = [series_of(trace, {}, is_ascii=console.glyphs.is_ascii) for trace in chart.traces]
    text = draw_chart(series, ChartLook.of(chart.axes, columns=width, rows=_ROWS)).text
    text = text if console.has_colours else without_colours(text)
    return "\n".join(one.rstrip() for one in text.splitlines())


def _show_trend(invocation: Invocation, rows: Sequence[VersionRow], listing: Listing, asked: Asked) -> int:
    from mlver_tui.view_models.trend import trend_metrics, trend_points
    from mlver_tui.view_models.trend_chart import TrendWish, trend_chart, trend_table

    model = next((row.model for row in (*rows, *listing.rows)), "")
    of_model = [row for row in listing.rows if row.model == model]
    metrics = trend_metrics(of_model)
    if asked.metric is not None and asked.metric not in metrics:
        names = f"there are: {', '.join(metrics)}" if metrics else "no version has a metric that is a number"
        raise VersionNotFound(f"no version has a number for '{asked.metric}'", hint=names)
    if not metrics:
        raise VersionNotFound("no version has a metric that is a number", hint="mlver list tells what there is")
    index = metrics.index(asked.metric) if asked.metric else 0
    console = invocation.console
    if asked.form:
        points = trend_points(of_model, metrics[index])
        made = trend_json(model, metrics[index], points) if asked.form == "json" else trend_csv(points, console.glyphs)
        console.show_text(made)
    else:
        wish = TrendWish(metrics=metrics, index=index, log_y=asked.log_y)
        chart = trend_chart(of_model, rows, wish, now=time.time(), glyphs=console.glyphs)
        _show_chart(invocation, chart)
        if not console.is_terminal:
            console.show_all(trend_table(chart))
    return INCOMPLETE if listing.is_cut else FINE
