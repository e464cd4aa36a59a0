from __future__ import annotations

import random
from collections import Counter

import polars as pl
import pytest

from mlver.comparing.answers import Answers, answers_of
from mlver.comparing.flips import FlipLimits, compare_answers
from mlver.errors import DocumentInvalid
from mlver.model.predictions import Fate, Predictions, RowsMatched, Tally

TRUTHS = "1123003211333111300102023333312001312323"
SAID_BEFORE = "1123001211333121330302023323212001312323"
SAID_AFTER = "3133003211332111300102023333312001312323"


def answers(text: str, name: str = "predictions.csv") -> Answers:
    return answers_of(pl.read_csv(text.encode(), infer_schema=False), name)


def said(letters: str, truths: str = TRUTHS) -> Answers:
    rows = (f"{row},{truth},{one}" for row, (truth, one) in enumerate(zip(truths, letters, strict=True)))
    return answers("row,truth,prediction\n" + "\n".join(rows))


def forty() -> Predictions:
    return compare_answers(said(SAID_BEFORE), said(SAID_AFTER))


@pytest.mark.parametrize("name", ["*", "^.*$", "^p_.*$", "", "part x"])
def test_a_column_beside_the_answers_may_be_called_anything(name: str) -> None:
    rows = "".join(f"{row},{row % 2},{row % 3 % 2},{row % 2 + 5}\n" for row in range(12))
    sides = [answers(f"row,truth,prediction,{one}\n{rows}") for one in ("part", name)]

    plain, odd = (compare_answers(side, side).flips for side in sides)

    assert plain is not None
    assert odd is not None
    assert [(one.value, one.tally) for one in odd.by_slice] == [(one.value, one.tally) for one in plain.by_slice]
    assert {one.name for one in odd.by_slice} == {name}


@pytest.mark.parametrize("key", ["*", "^.*$"])
def test_three_columns_may_be_called_anything(key: str) -> None:
    found = answers(f"{key},^a$,\n1,x,x\n2,x,y\n")

    assert found.table["key"].to_list() == ["1", "2"]
    assert found.table["said"].to_list() == ["x", "y"]


def test_every_row_is_fixed_broken_right_or_wrong_in_both() -> None:
    found = forty().flips

    assert found is not None
    fates = Counter((a == t, b == t) for t, a, b in zip(TRUTHS, SAID_BEFORE, SAID_AFTER, strict=True))
    assert found.tally == Tally(
        fixed=fates[False, True],
        broken=fates[True, False],
        both_right=fates[True, True],
        both_wrong=fates[False, False],
    )
    assert found.tally.rows == 40
    assert {part.value: part.tally.rows for part in found.by_class} == Counter(TRUTHS)


def test_rows_that_flipped_are_listed_in_the_order_of_the_file() -> None:
    flips = compare_answers(
        answers("row,truth,prediction\n7,cat,dog\n3,dog,dog\n5,cat,cat\n"),
        answers("row,truth,prediction\n5,cat,dog\n7,cat,cat\n3,dog,dog\n"),
    ).flips

    assert flips is not None
    assert [(row.key, row.truth, row.before, row.after, row.fate) for row in flips.rows] == [
        ("5", "cat", "cat", "dog", Fate.BROKEN),
        ("7", "cat", "dog", "cat", Fate.FIXED),
    ]
    assert flips.p == 1


def test_scores_and_confusion_are_those_of_scikit_learn() -> None:
    """Computed once with scikit-learn 1.8: precision_recall_fscore_support and confusion_matrix."""
    found = forty()

    before = [one.before for one in found.scores]
    assert [one.rows for one in found.scores] == [8, 11, 7, 14]
    assert [one.precision for one in before] == pytest.approx([1, 0.9, 0.7, 0.846153846154])
    assert [one.recall for one in before] == pytest.approx([0.875, 0.818181818182, 1, 0.785714285714])
    assert [one.f1 for one in before] == pytest.approx([0.933333333333, 0.857142857143, 0.823529411765, 0.814814814815])
    assert [one.after.f1 for one in found.scores] == pytest.approx([1, 0.952380952381, 0.857142857143, 0.896551724138])
    assert found.confusion is not None
    assert found.confusion.labels == ("0", "1", "2", "3")
    assert found.confusion.before == ((7, 0, 0, 1), (0, 9, 1, 1), (0, 0, 7, 0), (0, 1, 2, 11))
    assert found.confusion.after == ((8, 0, 0, 0), (0, 10, 0, 1), (0, 0, 6, 1), (0, 0, 1, 13))


