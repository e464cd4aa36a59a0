from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from mlver.diffing.versions import compare_versions
from mlver.diffing.why import explained
from mlver.model.comparison import Comparison
from mlver.model.manifest import FileFact, HardwareFacts, Manifest
from mlver.model.metric import Metric
from mlver.model.predictions import Flips, Predictions, RowsMatched, Tally
from mlver.model.why import Suspect, Why
from tests.support.manifests import ACCURACY, FilesInMemory, next_training, training, version

MOVED = {"accuracy": Metric(value=0.99, meaning=ACCURACY)}
CODE = {"train.py": b"1", "prepare.py": b"1", "README.md": b"1"}


def compared(
    after: Manifest, code: dict[str, bytes] = CODE, packages: tuple[dict[str, str], dict[str, str]] | None = None
) -> Comparison:
    both = packages or (None, None)
    before = training(params_from={})
    return compare_versions(
        version(before, both[0]), version(replace(after, params_from={}), both[1]), FilesInMemory(CODE, code)
    )


def why(after: Manifest, **how: Any) -> Why:
    return explained(compared(after, **how))


def test_one_input_that_differs_is_named_and_not_called_the_cause() -> None:
    params = {**training().params, "optimiser": {"lr": 0.03}}

    found = why(next_training(metrics=MOVED, params=params))

    assert found.suspects == (Suspect(dimension="params", names=("optimiser.lr 0.1 → 0.03",)),)
    assert found.sentences == (
        "consistent with params: optimiser.lr 0.1 → 0.03",
        "nothing else that is recorded differs; that it is the cause, only a replay without it would show",
    )


def test_inputs_that_changed_together_cannot_be_told_apart() -> None:
    after = next_training(metrics=MOVED, seeds={"numpy": 7}, hardware=replace(training().hardware, cpu="two"))

    found = why(after, code=CODE | {"train.py": b"2"}, packages=({"numpy": "1.0"}, {"numpy": "2.0", "rich": "1"}))

    assert found.sentences[0] == (
        "consistent with code: train.py; env: numpy 1.0 → 2.0, rich is new; hardware: cpu one → two; "
        "seeds: numpy 42 → 7"
    )
    assert found.sentences[1].startswith("these changed together, and nothing recorded tells them apart")


def test_files_that_no_step_reads_and_data_that_a_step_made_are_no_suspects() -> None:
    data = (replace(training().data[0], sha256="8" * 64),)

    found = why(next_training(metrics=MOVED, data=data), code=CODE | {"README.md": b"2"})

    assert found.suspects == ()


def test_data_from_outside_is_a_suspect() -> None:
    steps = (replace(training().steps[0], inputs=(FileFact(path="raw.csv", sha256="9" * 64),)), training().steps[1])

    assert Suspect(dimension="data", names=("raw.csv",)) in why(next_training(metrics=MOVED, steps=steps)).suspects


def test_commands_that_changed_are_suspects() -> None:
    steps = (training().steps[0], replace(training().steps[1], run="python train.py --fast"))

    found = why(next_training(metrics=MOVED, steps=steps))

    assert found.suspects == (Suspect(dimension="steps", names=("the command of train",)),)


def test_other_results_of_the_same_inputs_are_consistent_with_what_is_not_recorded() -> None:
    found = why(next_training(metrics=MOVED))

    assert found.suspects == ()
    assert found.sentences[0].startswith("no recorded input differs: consistent with what is not recorded")


def test_nothing_is_said_of_a_version_and_its_copy() -> None:
    assert why(next_training()) == Why()


def test_a_metric_is_held_against_its_tolerance_only_where_it_moved() -> None:
    params = {**training().params, "optimiser": {"lr": 0.03}}
    exact = training().metrics["accuracy"]
    nearly = {"accuracy": replace(exact, value=float(exact.value or 0) + 1e-6)}

    assert why(next_training(params=params)).sentences[0] == "accuracy did not move"
    assert (
        why(next_training(params=params, metrics=nearly)).sentences[0] == "accuracy did not move beyond its tolerance"
    )


def test_what_one_side_does_not_know_is_not_excluded() -> None:
    found = why(next_training(metrics=MOVED, hardware=HardwareFacts()))

    assert found.unknown == ("hardware",)
    assert "not excluded, for one side does not know it: hardware" in found.sentences


def test_a_step_that_differs_and_made_the_same_is_told_from_the_one_that_did_not() -> None:
    first, second = training().steps
    steps = (
        replace(first, run="python prepare.py -v"),
        replace(second, outputs=(FileFact(path="model.npy", sha256="6" * 64),)),
    )

    found = why(next_training(metrics=MOVED, steps=steps))

    assert found.first_outputs == "train"
    assert "prepare differs and made the same outputs: train is the first step whose outputs differ" in found.sentences


def test_chance_that_was_tested_and_not_ruled_out_is_said() -> None:
    tallies = [Tally(fixed=11, broken=4, both_right=345)] * 2 + [Tally(both_right=360)]
    flips = [
        Flips(tally=tally, p=p, by_class=(), by_slice=(), rows=())
        for tally, p in zip(tallies, (0.12, 0.001, 1.0), strict=True)
    ]
    made = compared(next_training(metrics=MOVED, seeds={"numpy": 7}))

    found = [
        explained(replace(made, predictions=Predictions(matched=RowsMatched(shared=360), flips=one))) for one in flips
    ]

    assert [one.chance for one in found] == [True, False, None], "where no row flipped nothing was tested"
    said = "chance is not ruled out: the rows measured on alone may make a difference as large (p = 0.12)"
    assert [said in one.sentences for one in found] == [True, False, False]
    assert not any("chance" in sentence for sentence in found[2].sentences)
    itself = replace(made, after=made.before, predictions=Predictions(matched=RowsMatched(shared=360), flips=flips[0]))
    assert explained(itself).chance is None


def test_no_sentence_claims_a_cause() -> None:
    after = next_training(metrics=MOVED, seeds={}, params={}, hardware=HardwareFacts())

    assert not any("because" in sentence or "caused" in sentence for sentence in why(after).sentences)
