"""A trend as a chart: a point per version, what is worse and what is deployed marked."""

from __future__ import annotations

from msgspec.structs import replace

from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.spans import Tone, text_of
from mlver_tui.view_models.trend_chart import TrendChart, TrendWish, trend_chart
from tests.support.explorer import HOSTILE, NOW, digits_rows

ROWS = digits_rows()
BY_NAME = {row.name: row for row in ROWS}


def chart(*chosen: str, glyphs: Glyphs = UNICODE, index: int = 0) -> TrendChart:
    wish = TrendWish(metrics=("accuracy", "loss"), index=index)
    return trend_chart(ROWS, [BY_NAME[name] for name in chosen], wish, now=NOW, glyphs=glyphs)


def test_regressions_stages_and_the_chosen_versions_are_marked_over_the_line() -> None:
    line, *marks = chart("v1.0.0", "v1.4.0", "v1.1.0").traces

    assert len(line.curve.steps) == 12
    found = {mark.sign: (mark.tone, [ROWS[11 - int(step)].name for step in mark.curve.steps]) for mark in marks}
    assert found == {
        "A": (Tone.SIDE_A, ["v1.0.0"]),
        "C": (Tone.SIDE_C, ["v1.1.0"]),
        "▼": (Tone.WORSE, ["b8471f3d.1", "91be44c7.1", "e07b3a51.1"]),
        "◆": (Tone.ACCENT, ["v1.4.0", "7d18e6b0.1"]),
    }


def test_the_cursor_tells_one_version_and_the_rest_tells_all() -> None:
    lines = [text_of(one).rstrip() for one in chart("v1.0.0").lines(6, 100)]

    assert lines[0] == " 91be44c7.1  2d  0.9167  ▼ −0.0389  loader rewrite"
    assert lines[1] == " best    0.9611  5c9f20d4.1"
    assert lines[2] == " worse   ▼ e07b3a51.1, 91be44c7.1, b8471f3d.1"
    assert lines[3] == " stages  ◆ 7d18e6b0.1 staging, v1.4.0 production"


def test_without_a_cursor_the_newest_version_is_told() -> None:
    assert text_of(chart().lines(None, 100)[0]).split()[0] == ROWS[0].name


def test_the_axis_is_of_versions_by_their_names() -> None:
    made = chart()

    assert made.axes.x_labels == tuple(row.name for row in reversed(ROWS))
    assert made.stops.whole == (0.0, 11.0)
    assert text_of(made.head()) == " accuracy · 1 of 2 · x: version · y: linear · 12 versions"


def test_the_best_of_what_should_be_small_is_the_least() -> None:
    assert text_of(chart(index=1).lines(None, 100)[1]).split()[-1] == "5c9f20d4.1"


def test_hostile_names_and_an_ascii_terminal() -> None:
    rows = [replace(row, name=HOSTILE, names=(HOSTILE,), title=HOSTILE, stages=(HOSTILE,)) for row in ROWS]
    made = trend_chart(rows, rows[:2], TrendWish(metrics=("accuracy",)), now=NOW, glyphs=ASCII)

    texts = [ASCII.drawn(text_of(one)) for one in (made.head(), *made.lines(3, 80))]
    assert all(text.isascii() and text.isprintable() for text in (*texts, *made.axes.x_labels))
    assert all(trace.sign.isascii() for trace in made.traces)


def test_a_metric_that_no_version_has_draws_nothing() -> None:
    made = trend_chart(ROWS, (), TrendWish(metrics=("nothing",)), now=NOW)

    assert made.lines(0, 80) == []
    assert not made.stops
