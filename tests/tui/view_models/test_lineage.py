"""Whose child each version is: no parent above its child, whatever clocks and manifests say."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.lineage import LineageTable, children_first, lineage_table, parents_among
from mlver_tui.view_models.spans import text_of, width_of
from tests.support.explorer import NOW, broken_row, digits_rows, hostile_row, key_of
from tests.support.lineages import branching_rows


def table(rows: Sequence[VersionRow], known: Sequence[VersionRow] | None = None) -> LineageTable:
    by_key = {row.key: row for row in known or rows}
    return lineage_table(rows, find=by_key.get, now=NOW, start=rows[0].key if rows else "")


def test_a_parent_that_the_list_does_not_show_is_skipped_for_its_own_parent() -> None:
    rows = digits_rows()
    shown = [row for row in rows if row.name.startswith("v")]

    view = table(shown, rows)

    assert view.parent_of(shown[0].key) == shown[1].key
    assert view.child_of(shown[1].key) == shown[0].key
    assert view.parent_of(shown[-1].key) is None


def test_no_parent_stands_above_its_child_though_clocks_say_so() -> None:
    rows = [replace(row, created=NOW - index) for index, row in enumerate(reversed(digits_rows()))]

    ordered = [row.key for row in table(rows).rows]

    assert ordered == [row.key for row in digits_rows()]


def test_parents_in_a_circle_are_all_shown() -> None:
    rows = list(digits_rows()[-3:])
    circle = [replace(row, parent=rows[index - 1].key) for index, row in enumerate(rows)]

    view = table(circle)

    assert {row.key for row in view.rows} == {row.key for row in circle}
    assert all(width_of(view.line(index, 80)) == 80 for index in range(3))


def test_a_version_that_is_its_own_parent_has_none() -> None:
    row = replace(digits_rows()[0], parent=digits_rows()[0].key)

    assert parents_among([row], {row.key: row}.get) == {}


def test_a_circle_of_parents_that_are_not_shown_ends() -> None:
    shown, one, other = digits_rows()[:3]
    known = [shown, replace(one, parent=other.key), replace(other, parent=one.key)]
    shown = replace(shown, parent=one.key)

    assert parents_among([shown], {row.key: row for row in known}.get) == {}


def test_siblings_are_ordered_by_time() -> None:
    rows = branching_rows()
    by_key = {row.key: row for row in rows}

    assert children_first(rows[::-1], parents_among(rows, by_key.get)) == rows


def test_every_line_is_as_wide_as_asked_and_harmless() -> None:
    rows = (hostile_row(), broken_row(), *branching_rows())
    view = table(rows)

    for width in (1, 20, 60, 80, 200):
        assert width_of(view.head(width)) == width
        for index in range(len(rows)):
            line = view.line(index, width)
            assert width_of(line) == width
            assert "\x1b" not in text_of(line)


def test_in_ascii_there_is_nothing_else() -> None:
    rows = branching_rows()
    view = lineage_table(rows, find={row.key: row for row in rows}.get, now=NOW, glyphs=ASCII)

    drawn = [text_of(view.line(index, 80)).replace("…", "~") for index in range(len(rows))]

    assert all(line.isascii() for line in drawn)
    assert "+-*" in drawn[1]


def test_the_children_of_a_version_are_counted() -> None:
    view = table(branching_rows())

    assert view.kin_said(key_of(2)) == "4 children here"
    assert view.kin_said(key_of(9)) == "1 child here"
    assert view.kin_said(key_of(12)) == "nothing came of it here"


def test_no_version_is_no_crash() -> None:
    assert table(()).rows == ()