def test_a_class_that_nobody_said_or_that_is_no_truth_has_no_score() -> None:
    found = compare_answers(
        answers("row,truth,prediction\n1,a,a\n2,b,a\n"), answers("row,truth,prediction\n1,a,c\n2,b,a\n")
    )

    by_label = {one.label: one for one in found.scores}
    assert by_label["b"].before.precision is None
    assert by_label["b"].before.recall == 0
    assert (by_label["c"].rows, by_label["c"].before.f1, by_label["c"].after.recall) == (0, None, None)


def test_rows_of_one_side_and_rows_with_another_truth_are_counted_and_left_out() -> None:
    found = compare_answers(
        answers("row,truth,prediction\n1,a,a\n2,a,b\n3,a,a\n"),
        answers("row,truth,prediction\n1,a,a\n2,b,b\n4,a,a\n5,a,a\n"),
    )

    assert found.matched == RowsMatched(shared=1, only_before=1, only_after=2, relabelled=1)
    assert not found.matched.is_same
    assert found.flips is not None
    assert found.flips.tally.rows == 1


def test_no_shared_row_is_said() -> None:
    found = compare_answers(answers("row,truth,prediction\n1,a,a\n"), answers("row,truth,prediction\n2,a,a\n"))

    assert found.flips is None
    assert found.notes == ("no row of the test set is in the predictions of both",)


def test_whole_numbers_are_one_label_however_they_are_written() -> None:
    found = compare_answers(
        answers("row,truth,prediction\n1,3,3\n2,03,3\n"), answers("row,truth,prediction\n1.0, 3.0,3\n2.0,03,3.0\n")
    )

    assert found.matched == RowsMatched(shared=2)
    assert found.flips is not None
    assert found.flips.tally == Tally(both_right=1, both_wrong=1)


def test_rows_without_a_key_a_truth_or_an_answer_are_left_out_and_said() -> None:
    text = "row,truth,prediction\n1,a,a\n,a,a\n,a,a\n3,,a\n4,a, \n"

    found = compare_answers(answers(text), answers("row,truth,prediction\n1,a,a\n"))

    assert found.matched == RowsMatched(shared=1)
    assert found.notes == ("4 rows of A without key, truth or prediction left out",)


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(DocumentInvalid, match=r"predictions\.csv: the row key 7 stands there 2 times"):
        answers("row,truth,prediction\n1,a,a\n7,a,a\n7,a,b\n")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("row,x,prediction,y", "no column is called truth"),
        ("row,truth,x,y", "no column is called prediction"),
        ("x,truth,prediction,y", "no column is called row, key or id"),
    ],
)
def test_a_table_without_the_columns_is_refused(head: str, message: str) -> None:
    with pytest.raises(DocumentInvalid, match=message):
        answers(f"{head}\n1,a,a,a\n")


@pytest.mark.parametrize("head", ["row,truth,prediction", "ID,Target,Predicted", "image, y_true ,y_pred", "a,b,c"])
def test_columns_are_known_by_their_names_and_three_by_their_order(head: str) -> None:
    assert answers(f"{head}\n1,cat,dog\n").table.row(0)[:3] == ("1", "cat", "dog")


def test_other_columns_with_few_values_make_slices() -> None:
    head = "row,truth,prediction,site,comment\n"
    rows = [(f"{row},a,{{}},{'north' if row % 2 else 'south'},text {row}") for row in range(30)]
    before = answers(head + "\n".join(row.format("a") for row in rows))
    after = answers(head + "\n".join(row.format("b" if number < 3 else "a") for number, row in enumerate(rows)))

    flips = compare_answers(before, after).flips

    assert flips is not None
    assert {(part.name, part.value): part.tally.broken for part in flips.by_slice} == {
        ("site", "north"): 1,
        ("site", "south"): 2,
    }
    assert flips.rows[0].part == {"site": "south"}


def test_predictions_that_are_numbers_have_errors_and_no_flips() -> None:
    found = compare_answers(
        answers("row,truth,prediction\n1,1.5,2.5\n2,2.0,2.002\n3,3.0,5.0\n4,0.5,0.5\n5,7.5,7.5\n"),
        answers("row,truth,prediction\n1,1.5,1.5\n2,2.0,2.001\n3,3.0,4.0\n4,0.5,1.5\n5,7.5,7.501\n"),
    )

    assert found.flips is None
    assert found.errors is not None
    assert [found.errors.mean_before, found.errors.mean_after] == pytest.approx([3.002 / 5, 2.002 / 5])
    assert (found.errors.better, found.errors.worse) == (2, 1), "0.001 is within a hundredth of the mean error"
    assert found.errors.p == 1


