"""Which versions deserve a special look."""

from __future__ import annotations

from mlver.model.metric import Judgement, MetricDelta, metric_delta
from mlver.model.status import Status
from mlver.model.version import Agreement, VersionRow


def is_worth_a_look(row: VersionRow, delta: MetricDelta | None) -> bool:
    """Whether it is worse, broken, failed, uncommitted, or a replay disagrees.

    Args:
        row: the version.
        delta: how its primary metric moved; None: there is nothing to hold it against.
    """
    if row.is_broken or row.problem or row.status is not Status.DONE or row.is_dirty:
        return True
    if row.replay and row.replay.agreement in {Agreement.DIFFERENT, Agreement.FAILED}:
        return True
    return delta is not None and delta.judgement is Judgement.WORSE


def primary_delta(row: VersionRow, other: VersionRow | None) -> MetricDelta | None:
    """How a version's primary metric moved from that of another; None: there is nothing to say."""
    metric = row.primary_metric
    if metric is None or row.primary is None or other is None or row.status is not Status.DONE:
        return None
    before = other.metrics.get(row.primary)
    return metric_delta(row.primary, before, metric) if before else None
