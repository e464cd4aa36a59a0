"""What the zones say: trend, reasons, stages, filters, and runs under way."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from mlver.model.attention import Company, held_against
from mlver.model.ledger import Ledger
from mlver.model.live import LiveValue
from mlver.model.metric import Metric, MetricMeaning, metric_delta
from mlver.model.version import VersionRow
from mlver_tui.view_models.attention_lines import Worthy, worthy_line
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.left_zone import (
    ALL_MODELS,
    Entry,
    filter_entries,
    model_entries,
    running_entries,
    stage_entries,
)
from mlver_tui.view_models.live_lines import Running, live_cells, place_text, running_line
from mlver_tui.view_models.spans import Line, Span, Tone, text_of, width_of
from mlver_tui.view_models.trend_lines import trend_lines, trend_of, why_no_trend
from tests.support.explorer import (
    ACCURACY,
    HOSTILE,
    LOSS,
    NOW,
    broken_row,
    digits_ledger,
    digits_rows,
    failed_row,
    hostile_row,
)

ROWS = digits_rows()
BY_KEY = {row.key: row for row in ROWS}


def texts(lines: Sequence[Line]) -> list[str]:
    return [text_of(one).rstrip() for one in lines]


def trend(rows: Sequence[VersionRow] = ROWS, width: int = 80, height: int = 14, glyphs: Glyphs = UNICODE) -> list[str]:
    made = trend_of(rows, glyphs)
    assert made is not None
    return texts(trend_lines(made, width, height))


def test_names_that_begin_alike_are_told_apart_by_their_ends() -> None:
    named = [replace(row, name=f"sweep-{place}", names=(f"sweep-{place}",)) for place, row in enumerate(ROWS[:3])]

    names = trend(named, width=24, height=8)[-2].split()

    assert names == ["…p-2", "…p-1", "…p-0"]


def test_where_no_goal_is_known_the_trend_calls_nothing_the_same() -> None:
    aimless = [
        replace(row, metrics={"accuracy": replace(row.metrics["accuracy"], meaning=MetricMeaning())}, stages=())
        for row in ROWS
        if "accuracy" in row.metrics
    ]

    assert trend(aimless)[-1].strip() == "no goal: nothing here is better or worse"
    assert "● same" in trend()[-1]


def row_of(value: float | str | None, age: int) -> VersionRow:
    """A version of a metric alone, without a parent."""
    metrics = {"accuracy": Metric(value=value, meaning=ACCURACY)}
    return replace(ROWS[0], key=f"row {age}", created=NOW - age, metrics=metrics, parent=None, stages=())


# Trend.


def test_the_trend_is_the_one_of_the_design() -> None:
    lines = trend()

    assert len(lines) == 14
    assert lines[0].startswith("─ trend · accuracy by version · tolerance ±0.005 ─")
    assert lines[1] == "0.9611 ┤                                                     ╭─●───╮"
    assert lines[2] == "       │                             ╭─▲───╮     ╭─◆─────●───╯     ╰─▼───╮"
    assert lines[11] == "0.9111 ┤ ●───╯"
    assert lines[12] == "        1.0.0 1.1.0 b84   6e0   20f   1.3.0 91b   1.4.0 7d1   5c9   e0.1  e0.2"
    assert lines[13] == "        ◆ production   ▲ better   ▼ worse than its parent   ● same"


def test_a_wide_pane_has_room_for_more_of_the_names() -> None:
    assert trend(width=116)[12].split()[1:4] == ["v1.1.0", "b8471f3d", "6e02c7aa"]
    assert trend(width=150)[12].split()[-2:] == ["e07b3a51.1", "e07b3a51.2"]
    assert trend(width=146)[12].split()[-2:] == ["e07b3a51.1", "e0.2"]


def test_releases_keep_their_v_where_all_of_them_have_room_for_it() -> None:
    short = [replace(row, name=f"v{place}", names=(f"v{place}",)) for place, row in enumerate(ROWS[:3])]
    mixed = [replace(short[0], name="v1.10.0", names=("v1.10.0",)), *short[1:]]

    assert trend(short, width=24, height=8)[-2].split() == ["v2", "v1", "v0"]
    assert trend(mixed, width=24, height=8)[-2].split()[:2] == ["2", "1"]


def test_runs_of_a_recipe_are_told_apart() -> None:
    runs = [replace(row, name=f"8dfe64de.{place}", names=()) for place, row in enumerate(ROWS[:3])]

    assert trend(runs, width=24, height=8)[-2].split() == ["8d.2", "8d.1", "8d.0"]
    assert trend(runs, width=33, height=8)[-2].split() == ["8dfe64.2", "8dfe64.1", "8d.0"]


def test_names_for_which_there_is_no_blank_are_left_out() -> None:
    assert trend(width=72)[12].split() == ["1.0.0", "b84", "6e0", "20f", "1.3.0", "1.4.0", "5c9", "e0.1", "e0.2"]


def test_where_nobody_is_in_production_another_stage_is_marked() -> None:
    rows = [replace(row, stages=("staging",) if row.stages == ("staging",) else ()) for row in ROWS]

    assert "◆ staging" in trend(rows)[-1]
    assert "◆" not in trend([replace(row, stages=()) for row in ROWS])[-1]


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("height", [1, 2, 4, 7, 9, 14, 30])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_the_trend_fits_every_pane(width: int, height: int, glyphs: Glyphs) -> None:
    made = trend_of([*ROWS, hostile_row(), broken_row(), failed_row()], glyphs)
    assert made is not None
    lines = trend_lines(made, width, height)

    assert len(lines) <= height
    assert all(width_of(one) <= width for one in lines)
    assert glyphs is UNICODE or all(glyphs.drawn(text_of(one)).isascii() for one in lines)


def test_of_more_versions_than_there_is_room_for_the_newest_are_drawn() -> None:
    lines = trend([row_of(0.5 + place / 1000, place) for place in range(300)])

    assert " · the newest 35 ─" in lines[0]
    assert "0.534" in lines[1]


def test_equal_values_are_a_straight_line_in_the_middle() -> None:
    lines = trend([row_of(0.5, place) for place in range(3)])

    assert f"0.5 ┤ ●{'─' * 11}●{'─' * 11}●" in lines[6]


def test_what_is_no_finite_number_has_no_point() -> None:
    values: list[float | str | None] = [math.nan, math.inf, "good", None, 0.5, 0.6]

    drawing = "".join(trend([row_of(value, place) for place, value in enumerate(values)])[1:-2])

    assert sum(drawing.count(sign) for sign in "●▲▼") == 2


def test_numbers_at_the_ends_of_floating_point_are_drawn_or_not_but_never_fail() -> None:
    assert trend([row_of(1.7e308, 0), row_of(-1.7e308, 1)])
    assert trend([row_of(5e-324, 0), row_of(0.0, 1)])
    assert "1e+09" in "".join(trend([row_of(1.2e9, 0), row_of(-3.0, 1)]))


def test_a_trend_needs_two_numbers_and_says_so() -> None:
    assert trend([row_of(0.5, 0)])[1] == " of accuracy 1 number: a trend needs two"
    assert trend_of([broken_row()]) is None


def test_why_there_is_no_trend_names_the_key_that_helps() -> None:
    assert "s changes that" in why_no_trend("accuracy", 1, "s", "M", is_time=False)
    assert "M chooses one" in why_no_trend("newest", 2, "s", "M", is_time=True)
    assert why_no_trend("newest", 1, "s", "M", is_time=True) == ""


# What is worth a look.


def reason(row: VersionRow, rows: Sequence[VersionRow] = ROWS, base: VersionRow | None = None) -> str:
    reasons = Company(rows).reasons(row, held_against(row, base, BY_KEY.get))
    return text_of(worthy_line(Worthy(row, reasons), 100)).rstrip()


def test_reasons_are_told_with_their_numbers() -> None:
    assert reason(ROWS[0]) == " ≠ e07b3a51.2   2 runs of one recipe, results 0.0028 apart"
    assert reason(ROWS[1]) == " ▼ e07b3a51.1   accuracy 0.9556, was 0.9611: beyond its tolerance of 0.005"
    assert reason(ROWS[2]) == " ! 5c9f20d4.1   best accuracy so far, but uncommitted code and never replayed"
    assert reason(broken_row()) == " ✗ eeeeeeee     version.yaml:3: metrics: expected a map"
    assert reason(failed_row()) == " ✗ 0badcafe.1   failed: train: exit 1"


def test_against_a_base_the_base_is_named() -> None:
    assert "accuracy 0.9167, v1.1.0 has 0.9389" in reason(ROWS[5], base=ROWS[10])


def test_of_two_results_with_the_same_number_only_the_bytes_differ() -> None:
    same = [replace(row, metrics=ROWS[0].metrics) if row.recipe == ROWS[0].recipe else row for row in ROWS]

    assert "2 runs of one recipe, other bytes of the same accuracy" in reason(same[0], same)


def test_what_an_attacker_wrote_is_shown_and_not_obeyed() -> None:
    row = replace(broken_row(), problem=HOSTILE, name=HOSTILE)

    assert "\x1b" not in reason(row)
    assert "\x9b" not in reason(row)


# The left zone.


def shown(entries: Sequence[Entry], width: int = 19) -> list[str]:
    assert all(width_of(entry.line(width)) == width for entry in entries)
    return [text_of(entry.line(width)) for entry in entries]


def test_models_stand_with_their_counts_and_all_of_them_last() -> None:
    entries = model_entries({"digits": 12, "parity": 3}, "digits")

    assert shown(entries) == ["▸ digits         12", "  parity          3", "  all            15"]
    assert [entry.key for entry in entries] == ["digits", "parity", ALL_MODELS]
    assert shown(model_entries({"digits": 12}, "digits")) == ["▸ digits         12"]


def test_a_stage_says_who_holds_it_since_when_and_what_was_there_before() -> None:
    entries = stage_entries(ROWS, digits_ledger(), NOW, model="digits")

    assert [text.rstrip() for text in shown(entries)] == [
        "production   v1.4.0", "  2 d, dev1", "  was v1.3.0", "staging  7d18e6b0.1", "  1 d, dev1",
    ]  # fmt: skip
    assert [entry.key for entry in entries] == [ROWS[4].key, None, None, ROWS[3].key, None]


def test_a_stage_whose_version_is_not_listed_is_shown_all_the_same() -> None:
    entries = stage_entries((), digits_ledger(), NOW, model="digits")

    assert shown(entries)[0] == "production   v1.4.0"
    assert entries[0].key not in {row.key for row in ROWS}
    assert stage_entries(ROWS, digits_ledger(), NOW, model="parity") == []
    assert stage_entries(ROWS, Ledger(), NOW, model=None) == []


def test_of_all_models_together_a_stage_names_its_model() -> None:
    assert "production of digits" in shown(stage_entries(ROWS, digits_ledger(), NOW, model=None), 40)[0]


def test_the_filter_in_use_is_marked_and_a_count_that_is_not_known_is_blank() -> None:
    entries = filter_entries([("all", 12, ""), ("worse", None, "is:worse")], " is:worse ")

    assert shown(entries) == ["  all            12", "▸ worse            "]


def test_hostile_names_stay_in_their_cells() -> None:
    made = (
        *model_entries({HOSTILE: 1, "b": 2}, HOSTILE),
        *filter_entries([(HOSTILE, 1, HOSTILE)], HOSTILE),
        *running_entries([(hostile_row(), Running())]),
    )

    assert all("\x1b" not in text and "\x9b" not in text for text in shown(made))


# Runs under way.


def running(
    value: float = 0.162, other: float | None = 0.221, *, other_step: float = 41.0, total: int | None = 60
) -> Running:
    delta = None
    if other is not None:
        delta = metric_delta("loss", Metric(value=other, meaning=LOSS), Metric(value=value, meaning=LOSS))
    seen = LiveValue(
        metric="loss", context="eval", step=41.0, value=value, delta=delta, delta_step=other_step if delta else None,
    )  # fmt: skip
    return Running(axis="epoch", total=total, value=seen, against_name="A")


def test_a_run_under_way_is_told_as_in_the_design() -> None:
    row = replace(ROWS[0], names=())

    assert shown(running_entries([(row, running())]), 20) == [
        "▶ e07b3a51  ep 41/60", "  loss 0.162        ", "  A here 0.221      ", "  ▲ −0.059          ",
    ]  # fmt: skip
    assert text_of(running_line(running())) == "ep 41/60  loss 0.162  ▲ −0.059  A here 0.221"


def test_what_is_not_known_of_a_run_is_left_out() -> None:
    assert place_text(Running()) == ""
    assert place_text(running(total=None)) == "ep 41"
    assert text_of(running_line(running(other=None))) == "ep 41/60  loss 0.162"
    assert text_of(running_line(Running())) == "nothing measured yet …"


def test_a_value_at_another_step_says_at_which() -> None:
    older = running()
    assert older.value
    assert older.value.delta
    delta = replace(older.value.delta, after=0.171, absolute=-0.05)
    older = replace(older, value=replace(older.value, delta=delta, delta_step=40.0))

    assert text_of(running_line(older)) == "ep 41/60  loss 0.162  ▲ −0.050  A at 40 0.221  at 40 0.171"
    assert shown(running_entries([(replace(ROWS[0], names=()), older)]), 20)[1:] == [
        "  loss 0.162        ", "  at 40 0.171       ", "  A at 40 0.221     ", "  ▲ −0.050          ",
    ]  # fmt: skip
    assert live_cells(running(other_step=40.0), "loss").delta is None


def test_the_primary_metric_goes_into_its_column_and_any_other_beside_the_step() -> None:
    own, another = live_cells(running(), "loss"), live_cells(running(), "accuracy")

    assert (text_of(own.said), own.value, own.decimals) == ("ep 41/60", 0.162, 3)
    assert (text_of(another.said), another.value) == ("ep 41/60 ▲ −0.059 loss 0.162", None)
    assert Span("−0.059", Tone.BETTER) in another.said
