"""What deserves a special look, and the reasons given for it."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.attention import Company, Why, held_against
from mlver.model.filtering import Around
from mlver.model.status import Status
from mlver.model.version import VersionRow
from mlver.query.filters import Filters
from tests.support.explorer import NOW, broken_row, digits_rows, failed_row

ROWS = digits_rows()
BY_KEY = {row.key: row for row in ROWS}
COMPANY = Company(ROWS)


def whys(row: VersionRow, company: Company = COMPANY) -> list[Why]:
    return [reason.why for reason in company.reasons(row, held_against(row, None, BY_KEY.get))]


def named(name: str) -> VersionRow:
    return next(row for row in ROWS if row.name == name)


def test_of_the_digits_story_five_versions_are_worth_a_look() -> None:
    found = {row.name: whys(row) for row in ROWS if whys(row)}

    assert found == {
        "e07b3a51.2": [Why.REPLAY, Why.TWO_RESULTS],
        "e07b3a51.1": [Why.WORSE],
        "5c9f20d4.1": [Why.BEST_UNPROVEN],
        "91be44c7.1": [Why.WORSE],
        "b8471f3d.1": [Why.WORSE],
    }


def test_broken_and_failed_ones_are_worth_a_look_and_a_running_one_is_not() -> None:
    running = replace(failed_row(), status=Status.INTERRUPTED, is_running=True)

    assert whys(broken_row()) == [Why.BROKEN]
    assert whys(failed_row()) == [Why.NOT_DONE]
    assert whys(running) == []


def test_of_several_results_of_one_recipe_the_newest_run_tells_how_far_they_are_apart() -> None:
    (reason,) = [one for one in COMPANY.reasons(ROWS[0], None) if one.why is Why.TWO_RESULTS]

    assert reason.runs == 2
    assert reason.against == ROWS[1]
    assert reason.delta is not None
    assert reason.delta.absolute is not None
    assert round(reason.delta.absolute, 4) == -0.0028


def test_runs_of_one_recipe_with_one_result_are_nothing_special() -> None:
    rows = [replace(row, result="sha256:same") if row.recipe == ROWS[0].recipe else row for row in ROWS]

    assert Why.TWO_RESULTS not in whys(rows[0], Company(rows))


def test_another_metric_is_worse_only_beyond_the_tolerance_somebody_gave_it() -> None:
    slow, fast = named("v1.4.0"), named("91be44c7.1")
    metric = slow.metrics["latency_ms"]
    before = replace(fast, metrics={**fast.metrics, "latency_ms": replace(metric, value=0.41)})
    no_tolerance = replace(metric, value=0.9, meaning=replace(metric.meaning, tolerance=None))

    (reason,) = COMPANY.reasons(replace(slow, metrics={**slow.metrics, "latency_ms": metric}), before)

    assert reason.why is Why.WORSE
    assert reason.delta is not None
    assert reason.delta.name == "latency_ms"
    assert COMPANY.reasons(replace(slow, metrics={**slow.metrics, "latency_ms": no_tolerance}), before) == ()


def test_the_best_is_unproven_until_it_was_replayed() -> None:
    clean = replace(named("5c9f20d4.1"), is_dirty=False)
    rows = [clean if row.key == clean.key else row for row in ROWS]
    replayed = replace(clean, replay=named("v1.4.0").replay)

    assert whys(clean, Company(rows)) == [Why.BEST_UNPROVEN]
    assert whys(replayed, Company([replayed if row.key == clean.key else row for row in ROWS])) == []


def test_the_filter_means_the_same_versions() -> None:
    filters = Filters(lambda _rows: {}, lambda row: (_ for _ in ()).throw(AssertionError(row)))

    found = filters.matching(ROWS, "is:worth", Around(now=NOW, find=BY_KEY.get))

    assert [row.name for row in found.rows] == [row.name for row in ROWS if whys(row)]
