"""Whatever a history holds, a chart is drawn or left out; never an exception, never another size."""

from __future__ import annotations

import math
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlver.model.curve import Curve
from mlver_tui.charts import MARKERS, NAMED_COLOURS, ChartLook, Series, cleaned, draw_chart, series_of
from mlver_tui.commands.console import COLOURS
from mlver_tui.themes import TONE_COLOURS
from mlver_tui.view_models.spans import Tone
from mlver_tui.view_models.text import cell_width
from mlver_tui.view_models.traces import Trace, TraceKind, hue_of

SGR = re.compile(r"\x1b\[[0-9;]*m")
LOOK = ChartLook(columns=60, rows=12)


def curve(*values: float, metric: str = "loss") -> Curve:
    return Curve(metric=metric, steps=tuple(float(step) for step in range(len(values))), values=values)


def plain(text: str) -> list[str]:
    return SGR.sub("", text).splitlines()


@pytest.mark.parametrize("look", [LOOK, ChartLook(columns=60, rows=12, log_y=True)])
def test_two_curves_fill_exactly_their_room(look: ChartLook) -> None:
    both = [
        Series(curve=curve(1, 0.5, 0.25), colour=(95, 215, 175)),
        Series(curve=curve(0.9, 0.4, 0.3), colour="magenta"),
    ]

    lines = plain(draw_chart(both, look).text)

    assert len(lines) == 12
    assert {len(line) for line in lines} == {60}


def test_curves_have_their_own_signs_where_colours_do_not_tell_them_apart() -> None:
    low, high = curve(1, 1, 1), curve(2, 2, 2)
    both = [
        Series(curve=low, colour="green", marker=MARKERS[0]),
        Series(curve=high, colour="magenta", marker=MARKERS[1]),
    ]

    lines = plain(draw_chart(both, LOOK).text)

    assert "".join(lines).isascii()
    assert set(lines[0][5:].strip()) == {"o"}
    assert {"*"} in [set(line[5:].strip()) for line in lines]


@pytest.mark.parametrize(
    "values",
    [
        (),
        (math.nan,),
        (math.inf, -math.inf),
        (1.0,),
        (1.0, 1.0, 1.0),
        (math.nan, 2.0, math.inf, 3.0),
        (1e308, -1e308),
        (5e-324, 1.0),
    ],
)
@pytest.mark.parametrize("log_y", [False, True])
def test_odd_values_are_drawn_or_left_out(values: tuple[float, ...], log_y: bool) -> None:
    text = draw_chart([Series(curve=curve(*values), colour="green")], ChartLook(columns=40, rows=8, log_y=log_y)).text

    assert text == "" or len(plain(text)) == 8


def test_a_logarithm_of_nothing_is_left_out() -> None:
    kept = cleaned(curve(0.0, -1.0, 2.0), ChartLook(columns=40, rows=8, log_y=True))

    assert kept.values == (2.0,)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(), max_size=300), st.booleans(), st.integers(1, 100), st.integers(1, 30))
def test_any_curve_in_any_room(values: list[float], log_y: bool, columns: int, rows: int) -> None:
    look = ChartLook(columns=columns, rows=rows, log_y=log_y)

    text = draw_chart([Series(curve=curve(*values), colour="green")], look).text

    assert text == "" or len(plain(text)) == rows


def test_long_curves_are_decimated_and_keep_their_extremes() -> None:
    values = [math.sin(step / 100) for step in range(100_000)]
    values[54_321] = 9.0

    kept = cleaned(curve(*values), LOOK)

    assert len(kept.steps) <= 2 * LOOK.columns + 2
    assert 9.0 in kept.values
    assert list(kept.steps) == sorted(set(kept.steps))
    assert (kept.steps[0], kept.steps[-1]) == (0, 99_999)


