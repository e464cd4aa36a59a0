"""A text diff becomes rows: around changes, in one column or two, wrapped; and the rows become lines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import zip_longest

import pytest

from mlver.comparing.texts import WHOLE, unified_diff
from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.view_models.diff_lines import diff_head, diff_line, text_room
from mlver_tui.view_models.diff_rows import NO_LINE, DiffLook, DiffRows, DiffText, Entry
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.line_marks import marked
from mlver_tui.view_models.spans import Tone, text_of, width_of
from tests.support.explorer import HOSTILE


def text_of_sides(before: list[str], after: list[str], glyphs: Glyphs = UNICODE) -> DiffText:
    """Both sides compared with all their lines."""
    sides = ("".join(f"{line}\n" for line in side).encode() for side in (before, after))
    return DiffText(unified_diff(*sides, limits=WHOLE), glyphs)


def numbered(count: int, **changed: str) -> list[str]:
    """`line 0` to the last; `l3="x"` is another text of line 3."""
    return [changed.get(f"l{number}", f"line {number}") for number in range(count)]


def shown(text: DiffText, look: DiffLook, width: int = 60) -> list[str]:
    return [text_of(diff_line(text, entry, width, look)).rstrip() for entry in DiffRows(text, look)]


def test_only_so_many_lines_stand_around_a_change() -> None:
    text = text_of_sides(numbered(9), numbered(9, l4="changed 4"))

    assert shown(text, DiffLook(context=1)) == [
        "            ··· 3 same",
        "    4     4   line 3",
        "    5       − line 4",
        "          5 + changed 4",
        "    6     6   line 5",
        "            ··· 3 same",
    ]


def test_without_context_only_changes_are_left_and_with_all_of_it_nothing_is_hidden() -> None:
    text = text_of_sides(numbered(9), numbered(9, l4="changed 4"))

    assert [entry.hidden for entry in DiffRows(text, DiffLook(context=0))] == [4, 0, 0, 4]
    assert len(DiffRows(text, DiffLook(context=None))) == 10


def test_a_row_never_stands_for_a_single_line() -> None:
    text = text_of_sides(numbered(5), numbered(5, l1="x", l3="y"))

    assert [entry.hidden for entry in DiffRows(text, DiffLook(context=0))] == [0] * 7


def test_side_by_side_a_changed_line_stands_beside_its_counterpart() -> None:
    text = text_of_sides(["a", "b", "gone", "c"], ["a", "B", "c", "new"])

    lines = shown(text, DiffLook(context=None, is_side_by_side=True), width=41)

    assert [line.split("│") for line in lines] == [
        ["    1   a           ", "    1   a"],
        ["    2 − b           ", "    2 + B"],
        ["    3 − gone        ", ""],
        ["    4   c           ", "    3   c"],
        ["                    ", "    4 + new"],
    ]


def test_what_differs_inside_a_line_is_in_its_hue_and_the_rest_is_dim() -> None:
    text = text_of_sides(["lr = compute(0.1, 3)"], ["lr = compute(0.03, 3)"])
    look = DiffLook()

    removed, added = (diff_line(text, entry, 60, look) for entry in DiffRows(text, look))

    assert [span.text for span in removed if span.tone is Tone.REMOVED] == ["− ", "1"]
    assert [span.text for span in added if span.tone is Tone.ADDED] == ["+ ", "03"]
    assert "lr = compute(0." in [span.text for span in added if span.tone is Tone.DIM]


def test_lines_that_share_little_differ_as_a_whole() -> None:
    assert marked("import numpy", "x = 1") == ((("import numpy", True),), (("x = 1", True),))
    assert marked("", "x") == ((), (("x", True),))
    long = " ".join(map(str, range(500)))
    assert marked(long, long + " 1") == (((long, True),), ((long + " 1", True),))


def test_a_wrapped_line_takes_as_many_rows_as_its_text_and_loses_nothing() -> None:
    long = "start " + "x" * 100 + " end"
    text = text_of_sides(["a"], ["a", long])
    room = text_room(40, is_side_by_side=False)

    lines = shown(text, DiffLook(context=None, room=room), width=40)

    assert len(lines) == 1 + -(-len(long) // room)
    assert "".join(line[14:] for line in lines[1:]) == long


def test_wide_letters_are_wrapped_whole() -> None:
    text = text_of_sides([], ["漢" * 30])
    look = DiffLook(context=None, room=25)

    rows = DiffRows(text, look)

    assert len(rows) == 3
    assert all(width_of(diff_line(text, entry, 40, look)) == 40 for entry in rows)


def test_a_line_that_is_scrolled_sideways_loses_its_beginning_only() -> None:
    text = text_of_sides(["value = 1"], ["value = 2"])
    look = DiffLook()

    _removed, added = DiffRows(text, look)

    assert text_of(diff_line(text, added, 40, look, 6)).rstrip().endswith("+ = 2")


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("is_side_by_side", [False, True])
def test_rows_are_those_of_a_plain_walk(seed: int, is_side_by_side: bool) -> None:
    draw = random.Random(seed)
    before = [draw.choice(["a", "b", "c" * 30, "d", ""]) for _ in range(draw.randrange(60))]
    after = [draw.choice([line, line, line, "e" * draw.randrange(40)]) for line in before if draw.random() > 0.1]
    text = text_of_sides(before, after)
    context, room = draw.choice([None, 0, 1, 3]), draw.choice([None, 10, 25])
    look = DiffLook(context=context, is_side_by_side=is_side_by_side, room=room)

    rows = DiffRows(text, look)

    expected = list(plainly(text, look))
    assert list(rows) == expected
    assert len(rows) == len(expected)
    for place in range(len(text.diff.lines)):
        assert rows[rows.index_at(place)].has(place)
    starts = [index for index in range(len(rows)) if rows.starts_change(index)]
    assert len(starts) == sum(not block.is_same for block in text.blocks)


def plainly(text: DiffText, look: DiffLook) -> Iterator[Entry]:
    """The rows line by line, with every line asked how near a change is."""
    lines = text.diff.lines
    changed = [place for place, one in enumerate(lines) if one.kind in {LineKind.ADDED, LineKind.REMOVED}]
    near = {
        place
        for place in range(len(lines))
        if look.context is None or any(abs(place - other) <= look.context for other in changed)
    }
    place = 0
    while place < len(lines):
        is_changed = place in changed
        end = place + 1
        while end < len(lines) and (end in changed if is_changed else end not in near and place not in near):
            end += 1
        if is_changed:
            for left, right in changes(text, place, end, is_side_by_side=look.is_side_by_side):
                yield from parts(text, Entry(left, right), look)
        elif end - place > 1:
            yield Entry(place, place, hidden=end - place)
        else:
            yield from parts(text, Entry(place, place), look)
        place = end


def changes(text: DiffText, start: int, end: int, *, is_side_by_side: bool) -> list[tuple[int, int]]:
    removed = [at for at in range(start, end) if text.diff.lines[at].kind is LineKind.REMOVED]
    added = [at for at in range(start, end) if text.diff.lines[at].kind is LineKind.ADDED]
    if is_side_by_side:
        return list(zip_longest(removed, added, fillvalue=NO_LINE))
    return [(at, NO_LINE) for at in removed] + [(NO_LINE, at) for at in added]


def parts(text: DiffText, entry: Entry, look: DiffLook) -> Iterator[Entry]:
    longest = max(len(text.shown[at]) for at in entry[:2] if at != NO_LINE)
    for part in range(max(1, -(-longest // look.room) if look.room else 1)):
        yield Entry(entry.left, entry.right, part)


def test_lines_that_were_left_out_before_stay_a_gap() -> None:
    lines = (DiffLine(LineKind.ADDED, "a", after=1), DiffLine(LineKind.GAP, "40 same"))

    assert shown(DiffText(TextDiff(lines=lines, added=1)), DiffLook()) == [
        "          1 + a",
        "            ··· 40 same",
    ]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("is_side_by_side", [False, True])
def test_hostile_lines_are_shown_as_text_in_exactly_the_width(glyphs: Glyphs, is_side_by_side: bool) -> None:
    text = text_of_sides([HOSTILE, "\t漢字 same"], [HOSTILE + "!", "\t漢字 same"], glyphs)
    look = DiffLook(is_side_by_side=is_side_by_side)

    lines = [diff_line(text, entry, 50, look) for entry in DiffRows(text, look)]

    assert all(width_of(line) == 50 for line in lines)
    assert all(text_of(line).isprintable() for line in lines)
    assert not glyphs.is_ascii or all(glyphs.drawn(text_of(line)).isascii() for line in lines)


def test_the_head_names_the_file_its_counts_and_how_it_is_shown() -> None:
    diff = TextDiff(added=21, removed=9, complete=False)

    head = text_of(diff_head("prepare.py", diff, 100, said="file 2 of 4 · 3 around · inline"))

    assert head.startswith(" prepare.py   +21 −9   … lines are left out: a limit was hit")
    assert head.rstrip().endswith("file 2 of 4 · 3 around · inline")
