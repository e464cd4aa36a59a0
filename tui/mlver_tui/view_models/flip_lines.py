"""How many rows of the test set became right and how many wrong: in a sentence, by class and by slice."""

from __future__ import annotations

from collections.abc import Sequence

from mlver.model.predictions import ErrorMoves, PartTally, Predictions
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount, count
from mlver_tui.view_models.spans import Line, Span, Tone, dim, line
from mlver_tui.view_models.tables import aligned

SIGNIFICANT = 0.05
"""Chance is ruled out where it does as much less often than this."""
_LEAST_P = 0.0001
_SMALL_P = 0.1
_DIGITS = 2


def p_text(p: float) -> str:
    """`p = 0.12`, `p = 0.003`, `p < 0.0001`; with as many digits as show on which side of the threshold it is."""
    if p < _LEAST_P:
        return f"p < {_LEAST_P:.4f}"
    digits = _DIGITS
    while (float(f"{p:.{digits}g}") < SIGNIFICANT) is not (p < SIGNIFICANT):
        digits += 1
    return f"p = {p:.2f}" if p >= _SMALL_P else f"p = {p:.{digits}g}"


def flips_text(predictions: Predictions, glyphs: Glyphs = UNICODE) -> str:
    """`11 fixed, 4 broken of 360 · p = 0.12: chance is not ruled out`; empty where no row is shared."""
    if predictions.errors is not None:
        return _errors_text(predictions.errors, glyphs)
    flips = predictions.flips
    if flips is None:
        return ""
    tally = flips.tally
    if not (tally.fixed or tally.broken):
        return f"none fixed, none broken of {count(tally.rows, glyphs)}"
    moved = f"{count(tally.fixed, glyphs)} fixed, {count(tally.broken, glyphs)} broken of {count(tally.rows, glyphs)}"
    return f"{moved} {glyphs.dot} {p_text(flips.p)}: {chance_words(flips.p)}"


def chance_words(p: float) -> str:
    """What a test says of chance."""
    return "hardly by chance" if p < SIGNIFICANT else "chance is not ruled out"


def _errors_text(errors: ErrorMoves, glyphs: Glyphs) -> str:
    means = f"mean absolute error {errors.mean_before:.4g} {glyphs.arrow} {errors.mean_after:.4g}"
    moved = f"{count(errors.better, glyphs)} rows better, {count(errors.worse, glyphs)} worse of"
    return f"{means}, {moved} {count(errors.rows, glyphs)} {glyphs.dot} {p_text(errors.p)}: {chance_words(errors.p)}"


def matched_texts(predictions: Predictions, glyphs: Glyphs = UNICODE) -> list[str]:
    """Rows of the test set that are not on both sides; none where both were asked the same."""
    matched = predictions.matched
    said = [
        f"{amount(number, 'row', glyphs)} {where}"
        for number, where in (
            (matched.only_before, "only in A"),
            (matched.only_after, "only in B"),
            (matched.relabelled, "with another truth"),
        )
        if number
    ]
    return [f"the test set is not the same: {', '.join(said)}"] if said else []


def tally_lines(parts: Sequence[PartTally], width: int | None, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Fixed and broken per class or slice."""
    if not parts:
        return []
    what = parts[0].name.upper() if _is_one_kind(parts) else "PART"
    heads = (f"  {what}", "ROWS", "FIXED", "BROKEN", "A RIGHT", "B RIGHT")
    rows = [[line(dim(text)) for text in heads], *(_tally_cells(part, parts, glyphs) for part in parts)]
    return list(aligned(rows, right={1, 2, 3, 4, 5}, flexible=0, width=width))


def _is_one_kind(parts: Sequence[PartTally]) -> bool:
    return len({part.name for part in parts}) == 1


def _tally_cells(part: PartTally, parts: Sequence[PartTally], glyphs: Glyphs) -> list[Line]:
    tally = part.tally
    name = part.value if _is_one_kind(parts) else f"{part.name} {part.value}"
    return [
        line(f"  {glyphs.data(name)}"),
        line(count(tally.rows, glyphs)),
        _counted(tally.fixed, Tone.BETTER, glyphs),
        _counted(tally.broken, Tone.WORSE, glyphs),
        line(count(tally.right_before, glyphs)),
        line(count(tally.right_after, glyphs)),
    ]


def _counted(number: int, tone: Tone, glyphs: Glyphs) -> Line:
    return line(Span(count(number, glyphs), tone if number else Tone.DIM))
