from __future__ import annotations

import csv
import io
import json
import random
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mlver.formats.blob import Blob, Pair
from mlver.formats.format import USUAL, Limits, NotUnderstood
from mlver.formats.registry import compare_files, compare_pair, kind_of
from mlver.formats.table_scans import TableFiles
from mlver.formats.tables import CSV, PARQUET, read_table
from mlver.model.change import Change, Kind
from mlver.progress import Progress, never

BEFORE = b"id,a,b\n1,0.5,x\n2,0.7,y\n3,1,z\n"


def compared(before: bytes, after: bytes, path: str = "table.csv", **more: Any) -> Change:
    return compare_files(path, Blob(before), Blob(after), **more)


def below(change: Change, *labels: str) -> Change:
    for label in labels:
        change = next(node for node in change.children if node.label == label)
    return change


def told(change: Change) -> dict[str, tuple[Kind, str]]:
    return {node.label: (node.kind, node.note) for node in change.children if node.kind is not Kind.SAME}


def parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


def test_they_are_recognised() -> None:
    assert kind_of("x.csv", BEFORE) == kind_of("x.tsv", b"a\tb\n") == "csv"
    assert kind_of("x", parquet(a=[1])) == "parquet"
    assert kind_of("x.jsonl", b'{"a": 1}\n') == "json lines"


def test_rows_are_told_by_their_key_with_the_cells_that_changed() -> None:
    change = compared(BEFORE, b"id,a,c\n1,0.5,x\n3,2,z\n4,1,z\n")

    assert change.note == "2 columns, rows +1 −1 ~1"
    assert change.details[:2] == ("3 rows", "rows by id")
    assert told(below(change, "columns")) == {"c": (Kind.ADDED, "new"), "b": (Kind.REMOVED, "gone")}
    assert told(below(change, "rows")) == {
        "4": (Kind.ADDED, "new"), "2": (Kind.REMOVED, "gone"), "3": (Kind.CHANGED, "a 1 → 2"),
    }  # fmt: skip
    assert told(below(change, "cells")) == {"a": (Kind.CHANGED, "1 of 2 cells, max |d| 1, mean 0.75 → 1.25")}


def test_rows_that_only_stand_elsewhere_are_said_to() -> None:
    change = compared(BEFORE, b"id,a,b\n3,1,z\n1,0.5,x\n2,0.7,y\n")

    assert change.note == "the same rows in another order"


def test_several_columns_may_be_the_key() -> None:
    before = b"step,metric,value\n1,loss,0.5\n1,acc,0.1\n2,loss,0.4\n"
    after = before.replace(b"0.4", b"0.3")

    change = compared(before, after)

    assert "rows by step and metric" in change.details
    assert told(below(change, "rows")) == {"2 loss": (Kind.CHANGED, "value 0.4 → 0.3")}


def test_without_a_key_rows_are_counted_by_their_content() -> None:
    before = b"value\n0.5\n0.5\n0.6\n"
    after = b"value\n0.5\n0.7\n0.5\n0.5\n"

    change = compared(before, after)

    assert (below(change, "rows").note, change.details[1]) == ("+2 −1", "no key: rows by their content")


def test_a_cell_that_is_written_otherwise_is_another_cell() -> None:
    assert compared(b"id,a\n1,0.5\n", b"id,a\n1,0.50\n").kind is Kind.CHANGED
    assert compared(BEFORE, BEFORE).kind is Kind.SAME
    assert compared(BEFORE, BEFORE.replace(b"x", b'"x"')).note == "written otherwise; all that was followed is the same"


def test_parquet_keeps_its_types() -> None:
    before, after = parquet(id=[1, 2], v=[1.0, float("nan")]), parquet(id=[1, 2], v=[1.5, float("nan")])

    change = compared(before, after, "t.parquet")

    assert told(below(change, "cells")) == {"v": (Kind.CHANGED, "1 of 2 cells, max |d| 0.5, mean nan → nan")}
    change = compared(before, parquet(id=[1, 2], v=["1.0", "nan"]), "t.parquet")
    assert told(below(change, "columns")) == {"v": (Kind.CHANGED, "Float64 → String")}


def test_json_lines_are_rows_where_they_are_flat() -> None:
    before, after = (
        b"".join(json.dumps({"id": number, "v": number * scale}).encode() + b"\n" for number in range(3))
        for scale in (1, 2)
    )

    assert (
        compared(before, after, "x.jsonl").note == "rows ~2, 2 changed" or compared(before, after, "x.jsonl").children
    )
    nested = b'{"id": 1, "v": {"a": [1]}}\n'
    change = compared(nested, nested.replace(b"[1]", b"[2]"), "x.jsonl")
    assert any(said.startswith("not compared as json lines") for said in change.details)