@given(
    st.lists(st.floats(-9, 9, allow_subnormal=False).map(lambda value: round(value, 3)), max_size=300),
    st.integers(1, 40),
)
def test_what_is_kept_of_a_curve_is_a_part_of_it(values: list[float], columns: int) -> None:
    whole = curve(*values)

    kept = cleaned(whole, ChartLook(columns=columns, rows=9))

    points = list(zip(whole.steps, whole.values, strict=True))
    assert [point for point in zip(kept.steps, kept.values, strict=True) if point not in points] == []
    assert list(kept.steps) == sorted(set(kept.steps))
    assert len(kept.steps) <= 2 * columns + 2


def test_threads_may_draw_at_once() -> None:
    series = [Series(curve=curve(1, 2, 3), colour="green")]

    with ThreadPoolExecutor(4) as pool:
        drawn = set(pool.map(lambda _number: draw_chart(series, LOOK), range(12)))

    assert len(drawn) == 1


def test_no_room_is_no_chart() -> None:
    assert draw_chart([Series(curve=curve(1, 2), colour="green")], ChartLook(columns=5, rows=2)).text == ""


def test_a_line_without_a_marker_of_its_own_has_its_sign_here_and_there_and_at_its_end() -> None:
    one = Series(curve=curve(*range(60)), colour="green", sign="A")

    lines = plain(draw_chart([one], LOOK).text)

    assert 2 <= "".join(lines[:-1]).count("A") <= 60 / 10
    assert lines[0].endswith("A")


@pytest.mark.parametrize("rows", [6, 9, 12, 17])
def test_a_sign_stands_in_the_row_of_its_line(rows: int) -> None:
    falling = curve(*(math.exp(-step / 9) for step in range(60)))
    look = ChartLook(columns=60, rows=rows)
    marked = Series(curve=falling, colour="red", marker="@", is_line=False)

    alone = plain(draw_chart([Series(curve=falling, colour="green")], look).text)
    signed = plain(draw_chart([Series(curve=falling, colour="green", sign="A")], look).text)
    over = plain(draw_chart([Series(curve=falling, colour="green"), marked], look).text)

    for drawn, sign in ((signed, "A"), (over, "@")):
        places = [(row, column) for row, line in enumerate(drawn) for column, cell in enumerate(line) if cell == sign]
        assert places
        assert [place for place in places if not _dots_near(alone, *place)] == []


def _dots_near(lines: list[str], row: int, column: int) -> bool:
    """Whether the row has dots of the line in that column or beside it: across, cells and dots round apart, too."""
    return any("\u2800" < cell <= "\u28ff" for cell in lines[row][max(0, column - 1) : column + 2])


def test_signs_of_two_curves_at_one_place_do_not_hide_each_other() -> None:
    both = [Series(curve=curve(1, 1, 1), colour="green", sign=sign) for sign in "AB"]

    text = "".join(plain(draw_chart(both, LOOK).text))

    assert "A" in text
    assert "B" in text


def test_the_column_of_a_place_is_where_its_point_is_drawn() -> None:
    peak = Series(curve=curve(0, 0, 0, 1, 0, 0, 0, 0), colour="green", marker="#")

    drawing = draw_chart([peak], LOOK)

    assert plain(drawing.text)[0].index("#") == drawing.column_of(3)
    assert (drawing.column_of(-1), drawing.column_of(8)) == (None, None)
    assert drawing.column_of(7) == 59


def test_points_are_drawn_alone_on_a_logarithmic_axis_at_equal_distances() -> None:
    decades = Curve(metric="loss", steps=(0.01, 0.1, 1.0, -1.0), values=(1.0, 1.0, 1.0, 1.0))
    look = ChartLook(columns=60, rows=12, log_x=True)

    drawing = draw_chart([Series(curve=decades, colour="green", marker="#", is_line=False)], look)

    row = next(line for line in plain(drawing.text) if "#" in line)
    places = [index for index, sign in enumerate(row) if sign == "#"]
    assert places == [drawing.column_of(x) for x in (0.01, 0.1, 1.0)]
    assert abs(places[2] - 2 * places[1] + places[0]) <= 1
    assert drawing.column_of(-1.0) is None


