"""The story really told: mlver records every training, and the numbers and titles say what the story says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from mlver.errors import Interrupted
from mlver.model.status import Status
from mlver.model.version import Version
from mlver.project import Project
from sample_repo.build import build
from sample_repo.project_files import put_first_state
from sample_repo.software import ensure_software
from sample_repo.story import FIRST_TRAINING_ROWS, STORY
from tests.sample.plain_training import train
from tests.sample.recorders import ENVIRONMENT, MlverRecorder, git

IMAGES = 360


@dataclass(frozen=True)
class Told:
    """A demo that is complete, as it is read back."""

    folder: Path
    versions: Mapping[str, Version]
    """By chapter."""

    def right(self, chapter: str) -> float:
        """How many of the 360 images the model got right."""
        metric = self.versions[chapter].row.primary_metric
        assert metric is not None
        assert metric.number is not None
        return round(metric.number * IMAGES, 3)

    def digest(self, chapter: str, path: str) -> str | None:
        """sha256 of an artifact."""
        return next(each.sha256 for each in self.versions[chapter].manifest.artifacts if each.path == path)

    def text(self, chapter: str, path: str) -> str:
        """A text file of a recorded version."""
        return git(self.folder, "show", f"{self.versions[chapter].row.commit}:{path}")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder, recorder = tmp_path_factory.mktemp("story"), MlverRecorder(tmp_path_factory.mktemp("cache"))
    build(folder, recorder, environment=ENVIRONMENT)
    with Project.open(folder, environment=ENVIRONMENT, cache=recorder.cache) as project:
        rows = {row.key: row for row in project.refresh().rows}
        versions = [project.version(rows[key]) for key in recorder.keys]
    assert len(rows) == len(STORY)
    return Told(folder, {chapter.name: version for chapter, version in zip(STORY, versions, strict=True)})


def test_every_accuracy_is_a_share_of_360_images(told: Told) -> None:
    for chapter in STORY:
        if not chapter.fails:
            assert told.right(chapter.name) == pytest.approx(round(told.right(chapter.name)), abs=0.001)


def test_the_numbers_tell_the_story(told: Told) -> None:
    assert told.right("02-wider") > told.right("01-baseline")
    assert told.right("03-sweep-slow") < told.right("04-sweep-fast") < told.right("02-wider")
    assert told.right("05-slower-longer") > told.right("02-wider")
    assert told.right("09-more-data") > told.right("05-slower-longer")
    assert told.right("10-loader-rewrite") < told.right("09-more-data") - 10
    assert told.right("11-scaling-restored") > told.right("10-loader-rewrite") + 10
    assert abs(told.right("13-pixelprep-1.1") - told.right("11-scaling-restored")) / IMAGES <= 0.005
    assert told.right("06-parity") < told.right("07-parity-pairs") < told.right("08-parity-ridge")


@pytest.mark.parametrize(
    ("chapter", "title", "letters"),
    [
        ("01-baseline", "baseline", ""),
        ("02-wider", "hidden 16 → 32", "P"),
        ("03-sweep-slow", "lr 0.1 → 0.01", "P"),
        ("04-sweep-fast", "lr 0.1 → 0.3", "P"),
        ("05-slower-longer", "lr 0.1 → 0.03, +2 more", "P"),
        ("06-parity", "sixteen blocks of pixels", ""),
        ("07-parity-pairs", "features blocks → pairs", "P"),
        ("08-parity-ridge", "ridge 1.0 → 0.1", "P"),
        ("09-more-data", "train +400 rows", "D"),
        ("10-loader-rewrite", "Loader rewrite", "C"),
        ("11-scaling-restored", "Scaling restored", "C"),
        ("12-another-seed", "seed 0 → 7", "S"),
        ("14-warm-up-typo", "warm-up, first try", "*"),
        ("15-warm-up", "warm-up (uncommitted)", "*"),
        ("17-seed-removed-again", "same recipe, other result", "CS"),
    ],
)
def test_the_list_reads_like_a_story(told: Told, chapter: str, title: str, letters: str) -> None:
    row = told.versions[chapter].row

    assert row.title == title
    assert row.strip.replace("·", "").strip() == letters


def test_the_update_of_a_package_is_a_change_of_environment(told: Told) -> None:
    row = told.versions["13-pixelprep-1.1"].row

    assert row.title.startswith("pixelprep 1.0.0 → 1.1.0")
    assert "E" in row.strip


def test_only_the_chapter_that_says_so_fails(told: Told) -> None:
    for chapter in STORY:
        status = told.versions[chapter.name].row.status
        assert status is (Status.FAILED if chapter.fails else Status.DONE), chapter.name


def test_releases_have_their_names(told: Told) -> None:
    for chapter in STORY:
        assert told.versions[chapter.name].row.names == ((chapter.release,) if chapter.release else ())


def test_without_a_seed_one_recipe_has_two_results(told: Told) -> None:
    first, second = told.versions["16-seed-removed"].row, told.versions["17-seed-removed-again"].row

    assert first.recipe == second.recipe
    assert first.result != second.result


def test_another_seed_keeps_the_family(told: Told) -> None:
    before, after = told.versions["11-scaling-restored"].row, told.versions["12-another-seed"].row

    assert before.family == after.family
    assert before.recipe != after.recipe


def test_with_a_seed_a_training_in_a_bare_folder_gives_the_recorded_bytes(told: Told, tmp_path: Path) -> None:
    put_first_state(tmp_path, FIRST_TRAINING_ROWS)
    ensure_software(tmp_path, "1.0.0")

    train(tmp_path, ENVIRONMENT)

    for path in ("data/train.csv", "data/eval.csv", "models/weights.npy", "models/weights.json"):
        assert sha256((tmp_path / path).read_bytes()).hexdigest() == told.digest("01-baseline", path), path
    for path in ("metrics/history.csv", "metrics/predictions.csv"):
        assert (tmp_path / path).read_text() == told.text("01-baseline", path)


def test_another_demo_starts_with_the_same_run_id(told: Told, tmp_path: Path) -> None:
    recorder = MlverRecorder(tmp_path / "cache")

    with pytest.raises(Interrupted):
        build(tmp_path / "demo", recorder, environment=ENVIRONMENT, should_stop=lambda: len(recorder.keys) == 1)

    assert recorder.keys == [told.versions["01-baseline"].row.key]


def test_another_release_of_a_package_changes_the_weights_a_little(told: Told) -> None:
    chapters = ("11-scaling-restored", "13-pixelprep-1.1")
    before, after = (json.loads(told.text(chapter, "models/weights.json")) for chapter in chapters)

    assert before != after
    for name, weights in before.items():
        np.testing.assert_allclose(after[name], weights, atol=0.05)


def test_the_scaler_is_kept_beside_the_weights_from_the_fix_on(told: Told) -> None:
    paths = {artifact.path for artifact in told.versions["10-loader-rewrite"].manifest.artifacts}

    assert "models/scaler.json" not in paths
    assert set(json.loads(told.text("11-scaling-restored", "models/scaler.json"))) == {"offset", "spread"}


def test_weights_are_plain_arrays_and_readable_text(told: Told) -> None:
    record = np.load(told.folder / "models" / "weights.npy", allow_pickle=False)
    rounded = json.loads((told.folder / "models" / "weights.json").read_text())

    shapes = {name: record[name].shape for name in record.dtype.names or ()}
    assert shapes == {
        "hidden_weights": (64, 32),
        "hidden_bias": (32,),
        "output_weights": (32, 10),
        "output_bias": (10,),
    }
    np.testing.assert_allclose(rounded["hidden_weights"], record["hidden_weights"], atol=0.51e-4)


def test_an_evaluation_has_recall_per_class_latency_and_predictions(told: Told) -> None:
    manifest = told.versions["01-baseline"].manifest
    head, *lines = told.text("01-baseline", "metrics/predictions.csv").splitlines()

    assert [entry.slice for entry in manifest.slices] == [{"class": digit} for digit in range(10)]
    assert (manifest.metrics["latency_ms"].number or 0) > 0
    assert head == "row,truth,prediction,confidence"
    assert len(lines) == IMAGES
    assert sum(truth == said for _, truth, said, _ in (line.split(",") for line in lines)) == told.right("01-baseline")


def test_curves_have_a_line_per_epoch_metric_and_context(told: Told) -> None:
    lines = told.text("05-slower-longer", ".mlver/history.csv").splitlines()

    assert lines[0] == "step,metric,value,context"
    assert len(lines) == 1 + 25 * 2 * 2


def test_the_demo_is_a_sound_repository_with_a_clean_working_tree(told: Told) -> None:
    git(told.folder, "fsck", "--strict", "--no-dangling")

    assert git(told.folder, "status", "--porcelain") == ""
