"""Metrics held against each other: one version's against another's, and per slice."""

from __future__ import annotations

from collections.abc import Sequence

from mlver.model.manifest import Manifest, Resources, Slice
from mlver.model.metric import Metric, MetricDelta, MetricMeaning, SliceDelta, metric_delta

RESOURCES = ("wall_s", "cpu_s", "peak_rss_bytes", "peak_gpu_bytes")
"""Fields of Resources, compared like metrics that have no goal."""


def metric_deltas(before: Manifest, after: Manifest) -> tuple[MetricDelta, ...]:
    """Every metric of either side: primary first, then in the order of `after`, then those only before; resources last.

    A resource that a metric goes by the same name as is left out: the project's own measurement counts.
    """
    names = list(dict.fromkeys((*after.metrics, *before.metrics)))
    primary = after.primary_metric or before.primary_metric
    names.sort(key=lambda name: name != primary)
    deltas = [metric_delta(name, before.metrics.get(name), after.metrics.get(name)) for name in names]
    return (*deltas, *_resource_deltas(before.resources, after.resources, taken=names))


def slice_deltas(before: Manifest, after: Manifest) -> tuple[SliceDelta, ...]:
    """The slices of both sides, in the order of `after`, then those only before.

    A slice listed twice on one side counts once, by its first value. The meaning is that of the metric by the same
    name, without its tolerance: a tolerance for the whole says nothing about a part.
    """
    left, right = _by_slice(before.slices), _by_slice(after.slices)
    deltas = []
    for key in dict.fromkeys((*right, *left)):
        side = right.get(key) or left[key]
        meaning = _slice_meaning(side.metric, before, after)
        values = (
            Metric(value=found.value, meaning=meaning) if (found := part.get(key)) else None for part in (left, right)
        )
        deltas.append(SliceDelta(metric=side.metric, slice=side.slice, delta=metric_delta(side.metric, *values)))
    return tuple(deltas)


def _resource_deltas(before: Resources, after: Resources, *, taken: Sequence[str]) -> list[MetricDelta]:
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in RESOURCES if name not in taken]
    return [
        metric_delta(name, _measured(left), _measured(right))
        for name, left, right in pairs
        if left is not None or right is not None
    ]


def _measured(value: float | None) -> Metric | None:
    return None if value is None else Metric(value=value)


def _by_slice(slices: Sequence[Slice]) -> dict[tuple[object, ...], Slice]:
    found: dict[tuple[object, ...], Slice] = {}
    for part in slices:
        # 1 and 1.0 are one slice: class labels come from CSV files that write either. True is another.
        values = tuple(sorted((key, isinstance(value, bool), value) for key, value in part.slice.items()))
        found.setdefault((part.metric, values), part)
    return found


def _slice_meaning(name: str, before: Manifest, after: Manifest) -> MetricMeaning:
    metric = after.metrics.get(name) or before.metrics.get(name)
    return MetricMeaning(goal=metric.meaning.goal, unit=metric.meaning.unit) if metric else MetricMeaning()
