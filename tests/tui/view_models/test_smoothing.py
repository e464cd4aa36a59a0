"""Smoothing is TensorBoard's: a moving average without the bias of its beginning."""

from __future__ import annotations

import math

import pytest

from mlver_tui.view_models.smoothing import WEIGHTS, next_weight, smoothed


def test_the_first_value_is_kept_whatever_the_weight() -> None:
    assert smoothed((4.0, 0.0), 0.9)[0] == pytest.approx(4.0)


def test_values_are_those_of_tensorboard() -> None:
    # By hand from its source: last = last * w + (1 - w) * v, shown as last / (1 - w ** n).
    assert smoothed((1.0, 2.0, 4.0), 0.5) == pytest.approx((1.0, (0.25 + 1) / 0.75, (0.625 + 2) / 0.875))


def test_no_weight_and_a_constant_change_nothing() -> None:
    assert smoothed((1.0, 5.0), 0.0) == (1.0, 5.0)
    assert smoothed((0.1,) * 50, 0.9) == (0.1,) * 50


def test_what_is_not_finite_stays_and_spoils_nothing() -> None:
    found = smoothed((1.0, math.nan, 1.5, math.inf, 1.0), 0.6)

    assert math.isnan(found[1])
    assert found[3] == math.inf
    assert all(1 <= found[place] <= 1.5 for place in (0, 2, 4))


def test_the_key_steps_through_the_weights_and_around() -> None:
    weight, seen = 0.0, []
    for _ in WEIGHTS:
        weight = next_weight(weight, 1)
        seen.append(weight)

    assert seen == [0.3, 0.6, 0.9, 0.0]
    assert next_weight(0.0, -1) == 0.9
