"""Whatever a history holds, a chart is drawn or left out; never an exception, never another size."""

from __future__ import annotations

import math
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlver.model.curve import Curve
from mlver_tui.charts import MARKERS, ChartLook, Series, cleaned, draw_chart

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
