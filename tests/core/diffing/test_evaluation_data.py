from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.diffing.evaluation_data import evaluation_data
from mlver.model.change import Kind
from mlver.model.evaluation import ToldBy
from mlver.model.manifest import DataFacts, FileFact, Manifest, StepFacts
from mlver.model.predictions import Predictions, RowsMatched
from tests.support.manifests import next_training, training


def on(manifest: Manifest, digest: str | None, rows: int = 360, role: str = "eval") -> Manifest:
    data = DataFacts(name="eval", path="data/eval.csv", role=role, sha256=digest and digest * 64, rows=rows)
    return replace(manifest, data=(*manifest.data, data))


def reading(manifest: Manifest, digest: str | None, step: str = "evaluate") -> Manifest:
    inputs = (
        FileFact(path="evaluate.py", sha256=(digest or "f") * 64),
        FileFact(path="models/weights.npy", sha256=(digest or "f") * 64),
        FileFact(path="data/held_out.csv", sha256=digest and digest * 64),
    )
    return replace(manifest, steps=(*manifest.steps, StepFacts(name=step, run="x", inputs=inputs)))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [("1", "1", Kind.SAME), ("1", "2", Kind.CHANGED), ("1", None, Kind.UNKNOWN)],
)
@pytest.mark.parametrize("role", ["eval", "test", "evaluation"])
def test_data_sets_say_it_by_their_role(before: str, after: str | None, kind: Kind, role: str) -> None:
    found = evaluation_data(on(training(), before, role=role), on(next_training(), after, role=role), None)

    assert (found.kind, found.told_by, found.names) == (kind, ToldBy.DATA, ("eval",))


def test_rows_of_both_sides_are_told() -> None:
    found = evaluation_data(on(training(), "1", 360), on(next_training(), "2", 400), None)

    assert (found.rows_before, found.rows_after) == (360, 400)


def test_a_set_on_one_side_alone_is_another_test_set() -> None:
    assert evaluation_data(training(), on(next_training(), "1"), None).kind is Kind.CHANGED


def test_one_that_changed_weighs_more_than_one_that_is_not_known() -> None:
    other = DataFacts(name="more", path="data/more.csv", role="test")
    sides = [replace(one, data=(other, *one.data)) for one in (on(training(), "1"), on(next_training(), "2"))]

    found = evaluation_data(sides[0], sides[1], None)

    assert (found.kind, found.names) == (Kind.CHANGED, ("eval", "more"))


def test_it_is_not_the_same_while_one_set_is_not_known() -> None:
    other = DataFacts(name="more", path="data/more.csv", role="test")
    sides = [replace(one, data=(*one.data, other)) for one in (on(training(), "1"), on(next_training(), "1"))]

    found = evaluation_data(sides[0], sides[1], None)

    assert (found.kind, found.names) == (Kind.UNKNOWN, ("more", "eval"))


@pytest.mark.parametrize(("after", "kind"), [("1", Kind.SAME), ("2", Kind.CHANGED), (None, Kind.UNKNOWN)])
@pytest.mark.parametrize("step", ["evaluate", "eval-model", "test_final", "Validate"])
def test_without_roles_the_data_of_the_evaluating_step_says_it(after: str | None, kind: Kind, step: str) -> None:
    found = evaluation_data(reading(training(), "1", step), reading(next_training(), after, step), None)

    assert (found.kind, found.told_by, found.names) == (kind, ToldBy.INPUTS, ("data/held_out.csv",))


def test_the_step_that_makes_the_predictions_evaluates_whatever_it_is_called() -> None:
    sides = []
    for manifest, digest in ((training(), "1"), (next_training(), "2")):
        made = reading(manifest, digest, "say")
        *first, last = made.steps
        predictions = FileFact(path="p.csv", sha256="9" * 64)
        sides.append(replace(made, steps=(*first, replace(last, outputs=(predictions,))), predictions="p.csv"))

    assert evaluation_data(sides[0], sides[1], None).kind is Kind.CHANGED


@pytest.mark.parametrize("step", ["latest", "contest", "retrain"])
def test_a_name_that_only_holds_the_letters_is_no_evaluation(step: str) -> None:
    found = evaluation_data(reading(training(), "1", step), reading(next_training(), "2", step), None)

    assert (found.kind, found.told_by) == (Kind.UNKNOWN, ToldBy.NOTHING)


def test_predictions_say_whether_their_rows_are_the_same() -> None:
    same, other = (Predictions(matched=RowsMatched(shared=3, only_after=extra)) for extra in (0, 1))

    assert evaluation_data(training(), next_training(), same).same_rows is True
    assert evaluation_data(on(training(), "1"), on(next_training(), "1"), other).same_rows is False
