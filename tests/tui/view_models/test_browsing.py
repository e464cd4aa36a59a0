"""What is shown of a listing, and what `d` would compare."""

from __future__ import annotations

from msgspec.structs import replace

from mlver_tui.view_models.browsing import (
    Browsing,
    Pair,
    Picked,
    Several,
    Title,
    models_of,
    pair_line,
    pair_of,
)
from mlver_tui.view_models.spans import text_of
from mlver_tui.view_models.version_fields import METRIC
from tests.support.explorer import broken_row, digits_rows, listing, parity_rows

ROWS = digits_rows()
BY_KEY = {row.key: row for row in ROWS}


def test_a_model_words_and_an_order_choose_the_rows() -> None:
    everything = listing()

    assert {model: len(rows) for model, rows in Browsing().groups_of(everything.rows).items()} == {
        "digits": 12, "parity": 3,
    }  # fmt: skip
    only = Browsing(model="parity", is_reversed=True).groups_of(everything.rows)
    assert [row.name for row in only["parity"]] == ["00000001.1", "00000002.1", "00000003.1"]


def test_two_marks_beat_one_mark_beats_the_base_beats_the_parent() -> None:
    a, b, c = ROWS[0], ROWS[1], ROWS[2]

    def names(picked: Picked) -> tuple[str, str] | str:
        pair = pair_of(picked, BY_KEY.get)
        return (pair.before.name, pair.after.name) if isinstance(pair, Pair) else str(pair)

    assert names(Picked(cursor=a)) == (b.name, a.name)
    assert names(Picked(cursor=a, base=c)) == (c.name, a.name)
    assert names(Picked(cursor=a, base=b, marked=(c,))) == (c.name, a.name)
    assert names(Picked(cursor=a, marked=(b, c))) == (c.name, b.name)
    assert names(Picked(cursor=c, base=b, marked=(c,))) == (b.name, c.name)


def test_of_one_mark_and_the_cursor_the_older_one_is_a_whichever_was_marked() -> None:
    newer, older = ROWS[0], ROWS[2]

    for picked in (Picked(cursor=older, marked=(newer,)), Picked(cursor=newer, marked=(older,))):
        pair = pair_of(picked, BY_KEY.get)

        assert isinstance(pair, Pair)
        assert (pair.before.name, pair.after.name) == (older.name, newer.name)


def test_the_base_is_a_though_it_is_newer() -> None:
    pair = pair_of(Picked(cursor=ROWS[2], base=ROWS[0]), BY_KEY.get)

    assert isinstance(pair, Pair)
    assert pair.before.name == ROWS[0].name


def test_what_cannot_be_compared_says_why() -> None:
    broken = broken_row()

    assert "no parent here" in str(pair_of(Picked(cursor=ROWS[-1]), BY_KEY.get))
    assert "3 marked" in str(pair_of(Picked(cursor=ROWS[0], marked=ROWS[:3]), BY_KEY.get))
    assert "cannot be read" in str(pair_of(Picked(cursor=broken, marked=(ROWS[0],)), BY_KEY.get))
    assert "no version here" in str(pair_of(Picked(cursor=None), BY_KEY.get))
    assert "this is the marked version" in str(pair_of(Picked(cursor=ROWS[0], marked=ROWS[:1]), BY_KEY.get))
    assert "this is the base A" in str(pair_of(Picked(cursor=ROWS[0], base=ROWS[0]), BY_KEY.get))
    assert isinstance(pair_of(Picked(cursor=ROWS[0]), BY_KEY.get), Pair)


def test_the_title_keeps_the_count_whatever_the_room() -> None:
    everything = listing(*ROWS, *parity_rows())
    title = Title(
        models=models_of(everything), model="digits", place="~/a/long/way/to/proj/digits", branch="main",
        shown=3, total=15, browsing=Browsing(words="lr", order=METRIC),
    )  # fmt: skip

    for width in (60, 80, 100, 140):
        assert text_of(title.line(width)).rstrip().endswith("3/15 versions")
    assert "filter: lr" in text_of(title.line(80))
    assert "sort: metric" in text_of(title.line(140))


def test_more_models_than_fit_are_counted_beside_the_one_that_is_shown() -> None:
    models = {f"experiment-of-the-autumn-{number}": 100 - number for number in range(40)}
    title = Title(
        models=models, model="experiment-of-the-autumn-7", place="~/store", branch=None, shown=93, total=4000,
        browsing=Browsing(),
    )  # fmt: skip

    assert text_of(title.line(80)).startswith(" experiment-of-the-autumn-7 93 · +39 models")
    assert text_of(title.line(80)).rstrip().endswith("93/4000 versions")
    assert text_of(replace(title, model=None).line(80)).startswith(" all 40 models")


def test_three_marks_and_more_stand_side_by_side_from_the_oldest_on_behind_the_base() -> None:
    several = pair_of(Picked(cursor=None, marked=ROWS[:3]), BY_KEY.get)
    with_base = pair_of(Picked(cursor=None, marked=ROWS[:3], base=ROWS[1]), BY_KEY.get)

    assert isinstance(several, Several)
    assert isinstance(with_base, Several)
    assert several.rows == ROWS[:3][::-1]
    assert with_base.rows == (ROWS[1], ROWS[2], ROWS[0])
    assert text_of(pair_line(several)) == f" 3 marked · d shows 3 side by side, against {ROWS[2].name}"


def test_more_than_fifty_versions_are_not_put_side_by_side() -> None:
    many = tuple(replace(ROWS[0], key=f"runs/digits/{number}") for number in range(51))

    assert isinstance(pair_of(Picked(cursor=None, marked=many[:50]), BY_KEY.get), Several)
    said = pair_of(Picked(cursor=None, marked=many[:50], base=many[50]), BY_KEY.get)

    assert said == "51 versions: at most 50 stand side by side; clear some marks"
