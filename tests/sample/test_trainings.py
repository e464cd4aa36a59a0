"""The story really told: every training runs, and the numbers say what the story says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sample_repo.build import build
from sample_repo.project_files import put_first_state
from sample_repo.software import ensure_software
from sample_repo.story import FIRST_TRAINING_ROWS, STORY
from tests.sample.recorders import ENVIRONMENT, Outcome, TrainingRecorder, train

IMAGES = 360
SEEDED = ("models/weights.npy", "models/weights.json", "metrics/history.csv", "metrics/predictions.csv")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """Chapter -> what its training gave."""
    recorder = TrainingRecorder()
    build(tmp_path_factory.mktemp("story"), recorder, environment=ENVIRONMENT)
    return {chapter.name: outcome for chapter, outcome in zip(STORY, recorder.outcomes, strict=True)}


def right(outcome: Outcome) -> float:
    """How many of the 360 images the model got right."""
    return round(float(outcome.metrics["accuracy"]) * IMAGES, 3)


def test_every_accuracy_is_a_share_of_360_images(outcomes: Mapping[str, Outcome]) -> None:
    for name, outcome in outcomes.items():
        if outcome.metrics:
            assert right(outcome) == pytest.approx(round(right(outcome)), abs=0.001), name


def test_the_numbers_tell_the_story(outcomes: Mapping[str, Outcome]) -> None:
    images = {name: right(outcome) for name, outcome in outcomes.items() if outcome.metrics}

    assert images["02-wider"] > images["01-baseline"]
    assert images["03-sweep-slow"] < images["04-sweep-fast"] < images["02-wider"]
    assert images["05-slower-longer"] > images["02-wider"]
    assert images["09-more-data"] > images["05-slower-longer"]
    assert images["10-loader-rewrite"] < images["09-more-data"] - 10
    assert images["11-scaling-restored"] > images["10-loader-rewrite"] + 10
    assert abs(images["13-pixelprep-1.1"] - images["11-scaling-restored"]) / IMAGES <= 0.005
    assert images["06-parity"] < images["07-parity-pairs"] < images["08-parity-ridge"]


def test_only_the_chapter_that_says_so_fails(outcomes: Mapping[str, Outcome]) -> None:
    failed = {name for name, outcome in outcomes.items() if outcome.failure}

    assert failed == {chapter.name for chapter in STORY if chapter.fails}
    assert "KeyError" in outcomes["14-warm-up-typo"].failure


def test_without_a_seed_two_trainings_differ(outcomes: Mapping[str, Outcome]) -> None:
    first, second = outcomes["16-seed-removed"], outcomes["17-seed-removed-again"]

    assert first.files["models/weights.npy"] != second.files["models/weights.npy"]
    assert first.files["data/train.csv"] == second.files["data/train.csv"]


def test_with_a_seed_a_training_in_a_bare_folder_gives_the_same_bytes(
    outcomes: Mapping[str, Outcome], tmp_path: Path
) -> None:
    put_first_state(tmp_path, FIRST_TRAINING_ROWS)
    ensure_software(tmp_path, "1.0.0")

    again = train(tmp_path, tmp_path / ".venv")

    assert not again.failure
    for path in SEEDED:
        assert again.files[path] == outcomes["01-baseline"].files[path], path


def test_another_release_of_a_package_changes_the_last_digits_only(outcomes: Mapping[str, Outcome]) -> None:
    before, after = (
        json.loads(outcomes[name].files["models/weights.json"]) for name in ("11-scaling-restored", "13-pixelprep-1.1")
    )

    assert (
        outcomes["11-scaling-restored"].files["models/weights.npy"]
        != (outcomes["13-pixelprep-1.1"].files["models/weights.npy"])
    )
    for name, weights in before.items():
        np.testing.assert_allclose(after[name], weights, atol=0.05)


def test_the_scaler_is_kept_beside_the_weights_from_the_fix_on(outcomes: Mapping[str, Outcome]) -> None:
    assert "models/scaler.json" not in outcomes["10-loader-rewrite"].files
    assert set(json.loads(outcomes["11-scaling-restored"].files["models/scaler.json"])) == {"offset", "spread"}


def test_weights_are_plain_arrays_and_readable_text(outcomes: Mapping[str, Outcome], tmp_path: Path) -> None:
    (tmp_path / "weights.npy").write_bytes(outcomes["02-wider"].files["models/weights.npy"])

    record = np.load(tmp_path / "weights.npy", allow_pickle=False)

    shapes = {name: record[name].shape for name in record.dtype.names or ()}
    assert shapes == {
        "hidden_weights": (64, 32),
        "hidden_bias": (32,),
        "output_weights": (32, 10),
        "output_bias": (10,),
    }
    rounded = json.loads(outcomes["02-wider"].files["models/weights.json"])
    np.testing.assert_allclose(rounded["hidden_weights"], record["hidden_weights"], atol=0.5e-4)


def test_an_evaluation_has_recall_per_class_latency_and_predictions(outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes["01-baseline"]
    lines = outcome.files["metrics/predictions.csv"].decode().splitlines()
    said = [line.split(",") for line in lines[1:]]

    assert [entry["slice"]["class"] for entry in outcome.metrics["slices"]] == list(range(10))
    assert outcome.metrics["latency_ms"] > 0
    assert lines[0] == "row,truth,prediction"
    assert len(said) == IMAGES
    assert sum(truth == prediction for _, truth, prediction in said) == right(outcome)


def test_curves_have_a_line_per_epoch_metric_and_context(outcomes: Mapping[str, Outcome]) -> None:
    lines = outcomes["05-slower-longer"].files["metrics/history.csv"].decode().splitlines()

    assert lines[0] == "step,metric,value,context"
    assert len(lines) == 1 + 25 * 2 * 2
