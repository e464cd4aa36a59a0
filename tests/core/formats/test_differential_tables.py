"""JSON lines and Parquet held to a slow, plain reader of what was written: no wrong "same", no wrong count."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files
from mlver.model.change import Change, Kind

Row: TypeAlias = dict[str, Any]

LARGE = 1 << 53
CELLS = (
    None, True, False, 0, 1, -1, LARGE, LARGE + 1, -0.0, 1.0, 0.5, 1e300, "", "0", "1", "1.0", "true", "null", "é", '"',
)  # fmt: skip
rows = st.lists(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(CELLS) for name in ("a", 'b"', "c d")}), max_size=5
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Two tables, mostly of much the same rows: keys, an order of their own, a few other cells."""
    has_key = draw(st.booleans())
    before: list[Row] = [({"id": at, **row} if has_key else row) for at, row in enumerate(draw(rows))]
    after: list[Row] = [
        ({"id": row["id"], **draw(st.sampled_from(before))} | {"id": row["id"]} if has_key else row) for row in before
    ]
    after = draw(st.permutations(after)) if draw(st.booleans()) else after
    after = after[draw(st.integers(0, 2)) :]
    more = draw(rows)
    after += [({"id": 100 + at, **row} if has_key else row) for at, row in enumerate(more)]
    return before, after


def kind_of(cells: Sequence[Any]) -> str:
    """What a column's cells are; nothing: they are not of one kind."""
    kinds = {"text" if isinstance(cell, str) else type(cell).__name__ for cell in cells if cell is not None}
    if kinds <= {"int"} or len(kinds) == 1:
        return kinds.pop() if kinds else "null"
    if kinds == {"int", "float"}:
        return "float" if all(cell is None or float(cell) == cell for cell in cells) else ""
    return ""


def filled(row: Row, names: Sequence[str]) -> list[Any]:
    """A key that a line has not is null there."""
    return [row.get(name) for name in names]


def columns_of(table: Sequence[Row]) -> dict[str, str]:
    names = dict.fromkeys(name for row in table for name in row)
    return {name: kind_of([row.get(name) for row in table]) for name in names}


def told(change: Change) -> tuple[int, int, int]:
    """Rows new, gone and changed."""
    note = next((node.note for node in change.children if node.label == "rows"), "")
    found = {word[0]: int(word[1:]) for word in note.split() if word[0] in "+−~"}
    return found.get("+", 0), found.get("−", 0), found.get("~", 0)