@pytest.mark.parametrize(
    ("damaged", "path"),
    [
        (b"a,b\n1,2,3,4\n", "x.csv"), (b"", "x.csv"), (b"\xff\xfe\x00", "x.csv"), (b'a,b\n"1,2\n', "x.csv"),
        (b"PAR1", "x.parquet"), (b"PAR1" + b"\xff" * 100 + b"PAR1", "x.parquet"), (b'{"a": 1}\n{', "x.jsonl"),
        (b'{"a": 1}\n[1]\n', "x.jsonl"),
    ],
    ids=str,
)  # fmt: skip
def test_damaged_tables_are_compared_otherwise(damaged: bytes, path: str) -> None:
    whole = {"x.csv": BEFORE, "x.parquet": parquet(a=[1]), "x.jsonl": b'{"a": 1}\n'}[path]
    for before, after in ((whole, damaged), (damaged, whole)):
        assert compared(before, after, path).kind is Kind.CHANGED


def test_a_table_beyond_the_limit_is_compared_as_text() -> None:
    change = compared(BEFORE, BEFORE.replace(b"x", b"y"), limits=Limits(table_bytes=10))

    assert any("a table of more than" in said for said in change.details)


cells = st.sampled_from(["", "a", "b", "1", "1.0", "nan"])
tables = st.lists(st.tuples(st.integers(0, 4).map(str), cells, cells), max_size=6)


@given(tables, tables)
def test_counts_are_those_of_a_slow_plain_reader(left: Any, right: Any) -> None:
    before, after = (_csv(rows) for rows in (left, right))

    change = compared(before, after)

    assert (change.kind is Kind.SAME) == (left == right)
    keys = [[row[0] for row in rows] for rows in (left, right)]
    if all(len(set(side)) == len(side) for side in keys) and left and right:
        ours, theirs = ({row[0]: row for row in rows} for rows in (left, right))
        expected = (
            len(theirs.keys() - ours.keys()),
            len(ours.keys() - theirs.keys()),
            sum(ours[key] != theirs[key] for key in ours.keys() & theirs.keys()),
        )
        assert _counted(change) == expected
    elif left and right and "no key: rows by their content" in change.details:
        new, gone = Counter(right) - Counter(left), Counter(left) - Counter(right)
        assert _counted(change) == (new.total(), gone.total(), 0)


def test_numbers_that_no_row_has_on_both_sides_have_no_distance() -> None:
    change = compared(b"id,x\n1,1\n2,\n", b"id,x\n1,\n2,2\n")

    assert below(change, "cells", "x").note == "all 2 cells, mean 1 → 2"


HOSTILE_NAMES = [
    "*", "^.*$", "^c.*$", "^", "$", "", " ", "c0", "c1", "0", "len", "literal", "__place", "__count",
    "x__of_the_other_side", "c0__of_the_other_side", "a,b", "a\nb", 'a"b', "é", "\\", "[0]", "{}", "tensor", "truth",
]  # fmt: skip


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@pytest.mark.parametrize(
    ("header", "names"),
    [
        (['id', '"a ""b"" c"'], ["id", 'a "b" c']),
        (['id', '""""""'], ["id", '""']),
        (['id', '"two\nlines ""quoted"""'], ["id", 'two\nlines "quoted"']),
        (['\ufeffid', 'plain'], ["id", "plain"]),
        (['id', 'a""b'], ["id", 'a""b']),
        (['"a""b"', '"a""b"'], ['a""b', 'a""b_duplicated_0']),  # both the same: as polars tells them apart
    ],
)  # fmt: skip
def test_quotes_in_a_header_are_what_csv_says(header: list[str], names: list[str], suffix: str) -> None:
    separator = "," if suffix == ".csv" else "\t"
    sides = [f"{separator.join(header)}\n1{separator}{cell}\n".encode() for cell in "xy"]

    table = read_table(f"t{suffix}", Blob(sides[0]))
    scan = TableFiles.of([(f"t{suffix}", Blob(sides[0]))])

    assert table.columns == names
    assert scan is not None
    assert scan.scan().collect().to_dict(as_series=False) == {names[0]: ["1"], names[1]: ["x"]}
    assert [*told(below(compared(sides[0], sides[1], f"t{suffix}"), "cells"))] == names[1:]


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_columns_are_called_changes_nothing_but_their_names(seed: int, suffix: str) -> None:
    rng = random.Random(seed)
    plain = ["id" if seed % 2 else "k", "v1", "v2", "v3"]
    odd = [plain[0], *rng.sample(HOSTILE_NAMES, 3)]
    rows = [[number, rng.randint(0, 3), rng.choice("ab"), rng.random()] for number in range(12)]
    changed = [[row[0], *(rng.choice((cell, rows[0][place])) for place, cell in enumerate(row[1:], 1))] for row in rows]
    changed = rng.sample(changed, rng.randint(3, 12)) if seed % 3 else changed

    def looked_into(names: list[str]) -> Change:
        tables = [dict(zip(names, zip(*side, strict=True), strict=True)) for side in (rows, changed)]
        if suffix == ".parquet":
            before, after = (parquet(**table) for table in tables)
        else:
            before, after = (pl.DataFrame(table).write_csv().encode() for table in tables)
        pair = Pair(path=f"t{suffix}", before=Blob(before), after=Blob(after))
        return (CSV if suffix == ".csv" else PARQUET).compare(pair, USUAL, never)

    def said(text: str) -> str:
        return re.sub(r"\bv[123]\b", lambda found: odd[plain.index(found[0])], text)

    def renamed(change: Change) -> Change:
        return replace(
            change,
            label=said(change.label),
            note=said(change.note),
            details=tuple(map(said, change.details)),
            children=tuple(map(renamed, change.children)),
        )

    assert looked_into(odd) == renamed(looked_into(plain))


