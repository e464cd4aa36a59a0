"""Curves and trends for other programs: JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mlver_tui.view_models.glyphs import Glyphs

if TYPE_CHECKING:
    from mlver.model.curve import Curve
    from mlver_tui.commands.json_output import Json
    from mlver_tui.view_models.overlay import Charted
    from mlver_tui.view_models.trend import TrendPoint


def curves_json(charted: Sequence[Charted], weight: float) -> str:
    """All points of all curves, by version."""
    from mlver_tui.commands.json_output import json_text

    versions = [
        {
            "name": one.row.name,
            "key": one.row.key,
            "curves": [_curve_document(curve, weight) for curve in one.curves or ()],
        }
        for one in charted
    ]
    complete = all(curve.complete for one in charted for curve in one.curves or ())
    return json_text({"versions": versions, "complete": complete})


def _curve_document(curve: Curve, weight: float) -> dict[str, Json]:
    from mlver_tui.commands.json_output import plain_fields
    from mlver_tui.view_models.smoothing import smoothed

    more = {"smoothed": list(smoothed(curve.values, weight))} if weight else {}
    return {**plain_fields(curve), **more}


def curves_csv(charted: Iterable[Charted], glyphs: Glyphs) -> str:
    """A row for each point."""
    from mlver_tui.view_models.version_rows import shown_name

    rows = (
        (shown_name(one.row, glyphs), glyphs.data(curve.metric), glyphs.data(curve.context), step, value)
        for one in charted
        for curve in one.curves or ()
        for step, value in zip(curve.steps, curve.values, strict=True)
    )
    return _table(("version", "metric", "context", "step", "value"), rows)


def trend_json(model: str, metric: str, points: Iterable[TrendPoint]) -> str:
    """A metric of a model's versions, the oldest first."""
    from mlver_tui.commands.json_output import delta_document, json_text, moment

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
    from mlver_tui.commands.json_output import moment
    from mlver_tui.view_models.version_rows import shown_name

    rows = (
        (shown_name(point.row, glyphs), moment(point.row.created), point.value, str(point.is_regression).lower())
        for point in points
    )
    return _table(("version", "created", "value", "regression"), rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue()
