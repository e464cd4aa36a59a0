"""The two doubts about a difference, told apart for they disagree in real life: chance in the rows, and in seeds."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from mlver.model.comparison import Comparison
from mlver.model.metric import MetricDelta
from mlver.model.spread import MetricSpread, Sample
from mlver_tui.view_models.flip_lines import SIGNIFICANT, chance_words, flips_text, matched_texts, p_text
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import RESOURCES
from mlver_tui.view_models.numbers import amount, count, decimals_of, number

_FEWEST = 2
"""Runs that have a spread."""


class Doubt(Struct, frozen=True, kw_only=True):
    """One of them."""

    name: str
    said: str
    is_ruled_out: bool | None
    """Whether chance of this kind hardly makes such a difference; None: nothing was tested."""


def doubts(comparison: Comparison, glyphs: Glyphs = UNICODE) -> Iterator[Doubt]:
    """Both, as far as anything is known: `rows`, `11 fixed, 4 broken of 360 · p = 0.12: chance is not ruled out`.

    Nothing of a version and itself.
    """
    if comparison.is_of_one_version:
        return
    if seeds := _seeds(comparison, glyphs):
        yield seeds
    predictions = comparison.predictions
    if predictions is None:
        return
    tested = predictions.flips or predictions.errors
    if tested is not None and (said := flips_text(predictions, glyphs)):
        yield Doubt(name="rows", said=said, is_ruled_out=tested.p < SIGNIFICANT)
    for note in matched_texts(predictions, glyphs):
        yield Doubt(name="rows", said=note, is_ruled_out=False)


def _seeds(comparison: Comparison, glyphs: Glyphs) -> Doubt | None:
    """Of the first metric that is told, which is the primary one."""
    spread = comparison.spread
    measured = (delta for delta in comparison.metrics if delta.name not in RESOURCES)
    told = next(((delta, found) for delta in measured if spread and (found := spread.of(delta.name))), None)
    if spread is None or told is None:
        return None
    delta, found = told
    if spread.is_one_family:
        said, is_ruled_out = _of_one_family(comparison, delta, found.after, glyphs), None
    elif max(found.before.n, found.after.n) < _FEWEST:
        runs = f"{count(found.before.n, glyphs)} of A, {count(found.after.n, glyphs)} of B"
        said, is_ruled_out = f"not enough runs to tell the spread of seeds: {runs}", None
    else:
        said = spread_text(delta, found, glyphs)
        is_ruled_out = None if found.p is None else found.p < SIGNIFICANT
    return Doubt(name="seeds", said=said, is_ruled_out=is_ruled_out)


def _of_one_family(comparison: Comparison, delta: MetricDelta, sample: Sample, glyphs: Glyphs) -> str:
    """What is between them is the spread itself."""
    if sample.sd is None:
        return "A and B are one run made twice: the same recipe gave the same result"
    is_one_recipe = comparison.before.row.recipe == comparison.after.row.recipe
    which = "have one recipe: chance alone is between them" if is_one_recipe else "differ by their seeds alone"
    spread = f"{glyphs.data(delta.name)} sd {_number(sample.sd, delta, glyphs)} over {amount(sample.n, 'run', glyphs)}"
    return f"A and B {which}; {spread}"


def spread_text(delta: MetricDelta, found: MetricSpread, glyphs: Glyphs = UNICODE) -> str:
    """`mean +0.0194, sd 0.0019 of 5 runs of B · p = 0.004: hardly by chance`."""
    sds = [
        f"sd {_number(sample.sd, delta, glyphs)} of {amount(sample.n, 'run', glyphs)} of {side}"
        for side, sample in (("A", found.before), ("B", found.after))
        if sample.sd is not None
    ]
    move = number(found.difference or 0.0, _decimals(delta), sign=True, glyphs=glyphs)
    said = f"mean {move}, {' and '.join(sds)}"
    if found.p is None:
        return f"{said}: these do not spread"
    return f"{said} {glyphs.dot} {p_text(found.p)}: {chance_words(found.p)}"


def _number(value: float | None, delta: MetricDelta, glyphs: Glyphs) -> str:
    return "" if value is None else number(value, _decimals(delta), glyphs=glyphs)


def _decimals(delta: MetricDelta) -> int:
    return decimals_of([delta.before, delta.after])