def test_whole_numbers_are_classes() -> None:
    assert forty().errors is None


def test_calibration_weighs_the_gap_of_each_bin() -> None:
    """Three rows of the ninth bin, mean 0.85, two right; one of the sixth, 0.6, wrong."""
    text = "row,truth,prediction,confidence\n1,a,a,0.8001\n2,a,a,0.85\n3,a,b,0.8999\n4,a,b,0.6\n"

    one, other = compare_answers(answers(text), answers("row,truth,prediction\n1,a,a\n")).calibration

    assert other is None
    assert one is not None
    assert one.error == pytest.approx((3 * abs(2 / 3 - 0.85) + abs(0 - 0.6)) / 4)
    assert {(bin_.low, bin_.high): bin_.rows for bin_ in one.bins if bin_.rows} == {(0.8, 0.9): 3, (0.5, 0.6): 1}


def test_a_bin_holds_its_upper_edge_and_the_first_one_holds_zero() -> None:
    text = "row,truth,prediction,confidence\n1,a,a,0\n2,a,a,0.1\n3,a,a,0.2\n4,a,a,1\n"

    calibration = compare_answers(answers(text), answers(text)).calibration[0]

    assert calibration is not None
    assert [one.rows for one in calibration.bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_classes_that_are_numbers_stand_in_their_order_before_words() -> None:
    rows = "".join(f"{row},{truth},{truth}\n" for row, truth in enumerate(("10", "b", "9", "-1", "a")))

    found = compare_answers(answers("row,truth,prediction\n" + rows), answers("row,truth,prediction\n" + rows))

    assert [one.label for one in found.scores] == ["-1", "9", "10", "a", "b"]
    assert found.flips is not None
    assert [one.value for one in found.flips.by_class] == ["-1", "9", "10", "a", "b"]


def test_probabilities_of_all_classes_give_the_confidence_of_the_answer() -> None:
    text = "row,truth,prediction,p_a,p_b\n1,a,a,0.75,0.25\n2,a,b,0.35,0.65\n"

    calibration = compare_answers(answers(text), answers(text)).calibration[0]

    assert calibration is not None
    assert [bin_.confidence for bin_ in calibration.bins if bin_.rows] == [0.65, 0.75]


def test_a_confidence_that_is_no_probability_is_said() -> None:
    text = "row,truth,prediction,confidence\n1,a,a,7\n"

    found = compare_answers(answers(text), answers(text))

    assert found.calibration == (None, None)
    assert found.notes[0].startswith("the confidence of A is no probability")


def test_limits_are_said_and_nothing_is_told_beyond_them() -> None:
    truths = [str(number) for number in range(30)]
    before = answers("row,truth,prediction\n" + "\n".join(f"{row},{row},x" for row in truths))
    after = answers("row,truth,prediction\n" + "\n".join(f"{row},{row},{row}" for row in truths))

    found = compare_answers(before, after, FlipLimits(rows=10, classes=20))

    assert found.flips is not None
    assert (found.flips.tally.fixed, len(found.flips.rows)) == (30, 10)
    assert (found.flips.by_class, found.scores) == ((), ())
    assert not found.complete
    assert found.notes == (
        "31 classes are too many: nothing is told by class",
        "10 of 30 rows fixed and broken are listed",
    )


def test_the_join_agrees_with_a_plain_walk_over_random_answers() -> None:
    dice = random.Random(5)
    for _ in range(30):
        before, after = _drawn(dice), _drawn(dice)
        found = compare_answers(answers(_text(before)), answers(_text(after)))
        shared = [key for key in after if key in before and before[key][0] == after[key][0]]
        assert found.matched.shared == len(shared)
        assert found.matched.only_before == len(before.keys() - after.keys())
        assert found.matched.relabelled == len(before.keys() & after.keys()) - len(shared)
        if shared:
            fixed = [key for key in shared if before[key][1] != before[key][0] and after[key][1] == after[key][0]]
            assert found.flips is not None
            assert [row.key for row in found.flips.rows if row.fate is Fate.FIXED] == fixed


def _drawn(dice: random.Random) -> dict[str, tuple[str, str]]:
    keys = dice.sample(range(40), dice.randint(0, 30))
    return {f"k{key}": (dice.choice("ab") if dice.random() < 0.1 else "a", dice.choice("ab")) for key in keys}


def _text(side: dict[str, tuple[str, str]]) -> str:
    return "row,truth,prediction\n" + "\n".join(f"{key},{truth},{one}" for key, (truth, one) in side.items())
