"""The cursor of a chart goes from point to point, and a zoom stays about it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mlver_tui.view_models.chart_places import Stops, followed, zoomed

STOPS = Stops(((0.0, 10.0, 20.0), (5.0, 10.0, 100.0)))


def test_the_cursor_stops_at_every_point_of_every_curve_and_at_the_ends() -> None:
    seen = [0.0]
    while STOPS.after(seen[-1]) != seen[-1]:
        seen.append(STOPS.after(seen[-1]))

    assert seen == [0, 5, 10, 20, 100]
    assert STOPS.before(100) == 20
    assert STOPS.before(0) == 0


def test_the_nearest_point_is_found_on_either_side() -> None:
    assert [STOPS.nearest(x) for x in (-5.0, 6.0, 70.0, 500.0)] == [0, 5, 100, 100]


def test_a_tenth_of_what_is_shown_is_at_least_one_point() -> None:
    assert STOPS.tenth(0, (0, 100), 1) == 10
    assert STOPS.tenth(20, (0, 100), 1) == 100
    assert STOPS.tenth(100, (0, 100), -1) == 20


def test_a_zoom_halves_what_is_shown_and_keeps_the_cursor_where_it_is() -> None:
    shown = zoomed(None, (0, 100), 25, closer=True)

    assert shown == (12.5, 62.5)
    assert zoomed(shown, (0, 100), 25, closer=False) is None


def test_what_is_shown_follows_the_cursor_and_stays_on_the_axis() -> None:
    assert followed((0, 10), (0, 100), 50) == (45, 55)
    assert followed((0, 10), (0, 100), 99) == (90, 100)
    assert followed((0, 10), (0, 100), 5) == (0, 10)
    assert followed(None, (0, 100), 99) is None


@given(st.floats(-1e6, 1e6), st.lists(st.booleans(), max_size=40))
def test_no_zoom_leaves_the_axis(about: float, steps: list[bool]) -> None:
    shown = None
    for closer in steps:
        shown = zoomed(shown, (-3.0, 7.0), about, closer=closer)
        assert shown is None or -3.0 - 1e-9 <= shown[0] < shown[1] <= 7.0 + 1e-9
