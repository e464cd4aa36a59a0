"""How a metric went from version to version: what a trend is drawn from, wherever it is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec import Struct

from mlver.model.metric import Judgement, MetricDelta, metric_delta
from mlver.model.status import Status
from mlver.model.version import VersionRow

NO_GOAL = "no goal: nothing here is better or worse"


class TrendPoint(Struct, frozen=True, kw_only=True):
    """One version of a trend."""

    row: VersionRow
    value: float
    """Finite."""
    delta: MetricDelta | None
    """Against the parent where that is in the trend, else against the version before; None: nothing to judge."""

    @property
    def is_regression(self) -> bool:
        """Whether it is worse by more than the metric's tolerance."""
        return self.delta is not None and self.delta.judgement is Judgement.WORSE

    @property
    def holds_stage(self) -> bool:
        """Whether it is deployed somewhere."""
        return bool(self.row.stages)


def trend_points(rows: Iterable[VersionRow], metric: str) -> tuple[TrendPoint, ...]:
    """The versions that have a number for the metric, the oldest first; `rows` are of one model, in any order.

    Of two versions of one moment the one listed later is the older, as in a list with the newest first.
    """
    points: list[TrendPoint] = []
    by_key: dict[str, VersionRow] = {}
    newest_first = sorted(rows, key=lambda row: row.created or 0.0, reverse=True)
    for row in reversed(newest_first):
        measured = row.metrics.get(metric)
        value = measured.number if measured else None
        if value is None or not math.isfinite(value):
            continue
        before = by_key.get(row.parent or "") or (points[-1].row if points else None)
        points.append(TrendPoint(row=row, value=value, delta=_delta(row, before, metric)))
        by_key[row.key] = row
    return tuple(points)


def _delta(row: VersionRow, before: VersionRow | None, metric: str) -> MetricDelta | None:
    if before is None or row.status is not Status.DONE:
        return None
    return metric_delta(metric, before.metrics.get(metric), row.metrics[metric])


def trend_metrics(rows: Iterable[VersionRow]) -> tuple[str, ...]:
    """The metrics that have a number in any of the versions: the primary ones first, then as they are listed."""
    primary: dict[str, None] = {}
    others: dict[str, None] = {}
    for row in rows:
        for name, metric in row.metrics.items():
            if metric.number is not None:
                (primary if name == row.primary else others)[name] = None
    return tuple(dict.fromkeys((*primary, *others)))
