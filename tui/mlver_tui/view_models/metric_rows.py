"""The metrics of two versions side by side, with a bar that shows better and worse."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec import Struct

from mlver.model.metric import Goal, Judgement, MetricDelta, MetricMeaning, SliceDelta
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, duration, metric_value, number, percent, size
from mlver_tui.view_models.spans import Line, Span, Tone, dim, fitted, label, line
from mlver_tui.view_models.text import cell_width, cut, cut_start, padded
from mlver_tui.view_models.version_rows import judgement_tone

FULL_BAR = 1 / 3
"""A relative change of a third fills the bar."""
FULL_BAR_CELLS = 8
SIDE_CELLS = 10
"""Each side of the bar's middle; the cells beyond a full bar keep it from its neighbours."""
SLICE_BAR_CELLS = 10

RESOURCES = {"wall_s": "time", "cpu_s": "cpu", "peak_rss_bytes": "memory", "peak_gpu_bytes": "gpu memory"}
"""What a run used, and what people call it; they stand last and have no goal."""

Measured: TypeAlias = float | int | str | bool | None
"""A value as a metrics file may hold it."""

_WIDE_FROM = 94
_NAME_LEAST = 12
_LONGEST_UNIT = 4
_WIDEST_SLICE = 26


class MetricColumns(Struct, frozen=True, kw_only=True):
    """The widths of the table, chosen for all its rows."""

    name: int
    value: int
    """Cells of a number, the gap before it included; a delta has one more, for its sign."""
    has_meaning: bool
    """Goal and tolerance have columns of their own."""
    has_bar: bool
    has_units: bool = False
    """Values have their units beside them."""


_SIGN, _PERCENT, _GOAL, _TOLERANCE, _JUDGED = 2, 9, 6, 8, 9


def metric_columns(deltas: Sequence[MetricDelta], width: int, glyphs: Glyphs = UNICODE) -> MetricColumns:
    """Columns wide enough for the values, in `width` cells; units only where they cost nothing else."""
    plain = _columns(deltas, width, glyphs, with_unit=False)
    with_units = _columns(deltas, width, glyphs, with_unit=True)
    is_free = (plain.has_bar, plain.name) == (with_units.has_bar, with_units.name)
    return with_units if is_free else plain


def _columns(deltas: Sequence[MetricDelta], width: int, glyphs: Glyphs, *, with_unit: bool) -> MetricColumns:
    texts = [metric_texts(delta, glyphs, with_unit=with_unit) for delta in deltas]
    sides = [cell_width(text) for before, after, _ in texts for text in (before, after)]
    moves = [cell_width(move) - 1 for _, _, move in texts]
    value = min(max([6, *sides, *moves]), 12) + 2
    room = width - _SIGN - 3 * value - 1 - _PERCENT - _JUDGED
    has_meaning = width >= _WIDE_FROM
    room -= _GOAL + _TOLERANCE if has_meaning else 0
    bar_cells = 2 * SIDE_CELLS + 1
    has_bar = room >= _NAME_LEAST + bar_cells and any(delta.meaning.goal for delta in deltas)
    room -= bar_cells if has_bar else 2
    longest = max([_NAME_LEAST, *(cell_width(metric_name(delta.name, glyphs)) + 3 for delta in deltas)])
    name = max(6, min(longest, room))
    return MetricColumns(name=name, value=value, has_meaning=has_meaning, has_bar=has_bar, has_units=with_unit)