def check(change: Change, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Hold what was told of a table to a plain comparison of its rows."""
    types = columns_of(before), columns_of(after)
    shared = [name for name in types[1] if name in types[0]]
    alike = [name for name in shared if types[0][name] == types[1][name]]
    is_same = types[0] == types[1] and [filled(row, shared) for row in before] == [filled(row, shared) for row in after]
    nodes = {node.label: node for node in change.children}
    assert (change.kind is Kind.SAME) <= is_same
    if not {"columns", "rows"} & nodes.keys():
        assert is_same or not (before and after) or not shared
        return
    if "rows by id" in change.details:
        ours, theirs = ({row["id"]: row for row in side} for side in (before, after))
        both = ours.keys() & theirs.keys()
        differ = sum(any(ours[key].get(name) != theirs[key].get(name) for name in alike) for key in both)
        assert told(change) == (len(theirs.keys() - ours.keys()), len(ours.keys() - theirs.keys()), differ)
    elif "no key: rows by their content" in change.details and alike == shared != []:
        left, right = (Counter(tuple(filled(row, shared)) for row in side) for side in (before, after))
        assert told(change) == ((right - left).total(), (left - right).total(), 0)


def as_lines(table: Sequence[Row], separators: tuple[str, str]) -> bytes:
    return b"".join(json.dumps(row, separators=separators).encode() + b"\n" for row in table)


@settings(max_examples=60)
@given(pairs())
def test_json_lines_are_the_same_only_where_a_plain_reader_says_so(tables: tuple[list[Row], list[Row]]) -> None:
    before, after = tables
    types = [columns_of(side) for side in tables]
    assume(before != after and all(types))
    is_table = all(all(side.values()) for side in types)

    change = compare_files("t.jsonl", Blob(as_lines(before, (",", ":"))), Blob(as_lines(after, (", ", ": "))))

    assert change.kind is Kind.CHANGED
    refused = any("not compared as json lines" in said for said in change.details)
    assert is_table or refused
    if not refused:
        check(change, before, after)


@settings(max_examples=60)
@given(pairs())
def test_json_lines_that_are_only_written_otherwise_have_the_same_rows(tables: tuple[list[Row], list[Row]]) -> None:
    table = tables[0]
    assume(table and columns_of(table) and all(columns_of(table).values()))

    change = compare_files("t.jsonl", Blob(as_lines(table, (",", ":"))), Blob(as_lines(table, (", ", ": "))))

    assert change.note == "written otherwise; all that was followed is the same"


PARQUET_CELLS: dict[str, tuple[pl.DataType | type[pl.DataType], tuple[Any, ...]]] = {
    "i": (pl.Int64, (None, 0, 1, LARGE, LARGE + 1)),
    "f": (pl.Float64, (None, 0.0, 1.0, -1.5, 1e300, float("inf"))),
    "h": (pl.Float32, (None, 0.0, 0.5)),
    "s": (pl.String, (None, "", "a", "é", "1")),
    "b": (pl.Boolean, (None, True, False)),
    "d": (pl.Date, (None, date(2026, 1, 1), date(1969, 12, 31))),
    "y": (pl.Binary, (None, b"", b"\xff")),
    "n": (pl.Null, (None,)),
}  # fmt: skip


@st.composite
def parquets(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    names = draw(st.lists(st.sampled_from([*PARQUET_CELLS]), unique=True, min_size=1, max_size=4))
    row = st.fixed_dictionaries({name: st.sampled_from(PARQUET_CELLS[name][1]) for name in names})
    drawn = [draw(st.lists(row, min_size=1, max_size=6)) for _ in range(2)]
    sides: list[list[Row]] = [[{name: cells[name] for name in names} for cells in side] for side in drawn]
    if draw(st.booleans()):
        sides[1] = draw(st.permutations(sides[0])) + sides[1][: draw(st.integers(0, 1))]
    if draw(st.booleans()):
        sides = [[{"id": at, **cells} for at, cells in enumerate(side)] for side in sides]
    return sides[0], sides[1]


def as_parquet(table: Sequence[Row], **how: Any) -> bytes:
    schema = {name: PARQUET_CELLS.get(name, (pl.Int64,))[0] for name in table[0]}
    made = io.BytesIO()
    pl.DataFrame(table, schema).write_parquet(made, **how)
    return made.getvalue()


@settings(max_examples=60)
@given(parquets())
def test_parquet_is_the_same_only_where_a_plain_reader_says_so(tables: tuple[list[Row], list[Row]]) -> None:
    before, after = tables

    change = compare_files("t.parquet", Blob(as_parquet(before)), Blob(as_parquet(after, compression="uncompressed")))

    assert not any("not compared" in said for said in change.details)
    assert (change.note == "written otherwise; all that was followed is the same") == (before == after)
    nodes = {node.label for node in change.children if node.kind is not Kind.SAME}
    assert before == after or nodes & {"rows"}
    if before != after:
        _check_parquet(change, before, after)


def _check_parquet(change: Change, before: Sequence[Row], after: Sequence[Row]) -> None:
    if "rows by id" in change.details:
        ours, theirs = ({row["id"]: row for row in side} for side in (before, after))
        differ = sum(ours[key] != theirs[key] for key in ours.keys() & theirs.keys())
        assert told(change) == (len(theirs.keys() - ours.keys()), len(ours.keys() - theirs.keys()), differ)
    elif "no key: rows by their content" in change.details:
        left, right = (Counter(tuple(row.values()) for row in side) for side in (before, after))
        assert told(change) == ((right - left).total(), (left - right).total(), 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"a": 1}\n{"a": "x"}\n', b'{"a": "1"}\n{"a": "x"}\n'),
        (b'{"a\\"": true}\n{"a\\"": "x"}\n', b'{"a\\"": "true"}\n{"a\\"": "x"}\n'),
        (b'{"a": 9007199254740992}\n{"a": 0.5}\n', b'{"a": 9007199254740993}\n{"a": 0.5}\n'),
    ],
)
def test_lines_whose_values_one_column_cannot_hold_are_told_as_lines(before: bytes, after: bytes) -> None:
    change = compare_files("t.jsonl", Blob(before), Blob(after))

    assert change.note == "1 of 2 lines"
    assert any(said.startswith("not compared as json lines: a column holds") for said in change.details)
