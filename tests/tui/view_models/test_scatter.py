"""A metric over a param: which params are an axis, and what stands at a place of it."""

from __future__ import annotations

from typing import Any

from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.param_axis import params_that_differ
from mlver_tui.view_models.scatter import ScatterChart, ScatterWish, scatter_chart
from mlver_tui.view_models.spans import text_of
from tests.support.explorer import HOSTILE, digits_rows

ROWS = digits_rows()[:4]
NAMES = [row.name for row in ROWS]


def chart(*values: Any, chosen: int = 0, metric: str = "accuracy", glyphs: Glyphs = UNICODE) -> ScatterChart:
    params = {row.key: {"lr": value} for row, value in zip(ROWS, values, strict=False) if value != "unset"}
    params |= {row.key: {} for row, value in zip(ROWS, values, strict=False) if value == "unset"}
    wish = ScatterWish(params=params_that_differ(params), metric=metric)
    rows = [row for row in ROWS if row.key in params]
    return scatter_chart(rows, rows[:chosen], wish, glyphs=glyphs)


def test_only_params_that_differ_are_an_axis_numbers_first() -> None:
    params: dict[str, Any] = {
        "a": {"same": 1, "opt": {"name": "sgd", "lr": 0.1}, "flag": True, "list": [1], "run": "x"},
        "b": {"same": 1, "opt": {"name": "adam", "lr": 1}, "flag": False, "list": [2], "run": "x"},
        "c": {"same": 1, "opt": {"name": "adam", "lr": 10**400}, "flag": False, "list": [2], "only": "here"},
    }

    found = {param.name: param.is_number for param in params_that_differ({key: params[key] for key in "ab"})}

    assert list(found.items()) == [("opt.lr", True), ("flag", False), ("opt.name", False)]
    assert {param.name: param.is_number for param in params_that_differ(params)}["opt.lr"] is False, (
        "too large a number"
    )
    assert "only" in {param.name for param in params_that_differ(params)}, "set in one, and not in the others"


def test_a_text_of_another_value_in_every_version_is_no_axis() -> None:
    assert params_that_differ({str(number): {"name": f"run {number}"} for number in range(30)}) == ()
    assert params_that_differ({str(number): {"seed": number} for number in range(30)})[0].is_number


def test_a_param_that_spreads_over_decades_has_a_logarithmic_axis() -> None:
    assert chart(0.001, 0.1, 0.01, 0.03).axes.log_x
    assert not chart(16, 32, 64, 128).axes.log_x
    assert not chart(0, 0.1, 100, 1).axes.log_x


def test_texts_are_places_by_name_and_what_is_not_set_is_one_too() -> None:
    made = chart("sgd", "adam", "unset", "sgd")

    assert made.axes.x_labels == ("adam", "sgd", "not set")
    assert [point.x for point in made.points] == [0, 1, 1, 2]


def test_numbers_and_texts_that_look_alike_are_different_places() -> None:
    assert chart(1, "1", True, None).axes.x_labels == ("1", '"1"', "null", "true")


def test_at_the_cursor_stand_the_versions_of_that_value_the_best_first() -> None:
    made = chart(0.1, 0.1, 0.3, 0.1, chosen=1)

    lines = [text_of(one).rstrip() for one in made.lines(0.1, 100)]

    assert lines[0].split() == ["0.1", "NAME", "accuracy"]
    assert [one.split()[:2] for one in lines[1:]] == [[NAMES[3], "0.9583"], [NAMES[1], "0.9556"], ["A", NAMES[0]]]


def test_without_a_cursor_each_value_has_its_best() -> None:
    lines = [text_of(one).split() for one in chart(0.1, 0.1, 0.3, 0.1).lines(None, 100)]

    assert lines[0] == ["lr", "VERSIONS", "BEST", "accuracy"]
    assert lines[1:] == [["0.1", "3", "0.9583", NAMES[3]], ["0.3", "1", "0.9611", NAMES[2]]]


def test_the_best_of_what_should_be_small_is_the_least() -> None:
    made = chart(0.1, 0.1, 0.3, 0.1, metric="loss")

    values = [point.value for point in made.points if point.x == 0.1]
    assert values == sorted(values)


def test_versions_without_the_param_or_the_metric_are_counted() -> None:
    made = chart(0.1, 0.3, "unset", 0.2)

    assert made.left_out == 1
    assert (
        text_of(made.head())
        == " accuracy over lr · 1 of 1 · x: linear · y: linear · 3 versions · 1 without one of them"
    )


def test_chosen_versions_keep_their_letters_over_the_others() -> None:
    signs = [trace.sign for trace in chart(0.1, 0.3, 0.2, 0.4, chosen=2).traces]

    assert signs[0] == UNICODE.point
    assert sorted(signs[1:]) == ["A", "B"]


def test_hostile_texts_and_an_ascii_terminal() -> None:
    made = chart(HOSTILE, "b", "ü", "d", chosen=1, glyphs=ASCII)

    texts = [ASCII.drawn(text_of(one)) for one in (made.head(), *made.lines(None, 80), *made.lines(0, 80))]
    assert all(text.isascii() and text.isprintable() for text in (*texts, *made.axes.x_labels))
