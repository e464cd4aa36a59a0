"""The version list says what the mock-up says, cell by cell."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.data import Data
from mlver.model.status import Status
from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.spans import Tone, text_of, width_of
from mlver_tui.view_models.version_columns import USUAL, with_order
from mlver_tui.view_models.version_fields import METRIC, NAME, NEWEST
from mlver_tui.view_models.version_rows import VersionTable, strip_spans, version_table, with_columns
from tests.support.explorer import NOW, broken_row, digits_rows, failed_row, hostile_row


def table(*, base: VersionRow | None = None, glyphs: Glyphs = UNICODE) -> VersionTable:
    rows = digits_rows()
    by_key = {row.key: row for row in rows}
    return version_table(rows, find=by_key.get, now=NOW, base=base, glyphs=glyphs)


def test_the_list_reads_as_the_mock_up_does() -> None:
    rows = digits_rows()

    lines = [text_of(table().head(80)), *(text_of(table().line(row, 80)) for row in rows[:5])]

    assert lines == [
        "   NAME        AGE WHY                       CDPEHS ACCURACY Δ parent  RE  STAGE",
        "   e07b3a51.2   2h same recipe, other result C····S   0.9528 = −0.0028 ≠        ",
        "   e07b3a51.1   2h seed removed              C····S   0.9556 ▼ −0.0056 ?        ",
        "   5c9f20d4.1   5h warm-up (uncommitted)     C*····   0.9611 = +0.0028 ?        ",
        "   7d18e6b0.1   1d numpy 1.26.4 → 2.4.6      ···E··   0.9583 =  0.0000 ≈1  stag…",
        "   v1.4.0       2d scaling restored          C·····   0.9583 ▲ +0.0417 ≡3  PROD ",
    ]


def test_without_stages_their_column_is_not_there() -> None:
    rows = tuple(replace(row, stages=()) for row in digits_rows())
    without = version_table(rows, find=lambda _key: None, now=NOW)

    assert text_of(without.head(80)).endswith("RE ")
    assert "same recipe, other result       C····S" in text_of(without.line(rows[0], 80))


def test_a_narrow_list_leaves_out_the_stage_first() -> None:
    shown = text_of(table().head(66))

    assert "RE" in shown
    assert "STAGE" not in shown


@pytest.mark.parametrize("width", [1, 7, 20, 33, 47, 60, 79, 80, 100, 200])
def test_a_line_fills_its_width_exactly(width: int) -> None:
    for row in (*digits_rows(), hostile_row(), broken_row(), failed_row()):
        assert width_of(table().line(row, width, is_marked=True)) == width
    assert width_of(table().head(width)) == width


def test_with_a_base_the_head_and_the_deltas_are_against_it() -> None:
    rows = digits_rows()
    base = rows[10]

    with_base = table(base=base)

    assert "Δ A" in text_of(with_base.head(80))
    assert text_of(with_base.line(base, 80)).startswith(" A v1.1.0")
    assert "▲ +0.0194" in text_of(with_base.line(rows[4], 80))


def test_a_marked_row_shows_its_mark() -> None:
    assert text_of(table().line(digits_rows()[0], 80, is_marked=True)).startswith(" ● e07b")


def test_a_broken_version_is_one_marked_row() -> None:
    shown = text_of(table().line(broken_row(), 90))

    assert "✗ version.yaml:3: metrics" in shown


def test_a_failed_run_says_so_and_has_no_delta() -> None:
    row = replace(failed_row(), metrics=digits_rows()[0].metrics, primary="accuracy", parent=digits_rows()[0].key)

    shown = text_of(table().line(row, 80))

    assert "✗ failed train: exit 1" in shown
    assert "+0.0" not in shown


def test_nothing_hostile_survives() -> None:
    shown = text_of(table().line(hostile_row(), 120))

    assert "\x1b" not in shown
    assert "\\x1b]52" in shown
    assert shown.isprintable()


def test_names_that_are_hashes_are_dim_and_releases_are_not() -> None:
    rows = digits_rows()

    assert table().cells(rows[0]).name.tone is Tone.DIM
    assert table().cells(rows[4]).name.tone is Tone.PLAIN


def test_an_ascii_terminal_gets_ascii_only() -> None:
    ascii_table = table(glyphs=ASCII)

    lines = [ASCII.drawn(text_of(ascii_table.line(row, 80))) for row in (*digits_rows(), hostile_row())]

    assert all(line.isascii() for line in [*lines, text_of(ascii_table.head(80))])
    assert "~" in lines[-1]
    assert "v -0.0056" in lines[1]
    assert lines[4].rstrip().endswith("^ +0.0417 I3  PROD")


def test_remarks_and_strips_stay_readable_in_ascii() -> None:
    assert text_of(strip_spans("C·P···", ASCII)) == "C.P..."
    assert ASCII.remark("lr 0.1 → 0.03, é") == "lr 0.1 -> 0.03, \\xe9"


def test_a_run_that_failed_keeps_the_reason_it_was_tried_for() -> None:
    tried = replace(failed_row(), reason="try a wider net", title="try a wider net")
    table = version_table((tried,), find=lambda _key: None, now=NOW)

    shown = text_of(table.line(tried, 80))

    assert "✗ try a wider net" in shown


def test_a_stage_is_written_whole_where_the_reasons_leave_room() -> None:
    rows = tuple(replace(row, stages=("champion",) if index == 3 else ()) for index, row in enumerate(digits_rows()))
    table = version_table(rows, find=dict[str, VersionRow]().get, now=NOW)

    def shown(width: int) -> str:
        return text_of(table.line(rows[3], width)).rstrip()

    assert shown(120).endswith(" champion")
    assert text_of(table.head(120)).rstrip().endswith(" STAGE")
    assert shown(80).endswith(" cham…"), "the reasons are whole there"

    wordy = tuple(replace(row, title=f"lr=0.1, hidden=32, depth={row.commit}") for row in rows)
    table = version_table(wordy, find=dict[str, VersionRow]().get, now=NOW)
    assert text_of(table.line(wordy[3], 80)).rstrip().endswith(" champion"), "they are cut in any case"
    assert all(width_of(table.line(row, width)) == width for row in rows for width in (60, 80, 90, 120))
    assert "same recipe, other result" in text_of(table.line(rows[0], 120))


@pytest.mark.parametrize(("glyphs", "sign"), [(UNICODE, "…"), (ASCII, "~")])
def test_an_interrupted_run_has_another_sign_than_a_failed_one(glyphs: Glyphs, sign: str) -> None:
    stopped = replace(failed_row(), status=Status.INTERRUPTED, problem="train: stopped")
    table = version_table((stopped, failed_row()), find=dict[str, VersionRow]().get, now=NOW, glyphs=glyphs)

    assert f"{sign} interrupted train: stopped" in text_of(table.line(stopped, 100))
    assert f"{glyphs.broken} failed train: exit 1" in text_of(table.line(failed_row(), 100))


def test_columns_of_texts_are_as_wide_as_their_rows_need_and_never_wider_than_a_name() -> None:
    rows = digits_rows()
    values: dict[str, dict[str, Data]] = {
        "note": {rows[0].key: "x" * 100_000, rows[1].key: None, rows[2].key: 3},
        "lr": {rows[0].key: 0.5},
    }
    made = with_columns(table(), ("param.note", "param.lr", "author", "metric.loss"), rows, values)

    assert {name: (column.width, column.is_right) for name, column in made.texts.items()} == {
        "param.note": (16, False), "param.lr": (3, True), "author": (6, False), "metric.loss": (6, True),
    }  # fmt: skip
    line = text_of(made.line(rows[0], 80))
    assert line.endswith("xxxxxxxxxxxxxxx… 0.5 dev1   0.1472")
    assert "null" in text_of(made.line(rows[1], 80))
    assert width_of(made.line(rows[0], 30)) == 30


def test_what_is_sorted_by_has_a_column_unless_one_shows_it() -> None:
    assert with_order(USUAL, "metric.loss") == ("metric.loss", *USUAL)
    assert with_order(("stage",), METRIC) == (METRIC, "stage")
    assert with_order(USUAL, METRIC) == with_order(USUAL, NAME) == with_order(USUAL, NEWEST) == USUAL
    assert with_order(("param.lr",), "param.lr") == ("param.lr",)


def test_the_metric_that_all_are_judged_by_has_its_column_once() -> None:
    rows = digits_rows()
    assert {row.primary for row in rows if row.primary} == {"accuracy"}

    assert with_order(USUAL, "metric.accuracy", rows) == USUAL
    assert with_order(("stage",), "metric.accuracy", rows) == ("metric.accuracy", "stage")
    other = replace(rows[0], primary="loss")
    assert with_order(USUAL, "metric.accuracy", (*rows, other)) == ("metric.accuracy", *USUAL)
