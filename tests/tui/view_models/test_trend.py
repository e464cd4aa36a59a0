"""A trend goes by time and judges each version against its parent, by goal and tolerance."""

from __future__ import annotations

import math

from msgspec.structs import replace

from mlver.model.metric import Metric
from mlver.model.status import Status
from mlver_tui.view_models.trend import trend_metrics, trend_points
from tests.support.explorer import ACCURACY, digits_rows

ROWS = digits_rows()


def test_a_trend_goes_from_the_oldest_to_the_newest_whatever_the_list_is_sorted_by() -> None:
    by_name = sorted(ROWS, key=lambda row: row.name)

    names = [point.row.name for point in trend_points(by_name, "accuracy")]

    assert names == [row.name for row in reversed(ROWS)]


def test_only_what_is_worse_by_more_than_the_tolerance_is_a_regression() -> None:
    regressions = [point.row.name for point in trend_points(ROWS, "accuracy") if point.is_regression]

    assert regressions == ["b8471f3d.1", "91be44c7.1", "e07b3a51.1"]  # e07b3a51.2 is down by 1 of 360: within 0.005


def test_a_version_whose_parent_is_not_here_is_held_against_the_one_before() -> None:
    first, last = replace(ROWS[1], parent=None), replace(ROWS[0], parent="somewhere else")

    (_, point) = trend_points((last, first), "accuracy")

    assert point.delta
    assert point.delta.before == first.metrics["accuracy"].value


def test_a_version_is_held_against_its_parent_and_not_against_the_one_before() -> None:
    parent, other, child = ROWS[7], ROWS[5], replace(ROWS[4], parent=ROWS[7].key)

    points = trend_points((child, other, parent), "accuracy")

    assert points[-1].delta
    assert points[-1].delta.before == parent.metrics["accuracy"].value


def test_what_has_no_number_is_left_out_and_a_failed_run_is_not_judged() -> None:
    missing = replace(ROWS[0], metrics={})
    nan = replace(ROWS[1], metrics={"accuracy": Metric(value=math.nan, meaning=ACCURACY)})
    failed = replace(ROWS[5], status=Status.FAILED)

    points = trend_points((missing, nan, failed, ROWS[6]), "accuracy")

    assert [point.row.name for point in points] == [ROWS[6].name, failed.name]
    assert points[-1].delta is None


def test_versions_of_one_moment_keep_the_order_of_the_list() -> None:
    rows = [replace(row, created=5.0, parent=None) for row in ROWS[:3]]

    assert [point.row.name for point in trend_points(rows, "accuracy")] == [row.name for row in reversed(rows)]


def test_the_primary_metric_comes_first() -> None:
    rows = [replace(ROWS[0], primary="loss")]

    assert trend_metrics(rows)[:2] == ("loss", "accuracy")
