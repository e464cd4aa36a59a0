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

_AGREEING = frozenset({Agreement.IDENTICAL, Agreement.WITHIN_TOLERANCE})


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

    It is never better than the worst judged metric. Judged is every metric that measures the model; one that measures
    the machine decides nothing.

    - identical: all bytes are the same, and every judged metric is equal or within its tolerance, which says that
      such a move counts as the same;
    - the same content: likewise, with other bytes somewhere;
    - within tolerance: outputs differ, some judged metric has a tolerance, every one that has is within it, and every
      one that has none is equal;
    - different: anything else. A metric that was recorded and did not come out again is a difference too: the same
      bytes do not tell what it would have been.

    Metrics alone, where there are no outputs, are identical only when every one is equal.
    """
    rungs = {output.agreement for output in outputs}
    judged = [one for one in metrics if one.name in recorded and not is_resource(recorded[one.name])]
    if not rungs and not judged:
        return Agreement.NOT_COMPARABLE
    if any(one.agreement not in _AGREEING for one in judged):
        return Agreement.DIFFERENT
    if not rungs:
        is_equal = all(one.agreement is Agreement.IDENTICAL for one in judged)
        return Agreement.IDENTICAL if is_equal else Agreement.WITHIN_TOLERANCE
    if rungs <= {Agreement.IDENTICAL}:
        return Agreement.IDENTICAL
    if rungs <= {Agreement.IDENTICAL, Agreement.CONTENT}:
        return Agreement.CONTENT
    return Agreement.WITHIN_TOLERANCE if any(one.tolerance for one in judged) else Agreement.DIFFERENT


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
