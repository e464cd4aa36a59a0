"""What everything on a version's line means, sign by sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from mlver.model.attention import Reason
from mlver.model.metric import Goal, Judgement, MetricDelta, MetricMeaning
from mlver.model.version import DIMENSIONS, VersionRow
from mlver_tui.view_models.attention_lines import reason_texts
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.nesting import is_nested
from mlver_tui.view_models.numbers import age, ago, amount, decimals_of, metric_value
from mlver_tui.view_models.origin import is_recorded
from mlver_tui.view_models.picking import Labelled
from mlver_tui.view_models.receipt import agreement_words
from mlver_tui.view_models.spans import text_of
from mlver_tui.view_models.text import cell_width, padded
from mlver_tui.view_models.version_rows import VersionTable, shown_name

_SIDES = ("code", "data", "params", "environment", "hardware", "seeds")
_LETTERS = {
    "·": "as its parent's",
    "*": "has changes that were in no commit",
    "?": "not recorded, here or of the parent",
    "!": "cannot be read",
    " ": "it has no parent",
}
_GOALS = {Goal.MAXIMISE: "more is better", Goal.MINIMISE: "less is better"}


def inspected(row: VersionRow, table: VersionTable, reasons: Sequence[Reason]) -> list[Labelled]:
    """The signs of the line and what they mean, from left to right; `reasons` why it is worth a look."""
    told = [one for one in _told(row, table, reasons) if one.said]
    width = max((cell_width(one.name) for one in told if one.sign), default=0)
    return [
        Labelled(label=f"{padded(one.name, width)}  {one.sign}" if one.sign else one.name, shown=one.said)
        for one in told
    ]


class _Meant(Struct, frozen=True):
    """What a part of the line is called, the sign it has there, what that means."""

    name: str
    sign: str
    said: str


def _told(row: VersionRow, table: VersionTable, reasons: Sequence[Reason]) -> Iterator[_Meant]:
    glyphs = table.glyphs
    yield _Meant("name", "", ", ".join(row.names) or _nameless(row, glyphs))
    if is_nested(row):
        outer = table.find(row.parent or "")
        within = shown_name(outer, glyphs) if outer else "a run that is not listed"
        yield _Meant("nested", glyphs.nested, f"it was started inside {within}")
    made = f"made {ago(row.created, table.now)}" if row.created else "not known"
    yield _Meant("age", age(row.created, table.now), made)
    yield _Meant("why", "", text_of(table.why(row)))
    yield from _sides(row, glyphs)
    yield from _measured(row, table)
    if row.replay or (is_recorded(row) and not row.is_broken):
        yield _Meant("RE", table.cells(row).replay.text, _replayed(row))
    yield _Meant("stage", "", ", ".join(row.stages))
    for said in reason_texts(row, tuple(reasons), glyphs):
        yield _Meant("look", "", said)


def _nameless(row: VersionRow, glyphs: Glyphs) -> str:
    name = shown_name(row, glyphs)
    return f"{name}: its recipe, and which run of that it is" if row.recipe else f"{name}: no ref names it"


def _sides(row: VersionRow, glyphs: Glyphs) -> Iterator[_Meant]:
    for letter, side, sign in zip(DIMENSIONS, _SIDES, row.strip, strict=False):
        said = "differs from its parent's" if sign == letter else _LETTERS.get(sign, "")
        yield _Meant(letter, glyphs.remark(sign), f"{side}: {said}")


def _measured(row: VersionRow, table: VersionTable) -> Iterator[_Meant]:
    metric, delta = row.primary_metric, table.delta(row)
    if metric is None:
        return
    value = metric_value(metric.value, decimals_of([metric.value]), table.glyphs)
    yield _Meant(row.primary or "", "", ", ".join((value, *meaning_words(metric.meaning))))
    if delta is not None:
        against = f"{table.glyphs.delta} {'A' if table.base else 'parent'}"
        yield _Meant(against, table.glyphs.judgement[delta.judgement], _moved(delta, table.glyphs))


def meaning_words(meaning: MetricMeaning) -> Iterable[str]:
    """Which way is better, and how far it may move."""
    yield _GOALS[meaning.goal] if meaning.goal else "no goal says which way is better"
    if meaning.tolerance:
        yield f"{meaning.tolerance} counts as the same"


def moved_words(delta: MetricDelta) -> str:
    """What the sign of a delta says."""
    is_equal = delta.judgement is Judgement.SAME and not delta.absolute
    return "equal" if is_equal else _JUDGED[delta.judgement]


def _moved(delta: MetricDelta, glyphs: Glyphs) -> str:
    decimals = decimals_of([delta.before, delta.after])
    before, after = (metric_value(value, decimals, glyphs) for value in (delta.before, delta.after))
    return f"{moved_words(delta)}: {before} {glyphs.arrow} {after}"


_JUDGED = {
    Judgement.BETTER: "better",
    Judgement.WORSE: "worse",
    Judgement.SAME: "within the tolerance",
    Judgement.NO_GOAL: "it moved, and no goal says which way is better",
    Judgement.UNKNOWN: "not comparable: one of them is no number",
}


def _replayed(row: VersionRow) -> str:
    if row.replay is None:
        return "it was never replayed"
    return f"its newest replay: {agreement_words(row.replay.agreement)}, reached {amount(row.replay.count, 'time')}"
