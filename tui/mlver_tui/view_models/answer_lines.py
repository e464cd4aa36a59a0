"""What the predictions of two versions say beside their metrics: by class, which for which, how sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlver.model.comparison import Comparison
from mlver.model.predictions import Calibration, ClassScores, PartTally, Predictions, ReliabilityBin, Scores
from mlver_tui.view_models.confusion_lines import confusion_lines
from mlver_tui.view_models.doubt_lines import doubts
from mlver_tui.view_models.flip_lines import tally_lines
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import count, number
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.spread_lines import spread_lines
from mlver_tui.view_models.tables import aligned, wrapped

_DECIMALS = 4
_NAME_CELLS = 10
_TRIPLE_CELLS = 27
"""Columns of one score: A, B, delta."""
_CLASS_CELLS = 34
"""The columns before the scores."""
_BOTH_CELLS = 78
"""For the reliability tables of both sides."""
_SCORES = ("recall", "precision", "f1")


def answer_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """All there is to say; nothing where no predictions are joined and no spread is known."""
    lines: list[Line] = []
    for doubt in doubts(comparison, glyphs):
        name = doubt.name
        for part in wrapped(doubt.said, max(20, width - _NAME_CELLS - 2)):
            lines.append(line(dim(f" {name:<{_NAME_CELLS}}"), part))
            name = ""
    lines += [line(" ", *one) for one in spread_lines(comparison, width - 1, glyphs)]
    lines += [line(" ", *one) for one in predictions_lines(comparison.predictions, width - 1, glyphs)]
    return [fitted(one, width) for one in ([EMPTY, *lines] if lines else [])]


def predictions_lines(predictions: Predictions | None, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Classes, slices, confusion and calibration, an empty line before each; nothing where none are joined."""
    parts = _parts(predictions, width, glyphs) if predictions else ()
    return [one for title, told in parts for one in (EMPTY, line(bright(title)), *told)]


def _parts(predictions: Predictions, width: int, glyphs: Glyphs) -> Iterator[tuple[str, list[Line]]]:
    flips = predictions.flips
    if predictions.scores:
        yield "BY CLASS", _class_lines(predictions.scores, flips.by_class if flips else (), width, glyphs)
    if flips is not None and flips.by_slice:
        yield "BY SLICE", tally_lines(flips.by_slice, width, glyphs)
    if predictions.confusion is not None and len(predictions.confusion.labels) > 1:
        yield (
            "CONFUSION   a row for each truth, a column for each answer",
            confusion_lines(predictions.confusion, width, glyphs),
        )
    if any(predictions.calibration):
        yield (
            "CALIBRATION   how often right against how sure",
            _calibration_lines(predictions.calibration, width, glyphs),
        )


def _class_lines(scores: Sequence[ClassScores], tallies: Sequence[PartTally], width: int, glyphs: Glyphs) -> list[Line]:
    """As many scores as have room, recall first."""
    shown = _SCORES[: max(1, min(len(_SCORES), (width - _CLASS_CELLS) // _TRIPLE_CELLS))]
    flipped = {one.value: one.tally for one in tallies}
    heads = ["  CLASS", "ROWS", "FIXED", "BROKEN"]
    for name in shown:
        heads += [f"{name.upper()} A", "B", glyphs.delta]
    rows = [[line(dim(text)) for text in heads]]
    for one in scores:
        tally = flipped.get(one.label)
        cells = [line(f"  {glyphs.data(one.label)}"), line(count(one.rows, glyphs))]
        cells += [
            _flipped(tally.fixed if tally else 0, Tone.BETTER, glyphs),
            _flipped(tally.broken if tally else 0, Tone.WORSE, glyphs),
        ]
        for name in shown:
            cells += _triple(one.before, one.after, name, glyphs)
        rows.append(cells)
    return list(aligned(rows, right=set(range(1, len(heads))), flexible=0, width=width))


def _flipped(rows: int, tone: Tone, glyphs: Glyphs) -> Line:
    return line(Span(count(rows, glyphs), tone if rows else Tone.DIM))


def _triple(before: Scores, after: Scores, name: str, glyphs: Glyphs) -> list[Line]:
    """A, B and the delta of one score; a dash where there is nothing to divide by."""
    sides: list[float | None] = [getattr(side, name) for side in (before, after)]
    texts = [line(dim("-")) if one is None else line(number(one, _DECIMALS, glyphs=glyphs)) for one in sides]
    if sides[0] is None or sides[1] is None:
        return [*texts, EMPTY]
    move = sides[1] - sides[0]
    tone = Tone.DIM if not move else Tone.BETTER if move > 0 else Tone.WORSE
    return [*texts, line(Span(number(move, _DECIMALS, sign=True, glyphs=glyphs), tone))]


def _calibration_lines(sides: tuple[Calibration | None, Calibration | None], width: int, glyphs: Glyphs) -> list[Line]:
    """The reliability tables of both sides, beside each other where there is room, and the calibration errors."""
    told = [(name, side) for name, side in zip("AB", sides, strict=True) if side is not None]
    lines: list[Line] = []
    for shown in [told] if width >= _BOTH_CELLS else [[one] for one in told]:
        lines += _reliability_lines(shown, width, glyphs)
    errors = "  ".join(f"{name} {number(side.error, _DECIMALS, glyphs=glyphs)}" for name, side in told)
    return [*lines, line(dim("  expected calibration error  "), errors)]


def _reliability_lines(sides: Sequence[tuple[str, Calibration]], width: int, glyphs: Glyphs) -> list[Line]:
    """Bins without rows on every side are left out."""
    heads = ["  CONFIDENCE"]
    for name, _ in sides:
        heads += [f"{name} ROWS", "SURE", "RIGHT", "GAP"]
    rows = [[line(dim(text)) for text in heads]]
    for bins in zip(*(side.bins for _, side in sides), strict=True):
        if any(one.rows for one in bins):
            edges = line(f"  {bins[0].low:.1f} to {bins[0].high:.1f}")
            rows.append([edges, *(cell for one in bins for cell in _bin(one, glyphs))])
    return list(aligned(rows, right=set(range(1, len(heads))), flexible=0, width=width))


def _bin(told: ReliabilityBin, glyphs: Glyphs) -> list[Line]:
    """Rows, mean confidence, share that is right, and the gap."""
    if told.confidence is None or told.accuracy is None:
        return [line(dim("0")), EMPTY, EMPTY, EMPTY]
    gap = number(told.accuracy - told.confidence, 2, sign=True, glyphs=glyphs)
    numbers = [number(value, 2, glyphs=glyphs) for value in (told.confidence, told.accuracy)]
    return [line(count(told.rows, glyphs)), *(line(one) for one in numbers), line(gap)]
