"""The history of a version: notes, releases, stages and replays in the order of time, at any width."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.moments import moment
from mlver.model.note import Note, Notes
from mlver.model.person import Person
from mlver_tui.view_models.detail import Detail
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.history import history_count, history_lines
from mlver_tui.view_models.ledger_lines import events_for
from mlver_tui.view_models.receipt import receipt_lines
from mlver_tui.view_models.spans import text_of, width_of
from tests.support.explorer import DAY, HOSTILE, HOUR, NOW, digits_ledger, digits_rows, record_of, version_of

ROW = digits_rows()[4]
LONG = "0.03 was best of the sweep on hidden 32,\nand nobody knows why: look at the seeds before it goes near a user"


def note(text: str, old: float, author: str = "ci2") -> Note:
    written = moment(NOW - old)
    return Note(id="a1", commit=ROW.commit, written=written, author=Person(name=author), text=text)


def detail(*notes: Note, problems: tuple[str, ...] = ()) -> Detail:
    return Detail(
        row=ROW,
        version=version_of(ROW),
        replays=(replace(record_of(ROW), created=moment(NOW - 2.045 * DAY)),),
        events=events_for(ROW, digits_ledger()),
        notes=Notes(notes=notes, problems=problems),
        now=NOW,
    )


def texts(given: Detail, width: int | None) -> list[str]:
    return [text_of(one).rstrip() for one in history_lines(given, width)]


def test_notes_stand_among_what_else_happened() -> None:
    lines = texts(detail(note("looks fine", 2.04 * DAY), note("in use", DAY)), 100)

    own = lines[: lines.index("others of digits")]
    assert [one.split()[:2] for one in own if one.split()[0] in {"1d", "2d"}] == [
        ["1d", "note"],
        ["2d", "v1.4.0"],
        ["2d", "note"],
        ["2d", "≡"],
        ["2d", "v1.4.0"],
    ]
    assert any(one.split()[1:] == ["note", "ci2", "in", "use"] for one in own)
    assert history_count(detail(note("x", 1), note("y", 2))) == 5


def test_a_long_note_goes_on_below_where_it_begins() -> None:
    lines = texts(detail(note(LONG, HOUR)), 80)

    start = lines[0].index("0.03 was")
    assert lines[1][start:].startswith("and nobody knows why")
    assert not lines[1][:start].strip()
    assert " ".join(" ".join(lines[:4]).split()).startswith("1h note ci2 0.03 was best of the sweep on hidden 32, and")


def test_where_there_is_no_room_beside_a_note_it_stands_below_its_line() -> None:
    lines = texts(detail(note(LONG, HOUR)), 44)

    assert lines[0].split() == ["1h", "note", "ci2"]
    assert lines[1] == "     0.03 was best of the sweep on hidden"
    assert all(width_of(one) <= 44 for one in history_lines(detail(note(LONG, HOUR)), 44))


def test_a_note_that_is_all_that_happened_stands_where_it_is_narrow_too() -> None:
    alone = replace(detail(note(LONG, HOUR)), events=(), replays=())

    lines = texts(alone, 38)

    assert lines[0].split() == ["1h", "note", "ci2"]
    assert lines[1].strip() == "0.03 was best of the sweep on"


def test_without_a_terminal_nothing_of_a_note_is_cut() -> None:
    said = "\n".join(texts(detail(note(LONG, HOUR)), None))

    assert LONG.splitlines()[1] in said


def test_what_is_no_note_is_said_first() -> None:
    lines = texts(detail(problems=(f"line 1 is no note {HOSTILE}",)), 300)

    assert lines[0].startswith("! line 1 is no note \\x1b]52")


def test_a_hostile_note_is_shown_and_obeyed_by_nobody() -> None:
    given = detail(note(HOSTILE + "\n\x1b[2J\tx", HOUR, author=HOSTILE))

    for glyphs in (given.glyphs, ASCII):
        said = "\n".join(text_of(one) for one in history_lines(replace(given, glyphs=glyphs), 100))
        assert "\x1b" not in said
        assert "\x9b" not in said


def test_the_receipt_counts_the_notes_and_names_the_last() -> None:
    lines = [text_of(one) for one in receipt_lines(detail(note("a", 3 * DAY, "dev1"), note("b", DAY)), 80)]

    assert any("notes  2, last by ci2, 1 d ago" in one for one in lines)
    assert not any("notes" in text_of(one) for one in receipt_lines(detail(), 80))


def test_a_long_author_leaves_the_number_and_the_age_of_the_notes() -> None:
    lines = [text_of(one) for one in receipt_lines(detail(note("b", DAY, "Somebody With A Long Name")), 80)]

    assert any(one.rstrip().endswith("notes  1, last 1 d ago") for one in lines)
