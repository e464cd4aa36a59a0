"""Metrics held against each other: one version's against another's, and per slice."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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


def measured_resources(resources: Resources, *, taken: Collection[str]) -> dict[str, Metric]:
    """What a run used, as metrics without a goal, in the order of RESOURCES; names that metrics have are left out."""
    used = {name: getattr(resources, name) for name in RESOURCES if name not in taken}
    return {name: Metric(value=value) for name, value in used.items() if value is not None}


def _resource_deltas(before: Resources, after: Resources, *, taken: Collection[str]) -> list[MetricDelta]:
    left, right = measured_resources(before, taken=taken), measured_resources(after, taken=taken)
    names = [name for name in RESOURCES if name in left or name in right]
    return [metric_delta(name, left.get(name), right.get(name)) for name in names]


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