def many_keys(last: int) -> bytes:
    return b"".join(b'{"k%d":1}\n' % number for number in range(20_000)) + b'{"k":%d}\n' % last


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        (b"," * 300_000 + b"\n1\n", b"," * 300_000 + b"\n2\n", "t.csv"),
        (many_keys(1), many_keys(2), "t.jsonl"),
        (b'{"a":' + b"[" * 100_000 + b"\n", b'{"a":' + b"[" * 100_001 + b"\n", "t.jsonl"),
        (parquet(a=pl.repeat(True, (1 << 27) + 1, eager=True)), parquet(a=[1]), "t.parquet"),
    ],
    ids=["columns", "keys", "depth", "rows"],
)
def test_a_few_bytes_that_stand_for_many_cells_are_not_read_as_a_table(before: bytes, after: bytes, path: str) -> None:
    start = time.process_time()

    change = compared(before, after, path)

    assert time.process_time() - start < 30
    assert change.kind is Kind.CHANGED
    assert any(said.startswith("not compared as") for said in change.details)


def _csv(rows: Any) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["id", "a", "b"])
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _counted(change: Change) -> tuple[int, int, int]:
    rows = next((node for node in change.children if node.label == "rows"), None)
    words = rows.note.split() if rows else []
    found = {word[0]: int(word[1:]) for word in words if word[0] in "+−~"}
    return found.get("+", 0), found.get("−", 0), found.get("~", 0)


def test_a_file_that_would_end_the_process_that_reads_it_is_compared_as_bytes(tmp_path: Path) -> None:
    """A page that declares -25 values makes polars ask for more memory than there is, and Rust abort."""
    whole = parquet(s=["a", "b"] * 25)
    fatal = whole.replace(b"\x2c\x15\x64\x15", b"\x2c\x15\x31\x15")
    (tmp_path / "t.parquet").write_bytes(fatal)

    for damaged in (Blob(fatal), Blob(tmp_path / "t.parquet")):
        change = compare_files("t.parquet", Blob(whole), damaged)

        assert change.kind is Kind.CHANGED
        assert any("reading it ends the program" in said for said in change.details)
        with pytest.raises(NotUnderstood, match="reading it ends the program"):
            TableFiles((("t.parquet", damaged),), PARQUET).scan()


def written(table: pl.DataFrame, path: str) -> bytes:
    file = io.BytesIO()
    if path == "t.csv":
        table.write_csv(file)
    else:
        table.write_ndjson(file) if path == "t.jsonl" else table.write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("path", ["t.csv", "t.jsonl", "t.parquet"])
def test_it_is_told_in_parts_of_a_hundred_how_far_two_tables_are(path: str) -> None:
    tables = [pl.DataFrame({"id": range(20_000), "x": [cell] * 20_000, "y": [1.5] * 20_000}) for cell in "ab"]
    files = [Blob(written(table, path)) for table in tables]
    reported: list[Progress] = []

    change = compare_pair(Pair(path=path, before=files[0], after=files[1], report=reported.append))

    assert change.note == "rows ~20\u2009000"
    assert {(one.doing, one.total) for one in reported} == {(f"comparing rows of {path}", 100)}
    assert [one.done for one in reported] == sorted(one.done for one in reported)
    assert 90 <= reported[-1].done <= 100
