"""Remarks that say the same are one."""

from __future__ import annotations

from mlver.model.change import Change, Kind
from mlver_tui.view_models.change_lines import provenance_lines
from mlver_tui.view_models.change_rows import change_rows
from mlver_tui.view_models.remarks import said_once
from mlver_tui.view_models.spans import text_of


def test_what_another_remark_says_too_is_left_out_in_either_order() -> None:
    rows, more = "1\u2009037 → 1\u2009437 rows (+400)", "rows +400"
    assert said_once((rows, "no column drifted", more, "", "no column drifted")) == [rows, "no column drifted"]
    assert said_once((more, rows)) == [rows]
    assert said_once(("2 ranges", "12 ranges")) == ["2 ranges", "12 ranges"]


def test_the_note_under_a_tree_says_each_thing_once() -> None:
    node = Change(
        label="train", kind=Kind.CHANGED, before="a", after="b", note="1037 → 1437 rows (+400), no column drifted",
        details=("rows +400", "rows by id", "no column drifted"),
    )  # fmt: skip
    (row,) = change_rows(Change(label="", kind=Kind.CHANGED, children=(node,)))

    shown = " ".join(text_of(one).strip() for one in provenance_lines(row, 70))

    assert shown.endswith("note 1037 → 1437 rows (+400), no column drifted, rows by id")
