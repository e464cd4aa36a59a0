"""Charts for other programs, as JSON and CSV: `mlver curves` prints curves and trends, the explorer writes all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mlver.model.curve_pair import curves_held
from mlver_tui.commands.json_output import Json, delta_document, json_text, moment, plain_fields
from mlver_tui.matrix_export import inert
from mlver_tui.view_models.curve_lines import curve_named
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.overlay import meaning_of
from mlver_tui.view_models.scatter import ScatterChart
from mlver_tui.view_models.smoothing import smoothed
from mlver_tui.view_models.trend_chart import TrendChart
from mlver_tui.view_models.version_rows import shown_name

if TYPE_CHECKING:
    from mlver.model.curve import Curve
    from mlver_tui.view_models.chart import Chart
    from mlver_tui.view_models.charting import Charting
    from mlver_tui.view_models.overlay import Charted
    from mlver_tui.view_models.trend import TrendPoint

FORMATS = ("csv", "json")


def curves_json(charted: Sequence[Charted], weight: float) -> str:
    """All points of all curves, by version; behind the first one how far each is from the first one's."""
    versions = [
        {
            "name": one.row.name,
            "key": one.row.key,
            "curves": [
                _curve_document(curve, weight) | (_held_document(curve, charted) if place else {})
                for curve in one.curves or ()
            ],
        }
        for place, one in enumerate(charted)
    ]
    complete = all(curve.complete for one in charted for curve in one.curves or ())
    return json_text({"versions": versions, "complete": complete})


def _curve_document(curve: Curve, weight: float) -> dict[str, Json]:

    more = {"smoothed": list(smoothed(curve.values, weight))} if weight else {}
    return {**plain_fields(curve), **more}


def _held_document(curve: Curve, charted: Sequence[Charted]) -> dict[str, Json]:
    name = (curve.metric, curve.context)
    base = curve_named(charted[0].curves or (), name)
    goal = meaning_of([one.row for one in charted], name).goal
    return {"against_first": plain_fields(curves_held(base, curve, goal))} if base else {}


def curves_csv(charted: Iterable[Charted], glyphs: Glyphs) -> str:
    """A row for each point."""
    rows = (
        (
            inert(shown_name(one.row, glyphs)),
            inert(glyphs.data(curve.metric)),
            inert(glyphs.data(curve.context)),
            step,
            value,
        )
        for one in charted
        for curve in one.curves or ()
        for step, value in zip(curve.steps, curve.values, strict=True)
    )
    return _table(("version", "metric", "context", "step", "value"), rows)


def trend_json(model: str, metric: str, points: Iterable[TrendPoint]) -> str:
    """A metric of a model's versions, the oldest first."""
    documents = [
        {
            "name": point.row.name,
            "key": point.row.key,
            "created": moment(point.row.created),
            "value": point.value,
            "delta": delta_document(point.delta) if point.delta else None,
            "regression": point.is_regression,
            "stages": list(point.row.stages),
        }
        for point in points
    ]
    return json_text({"model": model, "metric": metric, "points": documents})


def trend_csv(points: Iterable[TrendPoint], glyphs: Glyphs) -> str:
    """A row for each version."""
    rows = (
        (inert(shown_name(point.row, glyphs)), moment(point.row.created), point.value, str(point.is_regression).lower())
        for point in points
    )
    return _table(("version", "created", "value", "regression"), rows)


def scatter_csv(chart: ScatterChart) -> str:
    """A row for each version that has the param and the metric."""
    data = chart.glyphs.data
    rows = (
        (inert(shown_name(point.row, chart.glyphs)), inert(chart.place_text(point.x)), point.value)
        for point in chart.points
    )
    return _table(("version", inert(data(chart.param.name)), inert(data(chart.metric))), rows)


def scatter_json(chart: ScatterChart) -> str:
    """The versions that have the param and the metric, by the param."""
    points = [
        {
            "name": point.row.name,
            "key": point.row.key,
            "param": chart.param.values.get(point.row.key),
            "value": point.value,
        }
        for point in chart.points
    ]
    return json_text({"param": chart.param.name, "metric": chart.metric, "points": points})


def chart_text(charting: Charting, chart: Chart, form: str, glyphs: Glyphs) -> str:
    """What a chart shows, in one of FORMATS: of curves all metrics."""
    if isinstance(chart, ScatterChart):
        return scatter_csv(chart) if form == "csv" else scatter_json(chart)
    if isinstance(chart, TrendChart):
        model = charting.rows[0].model
        return trend_csv(chart.points, glyphs) if form == "csv" else trend_json(model, chart.metric, chart.points)
    return curves_csv(charting.charted, glyphs) if form == "csv" else curves_json(charting.charted, charting.weight)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue()
