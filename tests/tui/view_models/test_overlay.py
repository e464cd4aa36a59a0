"""The exact values of several curves, at a place and at their ends."""

from __future__ import annotations

import math

from msgspec.structs import replace

from mlver.model.curve import Curve
from mlver.model.version import VersionRow
from mlver_tui.view_models.curve_axes import Axis
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.overlay import Charted, Overlay, Wish, meaning_of, overlay_of
from mlver_tui.view_models.spans import Tone, text_of
from mlver_tui.view_models.traces import TraceKind
from tests.support.explorer import LOSS, digits_rows

ROWS = {row.name: row for row in digits_rows()}
A, B, C = ROWS["v1.1.0"], ROWS["v1.4.0"], ROWS["v1.0.0"]


def curve(*values: float, **more: object) -> Curve:
    steps = tuple(float(step) for step in range(len(values)))
    return Curve(**{"metric": "loss", "context": "", "steps": steps, "values": values, **more})  # type: ignore[arg-type]


def overlay(*versions: tuple[VersionRow, Curve | None], wish: Wish | None = None) -> Overlay:
    charted = [Charted(row=row, curves=(curve_,) if curve_ else ()) for row, curve_ in versions]
    return overlay_of(charted, [("loss", "")], 0, wish or Wish())


def table(made: Overlay, cursor: float | None = None, width: int = 100) -> list[list[str]]:
    return [text_of(one).split() for one in made.lines(cursor, width)]


def test_without_a_cursor_the_last_values_are_told_and_held_against_a() -> None:
    made = overlay((A, curve(0.9, 0.2, 0.3)), (B, curve(0.8, 0.15, 0.12)))

    assert table(made) == [
        ["NAME", "LAST", "Δ", "A", "BEST", "AT", "Δ", "SAME", "STEP", "Δ", "AREA"],
        ["A", "v1.1.0", "0.30", "0.20", "1"],
        ["B", "v1.4.0", "0.12", "▲", "−0.18", "0.12", "2", "−0.18", "at", "2", "−0.09"],
    ]


def test_of_a_longer_curve_the_same_step_and_the_area_of_both_are_told() -> None:
    """Over 0 to 1 the means are 0.6 and 0.5."""
    made = overlay((A, curve(0.8, 0.4)), (B, curve(0.7, 0.3, 0.2)), (C, None))

    assert table(made)[2][-4:] == ["−0.1", "at", "1", "−0.1"]
    assert "SAME" not in text_of(overlay((A, curve(0.8, 0.4))).lines(None, 100)[0])


def test_at_the_cursor_each_value_is_exact_and_the_last_stands_beside_it() -> None:
    made = overlay((A, curve(0.9, 0.2, 0.3)), (B, curve(0.8, 0.25, 0.12)))

    assert table(made, 1) == [
        ["NAME", "AT", "1", "Δ", "A", "BEST", "AT", "LAST"],
        ["A", "v1.1.0", "0.20", "0.20", "1", "0.30"],
        ["B", "v1.4.0", "0.25", "▼", "+0.05", "0.12", "2", "0.12"],
    ]


def test_a_curve_without_a_point_there_tells_the_one_before_and_where_that_is() -> None:
    sparse = Curve(metric="loss", steps=(0.0, 10.0), values=(0.9, 0.1))
    late = Curve(metric="loss", steps=(9.0,), values=(0.5,))

    rows = table(overlay((A, sparse), (B, late)), 7)

    assert rows[1] == ["A", "v1.1.0", "0.9", "0.1", "10", "0.1", "at", "0"]
    assert rows[2] == ["B", "v1.4.0", "0.5", "9", "0.5"], "nothing is made up before the first point"


def test_steps_that_go_back_are_found_by_their_place_and_the_later_writing_counts() -> None:
    resumed = Curve(metric="loss", steps=(0.0, 1.0, 2.0, 1.0, 2.0), values=(0.9, 0.8, 0.7, 0.5, 0.4))

    made = overlay((A, resumed))

    assert table(made, 1)[1][2] == "0.5"
    assert made.stops.after(0) == 1


def test_a_run_under_way_is_held_against_a_at_the_step_it_has_reached() -> None:
    running = replace(B, is_running=True)

    row = table(overlay((A, curve(0.9, 0.5, 0.2, 0.1)), (running, curve(0.8, 0.6))))[2]

    assert row == ["B", "v1.4.0", "0.6", "▼", "+0.1", "0.6", "1", "+0.1", "at", "1", "0.0", "running,", "at", "1"]


