"""What is said of the signs on a version's line."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.attention import Company
from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.inspection import inspected
from mlver_tui.view_models.version_rows import version_table
from tests.support.explorer import NOW, broken_row, digits_rows

ROWS = {row.name: row for row in digits_rows()}


def said_of(row: VersionRow, *, base: VersionRow | None = None, glyphs: Glyphs = UNICODE) -> dict[str, str]:
    rows = digits_rows()
    find = {one.key: one for one in rows}.get
    table = version_table(rows, find=find, now=NOW, base=base, glyphs=glyphs)
    reasons = Company(rows).reasons(row, find(row.parent or ""))
    return {" ".join(one.label.split()): one.shown for one in inspected(row, table, reasons)}


def test_every_sign_of_a_line_is_said_in_words() -> None:
    said = said_of(ROWS["v1.4.0"])

    assert said["C C"] == "code: differs from its parent's"
    assert said["D ·"] == "data: as its parent's"
    assert said["accuracy"] == "0.9583, more is better, 0.005 counts as the same"
    assert said["Δ parent ▲"] == "better: 0.9167 → 0.9583"
    assert said["RE ≡3"] == "its newest replay: identical bytes, reached 3 times"
    assert said["stage"] == "production"


def test_the_signs_stand_in_one_column() -> None:
    rows = digits_rows()
    table = version_table(rows, find={one.key: one for one in rows}.get, now=NOW)

    signs = [one.label[10:] for one in inspected(ROWS["v1.4.0"], table, ())]

    assert [sign for sign in signs if sign] == ["2d", "C", *"·····", "▲", "≡3"]


def test_the_base_is_named_and_a_move_within_the_tolerance_told_from_none() -> None:
    assert said_of(ROWS["v1.4.0"], base=ROWS["v1.1.0"])["Δ A ▲"] == "better: 0.9389 → 0.9583"
    assert said_of(ROWS["5c9f20d4.1"])["Δ parent ="].startswith("within the tolerance")
    assert said_of(ROWS["7d18e6b0.1"])["Δ parent ="].startswith("equal")


def test_what_is_worth_a_look_says_why() -> None:
    assert said_of(ROWS["5c9f20d4.1"])["look"] == "best accuracy so far, but uncommitted code and never replayed"


def test_what_is_not_known_is_said_to_be_so() -> None:
    unknown = replace(ROWS["v1.4.0"], strip="*?    ", created=None, names=(), recipe=None)

    said = said_of(unknown)

    assert said["C *"] == "code: has changes that were in no commit"
    assert said["D ?"] == "data: not recorded, here or of the parent"
    assert said["P"] == "params: it has no parent"
    assert said["name"].endswith("no ref names it")


def test_a_version_that_cannot_be_read_has_few_signs_and_ascii_has_its_own() -> None:
    assert not any(label.startswith("RE") for label in said_of(broken_row()))
    assert "RE I3" in said_of(ROWS["v1.4.0"], glyphs=ASCII)
