"""What is charted: of which versions, over which axis, which page; and what is said beside it."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.curve import Curve
from mlver.model.status import Status
from mlver_tui.view_models.browsing import Picked
from mlver_tui.view_models.chart_choice import charted_rows
from mlver_tui.view_models.chart_yanks import chart_command
from mlver_tui.view_models.charting import Charting
from mlver_tui.view_models.curve_axes import Axis
from mlver_tui.view_models.param_axis import params_that_differ
from mlver_tui.view_models.spans import text_of
from tests.support.explorer import digits_rows, parity_rows

ROWS = digits_rows()
BY_KEY = {row.key: row for row in ROWS}
NEW, OLD = ROWS[0], ROWS[-1]


def curve(metric: str = "loss", context: str = "", **more: object) -> Curve:
    return Curve(**{"metric": metric, "context": context, "steps": (0.0, 1.0), "values": (2.0, 1.0), **more})  # type: ignore[arg-type]


def charting(*curves: Curve, rows: int = 2) -> Charting:
    made = Charting.of(ROWS[:rows], ROWS)
    for row in ROWS[:rows]:
        made = made.with_curves(row.key, curves)
    return made


def names(picked: Picked) -> list[str]:
    return [row.name for row in charted_rows(picked, BY_KEY.get)]


def test_marks_are_charted_with_the_base_first_then_from_the_oldest() -> None:
    marked = (ROWS[0], ROWS[4], ROWS[2])

    assert names(Picked(cursor=ROWS[7], marked=marked)) == [ROWS[4].name, ROWS[2].name, ROWS[0].name]
    assert names(Picked(cursor=ROWS[7], marked=marked, base=ROWS[1]))[0] == ROWS[1].name


def test_one_mark_the_base_or_the_parent_is_charted_with_the_cursors_version() -> None:
    assert names(Picked(cursor=ROWS[0], marked=(ROWS[4],))) == [ROWS[4].name, ROWS[0].name]
    assert names(Picked(cursor=ROWS[4], base=ROWS[0])) == [ROWS[0].name, ROWS[4].name]
    assert names(Picked(cursor=ROWS[0])) == [ROWS[1].name, ROWS[0].name]


def test_where_nothing_can_be_held_against_it_a_version_is_charted_alone() -> None:
    assert names(Picked(cursor=OLD)) == [OLD.name]
    assert names(Picked(cursor=NEW, marked=(NEW,))) == [NEW.name]


def test_trends_are_of_the_model_that_is_charted() -> None:
    made = Charting.of([parity_rows()[0]], (*ROWS, *parity_rows()))

    assert {row.model for row in made.listed} == {parity_rows()[0].model}


def test_a_version_that_the_list_does_not_show_is_in_the_trend_all_the_same() -> None:
    made = Charting.of([OLD], ROWS[:3])

    assert OLD.key in {row.key for row in made.listed}


def test_curves_over_epochs_alone_are_shown_over_epochs() -> None:
    made = charting(curve(epochs=(0.0, 1.0)))

    assert made.axis is Axis.EPOCH
    assert made.axes == (Axis.EPOCH, Axis.VERSION)


def test_the_axis_waits_for_the_curves_of_every_version() -> None:
    made = Charting.of(ROWS[:2], ROWS).with_curves(ROWS[0].key, (curve(epochs=(0.0, 1.0)),))

    assert made.is_reading
    assert made.axis is Axis.STEP
    assert made.with_curves(ROWS[1].key, (curve(),)).axis is Axis.STEP


def test_pages_go_around_and_the_metric_is_found_again_on_another_axis() -> None:
    made = charting(curve("loss", "train"), curve("accuracy", "eval"))

    assert made.on_page(-1).metric == "accuracy"
    assert made.on_page(2).metric == "loss"
    trend = made.on_page(0).next_axis()
    assert (trend.axis, trend.names[trend.index]) == (Axis.VERSION, ("loss", ""))
    assert trend.next_axis().names[trend.next_axis().index] == ("loss", "train")


def test_without_versions_to_go_through_there_is_no_other_axis() -> None:
    alone = replace(NEW, parent=None)
    made = Charting.of([alone], [alone]).with_curves(alone.key, (curve(),))

    assert not made.has_other_axis


def test_params_are_chosen_by_name_and_gone_through() -> None:
    params = params_that_differ({row.key: {"a": number, "b": number % 2} for number, row in enumerate(ROWS)})
    made = replace(charting(curve()), params=params).next_param(0)

    assert [made.param, made.next_param(1).param, made.next_param(2).param] == ["a", "b", "a"]
    assert made.chosen("param b").param == "b"
    assert made.chosen("metric 1").names[1] == (made.chosen("metric 1").metric, "")
    assert [choice.name for choice in made.choices() if choice.is_on] == ["loss", "a"]
    assert made.next_axis().param is None


def test_a_curve_that_grows_keeps_the_points_that_do_not_come_again() -> None:
    running = replace(NEW, status=Status.RUNNING)
    made = Charting.of([running], ROWS)
    for steps in ((0.0, 1.0, 2.0), (2.0, 3.0), ()):
        made = made.with_curves(running.key, (curve(steps=steps, values=tuple(10 * step for step in steps)),))

    (found,) = made.charted[0].curves or ()
    assert (found.steps, found.values) == ((0.0, 1.0, 2.0, 3.0), (0.0, 10.0, 20.0, 30.0))


def test_the_equal_command_names_what_is_shown() -> None:
    shown = replace(charting(curve("val loss")), log_y=True, weight=0.6)

    assert chart_command(shown, ROWS) == ("mlver curves e07b3a51.2 e07b3a51.1 --metric 'val loss' --smooth 0.6 --log-y")
    assert chart_command(shown, ROWS, form="csv") == "mlver curves e07b3a51.2 e07b3a51.1 --smooth 0.6 --csv"
    assert chart_command(shown.next_axis(), ROWS).endswith("--metric accuracy --x version --log-y")


def test_nothing_to_draw_tells_what_would_be_found() -> None:
    made = charting()

    text = "\n".join(text_of(one) for one in made.nothing_lines("x"))
    assert f"no curves: {ROWS[0].name}, {ROWS[1].name}" in text
    assert "history: in mlver.yaml" in text
    assert "docs/histories.md" in text
    assert made.chart(now=0.0) is None
