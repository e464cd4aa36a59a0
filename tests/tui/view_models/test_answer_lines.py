"""What is said of fixed and broken rows, of seeds, of classes, confusion and calibration."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.change import Kind
from mlver.model.comparison import Comparison
from mlver.model.evaluation import EvaluationData, ToldBy
from mlver.model.leakage import Leakage, Overlap
from mlver.model.metric import Metric, SliceDelta, metric_delta
from mlver.model.predictions import (
    ClassScores,
    Confusion,
    ErrorMoves,
    Flips,
    PartTally,
    Predictions,
    RowsMatched,
    Scores,
    Tally,
)
from mlver.model.spread import MetricSpread, Sample, SeedSpread
from mlver_tui.view_models.answer_lines import answer_lines
from mlver_tui.view_models.belief import evidence
from mlver_tui.view_models.confusion_lines import confusion_lines
from mlver_tui.view_models.doubt_lines import Doubt, doubts
from mlver_tui.view_models.flip_lines import flips_text, p_text
from mlver_tui.view_models.flip_table import FlipTable, chosen_flips, chosen_words
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.helped import same_test_set
from mlver_tui.view_models.metrics_tab import metrics_tab_lines
from mlver_tui.view_models.spans import Line, Tone, text_of, width_of
from mlver_tui.view_models.spread_lines import spread_lines
from mlver_tui.view_models.where_lines import where_lines
from tests.support.answers import digits_predictions, seeds_of_b
from tests.support.explorer import comparison_of, digits_rows

ROWS = {row.name: row for row in digits_rows()}


def compared(**more: object) -> Comparison:
    return replace(comparison_of(ROWS["v1.1.0"], ROWS["v1.4.0"]), **more)


def shown(lines: list[Line]) -> list[str]:
    return [text_of(line).rstrip() for line in lines]


def flipped(fixed: int, broken: int, p: float) -> Predictions:
    tally = Tally(fixed=fixed, broken=broken, both_right=1200)
    flips = Flips(tally=tally, p=p, by_class=(), by_slice=(), rows=())
    return Predictions(matched=RowsMatched(shared=tally.rows), flips=flips)


# Rows.


@pytest.mark.parametrize(
    ("predictions", "said"),
    [
        (flipped(0, 0, 1.0), "none fixed, none broken of 1\N{THIN SPACE}200"),
        (flipped(30, 1, 0.00001), "30 fixed, 1 broken of 1\N{THIN SPACE}231 · p < 0.0001: hardly by chance"),
        (flipped(8, 1, 0.039), "8 fixed, 1 broken of 1\N{THIN SPACE}209 · p = 0.039: hardly by chance"),
        (Predictions(matched=RowsMatched(shared=0)), ""),
    ],
)
def test_rows_that_flipped_are_one_sentence(predictions: Predictions, said: str) -> None:
    assert flips_text(predictions) == said


@pytest.mark.parametrize(
    ("p", "text"), [(1.0, "p = 1.00"), (0.1185, "p = 0.12"), (0.0495, "p = 0.0495"), (0.0003, "p = 0.0003")]
)
def test_p_has_two_digits(p: float, text: str) -> None:
    assert p_text(p) == text


def test_p_at_the_threshold_is_never_rounded_to_the_other_side() -> None:
    assert "0.05:" not in flips_text(flipped(9, 2, 0.0497))


def test_numbers_have_errors() -> None:
    errors = ErrorMoves(rows=90, mean_before=1.25, mean_after=0.5, tolerance=0.0125, better=60, worse=20, p=0.00001)

    said = flips_text(Predictions(matched=RowsMatched(shared=90), errors=errors), ASCII)

    assert said == "mean absolute error 1.25 -> 0.5, 60 rows better, 20 worse of 90 . p < 0.0001: hardly by chance"


def test_rows_of_one_side_alone_are_a_doubt_of_their_own() -> None:
    made = replace(flipped(2, 1, 1.0), matched=RowsMatched(shared=3, only_before=1, only_after=2, relabelled=4))

    *_, last = doubts(compared(predictions=made))

    assert last == Doubt(
        name="rows",
        said="the test set is not the same: 1 row only in A, 2 rows only in B, 4 rows with another truth",
        is_ruled_out=False,
    )


# Seeds.


def spread(before: Sample, after: Sample, p: float | None = None) -> SeedSpread:
    return SeedSpread(metrics=(MetricSpread(metric="accuracy", before=before, after=after, difference=0.02, p=p),))


ONE, THREE, FIVE = Sample(n=1, mean=0.9), Sample(n=3, mean=0.9, sd=0.0021), Sample(n=5, mean=0.92, sd=0.0019)


@pytest.mark.parametrize(
    ("found", "said", "is_ruled_out"),
    [
        (spread(ONE, ONE), "not enough runs to tell the spread of seeds: 1 of A, 1 of B", None),
        (spread(ONE, FIVE, 0.001), "mean +0.0200, sd 0.0019 of 5 runs of B · p = 0.001: hardly by chance", True),
        (
            spread(THREE, FIVE, 0.3),
            "mean +0.0200, sd 0.0021 of 3 runs of A and sd 0.0019 of 5 runs of B · p = 0.30: chance is not ruled out",
            False,
        ),
        (
            spread(ONE, replace(FIVE, sd=0.0)),
            "mean +0.0200, sd 0.0000 of 5 runs of B: these do not spread",
            None,
        ),
        (
            replace(spread(FIVE, FIVE), is_one_family=True),
            "A and B differ by their seeds alone; accuracy sd 0.0019 over 5 runs",
            None,
        ),
        (
            replace(spread(ONE, ONE), is_one_family=True),
            "A and B are one run made twice: the same recipe gave the same result",
            None,
        ),
    ],
)
def test_seeds_are_one_sentence(found: SeedSpread, said: str, is_ruled_out: bool | None) -> None:
    assert list(doubts(compared(spread=found))) == [Doubt(name="seeds", said=said, is_ruled_out=is_ruled_out)]


def test_of_each_metric_stand_both_samples_and_the_test() -> None:
    made = replace(spread(THREE, FIVE).metrics[0], t=3.2898, df=5.8996, p=0.0170303)
    lone = replace(spread(ONE, FIVE).metrics[0], metric="loss", difference=-0.02, t=-2.0, df=4, p=0.1)
    found = compared(spread=SeedSpread(metrics=(made, lone)))

    title, heads, accuracy, loss = shown(spread_lines(found, 100))[1:]

    assert title.startswith("SEEDS")
    assert heads.split() == ["METRIC", "A", "MEAN", "SD", "RUNS", "B", "MEAN", "SD", "RUNS", "Δ", "T", "DF", "P"]
    assert accuracy.split() == (
        ["accuracy", "0.9000", "0.0021", "3", "0.9200", "0.0019", "5", "+0.0200", "+3.29", "5.9", "0.017"]
    )
    assert loss.split() == ["loss", "0.9000", "1", "0.9200", "0.0019", "5", "−0.0200", "−2.00", "4", "0.10"]
    assert spread_lines(compared(spread=spread(ONE, ONE)), 100) == spread_lines(compared(), 100) == []
    assert all(width_of(one) <= 78 for one in spread_lines(found, 78))
    assert shown(spread_lines(found, 78))[3].split()[-3:] == ["+3.29", "5.9", "0.017"]


def test_two_runs_of_one_recipe_differ_by_chance_alone() -> None:
    made = compared(spread=replace(spread(FIVE, FIVE), is_one_family=True))
    after = replace(made.after, row=replace(made.after.row, recipe=made.before.row.recipe))

    (told,) = doubts(replace(made, after=after))

    assert told.said == "A and B have one recipe: chance alone is between them; accuracy sd 0.0019 over 5 runs"


def test_where_no_family_is_known_nothing_is_said_of_seeds() -> None:
    assert list(doubts(compared())) == []


def test_seeds_stand_before_rows() -> None:
    found = doubts(compared(predictions=digits_predictions(), spread=seeds_of_b()))

    assert [one.name for one in found] == ["seeds", "rows"]


# The test set.


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (EvaluationData(kind=Kind.SAME, told_by=ToldBy.DATA), "the test set is the same"),
        (
            EvaluationData(kind=Kind.SAME, same_rows=False),
            "the test set is the same, the predictions are of other rows",
        ),
        (EvaluationData(kind=Kind.CHANGED), "the test set is NOT the same: deltas compare different rows"),
        (
            EvaluationData(kind=Kind.CHANGED, rows_before=360, rows_after=400),
            "the test set is NOT the same (360 → 400 rows): deltas compare different rows",
        ),
        (
            EvaluationData(kind=Kind.CHANGED, same_rows=True),
            "the test set is NOT the same: other content of the same rows and truths",
        ),
        (EvaluationData(same_rows=True), "the test set has the same rows and truths"),
        (EvaluationData(same_rows=False), "the test set has other rows or truths"),
        (EvaluationData(), "whether the test set is the same is not known"),
    ],
)
def test_whether_the_test_set_is_the_same_is_always_said(told: EvaluationData, said: str) -> None:
    assert same_test_set(compared(evaluation=told)) == said


@pytest.mark.parametrize(
    ("kind", "said", "tone"),
    [
        (Kind.SAME, "the test set is the same", Tone.DIM),
        (Kind.CHANGED, "the test set is NOT the same: deltas compare different rows", Tone.WARNING),
    ],
)
def test_the_tab_of_metrics_says_it_right_below_the_deltas(kind: Kind, said: str, tone: Tone) -> None:
    made = compared(evaluation=EvaluationData(kind=kind))

    lines = metrics_tab_lines(made, 100)[1 + len(made.metrics) :]

    assert text_of(lines[0]).strip() == said
    assert tone in {span.tone for span in lines[0]}


def test_nothing_is_said_of_a_test_set_where_nothing_was_measured() -> None:
    only_in_b = (metric_delta("accuracy", None, Metric(value=0.9)),)

    assert same_test_set(compared(evaluation=EvaluationData(), metrics=only_in_b)) == ""


# Classes, confusion, calibration.


def test_a_score_with_nothing_to_divide_by_is_a_dash_and_has_no_delta() -> None:
    none, half = Scores(precision=None, recall=0.0, f1=0.0, said=0), Scores(precision=0.5, recall=1.0, f1=0.7, said=2)
    made = replace(flipped(1, 0, 1.0), scores=(ClassScores(label="cat", rows=1, before=none, after=half),))

    row = next(line for line in shown(answer_lines(compared(predictions=made), 200)) if line.startswith("   cat"))

    assert row.split() == [
        "cat",
        "1",
        "0",
        "0",
        "0.0000",
        "1.0000",
        "+1.0000",
        "-",
        "0.5000",
        "0.0000",
        "0.7000",
        "+0.7000",
    ]


@pytest.mark.parametrize("width", [60, 80, 140, 200])
@pytest.mark.parametrize("glyphs", [ASCII, None])
def test_every_line_fits(width: int, glyphs: object) -> None:
    comparison = compared(predictions=digits_predictions(), spread=seeds_of_b())

    lines = answer_lines(comparison, width, ASCII) if glyphs else answer_lines(comparison, width)

    assert {width_of(line) for line in lines} == {width}
    assert glyphs is None or all(text_of(line).isascii() for line in lines)


def test_more_of_the_right_is_better_and_more_of_the_wrong_is_worse() -> None:
    confusion = Confusion(labels=("a", "b"), before=((3, 1), (0, 4)), after=((4, 0), (2, 2)))

    lines = confusion_lines(confusion, 80)

    tones = [
        {span.text.strip(): span.tone for span in line if span.tone in {Tone.BETTER, Tone.WORSE}} for line in lines
    ]
    assert tones[1] == {"+1": Tone.BETTER, "−1": Tone.BETTER}
    assert tones[2] == {"+2": Tone.WORSE, "−2": Tone.WORSE}


def test_a_matrix_without_room_is_told_by_its_pairs() -> None:
    labels = tuple(f"class {number}" for number in range(30))
    before = [[10 if row == column else 0 for column in range(30)] for row in range(30)]
    after = [list(row) for row in before]
    before[3][5], after[3][5], after[7][2] = 4, 1, 2
    confusion = Confusion(labels=labels, before=tuple(map(tuple, before)), after=tuple(map(tuple, after)))

    assert shown(confusion_lines(confusion, 80)) == [
        "  class 3 said to be class 5  4 → 1",
        "  class 7 said to be class 2  0 → 2",
    ]


def test_without_predictions_and_seeds_nothing_is_said() -> None:
    assert answer_lines(compared(), 80) == []


def test_slices_of_several_columns_are_named_by_their_column() -> None:
    parts = tuple(PartTally(name=name, value="x", tally=Tally(both_right=1)) for name in ("site", "camera"))
    made = flipped(1, 0, 1.0)
    assert made.flips is not None
    made = replace(made, flips=replace(made.flips, by_slice=parts))

    lines = shown(answer_lines(compared(predictions=made), 80))

    assert any(line.startswith("   site x") for line in lines)
    assert any(line.startswith("   camera x") for line in lines)


# Where.


def moved_slices(count: int) -> tuple[SliceDelta, ...]:
    return tuple(
        SliceDelta(
            metric="recall",
            slice={"class": number},
            delta=metric_delta("recall", Metric(value=0.9), Metric(value=0.91 + number / 1000)),
        )
        for number in range(count)
    )


def test_the_first_rows_stand_beside_the_slices_that_moved() -> None:
    lines = shown(where_lines(compared(predictions=digits_predictions(), slices=moved_slices(9)), 97))

    assert lines[1].startswith("─ recall by class · 6 of 9 · bar = B ──")
    assert "─ fixed and broken (15) ──" in lines[1]
    assert lines[2].endswith("+ row  25  is 5  said 0 → 5")
    assert lines[5].endswith("− row 700  is 0  said 0 → 1")
    assert lines[-1].endswith("… 9 more")
    assert len(lines) == 2 + 7


def test_beside_few_slices_are_few_rows() -> None:
    lines = shown(where_lines(compared(predictions=digits_predictions(), slices=moved_slices(1)), 97))

    assert sum("said" in line for line in lines) == 2
    assert lines[-1].strip() == "… 13 more"


def test_where_there_is_no_room_beside_them_there_are_the_slices() -> None:
    lines = shown(where_lines(compared(predictions=digits_predictions(), slices=moved_slices(9)), 70))

    assert len(lines) == 2 + 7
    assert not any("row" in line for line in lines)


def test_rows_without_slices_have_the_place_alone() -> None:
    lines = shown(where_lines(compared(predictions=digits_predictions(), slices=()), 60))

    assert lines[1].startswith("─ fixed and broken (15) ──")
    assert where_lines(compared(slices=()), 60) == []


# The list.


def test_rows_are_chosen_by_class_and_fate() -> None:
    flips = digits_predictions().flips
    assert flips is not None

    of_class = chosen_flips(flips, "5")

    assert {row.truth for row in of_class} == {"5"}
    assert chosen_words("5", None, len(of_class)) == f"{len(of_class)} rows fixed or broken whose truth is 5"
    assert chosen_words(None, None, 15) == "all 15 rows fixed or broken"


@pytest.mark.parametrize("width", [20, 60, 80])
def test_lines_of_the_list_fit(width: int) -> None:
    flips = digits_predictions().flips
    assert flips is not None

    assert {width_of(line) for line in FlipTable(flips.rows, ASCII).lines(width)} == {width}


@pytest.mark.parametrize(
    ("rows", "found", "word"),
    [
        ((0, 0), "none in A and in B", "yes"),
        ((1200, 1200), "1\u2009200 in A and in B", "no"),
        ((0, 12), "none in A, 12 in B", "no"),
        ((None, 0), "not known in A, none in B", "not sure"),
    ],
)
def test_that_no_row_was_trained_on_is_named_after_what_is_good(
    rows: tuple[int | None, int | None], found: str, word: str
) -> None:
    shared = [None if one is None else Overlap(train_rows=one, eval_rows=one, eval_size=360) for one in rows]
    leaked = (Leakage(train="train", evaluation="eval", before=shared[0], after=shared[1]),)

    (told,) = [
        one
        for one in evidence(replace(comparison_of(*digits_rows()[:2]), leakage=leaked))
        if "rows" in text_of(one.said)
    ]

    assert (told.name, text_of(told.said), told.word) == (
        "held out", f"rows of train also in eval: {found}", word,
    )  # fmt: skip
