"""`mlver diff A B C ...`: many versions side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mlver.errors import BadArgument
from mlver.model.matrix import Area, Matrix, MatrixColumn, MatrixRow
from mlver_tui.commands.failures import FAILED, FINE, INCOMPLETE
from mlver_tui.view_models.change_entries import PARTS
from mlver_tui.view_models.matrix_table import (
    AreaHead,
    MatrixTable,
    area_line,
    blocks,
    cell_spans,
    column_name,
    matrix_table,
    numbered,
    row_name,
)
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import aligned, wrapped

if TYPE_CHECKING:
    from mlver_tui.commands.console import Console

_AREAS = {"params": (Area.PARAMS,), "metrics": (Area.METRICS, Area.RESOURCES)}
"""Part of a comparison -> the areas of a matrix that belong to it."""


def narrowed(matrix: Matrix, parts: frozenset[str]) -> Matrix:
    """The rows of these parts. Raises BadArgument for a part that a matrix does not have."""
    strange = sorted(parts - _AREAS.keys())
    if strange and parts != frozenset(PARTS):
        raise BadArgument(
            f"--only {','.join(strange)}: a matrix holds {' and '.join(_AREAS)}", hint="two versions have every part"
        )
    areas = {area for part in parts for area in _AREAS.get(part, ())}
    return replace(matrix, rows=tuple(row for row in matrix.rows if row.area in areas))


def show_matrix(console: Console, matrix: Matrix, form: str, *, everything: bool) -> None:
    """Print it as text, or in a format for other programs."""
    if form != "text":
        from mlver_tui.matrix_export import matrix_text

        console.show_text(matrix_text(matrix, form, everything=everything, glyphs=console.glyphs))
        return
    table = matrix_table(matrix, everything=everything, glyphs=console.glyphs)
    console.show_all(_lines(table, console.width))
    console.show_all(_end(matrix, console, everything=everything))


def exit_code(matrix: Matrix, *, wants_code: bool) -> int:
    """4 when a limit was hit or a version cannot be read; 1 when they differ and that was asked for."""
    if not matrix.complete:
        return INCOMPLETE
    return FAILED if wants_code and matrix.is_different else FINE


def _lines(table: MatrixTable, width: int | None) -> Iterator[Line]:
    if width is None:
        yield from _whole(table)
        return
    count = len(table.matrix.columns)
    for shown in blocks(table, width):
        if len(shown) < count - 1:
            yield from [EMPTY] if shown[0] > 1 else []
            yield line(dim(f"{numbered(shown)} of {count}, beside A"))
        yield table.head(shown, width)
        yield from (table.line(entry, shown, width) for entry in table.entries)


def _whole(table: MatrixTable) -> Iterator[Line]:
    """One table without a limit: nothing is cut where no terminal shows it."""
    rows: list[list[Line]] = [
        [EMPTY, *(_head(column, index, table) for index, column in enumerate(table.matrix.columns))]
    ]
    heads: dict[int, Line] = {}
    for entry in table.entries:
        if isinstance(entry, AreaHead):
            heads[len(rows)] = area_line(entry, table.glyphs)
            rows.append([])
        else:
            rows.append([line(" ", _name(entry, table)), *_cells(entry, table)])
    for index, shown in enumerate(aligned(rows)):
        yield heads.get(index, shown)


def _head(column: MatrixColumn, index: int, table: MatrixTable) -> Line:
    name = column_name(column, table.glyphs)
    return line(Span(f"A {name}", Tone.SIDE_A)) if index == 0 else line("  ", bright(name))


def _name(row: MatrixRow, table: MatrixTable) -> Span:
    return Span(row_name(row, table.glyphs), Tone.DIM if row.is_noise else Tone.PLAIN)


def _cells(row: MatrixRow, table: MatrixTable) -> list[Line]:
    return [line(sign, " ", value) for sign, value in cell_spans(row, table.glyphs, limit=None)]


def _end(matrix: Matrix, console: Console, *, everything: bool) -> Iterator[Line]:
    hidden = len(matrix.rows) - len(matrix.shown(everything=everything))
    rows = "1 row is" if hidden == 1 else f"{hidden} rows are"
    told = [line(dim(f"{rows} not shown: the same, or ignored as noise; -a shows them"))] if hidden else []
    for note in matrix.notes:
        told += [line(Span(part, Tone.WARNING)) for part in wrapped(f"! {console.glyphs.remark(note)}", console.width)]
    yield from ([EMPTY, *told] if told else [])
