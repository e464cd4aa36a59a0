from __future__ import annotations

from math import comb

import pytest

from mlver.comparing.significance import (
    even_split_p,
    one_against_many,
    regularised_beta,
    student_two_sided,
    welch,
)


@pytest.mark.parametrize(
    ("fixed", "broken", "p"),
    [
        (11, 4, 2 * (1 + 15 + 105 + 455 + 1365) / 2**15),  # by hand
        (8, 0, 2 / 2**8),
        (121, 59, 4.4344492637551645e-06),  # these by SciPy 1.17, binomtest
        (2000, 1800, 0.0012427867782632013),
        (60000, 59000, 0.0037798696347767836),
    ],
)
def test_uneven_splits_are_as_likely_as_the_binomial_says(fixed: int, broken: int, p: float) -> None:
    assert even_split_p(fixed, broken) == pytest.approx(p, rel=1e-9)
    assert even_split_p(broken, fixed) == even_split_p(fixed, broken)


@pytest.mark.parametrize("each", [0, 1, 7, 100_000])
def test_an_even_split_is_no_evidence(each: int) -> None:
    assert even_split_p(each, each) == 1


def test_every_split_of_forty_is_the_sum_of_its_binomials() -> None:
    for fewer in range(20):
        whole = 2 * sum(comb(40, count) for count in range(fewer + 1)) / 2**40
        assert even_split_p(fewer, 40 - fewer) == pytest.approx(min(1.0, whole), rel=1e-12)


def test_a_split_that_chance_never_makes_neither_fails_nor_takes_long() -> None:
    assert even_split_p(10**7, 0) == 0
    assert 0 < even_split_p(1000, 100) < 1e-150


@pytest.mark.parametrize(
    ("t", "df", "p"),
    [
        (2.228, 10, 0.05001177181711132),  # SciPy 1.17, 2 * t.sf; printed tables have t = 2.228 for 5 % and 10
        (0.5, 1, 0.7048327646991335),
        (12.7062, 1, 0.0500000185607104),
        (40, 3.7, 5.138624982141497e-06),
        (0.001, 200.5, 0.9992031098171005),
        (6, 1000, 2.7553691733774752e-09),
        (0.7, 2.4, 0.5456215854888657),
    ],
)
def test_tails_of_students_t_are_those_of_the_tables(t: float, df: float, p: float) -> None:
    assert student_two_sided(t, df) == pytest.approx(p, rel=1e-9)
    assert student_two_sided(-t, df) == student_two_sided(t, df)


@pytest.mark.parametrize(
    ("x", "a", "b", "value"),
    [
        (0.5, 2, 3, 11 / 16),  # by hand
        (0.1, 0.5, 0.5, 0.20483276469913345),  # these by SciPy 1.17, betainc
        (0.99, 30, 2, 0.9616104854047645),
        (0.3, 100, 200, 0.10884306564490986),
        (0, 2, 3, 0),
        (1, 2, 3, 1),
    ],
)
def test_the_incomplete_beta_function_has_its_known_values(x: float, a: float, b: float, value: float) -> None:
    assert regularised_beta(x, a, b) == pytest.approx(value, rel=1e-10)


def test_welch_tells_t_degrees_of_freedom_and_p() -> None:
    found = welch([0.9528, 0.9556, 0.9583], [0.9611, 0.9667, 0.9639, 0.9583, 0.9694])

    assert found is not None
    assert found.t == pytest.approx(3.2898595835049402, rel=1e-9)  # SciPy 1.17, ttest_ind(equal_var=False)
    assert found.df == pytest.approx(5.8996393134865475, rel=1e-9)
    assert found.p == pytest.approx(0.017030344695406072, rel=1e-9)


def test_welch_by_hand() -> None:
    """Means 1.5 and 17/3, variances 1/2 and 28/3: t = (25/6) / sqrt(1/4 + 28/9)."""
    found = welch([1, 2], [3, 5, 9])

    assert found is not None
    assert found.t == pytest.approx((25 / 6) / (1 / 4 + 28 / 9) ** 0.5)
    assert found.df == pytest.approx((1 / 4 + 28 / 9) ** 2 / ((1 / 4) ** 2 + (28 / 9) ** 2 / 2))


def test_one_against_many_by_hand() -> None:
    """Mean 2, sd 1: t = 3 / sqrt(4/3); with two degrees of freedom p is 1 − t / sqrt(t² + 2)."""
    found = one_against_many(5, [1, 2, 3])

    assert found is not None
    assert (found.t, found.df) == pytest.approx((3 / (4 / 3) ** 0.5, 2))
    assert found.p == pytest.approx(1 - found.t / (found.t**2 + 2) ** 0.5)
    assert one_against_many(5, [2]) is None


@pytest.mark.parametrize(("before", "after"), [([1.0], [2.0, 3.0]), ([1.0, 1.0], [2.0, 2.0])])
def test_one_run_or_no_spread_cannot_be_tested(before: list[float], after: list[float]) -> None:
    assert welch(before, after) is None
