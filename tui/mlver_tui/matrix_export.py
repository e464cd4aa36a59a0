"""A matrix for other programs, as CSV, Markdown and JSON: `mlver diff` prints it, the explorer writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from mlver.model.change import Missing
from mlver.model.matrix import UNREAD, Area, Matrix, MatrixRow
from mlver_tui.commands.json_output import Json, delta_document, json_text, plain, row_document
from mlver_tui.commands.markdown import code_span, table_lines
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.matrix_table import AreaHead, cell_spans, column_name, matrix_entries, row_name
from mlver_tui.view_models.values import type_name, value_text

FORMATS = ("csv", "md", "json")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula."""


def matrix_text(matrix: Matrix, form: str, *, everything: bool, glyphs: Glyphs) -> str:
    """What differs (or everything) in one of FORMATS, whole: nothing is cut."""
    if form == "csv":
        return matrix_csv(matrix, everything=everything, glyphs=glyphs)
    if form == "md":
        return matrix_markdown(matrix, everything=everything, glyphs=glyphs)
    return json_text(matrix_document(matrix, everything=everything))


def matrix_csv(matrix: Matrix, *, everything: bool, glyphs: Glyphs) -> str:
    """A line per row: area, name, whether it differs, and a column per version, the base first.

    Values are as they are told apart everywhere: `1` and `1.0` are numbers, `"1"` in quotes is text, `null` is a value.
    Nothing is none, `?` a version that cannot be read. Text that a spreadsheet would run has a `'` in front.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    names = [inert(column_name(column, glyphs)) for column in matrix.columns]
    table.writerow(["area", "name", "differs", *names])
    for row in matrix.shown(everything=everything):
        cells = [_csv_cell(row, column, glyphs) for column in range(len(row.values))]
        table.writerow([row.area.value, inert(glyphs.data(row.name)), str(row.is_different).lower(), *cells])
    return text.getvalue()


def _csv_cell(row: MatrixRow, column: int, glyphs: Glyphs) -> str:
    value = row.values[column]
    if row.groups[column] == UNREAD:
        return "?"
    if isinstance(value, Missing):
        return ""
    text = value_text(value, glyphs, limit=None)
    return inert(text) if isinstance(value, str) else text


def inert(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def matrix_markdown(matrix: Matrix, *, everything: bool, glyphs: Glyphs) -> str:
    """A table for each area, for pull requests and wikis."""
    return "\n".join(_markdown(matrix, everything=everything, glyphs=glyphs)) + "\n"


def _markdown(matrix: Matrix, *, everything: bool, glyphs: Glyphs) -> Iterator[str]:
    names = [code_span(column_name(column, glyphs)) for column in matrix.columns]
    yield f"### {len(names)} versions, held against {names[0]}"
    heads = ["what", f"A {names[0]}", *names[1:]]
    entries = matrix_entries(matrix, everything=everything)
    for head in entries:
        if isinstance(head, AreaHead):
            rows = [row for row in entries if isinstance(row, MatrixRow) and row.area is head.area]
            yield ""
            tested = head.test_sets(glyphs)
            yield f"**{head.area.value}**: {head.said}" + (f", {code_span(tested)}" if tested else "")
            yield from table_lines(heads, [_markdown_cells(row, glyphs) for row in rows]) if rows else ()
    if matrix.notes:
        yield ""
        yield from (f"- **!** {code_span(glyphs.remark(note))}" for note in matrix.notes)


def _markdown_cells(row: MatrixRow, glyphs: Glyphs) -> list[str]:
    cells = [
        f"{sign.text.replace('~', chr(92) + '~')} {code_span(value.text)}".strip()
        for sign, value in cell_spans(row, glyphs, limit=None)
    ]
    return [code_span(row_name(row, glyphs)), *cells]


def matrix_document(matrix: Matrix, *, everything: bool) -> dict[str, Json]:
    """The versions, the base first, and the rows with a cell for each version."""
    return {
        "base": matrix.base.key,
        "versions": [row_document(column.row) for column in matrix.columns],
        "different": matrix.is_different,
        "rows": [_row_document(row) for row in matrix.shown(everything=everything)],
        "counts": {area.value: _counts([row for row in matrix.rows if row.area is area]) for area in Area},
        "same_test_set": [matrix.is_measured_alike(column) for column in range(len(matrix.columns))],
        "notes": list(matrix.notes),
        "complete": matrix.complete,
    }


def _row_document(row: MatrixRow) -> dict[str, Json]:
    return {
        "area": row.area.value,
        "name": row.name,
        "path": list(row.path),
        "different": row.is_different,
        "noise": row.is_noise,
        "cells": [_cell(row, column) for column in range(len(row.values))],
    }


def _cell(row: MatrixRow, column: int) -> dict[str, Json]:
    value, delta = row.values[column], row.delta(column)
    document: dict[str, Json] = {"known": row.groups[column] != UNREAD, "kind": row.kind(column).value}
    if not isinstance(value, Missing):
        document |= {"value": plain(value), "type": type_name(value)}
    return document | ({"delta": delta_document(delta)} if delta else {})


def _counts(rows: Sequence[MatrixRow]) -> dict[str, Json]:
    noise = sum(row.is_noise for row in rows)
    differing = sum(row.is_different for row in rows) - noise
    return {"differing": differing, "same": len(rows) - differing - noise, "noise": noise}
