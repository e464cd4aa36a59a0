"""Did it help: one sentence from the judged metrics, and whether both were measured on the same data."""

from __future__ import annotations

from collections.abc import Sequence

from mlver.model.change import Kind
from mlver.model.comparison import Comparison
from mlver.model.evaluation import EvaluationData
from mlver.model.metric import Judgement, MetricDelta
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import RESOURCES
from mlver_tui.view_models.numbers import amount, count
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import cell_width

_NAMED_METRICS = 3


def did_it_help(comparison: Comparison, glyphs: Glyphs = UNICODE) -> str:
    """`better on accuracy, worse on latency_ms; the test set is the same`."""
    return "; ".join(filter(None, (judged_sentence(comparison, glyphs), same_test_set(comparison, glyphs))))


def helped_lines(comparison: Comparison, width: int | None, glyphs: Glyphs = UNICODE) -> list[str]:
    """The sentence on one line, or its two claims on lines of their own, so that neither is cut."""
    whole = did_it_help(comparison, glyphs)
    test_set = same_test_set(comparison, glyphs)
    if width is None or cell_width(whole) <= width or not test_set:
        return wrapped(whole, width)
    return [*wrapped(f"{judged_sentence(comparison, glyphs)};", width), *wrapped(test_set, width)]


def judged_sentence(comparison: Comparison, glyphs: Glyphs = UNICODE) -> str:
    """`better on accuracy, worse on latency_ms`; time and memory used have no say."""
    measured = [delta for delta in comparison.metrics if delta.name not in RESOURCES]
    said = [
        f"{word} on {_named([delta.name for delta in measured if delta.judgement is judgement], glyphs)}"
        for judgement, word in ((Judgement.BETTER, "better"), (Judgement.WORSE, "worse"))
        if any(delta.judgement is judgement for delta in measured)
    ]
    return ", ".join(said) or _nothing_judged(measured)


def same_test_set(comparison: Comparison, glyphs: Glyphs = UNICODE) -> str:
    """`the test set is the same`, or in what it is not, or that nobody knows; empty where nothing was measured."""
    told = comparison.evaluation
    if told.kind is Kind.CHANGED:
        return _another_test_set(told, glyphs)
    if told.kind is Kind.SAME:
        return "the test set is the same" + (
            "" if told.same_rows is not False else ", the predictions are of other rows"
        )
    if told.same_rows is not None:
        return (
            "the test set has the same rows and truths" if told.same_rows else "the test set has other rows or truths"
        )
    return "whether the test set is the same is not known" if is_measured(comparison) else ""


def is_measured(comparison: Comparison) -> bool:
    """Whether any metric is a number on both sides."""
    return any(delta.judgement is not Judgement.UNKNOWN for delta in comparison.metrics if delta.name not in RESOURCES)


def _another_test_set(told: EvaluationData, glyphs: Glyphs) -> str:
    """`the test set is NOT the same (360 → 400 rows): deltas compare different rows`."""
    rows = (told.rows_before, told.rows_after)
    if told.same_rows:
        return "the test set is NOT the same: other content of the same rows and truths"
    if rows[0] is None or rows[1] is None:
        return "the test set is NOT the same: deltas compare different rows"
    if rows[0] == rows[1]:
        return f"the test set is NOT the same ({amount(rows[1], 'row', glyphs)} as before, other content)"
    counts = f"{count(rows[0], glyphs)} {glyphs.arrow} {amount(rows[1], 'row', glyphs)}"
    return f"the test set is NOT the same ({counts}): deltas compare different rows"


def _nothing_judged(deltas: Sequence[MetricDelta]) -> str:
    if not deltas:
        return "no metrics to compare"
    if all(delta.judgement is Judgement.SAME for delta in deltas):
        return "the same on every metric"
    if any(delta.judgement is Judgement.NO_GOAL for delta in deltas):
        return "metrics moved, and no goal says which way is better"
    if any(delta.judgement is Judgement.SAME for delta in deltas):
        return "the same on every metric that is a number on both sides"
    return "not known: no metric is a number on both sides"


def _named(names: Sequence[str], glyphs: Glyphs) -> str:
    shown = [glyphs.data(name) for name in names[:_NAMED_METRICS]]
    more = len(names) - len(shown)
    shown += [f"{more} more"] if more else []
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
