"""Did it help: one sentence from the judged metrics, and whether both were measured on the same data."""

from __future__ import annotations

from collections.abc import Sequence

from mlver.model.change import Change, Kind
from mlver.model.comparison import Comparison
from mlver.model.manifest import DataFacts, Manifest
from mlver.model.metric import Judgement, MetricDelta
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import RESOURCES
from mlver_tui.view_models.numbers import amount, count
from mlver_tui.view_models.sections import EVALUATION_ROLES
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
    """`the test set is the same`, or in what it is not; empty when there is none, or it is not known."""
    before, after = (_evaluation(side.manifest) for side in (comparison.before, comparison.after))
    tests = [child for child in comparison.data.children if child.label in before.keys() | after.keys()]
    if not tests or any(child.kind is Kind.UNKNOWN for child in tests):
        return ""
    changed = [child for child in tests if child.kind is not Kind.SAME]
    if not changed:
        return "the test set is the same"
    differing = _difference(changed[0], before, after, glyphs)
    return f"the test set is NOT the same{differing}"


def _evaluation(manifest: Manifest) -> dict[str, DataFacts]:
    return {item.name: item for item in manifest.data if item.role in EVALUATION_ROLES}


def _difference(child: Change, before: dict[str, DataFacts], after: dict[str, DataFacts], glyphs: Glyphs) -> str:
    """` (360 rows, other content)`, ` (360 → 400 rows)`; empty when rows were not counted."""
    left, right = before.get(child.label), after.get(child.label)
    rows = (left.rows if left else None, right.rows if right else None)
    if rows[0] is None or rows[1] is None:
        return ""
    if rows[0] == rows[1]:
        return f" ({amount(rows[1], 'row', glyphs)} as before, other content)"
    return f" ({count(rows[0], glyphs)} {glyphs.arrow} {amount(rows[1], 'row', glyphs)})"


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
