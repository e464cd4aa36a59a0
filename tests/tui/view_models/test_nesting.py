"""Runs of MLflow inside others: under them in the list, with a sign, and told on both sides."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.version import VersionRow
from mlver_tui.view_models.detail import Detail
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.history import history_lines
from mlver_tui.view_models.nesting import nested_in, under_their_parents
from mlver_tui.view_models.ordering import ordered
from mlver_tui.view_models.receipt import receipt_lines
from mlver_tui.view_models.spans import text_of
from mlver_tui.view_models.version_fields import NEWEST
from mlver_tui.view_models.version_rows import version_table
from tests.support.explorer import NOW, digits_rows


def run(name: str, parent: str | None = None, source: str = "mlflow") -> VersionRow:
    return VersionRow(
        key=f"mlflow/mlruns/{name}", source=source, ref="", commit=name.ljust(32, "0"), model="sweep", name=name,
        title=f"lr={name}", parent=f"mlflow/mlruns/{parent}" if parent else None, created=NOW,
    )  # fmt: skip


DEEP, SECOND, FIRST, LATER, SWEEP = (
    run("deep", "first"), run("second", "sweep"), run("first", "sweep"), run("later"), run("sweep"),
)  # fmt: skip
ROWS = [LATER, DEEP, SECOND, FIRST, SWEEP]


def test_nested_runs_stand_under_the_run_they_are_in_as_deep_as_they_go() -> None:
    assert [row.name for row in ordered(ROWS, NEWEST)] == ["later", "sweep", "second", "first", "deep"]
    assert ordered(digits_rows(), NEWEST) == list(digits_rows())
    assert under_their_parents([SECOND, LATER]) == [SECOND, LATER], "what it is in does not pass the filter"


def test_runs_that_are_in_each_other_are_listed_all_the_same() -> None:
    circle = [run("a", "b"), run("b", "a"), SWEEP]

    assert {row.name for row in under_their_parents(circle)} == {"a", "b", "sweep"}


def test_a_sign_stands_before_the_name_and_both_sides_tell_of_each_other() -> None:
    find = {row.key: row for row in ROWS}.get
    table = version_table(ROWS, find=find, now=NOW)
    assert text_of(table.line(FIRST, 80)).startswith("   ↳ first")
    assert text_of(table.line(SWEEP, 80)).startswith("   sweep")
    assert text_of(replace(table, glyphs=ASCII).line(FIRST, 80)).startswith("   ` first")

    outer = Detail(row=SWEEP, nested=nested_in(SWEEP, ROWS), now=NOW)
    inner = Detail(row=FIRST, nested_in=SWEEP, now=NOW)
    assert "2 runs nested in it" in "\n".join(map(text_of, receipt_lines(outer, 80)))
    assert "nested in sweep" in "\n".join(map(text_of, receipt_lines(inner, 80)))
    assert [text_of(one).rstrip() for one in history_lines(outer, 80)][:3] == [
        "2 runs nested in it", "↳ second    lr=second", "↳ first     lr=first",
    ]  # fmt: skip
    assert "nested in  sweep" in text_of(history_lines(inner, 80)[0])


def test_the_parent_of_a_commit_is_no_run_that_it_is_in() -> None:
    child, parent = run("a", "b", source="dvc"), run("b", source="dvc")

    assert ordered([child, parent], NEWEST) == [child, parent]
    assert nested_in(parent, [child]) == ()
