"""What `mlver diff` prints, as lines."""

from __future__ import annotations

from dataclasses import replace

from mlver.model.between import Between
from mlver.model.change import Change, Counts, Kind, branch
from mlver.model.comparison import Comparison
from mlver_tui.view_models.comparison_report import Report, counted
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.spans import text_of
from tests.support.explorer import NOW, comparison_of, digits_rows

ROWS = digits_rows()


def comparison() -> Comparison:
    """One whose weights differ in one tensor and in two ranges of bytes."""
    ranges = tuple(Change(label=start, kind=Kind.CHANGED, note="8 bytes") for start in ("0x80", "0x100"))
    children = (
        Change(label="hidden", kind=Kind.CHANGED, note="<f8 64×32, all 2048 numbers, max |d| 0.5"),
        Change(label="bytes", kind=Kind.CHANGED, note="1.2 % of bytes, 2 ranges", children=ranges),
    )
    weights = Change(
        label="models/weights.npy",
        kind=Kind.CHANGED,
        before="a" * 64,
        after="b" * 64,
        children=children,
        note="1 of 2 tensors",
        details=("all 2048 numbers, max |d| 0.5", "1.2 % of bytes", "2 ranges"),
    )
    return replace(comparison_of(ROWS[10], ROWS[5]), files=branch("files", (weights,)))


def printed(part: str, *, everything: bool = False, glyphs: Glyphs = UNICODE) -> list[str]:
    report = Report(
        comparison=comparison(), now=NOW, parts=frozenset({part}), everything=everything, width=100, glyphs=glyphs
    )
    return [text_of(one).rstrip() for one in report.lines()][3:-2]


def test_a_file_is_one_change_with_a_short_note() -> None:
    assert printed("files") == [
        "files     1 changed",
        "  ~ models/weights.npy  aaaaaaaa → bbbbbbbb  1 of 2 tensors",
    ]


def test_all_of_a_file_is_its_tensors_and_its_ranges_of_bytes() -> None:
    assert printed("files", everything=True)[2:] == [
        " " * 45 + "all 2048 numbers, max |d| 0.5",
        "    ~ hidden" + " " * 33 + "<f8 64×32, all 2048 numbers, max |d| 0.5",
        "    ~ bytes" + " " * 34 + "1.2 % of bytes, 2 ranges",
        "      ~ 0x80" + " " * 33 + "8 bytes",
        "      ~ 0x100" + " " * 32 + "8 bytes",
    ]


def test_code_is_told_by_its_lines_without_digests() -> None:
    assert printed("code") == [
        "code      2 changed  (1 same; -a shows)",
        "  ~ README.md     not an input, +2 −1",
        "  ~ prepare.py    +21 −9",
    ]


def test_remarks_are_plain_where_nothing_else_can_be_shown() -> None:
    assert printed("code", glyphs=ASCII)[-1] == "  ~ prepare.py    +21 -9"
    assert printed("files", everything=True, glyphs=ASCII)[3].endswith("<f8 64x32, all 2048 numbers, max |d| 0.5")


def test_what_is_not_known_is_not_counted_as_changed() -> None:
    assert counted(Counts(changed=1, added=1, unknown=1)) == "2 changed, 1 not known"
    assert counted(Counts(unknown=3, same=4)) == "3 not known"


def test_what_lies_between_and_what_replays_say_are_told_as_in_compare() -> None:
    report = Report(comparison=comparison_of(ROWS[10], ROWS[4]), now=NOW, between=Between(count=3, undone=1))

    lines = [text_of(one) for one in report.lines()]

    assert lines[2] == "  3 versions between · 1 undone"
    assert "replays A ≡2 identical · B ≡3 identical: yes" in lines
