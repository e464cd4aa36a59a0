"""The ladder of verdicts: identical bytes > identical content > within tolerance > different."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlver.model.data import same_leaf
from mlver.model.manifest import Manifest
from mlver.model.metric import Metric
from mlver.model.replay import MetricVerdict, OutputVerdict
from mlver.model.version import Agreement

_RESOURCE_UNITS = frozenset(
    {"ns", "us", "µs", "ms", "s", "sec", "min", "h", "b", "kb", "mb", "gb", "kib", "mib", "gib"}
)
"""Units of time and memory: such a metric measures the machine, so it is reported and never decides a verdict."""


def is_resource(metric: Metric) -> bool:
    """Whether the metric measures the machine rather than the model."""
    return metric.meaning.unit.lower() in _RESOURCE_UNITS


def metric_verdicts(recorded: Mapping[str, Metric], replayed: Mapping[str, Metric]) -> tuple[MetricVerdict, ...]:
    """Every recorded metric against the replayed one, by the recorded tolerance."""
    return tuple(_metric_verdict(name, metric, replayed.get(name)) for name, metric in recorded.items())


def overall(
    outputs: Iterable[OutputVerdict], metrics: Iterable[MetricVerdict], recorded: Mapping[str, Metric]
) -> Agreement:
    """The verdict of the whole replay, whose steps all ended well.

    Bytes decide when they are all the same, then content. Otherwise the metrics do: within tolerance needs at least
    one metric with a tolerance, and every such metric within it. Without outputs the metrics alone are held to each
    other.
    """
    rungs = {output.agreement for output in outputs}
    judged = [one for one in metrics if one.name in recorded and not is_resource(recorded[one.name])]
    if rungs and rungs <= {Agreement.IDENTICAL}:
        return Agreement.IDENTICAL
    if rungs and rungs <= {Agreement.IDENTICAL, Agreement.CONTENT}:
        return Agreement.CONTENT
    if not rungs and judged and all(one.agreement is Agreement.IDENTICAL for one in judged):
        return Agreement.IDENTICAL
    tolerated = [one for one in judged if one.tolerance]
    if tolerated and all(one.agreement in {Agreement.IDENTICAL, Agreement.WITHIN_TOLERANCE} for one in tolerated):
        return Agreement.WITHIN_TOLERANCE
    return Agreement.DIFFERENT if rungs or judged else Agreement.NOT_COMPARABLE


def first_divergence(manifest: Manifest, outputs: Iterable[OutputVerdict]) -> str | None:
    """`train: models/weights.npy`: the first step, in running order, that made something else, and what."""
    diverged = [output for output in outputs if output.agreement is not Agreement.IDENTICAL]
    for step in manifest.steps:
        for output in diverged:
            if output.step == step.name:
                return f"{step.name}: {output.path}"
    return diverged[0].path if diverged else None


def _metric_verdict(name: str, recorded: Metric, replayed: Metric | None) -> MetricVerdict:
    tolerance = recorded.meaning.tolerance
    return MetricVerdict(
        name=name,
        agreement=_agreement(recorded, replayed),
        recorded=recorded.value,
        replayed=replayed.value if replayed else None,
        tolerance=str(tolerance) if tolerance else "",
    )


def _agreement(recorded: Metric, replayed: Metric | None) -> Agreement:
    if replayed is None:
        return Agreement.NOT_COMPARABLE
    if same_leaf(recorded.value, replayed.value):
        return Agreement.IDENTICAL
    first, second, tolerance = recorded.number, replayed.number, recorded.meaning.tolerance
    if first is None or second is None:
        return Agreement.DIFFERENT
    if first == second:
        return Agreement.IDENTICAL
    return Agreement.WITHIN_TOLERANCE if tolerance and tolerance.allows(first, second) else Agreement.DIFFERENT
