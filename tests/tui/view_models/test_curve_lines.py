"""The pages of the curves, and what stands over a chart."""

from __future__ import annotations

from mlver.model.curve import Curve
from mlver_tui.view_models.curve_lines import CurveSide, curve_head, curve_names
from mlver_tui.view_models.spans import text_of


def curve(metric: str, *values: float) -> Curve:
    return Curve(metric=metric, steps=tuple(float(step) for step in range(len(values))), values=values)


def test_a_metric_of_one_point_comes_after_those_that_can_be_drawn() -> None:
    before = (curve("rounds", 1.0), curve("loss", 0.3, 0.2))
    after = (curve("best", 0.9), curve("rounds", 1.0), curve("loss", 0.3))

    assert [metric for metric, _context in curve_names(before, after)] == ["loss", "best", "rounds"]


def test_a_curve_under_another_one_is_said_to_lie_there() -> None:
    same, other = curve("loss", 0.3, 0.2), curve("loss", 0.3, 0.1)

    hidden = curve_head([("loss", "")], 0, (CurveSide(same), CurveSide(same)))
    apart = curve_head([("loss", "")], 0, (CurveSide(same), CurveSide(other)))
    missing = curve_head([("loss", "")], 0, (CurveSide(None), CurveSide(None)))

    assert text_of(hidden[1]) == " A ends at 0.2  B lies on A"
    assert text_of(apart[1]) == " A ends at 0.2  B ends at 0.1"
    assert text_of(missing[1]) == " A no curve  B no curve"
