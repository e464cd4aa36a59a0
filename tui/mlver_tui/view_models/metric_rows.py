"""The metrics of two versions side by side, with a bar that shows better and worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlver.model.metric import Goal, Judgement, MetricDelta, MetricMeaning, SliceDelta
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, metric_value, number, percent, size
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cell_width, cut, padded
from mlver_tui.view_models.version_rows import judgement_tone

FULL_BAR = 1 / 3
"""A relative change of a third fills the bar."""
FULL_BAR_CELLS = 8
SIDE_CELLS = 10
"""Each side of the bar's middle; the cells beyond a full bar keep it from its neighbours."""
SLICE_BAR_CELLS = 10

RESOURCES = {"wall_s": "time s", "cpu_s": "cpu s", "peak_rss_bytes": "memory", "peak_gpu_bytes": "gpu memory"}
"""What a run used, and what people call it; they stand last and have no goal."""

_WIDE_FROM = 96
_NAME_LEAST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricColumns:
    """The widths of the table, chosen for all its rows."""

    name: int
    value: int
    """Cells of a number, the gap before it included; a delta has one more, for its sign."""
    has_meaning: bool
    """Goal and tolerance have columns of their own."""
    has_bar: bool


_SIGN, _PERCENT, _GOAL, _TOLERANCE, _JUDGED = 2, 9, 6, 8, 9


def metric_columns(deltas: Sequence[MetricDelta], width: int, glyphs: Glyphs = UNICODE) -> MetricColumns:
    """Columns wide enough for the values, in `width` cells."""
    values = [_value(delta, side, glyphs) for delta in deltas for side in (delta.before, delta.after)]
    value = min(max([6, *map(cell_width, values)]), 12) + 2
    room = width - _SIGN - 3 * value - 1 - _PERCENT - _JUDGED
    has_meaning = width >= _WIDE_FROM
    room -= _GOAL + _TOLERANCE if has_meaning else 0
    bar_cells = 2 * SIDE_CELLS + 1
    has_bar = room >= _NAME_LEAST + bar_cells
    room -= bar_cells if has_bar else 2
    longest = max([_NAME_LEAST, *(cell_width(metric_name(delta.name, glyphs)) + 3 for delta in deltas)])
    return MetricColumns(name=max(6, min(longest, room)), value=value, has_meaning=has_meaning, has_bar=has_bar)


def metric_head(columns: MetricColumns, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """The column heads."""
    bar_head = f"{'worse':>{SIDE_CELLS - 1}} {glyphs.bar_line} {'better':<{SIDE_CELLS - 1}}"
    delta = glyphs.delta
    spans = [
        "  ",
        padded("METRIC", columns.name),
        padded("goal", _GOAL) if columns.has_meaning else "",
        padded("A", columns.value, right=True),
        padded("B", columns.value, right=True),
        padded(delta, columns.value + 1, right=True),
        padded(f"{delta} %", _PERCENT, right=True),
        bar_head if columns.has_bar else "  ",
        padded("TOL", _TOLERANCE) if columns.has_meaning else "",
        "JUDGED",
    ]
    return fitted((dim("".join(spans)),), width)


def metric_line(delta: MetricDelta, columns: MetricColumns, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """One metric: sign, name, both values, both deltas, the bar and the word."""
    tone = judgement_tone(delta.judgement)
    star = f" {glyphs.star}" if delta.meaning.primary else ""
    name = cut(metric_name(delta.name, glyphs), columns.name - len(star) - 1) + star
    spans = [
        Span(f"{glyphs.judgement[delta.judgement]} ", tone),
        bright(padded(name, columns.name)),
        dim(padded(goal_word(delta.meaning), _GOAL)) if columns.has_meaning else "",
        _side(delta, delta.before, columns, glyphs),
        _side(delta, delta.after, columns, glyphs),
        Span(padded(_absolute(delta, glyphs), columns.value + 1, right=True), Tone.DIM if not delta.absolute else tone),
        dim(padded(_relative(delta, glyphs), _PERCENT, right=True)),
        *(bar(delta, glyphs) if columns.has_bar else (Span("  "),)),
        dim(padded(tolerance_word(delta.meaning), _TOLERANCE)) if columns.has_meaning else "",
        Span(judged_word(delta), tone),
    ]
    return fitted(line(*spans), width)


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


def _value(delta: MetricDelta, value: float | int | str | bool | None, glyphs: Glyphs) -> str:
    if _is_bytes(delta) and isinstance(value, int):
        return size(value, glyphs)
    return metric_value(value, decimals_of([delta.before, delta.after]), glyphs)


def _absolute(delta: MetricDelta, glyphs: Glyphs) -> str:
    if delta.absolute is None:
        return ""
    if _is_bytes(delta) and delta.absolute:
        return ("+" if delta.absolute > 0 else glyphs.minus) + size(round(abs(delta.absolute)), glyphs)
    return number(delta.absolute, decimals_of([delta.before, delta.after]), sign=True, glyphs=glyphs)


def _is_bytes(delta: MetricDelta) -> bool:
    return delta.name in RESOURCES and delta.name.endswith("_bytes")


def _side(delta: MetricDelta, value: float | int | str | bool | None, columns: MetricColumns, glyphs: Glyphs) -> Span:
    shown = cut(_value(delta, value, glyphs), columns.value - 1)
    return Span(padded(shown or "none", columns.value, right=True), Tone.PLAIN if shown else Tone.DIM)


def slice_lines(rows: Sequence[SliceDelta], width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The per-slice table: metric, slice, A, B, delta; the bar is B's value as a share of the largest."""
    if not rows:
        return []
    numbers = [row.delta.after for row in rows if isinstance(row.delta.after, (int, float))]
    largest = max((abs(float(value)) for value in numbers), default=0.0)
    head = f"  {'SLICE':<26}{'A':>9}{'B':>9}{glyphs.delta:>10}   B"
    return [fitted((dim(head),), width), *(fitted(_slice_line(row, largest, glyphs), width) for row in rows)]


def _slice_line(row: SliceDelta, largest: float, glyphs: Glyphs) -> Line:
    delta = row.delta
    tone = judgement_tone(delta.judgement)
    decimals = decimals_of([delta.before, delta.after])
    absolute = "" if delta.absolute is None else number(delta.absolute, decimals, sign=True, glyphs=glyphs)
    after = delta.after if isinstance(delta.after, (int, float)) else 0.0
    share = abs(after) / largest if largest and abs(after) <= largest else 0.0
    return line(
        Span(f"{glyphs.judgement[delta.judgement]} ", tone),
        padded(glyphs.data(f"{row.metric} {_slice_label(row)}"), 26),
        padded(metric_value(delta.before, decimals, glyphs), 9, right=True),
        padded(metric_value(delta.after, decimals, glyphs), 9, right=True),
        Span(padded(absolute, 10, right=True), Tone.DIM if not delta.absolute else tone),
        Span("   " + glyphs.bar * round(share * SLICE_BAR_CELLS), Tone.SIDE_B),
    )


def _slice_label(row: SliceDelta) -> str:
    return ", ".join(f"{key} {value}" for key, value in row.slice.items())
