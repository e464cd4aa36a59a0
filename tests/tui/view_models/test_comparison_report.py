"""What `mlver diff` prints, as lines."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.between import Between
from mlver.model.change import Change, Counts, Kind, branch
from mlver.model.comparison import Comparison
from mlver_tui.view_models.comparison_report import Report, counted
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.spans import text_of
from tests.support.answers import seeds_of_b
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
    assert "replays  A ≡2 identical · B ≡3 identical" in lines


def test_what_moved_inside_data_is_told_where_data_alone_is_wanted_and_what_is_left_out_counted() -> None:
    columns = tuple(Change(label=f"x{place}", kind=Kind.CHANGED, note="KS 0.5") for place in range(25))
    same = Change(label="missing", kind=Kind.SAME, note="no cell is empty")
    train = Change(
        label="train", kind=Kind.CHANGED, before="0" * 64, after="1" * 64, children=(branch("drift", columns), same)
    )
    made = replace(comparison_of(ROWS[10], ROWS[4]), data=branch("data", (train,)))

    told, short = (
        [text_of(one) for one in Report(comparison=made, now=NOW, parts=frozenset(parts)).lines()]
        for parts in ({"data"}, {"data", "params"})
    )

    assert sum("KS 0.5" in one for one in told) == 20
    assert "+5" in {one.strip() for one in told}
    assert any("missing" in one and "no cell is empty" in one for one in told)
    assert not any("KS 0.5" in one for one in short)


def test_what_was_not_committed_is_listed_and_in_no_count() -> None:
    leaf = Change(label="train.py", kind=Kind.CHANGED, before="0" * 40, after="1" * 40, note="+1 −0")
    made = comparison_of(ROWS[10], ROWS[4])
    made = replace(made, uncommitted=(None, branch("uncommitted in B", (leaf,))))

    code, params = (
        [text_of(one) for one in Report(comparison=made, now=NOW, parts=frozenset({part})).lines()]
        for part in ("code", "params")
    )

    assert "uncommitted in B  1 file" in code
    assert any(one.startswith("code") and "2 changed" in one for one in code)
    assert not any("uncommitted" in one for one in params)


def test_metrics_alone_tell_the_seeds_of_each_metric_and_the_slices() -> None:
    made = replace(comparison(), spread=seeds_of_b())

    def lines(*parts: str) -> list[str]:
        report = Report(comparison=made, now=NOW, parts=frozenset(parts), width=100)
        return [text_of(one).split("   ")[0] for one in report.lines()]

    assert {"SEEDS", "  SLICE"} <= set(lines("metrics"))
    assert not {"SEEDS", "  SLICE"} & set(lines("metrics", "params"))
