from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.comparing.seed_spread import seed_spread
from mlver.model.metric import Metric
from mlver.model.status import Status
from mlver.model.version import VersionRow


def run(number: int, accuracy: float | str | None, family: str | None = "a", **more: object) -> VersionRow:
    row = VersionRow(
        key=f"runs/digits/{number}",
        source="native",
        ref="",
        commit=f"{number:040x}",
        model="digits",
        recipe=f"recipe {number}",
        family=family,
        result=f"result {number}",
        primary="accuracy",
        metrics={} if accuracy is None else {"accuracy": Metric(value=accuracy)},
    )
    return replace(row, **more)


THREE = [run(number, value) for number, value in enumerate((0.9528, 0.9556, 0.9583))]
FIVE = [run(10 + number, value, "b") for number, value in enumerate((0.9611, 0.9667, 0.9639, 0.9583, 0.9694))]


def test_two_families_are_tested_by_welch() -> None:
    found = seed_spread(THREE[0], FIVE[0], [*THREE, *FIVE, run(99, 0.1, "c")])

    assert found is not None
    spread = found.of("accuracy")
    assert spread is not None
    assert (spread.before.n, spread.after.n) == (3, 5)
    assert spread.before.mean == pytest.approx(0.95556667)
    assert spread.after.sd == pytest.approx(0.0043957, rel=1e-4)
    assert (spread.t, spread.df, spread.p) == pytest.approx((3.28985958, 5.89963931, 0.01703034))
    assert not found.is_one_family


def test_one_run_is_held_against_many() -> None:
    """t = (0.9 − 0.9639...) / (sd · sqrt(6/5)) with 4 degrees of freedom, the sign being that of B less A."""
    lone = run(50, 0.9, "lone")

    forward, back = seed_spread(lone, FIVE[0], FIVE), seed_spread(FIVE[0], lone, FIVE)

    assert forward is not None
    assert back is not None
    one, other = forward.metrics[0], back.metrics[0]
    sd = one.after.sd or 0.0
    assert one.t == pytest.approx((0.96388 - 0.9) / (sd * 1.2**0.5), rel=1e-6)
    assert (one.df, one.before.sd) == (4, None)
    assert other.t == -(one.t or 0.0)
    assert other.difference == -(one.difference or 0.0)


def test_single_runs_are_not_tested() -> None:
    found = seed_spread(THREE[0], FIVE[0], [])

    assert found is not None
    assert (found.metrics[0].before.n, found.metrics[0].p) == (1, None)


def test_runs_that_are_unfinished_broken_or_of_another_model_do_not_count() -> None:
    others = [
        run(20, 0.1, status=Status.FAILED),
        run(21, 0.1, is_broken=True),
        run(22, 0.1, model="parity"),
        run(23, None),
        run(24, float("nan")),
        run(25, "text"),
    ]

    found = seed_spread(THREE[0], FIVE[0], [*THREE, *others])

    assert found is not None
    assert found.metrics[0].before.n == 3


def test_a_recipe_with_the_same_result_is_one_run_and_with_another_result_another() -> None:
    again = run(30, 0.9528, recipe="recipe 0", result="result 0")
    unseeded = run(31, 0.9, recipe="recipe 0", result="result 31")

    found = seed_spread(THREE[0], FIVE[0], [*THREE, again, unseeded])

    assert found is not None
    assert found.metrics[0].before.n == 4


def test_two_runs_of_one_family_are_known_as_such_and_held_against_no_other_sample() -> None:
    found = seed_spread(THREE[0], THREE[1], THREE)

    assert found is not None
    assert found.is_one_family
    assert (found.metrics[0].after.n, found.metrics[0].t, found.metrics[0].p) == (3, None, None)


def test_runs_that_all_measured_the_same_do_not_spread() -> None:
    """The mean of five times 0.11 is not 0.11, so what is left of them must not be taken for a spread."""
    alike = [run(60 + number, 0.11, "alike") for number in range(5)]

    found = seed_spread(run(50, 0.111, "lone"), alike[0], alike)

    assert found is not None
    assert (found.metrics[0].after.sd, found.metrics[0].p) == (0, None)


@pytest.mark.parametrize("values", [(1e200, -1e200), (1e75, -1e75), (1e-90, 2e-90), (5e-324, 0.0)])
def test_numbers_of_any_size_are_compared_or_left_out(values: tuple[float, float]) -> None:
    sides = [
        [run(70 + 10 * side + number, value, "ab"[side]) for number, value in enumerate(values)] for side in (0, 1)
    ]

    assert seed_spread(sides[0][0], sides[1][0], [*sides[0], *sides[1]]) is not None


def test_a_version_held_against_itself_has_no_spread() -> None:
    assert seed_spread(THREE[0], THREE[0], THREE) is None


@pytest.mark.parametrize("family", [None])
def test_without_a_family_nothing_is_known(family: None) -> None:
    assert seed_spread(run(1, 0.9, family), FIVE[0], FIVE) is None


def test_a_metric_that_is_no_number_on_a_side_is_left_out() -> None:
    assert seed_spread(run(1, "text"), FIVE[0], FIVE) == replace(seed_spread(THREE[0], FIVE[0], []), metrics=())  # type: ignore[type-var]  # there is one
