"""The order of versions: best first, what has no value last both ways round, ties newest first."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mlver.model.data import Data
from mlver.model.metric import Metric
from mlver.model.version import VersionRow
from mlver_tui.view_models.ordering import ordered
from mlver_tui.view_models.version_fields import METRIC, NAME, NEWEST, of_metric, of_param
from tests.support.explorer import digits_rows, failed_row, parity_rows

ROWS = digits_rows()


def names(rows: Iterable[VersionRow]) -> list[str]:
    return [row.name for row in rows]


def named(*texts: str) -> list[VersionRow]:
    return [replace(ROWS[0], key=text, name=text) for text in texts]


def test_the_best_stands_on_top_and_what_is_no_number_at_the_bottom_both_ways_round() -> None:
    odd = replace(ROWS[0], metrics={"accuracy": Metric(value=float("nan"))})
    rows = (odd, *ROWS[1:], failed_row())

    best = ordered(rows, METRIC)
    worst = ordered(rows, METRIC, is_reversed=True)

    assert (best[0].name, worst[0].name) == ("5c9f20d4.1", "v1.0.0")
    assert names(best[-2:]) == names(worst[-2:]) == ["e07b3a51.2", "0badcafe.1"]


def test_best_is_what_the_goal_says_and_without_one_the_largest() -> None:
    losses = [row.metrics["loss"].number for row in ordered(ROWS, of_metric("loss"))]
    f1 = [row.metrics["f1"].number for row in ordered(parity_rows(), of_metric("f1"))]

    assert losses == sorted(losses, key=lambda value: value or 0)
    assert f1 == [0.8, 0.7, 0.6]


def test_ties_stay_newest_first_both_ways_round() -> None:
    values = {"lr": {row.key: 0.1 for row in ROWS}}

    assert ordered(ROWS, of_param("lr"), values=values) == list(ROWS)
    assert ordered(ROWS, of_param("lr"), values=values, is_reversed=True) == list(ROWS)


def test_params_stand_from_the_smallest_on_numbers_before_texts_and_null_counts_for_nothing() -> None:
    rows = named("none", "text", "ten", "nine", "null", "list", "yes")
    set_to: dict[str, Data] = {"text": "adam", "ten": 10, "nine": 9.5, "null": None, "list": [1, 2], "yes": True}

    got = ordered(rows, of_param("p"), values={"p": set_to})

    assert names(got) == ["yes", "nine", "ten", "list", "text", "none", "null"]
    assert names(ordered(rows, of_param("p"), values={"p": set_to}, is_reversed=True))[-2:] == ["none", "null"]


def test_names_are_ordered_as_people_count() -> None:
    rows = named("v1.10.0", "v1.9.0", "V1.9.1", "", "v1.09.2", "v" + "9" * 10_000)

    assert names(ordered(rows, NAME))[:4] == ["v1.9.0", "V1.9.1", "v1.09.2", "v1.10.0"]
    assert names(ordered(rows, NAME, is_reversed=True))[-1] == ""


def test_without_a_date_a_version_is_the_last_both_ways_round() -> None:
    rows = [*ROWS[:2], replace(ROWS[2], created=None)]

    assert names(ordered(rows, NEWEST)) == names(rows)
    assert names(ordered(rows, NEWEST, is_reversed=True)) == [rows[1].name, rows[0].name, rows[2].name]


_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)


@given(st.lists(_scalars, max_size=12), st.booleans())
def test_nothing_a_file_may_hold_breaks_the_order(values: list[Data], is_reversed: bool) -> None:
    rows = named(*map(str, range(len(values))))
    known = {"p": {row.key: value for row, value in zip(rows, values, strict=True)}}

    got = ordered(rows, of_param("p"), values=known, is_reversed=is_reversed)

    assert {row.key for row in got} == {row.key for row in rows}
    without = {row.key for row in rows if known["p"][row.key] is None or known["p"][row.key] != known["p"][row.key]}
    assert {row.key for row in got[len(got) - len(without) :]} == without