def test_places_can_have_names_and_names_never_break_the_line() -> None:
    names = ("v1.0.0", "a name that is far too long", "名前" * 9, "v2")
    look = ChartLook(columns=60, rows=12, x_labels=names)

    lines = plain(draw_chart([Series(curve=curve(1, 2, 3, 4), colour="green")], look).text)

    assert "v1.0.0" in lines[-1]
    assert "a name th…" in lines[-1]
    assert {cell_width(line) for line in lines} == {60}


def test_a_part_of_the_axis_is_filled_by_lines_to_points_beyond_it() -> None:
    look = ChartLook(columns=60, rows=12, x_range=(2.0, 3.0))

    kept = cleaned(curve(0, 0, 10, 20, 0), look)
    between = cleaned(curve(0, 10), ChartLook(columns=60, rows=12, x_range=(0.25, 0.75)))

    assert (kept.steps, kept.values) == ((2.0, 2.0, 3.0, 3.0), (10.0, 10.0, 20.0, 20.0))
    assert (between.steps, between.values) == ((0.25, 0.75), (2.5, 7.5))


def test_a_curve_of_one_point_stands_among_the_steps_beside_it() -> None:
    for step, first, last in ((0.0, "0.0", "1.0"), (3.0, "2.0", "4.0")):
        one = Curve(metric="loss", context="eval", steps=(step,), values=(0.91,))
        axis = plain(draw_chart([Series(curve=one, colour="green")], LOOK).text)[-1].split()
        assert (axis[0], axis[-1]) == (first, last)


@pytest.mark.parametrize("rows", [5, 6, 8, 12, 30])
@pytest.mark.parametrize("ends", [(0.913, 0.931), (3.1, 3.9), (0.0, 0.0004), (-7.2, -7.1), (99.0, 101.0), (5.0, 5.0)])
def test_a_y_axis_tells_its_scale_by_two_numbers_at_least(rows: int, ends: tuple[float, float]) -> None:
    drawing = draw_chart([Series(curve=curve(*ends), colour="green")], ChartLook(columns=60, rows=rows))
    ticks = [line[: drawing.left].strip() for line in plain(drawing.text)[:-1]]
    assert len({one for one in ticks if one}) >= 2
    assert len([one for one in ticks if one]) <= rows // 3 + 1


def test_a_logarithmic_axis_has_round_numbers() -> None:
    look = ChartLook(columns=60, rows=12, log_y=True)

    lines = plain(draw_chart([Series(curve=curve(0.001, 0.01, 1.0), colour="green")], look).text)
    narrow = plain(draw_chart([Series(curve=curve(0.12, 0.19), colour="green")], look).text)

    labels = [line[:5] for line in lines[:-1] if line[:1].isdigit()]
    assert set(labels) <= {"1.000", "0.100", "0.010", "0.001"}
    assert any(line.startswith("0.14") for line in narrow)


def test_an_ascii_terminal_has_lines_of_signs() -> None:
    trace = Trace(curve=curve(1, 2), tone=Tone.SIDE_A, sign="A")
    raw = Trace(curve=curve(1, 2), tone=Tone.DIM, kind=TraceKind.RAW)

    assert series_of(trace, {}, is_ascii=True).marker == "A"
    assert series_of(raw, {}, is_ascii=True).marker == "."
    assert (series_of(trace, {}, is_ascii=False).marker, series_of(trace, {}, is_ascii=False).sign) == ("", "A")


@pytest.mark.parametrize("theme", list(TONE_COLOURS))
def test_every_hue_of_a_version_is_there_in_every_theme(theme: str) -> None:
    hues = [hue_of(index) for index in range(8)]

    assert len(set(hues)) == 8
    assert len({TONE_COLOURS[theme].get(hue, hue) for hue in hues}) == 8
    assert len({NAMED_COLOURS[hue] for hue in hues}) == 8
    assert hue_of(8) is hue_of(0), "and the letter is another"


def test_a_version_has_the_hue_of_its_curve_in_the_table_below() -> None:
    codes = {"green": "32", "magenta": "35", "orange": "33", "blue+": "94", "cyan": "36", "red": "31"}
    hues = [hue_of(place) for place in range(len(codes))]

    assert [COLOURS[hue] for hue in hues] == [codes[NAMED_COLOURS[hue]] for hue in hues]