def test_without_a_goal_the_least_and_the_most_are_told_and_nothing_is_judged() -> None:
    rows = (replace(A, metrics={}), replace(B, metrics={}))
    made = overlay((rows[0], curve(3, 1, 2)), (rows[1], curve(3, 5, 4)))

    assert table(made)[0] == ["NAME", "LAST", "Δ", "A", "LEAST", "MOST", "Δ", "SAME", "STEP", "Δ", "AREA"]
    assert table(made)[2] == ["B", "v1.4.0", "4", "+2", "3", "5", "+2", "at", "2", "+2"]


def test_a_version_without_the_curve_keeps_its_letter_and_says_why() -> None:
    failed = Charted(row=C, problem="object 4be1c02 is missing \x1b[2J")
    waiting = Charted(row=ROWS["v1.3.0"])
    made = overlay_of(
        [Charted(row=A, curves=(curve(1, 2),)), Charted(row=B, curves=()), failed, waiting], [("loss", "")], 0, Wish()
    )

    text = [text_of(one).rstrip() for one in made.lines(None, 100)]

    assert text[2].endswith("has no such curve")
    assert text[3].split()[:2] == ["C", "v1.0.0"]
    assert "is missing \\x1b[2J" in text[3]
    assert text[4].endswith("being read")
    assert [trace.sign for trace in made.traces] == ["A"]


def test_a_history_that_tells_no_time_is_left_out_of_the_axis_of_time() -> None:
    timed = curve(3, 2, times=(100.0, 105.0))

    made = overlay((A, timed), (B, curve(3, 2)), wish=Wish(axis=Axis.TIME))

    assert made.traces[0].curve.steps == (0.0, 5.0)
    assert text_of(made.lines(None, 100)[2]).endswith("its history tells no time")
    assert "x: time in s" in text_of(made.head())


def test_what_a_logarithm_cannot_show_is_counted() -> None:
    made = overlay((A, curve(0.0, -1, 2, math.nan)), wish=Wish(log_y=True))

    assert text_of(made.lines(None, 100)[1]).endswith("2 values ≤ 0 not drawn")
    assert "y: log" in text_of(made.head())


def test_a_smoothed_curve_has_its_raw_self_dim_behind_it() -> None:
    made = overlay((A, curve(1, 3, 2)), wish=Wish(weight=0.6))

    raw, smooth = made.traces
    assert (raw.kind, raw.tone, raw.curve.values) == (TraceKind.RAW, Tone.DIM, (1, 3, 2))
    assert smooth.curve.values != raw.curve.values
    assert table(made, 1)[1][2] == "3", "the exact value is the raw one"
    assert "SMOOTHED" in table(made)[0]


def test_a_lies_over_the_others_in_the_hue_it_has_everywhere() -> None:
    made = overlay((A, curve(1, 2)), (B, curve(1, 3)), (C, curve(1, 4)))

    assert [trace.sign for trace in made.traces] == ["C", "B", "A"]
    assert [trace.tone for trace in made.traces][1:] == [Tone.SIDE_B, Tone.SIDE_A]


def test_the_best_of_a_curve_with_holes_is_among_its_numbers() -> None:
    assert table(overlay((A, curve(math.nan, 0.5, math.inf, 0.25))))[1] == ["A", "v1.1.0", "0.25", "0.25", "3"]
    assert table(overlay((A, curve(math.nan))))[1] == ["A", "v1.1.0", "nan"]


def test_lines_fit_and_are_ascii_where_they_must_be() -> None:
    hostile = replace(B, name="x" * 60 + "→")
    charted = [Charted(row=row, curves=(curve(0.0, 12345.678),)) for row in (A, hostile)]
    made = overlay_of(charted, [("loss", "")], 0, Wish(log_y=True, weight=0.3), glyphs=ASCII)

    assert all(ASCII.drawn(text_of(one)).isascii() for one in (*made.lines(1, 78), made.head()))


def test_what_a_metric_means_is_found_under_the_names_that_tools_give_it() -> None:
    row = replace(A, metrics={"eval_loss": A.metrics["loss"]})

    assert meaning_of([row], ("loss", "eval")) == LOSS
    assert meaning_of([row], ("loss", "train")).goal is None
