from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlver.comparing.drift import Level, category_drift, number_drift

NUMBERS = st.lists(st.integers(-20, 20), min_size=1, max_size=60)


def test_the_index_is_that_of_its_definition() -> None:
    """Two bins of half and half that become 0.3 and 0.7: (0.3 - 0.5) ln(0.3 / 0.5) + (0.7 - 0.5) ln(0.7 / 0.5)."""
    before = np.array([0.0] * 500 + [1.0] * 500)
    after = np.array([0.0] * 300 + [1.0] * 700)

    found = number_drift(before, after)

    assert found is not None
    assert found.psi == pytest.approx(0.2 * np.log(0.5 / 0.3) + 0.2 * np.log(0.7 / 0.5))
    assert found.ks == pytest.approx(0.2)
    assert found.level is Level.SMALL


@settings(max_examples=200, deadline=None)
@given(before=NUMBERS, after=NUMBERS)
def test_the_distance_is_the_largest_gap_between_shares_up_to_any_point(before: list[int], after: list[int]) -> None:
    found = number_drift(np.array(before, float), np.array(after, float))

    slow = max(
        abs(sum(one <= point for one in before) / len(before) - sum(one <= point for one in after) / len(after))
        for point in (*before, *after)
    )
    assert found is not None
    assert found.ks == pytest.approx(slow)
    assert found.psi >= 0


def test_p_is_kolmogorovs() -> None:
    """At 1.36 / sqrt(n m / (n + m)) it is 5 %, as every table of the test says."""
    before, after = np.arange(20000.0), np.arange(20000.0) + 20000 * 0.0136

    found = number_drift(before, after)

    assert found is not None
    assert found.p == pytest.approx(0.05, abs=0.002)


def test_p_of_few_rows_is_corrected_as_stephens_did() -> None:
    """By hand: D = 5/10, N = 80/18, x = (√N + 0.12 + 0.11/√N) D = 1.1402, p = 2 (exp(−2x²) − exp(−8x²) + ...)."""
    found = number_drift(np.arange(1.0, 11.0), np.arange(6.0, 14.0))

    assert found is not None
    assert found.ks == pytest.approx(0.5)
    assert found.p == pytest.approx(0.148482, abs=1e-6)


def test_half_a_row_stands_for_none_in_a_bin() -> None:
    """Half and half become all and none of 1000: (1 − 0.5) ln 2 + (0.0005 − 0.5) ln(0.0005 / 0.5)."""
    found = number_drift(np.array([0.0] * 500 + [1.0] * 500), np.zeros(1000))

    assert found is not None
    assert found.psi == pytest.approx(0.346574 + 3.450424, abs=1e-5)


def test_few_rows_show_no_drift_by_chance() -> None:
    rng = np.random.default_rng(1)

    found = [number_drift(rng.normal(size=40), rng.normal(size=40), columns=100) for _ in range(100)]

    assert sum(one is not None and one.psi > 0.25 for one in found) > 50, "the index alone would call them moved"
    assert {one.level for one in found if one} == {Level.NONE}


def test_many_rows_that_moved_show_it() -> None:
    rng = np.random.default_rng(1)

    found = number_drift(rng.normal(size=2000), rng.normal(1.0, size=2000), columns=100)

    assert found is not None
    assert found.level is Level.LARGE


def test_numbers_that_are_all_one_number_do_not_move() -> None:
    found = number_drift(np.full(50, 3.0), np.full(70, 3.0))

    assert found is not None
    assert (found.psi, found.ks, found.level) == (0.0, 0.0, Level.NONE)


def test_a_constant_that_became_another_moved_whole() -> None:
    found = number_drift(np.full(500, 3.0), np.full(500, 2.0))

    assert found is not None
    assert (found.ks, found.level) == (1.0, Level.LARGE)


def test_nothing_is_said_of_an_empty_column() -> None:
    assert number_drift(np.array([]), np.array([1.0])) is None
    assert category_drift({}, {"a": 1}) is None


def test_total_variation_is_the_share_of_rows_of_another_category() -> None:
    found = category_drift({"cat": 600, "dog": 400}, {"cat": 300, "dog": 400, None: 300})

    assert found is not None
    assert found.distance == pytest.approx(0.3)
    assert (found.most, found.share_before, found.share_after, found.level) == ("cat", 0.6, 0.3, Level.LARGE)


def test_what_chance_may_do_to_categories_is_its_mean_and_the_bound_above_it() -> None:
    """Of 100 and 100 rows by hand: √(0.25 · 0.02) + √(ln(1/0.01) · 0.02 / 2) = 0.0707 + 0.2146 = 0.2853."""
    found = [category_drift({"a": 50 + more, "b": 50 - more}, {"a": 50 - more, "b": 50 + more}) for more in (14, 15)]

    assert [one.distance for one in found if one] == pytest.approx([0.28, 0.30])
    assert [one.level for one in found if one] == [Level.NONE, Level.LARGE]


def test_few_rows_of_categories_show_no_drift_by_chance() -> None:
    rng = np.random.default_rng(2)
    sides = [[dict(enumerate_counts(rng)) for _ in range(2)] for _ in range(200)]

    found = [category_drift(before, after, columns=20) for before, after in sides]

    assert sum(one is not None and one.distance > 0.1 for one in found) > 100
    assert {one.level for one in found if one} == {Level.NONE}


def enumerate_counts(rng: np.random.Generator) -> list[tuple[str | None, int]]:
    values, counts = np.unique(rng.integers(0, 10, size=60), return_counts=True)
    return [(str(value), int(count)) for value, count in zip(values, counts, strict=True)]