def metric_head(columns: MetricColumns, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """The column heads."""
    bar_head = f"{'worse':>{SIDE_CELLS - 1}} {glyphs.bar_line} {'better':<{SIDE_CELLS - 1}}"
    delta = glyphs.delta
    spans = [
        padded("goal", _GOAL) if columns.has_meaning else "",
        padded("A", columns.value, right=True),
        padded("B", columns.value, right=True),
        padded(delta, columns.value + 1, right=True),
        padded(f"{delta} %", _PERCENT, right=True),
        bar_head if columns.has_bar else "  ",
        padded("TOL", _TOLERANCE) if columns.has_meaning else "",
        "JUDGED",
    ]
    return fitted((label("  " + padded("METRIC", columns.name)), dim("".join(spans))), width)


def metric_line(delta: MetricDelta, columns: MetricColumns, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """One metric: sign, name, both values, both deltas, the bar and the word."""
    tone = judgement_tone(delta.judgement)
    star = f" {glyphs.star}" if delta.meaning.primary else ""
    name = _shortened(metric_name(delta.name, glyphs), columns.name - len(star) - 1) + star
    before, after, absolute = metric_texts(delta, glyphs, with_unit=columns.has_units)
    spans = [
        Span(f"{glyphs.judgement[delta.judgement]} ", tone, stays=True),
        Span(padded(name, columns.name), Tone.BRIGHT, stays=True),
        dim(padded(goal_word(delta.meaning), _GOAL)) if columns.has_meaning else "",
        _side(before, columns),
        _side(after, columns),
        Span(padded(absolute, columns.value + 1, right=True), Tone.DIM if not delta.absolute else tone),
        dim(padded(_relative(delta, glyphs), _PERCENT, right=True)),
        *(bar(delta, glyphs) if columns.has_bar else (Span("  "),)),
        dim(padded(tolerance_word(delta.meaning), _TOLERANCE)) if columns.has_meaning else "",
        Span(judged_word(delta), tone),
    ]
    return fitted(line(*spans), width)


def _shortened(name: str, width: int) -> str:
    """A name in so many cells: of one with dots or slashes the end, which tells it from its neighbours."""
    return cut_start(name, width) if "." in name or "/" in name else cut(name, width)


def goal_word(meaning: MetricMeaning) -> str:
    """`max`, `min`, or a dash."""
    return {Goal.MAXIMISE: "max", Goal.MINIMISE: "min", None: "-"}[meaning.goal]


def tolerance_word(meaning: MetricMeaning) -> str:
    """The tolerance as written in the project file, or a dash."""
    return str(meaning.tolerance) if meaning.tolerance else "-"


def judged_word(delta: MetricDelta) -> str:
    """The judgement in a word; a metric that only one side has says which."""
    if delta.judgement is not Judgement.UNKNOWN:
        return delta.judgement.value
    if delta.before is None and delta.after is not None:
        return "only in B"
    if delta.after is None and delta.before is not None:
        return "only in A"
    return "same text" if delta.before == delta.after else "differs"


def bar(delta: MetricDelta, glyphs: Glyphs = UNICODE) -> Line:
    """The bar of |Δ %|, clipped at a third, on the side that was judged; its middle is `no change`."""
    cells = 0
    if delta.relative is not None and delta.judgement in {Judgement.BETTER, Judgement.WORSE}:
        cells = max(1, round(min(1.0, abs(delta.relative) / FULL_BAR) * FULL_BAR_CELLS))
    filled = glyphs.bar * cells
    is_worse = delta.judgement is Judgement.WORSE
    worse = padded(filled if is_worse else "", SIDE_CELLS, right=True)
    better = padded("" if is_worse else filled, SIDE_CELLS)
    return line(Span(worse, Tone.WORSE), dim(glyphs.bar_line), Span(better, Tone.BETTER))


def _relative(delta: MetricDelta, glyphs: Glyphs) -> str:
    if delta.relative is None and delta.absolute:
        return "from 0"
    return percent(delta.relative, glyphs)


def metric_name(name: str, glyphs: Glyphs = UNICODE) -> str:
    """What a metric is called in a table."""
    return RESOURCES.get(name) or glyphs.data(name)


def metric_texts(delta: MetricDelta, glyphs: Glyphs = UNICODE, *, with_unit: bool = False) -> tuple[str, str, str]:
    """Before, after and how far it moved, as text: what a run used with its unit, the others as they were asked for.

    Empty: there is none.
    """
    if delta.name in RESOURCES:
        write = _bytes if delta.name.endswith("_bytes") else _seconds
        before, after = (_used(value, write, glyphs) for value in (delta.before, delta.after))
        sign = "" if not delta.absolute else "+" if delta.absolute > 0 else glyphs.minus
        return before, after, "" if delta.absolute is None else sign + write(abs(delta.absolute), glyphs)
    decimals = decimals_of([delta.before, delta.after])
    sides = [metric_value(value, decimals, glyphs) for value in (delta.before, delta.after)]
    absolute = "" if delta.absolute is None else number(delta.absolute, decimals, sign=True, glyphs=glyphs)
    unit = _short_unit(delta.meaning, glyphs) if with_unit else ""
    before, after, absolute = (f"{text} {unit}" if text and unit else text for text in (*sides, absolute))
    return before, after, absolute


def measured_texts(name: str, values: Sequence[Measured], glyphs: Glyphs = UNICODE) -> list[str]:
    """One metric in many versions, with the same decimals in all; what a run used with its unit. Empty: none."""
    if name in RESOURCES:
        write = _bytes if name.endswith("_bytes") else _seconds
        return [_used(value, write, glyphs) for value in values]
    decimals = decimals_of(values)
    return [metric_value(value, decimals, glyphs) for value in values]


def _used(value: float | str | bool | None, write: Callable[[float, Glyphs], str], glyphs: Glyphs) -> str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return write(value, glyphs) if is_number else metric_value(value, 0, glyphs)  # type: ignore[arg-type]  # a number


def _bytes(amount: float, glyphs: Glyphs) -> str:
    return size(round(amount), glyphs)


def _seconds(amount: float, _glyphs: Glyphs) -> str:
    return duration(amount)


def _short_unit(meaning: MetricMeaning, glyphs: Glyphs) -> str:
    unit = glyphs.data(meaning.unit)
    return unit if cell_width(unit) <= _LONGEST_UNIT else ""


def _side(shown: str, columns: MetricColumns) -> Span:
    shown = cut(shown, columns.value - 1)
    return Span(padded(shown or "none", columns.value, right=True), Tone.PLAIN if shown else Tone.DIM)


def slice_lines(rows: Sequence[SliceDelta], width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The per-slice table: metric, slice, A, B, delta; the bar is B's value as a share of the largest."""
    if not rows:
        return []
    decimals = _slice_decimals(rows)
    numbers = [row.delta.after for row in rows if isinstance(row.delta.after, (int, float))]
    largest = max((abs(float(value)) for value in numbers), default=0.0)
    names = [cut(glyphs.data(f"{row.metric} {_slice_label(row)}"), _WIDEST_SLICE) for row in rows]
    cells = max(cell_width(name) for name in (*names, "SLICE"))
    head = line(label(f"  {'SLICE':<{cells}}"), dim(f"{'A':>9}{'B':>9}{glyphs.delta:>10}   B"))
    lines = [
        (
            *_slice_sign(row, glyphs),
            Span(padded(name, cells), stays=True),
            *_slice_values(row, decimals[row.metric], largest, glyphs),
        )
        for row, name in zip(rows, names, strict=True)
    ]
    return [fitted(one, width) for one in (head, *lines)]


def _slice_decimals(rows: Sequence[SliceDelta]) -> dict[str, int]:
    """Metric -> the decimals of its column: a recall of 1 stands under one of 0.8929."""
    values: dict[str, list[float | int | str | bool | None]] = {}
    for row in rows:
        values.setdefault(row.metric, []).extend((row.delta.before, row.delta.after))
    return {metric: decimals_of(of_metric) for metric, of_metric in values.items()}


def _slice_sign(row: SliceDelta, glyphs: Glyphs) -> Line:
    judged = row.delta.judgement
    return line(Span(f"{glyphs.judgement[judged]} ", judgement_tone(judged), stays=True))


def _slice_values(row: SliceDelta, decimals: int, largest: float, glyphs: Glyphs) -> Line:
    delta = row.delta
    tone = judgement_tone(delta.judgement)
    absolute = "" if delta.absolute is None else number(delta.absolute, decimals, sign=True, glyphs=glyphs)
    after = delta.after if isinstance(delta.after, (int, float)) else 0.0
    share = abs(after) / largest if largest and abs(after) <= largest else 0.0
    return line(
        padded(metric_value(delta.before, decimals, glyphs), 9, right=True),
        padded(metric_value(delta.after, decimals, glyphs), 9, right=True),
        Span(padded(absolute, 10, right=True), Tone.DIM if not delta.absolute else tone),
        Span("   " + glyphs.bar * round(share * SLICE_BAR_CELLS), Tone.SIDE_B),
    )


def _slice_label(row: SliceDelta) -> str:
    return ", ".join(f"{key} {value}" for key, value in row.slice.items())
