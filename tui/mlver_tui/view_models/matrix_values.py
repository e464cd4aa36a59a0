"""One row of a matrix with its whole values, version by version."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from mlver.model.matrix import Matrix, MatrixRow
from mlver.model.metric import MetricDelta
from mlver_tui.view_models.chrome import rule_line
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.matrix_table import cell_spans, column_name, row_name
from mlver_tui.view_models.metric_rows import metric_texts
from mlver_tui.view_models.numbers import percent
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cell_width, padded
from mlver_tui.view_models.values import type_name

MOST_CHARACTERS = 8_000
"""Of one value; an export has all of it."""

_NAME_MOST = 24
_ROOM_LEAST = 16
_ALIGNED = 24
"""Characters of a value up to which what stands beside it is aligned."""


def value_lines(matrix: Matrix, row: MatrixRow, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The value of every version, on as many lines as it needs; beside it its type, or how it moved."""
    names = [column_name(column, glyphs) for column in matrix.columns]
    name_cells = min(max(map(cell_width, names)), _NAME_MOST)
    lines = [rule_line(row_name(row, glyphs), width, glyphs)]
    cells = cell_spans(row, glyphs, limit=None)
    value_cells = max(cell_width(value.text[:_ALIGNED]) for _, value in cells)
    for column, (sign, value) in enumerate(cells):
        first = Span("A", Tone.SIDE_A) if column == 0 else sign
        start = line(" ", first, " ", bright(padded(names[column], name_cells)), "  ")
        room = max(_ROOM_LEAST, width - name_cells - 6)
        pieces = list(_pieces(value.text[:MOST_CHARACTERS], room)) or [""]
        piece = pieces[0] + " " * (value_cells - cell_width(pieces[0]))
        beside = _beside(row, column, glyphs) if len(pieces) == 1 else ()
        lines.append(fitted((*start, Span(piece, value.tone), *beside), width))
        lines += [line(" " * (name_cells + 5), Span(piece, value.tone)) for piece in pieces[1:]]
        left_out = len(value.text) - MOST_CHARACTERS
        if left_out > 0:
            said = f"{glyphs.ellipsis} {left_out} more characters: an export has them"
            lines.append(line(" " * (name_cells + 5), Span(said, Tone.WARNING)))
        if problem := matrix.columns[column].problem:
            lines.append(line(" " * (name_cells + 5), Span(glyphs.data(problem), Tone.WARNING)))
    return lines


def _beside(row: MatrixRow, column: int, glyphs: Glyphs) -> Line:
    delta = row.delta(column)
    if delta is None:
        return line(dim(f"   {type_name(row.values[column])}"))
    return line(dim(f"   {_moved(delta, glyphs)}")) if column else ()


def _moved(delta: MetricDelta, glyphs: Glyphs) -> str:
    """`+0.0194  +2.1 %  better`; empty where nothing can be held against the base."""
    if delta.absolute is None:
        return ""
    *_, absolute = metric_texts(delta, glyphs)
    return "  ".join(filter(None, (absolute.strip(), percent(delta.relative, glyphs), delta.judgement.value)))


def _pieces(text: str, room: int) -> Iterator[str]:
    """The text in lines of at most `room` cells, every character kept."""
    if cell_width(text) <= room:
        yield text
        return
    start, begun = 0, 0
    for index, used in enumerate(accumulate(map(cell_width, text))):
        if used - begun > room:
            yield text[start:index]
            start, begun = index, used - cell_width(text[index])
    yield text[start:]
