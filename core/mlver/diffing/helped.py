"""Did it help: one sentence from the judged deltas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlver.model.metric import Judgement, MetricDelta

_MOST_NAMED = 3


def helped(deltas: Iterable[MetricDelta], *, same_evaluation_data: bool | None = None) -> str:
    """`better on accuracy and loss, worse on latency_ms; the test set is the same`.

    Only metrics with a goal are named. `same_evaluation_data`: None where it is not known, then nothing is said.
    """
    judged = list(deltas)
    better = [delta.name for delta in judged if delta.judgement is Judgement.BETTER]
    worse = [delta.name for delta in judged if delta.judgement is Judgement.WORSE]
    parts = [f"{word} on {_listed(names)}" for word, names in (("better", better), ("worse", worse)) if names]
    sentence = ", ".join(parts) or _nothing_moved(judged)
    if same_evaluation_data is None:
        return sentence
    return f"{sentence}; the test set is {'the same' if same_evaluation_data else 'another one'}"


def _nothing_moved(deltas: Sequence[MetricDelta]) -> str:
    if any(delta.judgement is Judgement.SAME and delta.meaning.goal for delta in deltas):
        return "the same on every metric with a goal"
    if any(delta.meaning.goal for delta in deltas):
        return "not known: metrics are missing on one side"
    return "not known: no metric has a goal"


def _listed(names: list[str]) -> str:
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
