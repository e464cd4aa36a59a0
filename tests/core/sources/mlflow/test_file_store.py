"""File stores as they are found: old, broken, half written, hostile."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from mlver.errors import Interrupted, ManifestInvalid
from mlver.model.manifest import Artifact
from mlver.model.status import Status
from mlver.progress import silent
from mlver.sources.mlflow.source import MlflowSource, RunSummary, model_of
from tests.support.mlflow_stores import FIRST_MILLISECOND, LEFT_OUT, FileStoreWriter

RUN = "0123456789abcdef0123456789abcdef"
OTHER = "f" * 32


@pytest.fixture
def store(tmp_path: Path) -> FileStoreWriter:
    writer = FileStoreWriter(tmp_path / "mlruns")
    writer.experiment("0", "Default")
    return writer


def read(store: FileStoreWriter) -> MlflowSource:
    (source,) = MlflowSource.find(store.folder)
    return source


def only(store: FileStoreWriter) -> RunSummary:
    (run,) = read(store).runs()
    return run


def test_the_latest_value_is_the_greatest_step_then_time_then_value(store: FileStoreWriter) -> None:
    store.run("0", RUN, metrics={"m": ["5 1.0 2", "9 7.0 1", "5 3.0 2", "4 9.0 2"]})

    assert only(store).metrics["m"].value == 3.0


def test_old_lines_have_no_step_and_five_fields_have_none_either(store: FileStoreWriter) -> None:
    store.run("0", RUN, metrics={"old": ["1 0.5", "2 0.25"], "data": ["3 0.75 0 train 12ab"]})

    run = only(store)

    assert (run.metrics["old"].value, run.metrics["data"].value) == (0.25, 0.75)
    assert run.notes == ()
    (curve,) = [one for one in read(store).curves(RUN) if one.metric == "old"]
    assert curve.steps == (0.0, 1.0)  # nobody gave steps: the order counts
    assert curve.times == (0.001, 0.002)


def test_a_line_that_is_no_value_is_a_note_and_the_rest_stands(store: FileStoreWriter) -> None:
    store.run("0", RUN, metrics={"m": ["1 0.5 0", "oops", "2 0.75 1"], "n": ["what ever 1"]})

    run = only(store)

    assert run.metrics["m"].value == 0.75
    assert "n" not in run.metrics
    assert run.notes == (
        f"0/{RUN}/metrics/m:2: holds no value of a metric",
        f"0/{RUN}/metrics/n:1: holds no value of a metric",
    )
    assert {curve.metric: curve.skipped for curve in read(store).curves(RUN)} == {"m": 1}
    assert read(store).manifest(RUN, "m").problem == run.notes[0]


def test_old_metas_have_numbers_for_ids_and_lack_keys(store: FileStoreWriter) -> None:
    store.experiment("7", "old", experiment_id=7)
    more: dict[str, Any] = {
        "experiment_id": 7,
        "status": LEFT_OUT,
        "lifecycle_stage": LEFT_OUT,
        "run_id": LEFT_OUT,
        "run_uuid": RUN,
    }
    store.run("7", RUN, **more, run_name=LEFT_OUT, tags={"mlflow.runName": "by tag"}, user_id=LEFT_OUT)

    run = only(store)

    assert (run.status, run.is_deleted, run.experiment_id) == (Status.RUNNING, False, "7")
    assert (run.name, run.user) == ("by tag", "")


def test_text_that_yaml_takes_for_a_number_stays_text(store: FileStoreWriter) -> None:
    store.experiment("1", "1e3")
    store.run("1", RUN, run_name="12e45678", user_id="it's me: ü")

    run = only(store)

    assert (run.experiment, run.name, run.user) == ("1e3", "12e45678", "it's me: ü")


def test_a_meta_that_cannot_be_read_marks_one_run_and_leaves_the_others(store: FileStoreWriter) -> None:
    store.run("0", RUN)
    (store.run("0", OTHER) / "meta.yaml").write_text("<<<<<<< HEAD\nstatus: 3\n")

    runs = {run.run_id: run for run in read(store).runs()}

    assert runs[RUN].problem is None
    problem = runs[OTHER].problem
    assert problem is not None
    assert problem.startswith(f"0/{OTHER}/meta.yaml:2: ")
    with pytest.raises(ManifestInvalid):
        read(store).manifest(OTHER, "m")


def test_a_meta_that_is_being_written_is_waited_for(store: FileStoreWriter) -> None:
    meta = store.run("0", RUN, run_name="slow") / "meta.yaml"
    content = meta.read_text()
    meta.write_text("")
    source = read(store)

    writer = threading.Timer(0.05, meta.write_text, [content])
    writer.start()
    (run,) = source.runs()
    writer.join()

    assert (run.name, run.problem) == ("slow", None)


def test_many_empty_metas_are_waited_for_once(store: FileStoreWriter) -> None:
    for number in range(20):
        (store.run("0", f"{number:x}" * 32 if number < 16 else f"{number:032x}") / "meta.yaml").write_text("")
    source = read(store)

    start = time.monotonic()
    runs = source.runs()
    first = time.monotonic() - start
    start = time.monotonic()
    source.runs()

    assert all(run.is_broken and "is empty" in str(run.problem) for run in runs)
    assert time.monotonic() - start < first  # what stays empty is not waited for again


def test_folders_that_are_no_runs_are_passed_over(store: FileStoreWriter) -> None:
    store.run("0", RUN)
    (store.folder / "0" / "artifact").mkdir()
    (store.folder / "0" / "datasets" / OTHER).mkdir(parents=True)
    (store.folder / "0" / "datasets" / OTHER / "meta.yaml").write_text("name: x\n")
    (store.folder / "0" / "notarun").mkdir()
    (store.folder / "0" / "notarun" / "meta.yaml").write_text("kind: other\n")
    (store.folder / "elsewhere" / OTHER).mkdir(parents=True)

    assert only(store).run_id == RUN


def test_deleted_experiments_lie_in_the_trash(store: FileStoreWriter) -> None:
    store.run("0", RUN)
    trash = FileStoreWriter(store.folder / ".trash")
    trash.experiment("5", "thrown away", lifecycle_stage="deleted")
    trash.run("5", OTHER)

    assert only(store).run_id == RUN
    both = read(store).runs(deleted=True)
    assert {(run.run_id, run.is_deleted) for run in both} == {(RUN, False), (OTHER, True)}
    assert read(store).manifest(OTHER, "m").tags["mlflow.lifecycle"] == "deleted"


def test_links_are_not_followed(store: FileStoreWriter, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    folder = store.run("0", RUN, params={"lr": "0.1"})
    (folder / "params" / "stolen").symlink_to(secret)
    (folder / "metrics").rmdir()
    (folder / "metrics").symlink_to(tmp_path, target_is_directory=True)
    linked = store.run("0", OTHER, start_time=FIRST_MILLISECOND - 1)
    (linked / "artifacts").rmdir()
    (linked / "artifacts").symlink_to(tmp_path, target_is_directory=True)
    (folder / "artifacts" / "stolen").symlink_to(secret)
    (folder / "artifacts" / "up").symlink_to(tmp_path, target_is_directory=True)
    (folder / "artifacts" / "own.txt").write_text("mine")
    (store.folder / "1").symlink_to(tmp_path, target_is_directory=True)

    source = read(store)

    assert [(run.params, run.metrics, run.notes) for run in source.runs()] == [({"lr": 0.1}, {}, ()), ({}, {}, ())]
    assert source.manifest(OTHER, "m").artifacts == ()
    assert source.open_artifact(OTHER, Artifact(path="secret", sha256=None)) is None
    assert [one.path for one in source.manifest(RUN, "m").artifacts] == ["own.txt"]
    for path in ("stolen", "up/secret", "../meta.yaml", "../../../../secret", "", "own.txt/x", "/etc/passwd"):
        assert source.open_artifact(RUN, Artifact(path=path, sha256=None)) is None


@pytest.mark.parametrize("uri", ["file:///C:/Users/me/mlruns/0/x/artifacts", "s3://bucket/x", "C:\\mlruns\\x", "/home"])
def test_artifacts_that_are_elsewhere_are_not_here(store: FileStoreWriter, uri: str) -> None:
    store.run("0", RUN, artifact_uri=uri)

    manifest = read(store).manifest(RUN, "m")

    assert (manifest.artifacts, manifest.notes) == ((), ())


def test_artifacts_may_lie_where_the_experiment_says(store: FileStoreWriter, tmp_path: Path) -> None:
    place = tmp_path / "big disk" / RUN / "artifacts"
    place.mkdir(parents=True)
    (place / "weights.bin").write_bytes(b"1234")
    store.run("0", RUN, artifact_uri=place.as_uri())

    (artifact,) = read(store).manifest(RUN, "m").artifacts

    assert (artifact.path, artifact.size) == ("weights.bin", 4)
    assert read(store).open_artifact(RUN, artifact) == place / "weights.bin"


def test_artifacts_of_a_server_lie_beside_the_store(store: FileStoreWriter, tmp_path: Path) -> None:
    place = tmp_path / "mlartifacts" / "0" / RUN / "artifacts"
    place.mkdir(parents=True)
    (place / "plot.png").write_bytes(b"png")
    store.run("0", RUN, artifact_uri=f"mlflow-artifacts:/0/{RUN}/artifacts")

    (artifact,) = read(store).manifest(RUN, "m").artifacts

    assert read(store).open_artifact(RUN, artifact) == place / "plot.png"


def test_only_so_many_artifacts_are_listed_and_that_is_said(
    store: FileStoreWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = store.run("0", RUN) / "artifacts"
    for number in range(4):
        (folder / f"{number}.txt").write_text("")
    monkeypatch.setattr("mlver.sources.mlflow.artifacts.MOST_LISTED", 3)

    manifest = read(store).manifest(RUN, "m")

    assert len(manifest.artifacts) == 3
    assert manifest.notes == ("artifacts: only the first 3 are listed",)


def test_keys_that_are_no_utf8_are_keys_all_the_same(store: FileStoreWriter) -> None:
    folder = store.run("0", RUN)
    Path(os.fsdecode(os.fsencode(folder / "params") + b"/l\xffr")).write_bytes(b"0.\xff1")

    assert only(store).params == {"l\ufffdr": "0.\ufffd1"}


def test_a_model_of_mlflow_2_lies_among_the_runs_artifacts(store: FileStoreWriter) -> None:
    model = store.run("0", RUN) / "artifacts" / "model"
    model.mkdir()
    (model / "MLmodel").write_text("signature:\n  inputs: '[{\"type\": \"long\"}]'\n  outputs: 'no json'\n")
    (model / "requirements.txt").write_text("torch==2.1.0\n")

    manifest = read(store).manifest(RUN, "m")

    assert manifest.signature == {"inputs": [{"type": "long"}]}
    assert manifest.notes == ("model/MLmodel: the signature's outputs: expecting value",)
    assert read(store).packages(RUN) == {"torch": "2.1.0"}


def test_the_signature_tells_new_runs_and_values_of_those_under_way(store: FileStoreWriter) -> None:
    folder = store.run("0", RUN, status=1, metrics={"loss": ["1 0.5 0"]})
    source = read(store)
    (run,) = source.runs()
    seen = [source.signature()]

    with (folder / "metrics" / "loss").open("a") as file:
        file.write("2 0.25 1\n")
    seen.append(source.signature())
    (grown,) = source.runs()
    store.run("0", OTHER, start_time=FIRST_MILLISECOND - 1)
    seen.append(source.signature())

    assert len(set(seen)) == 3
    assert (run.metrics["loss"].value, grown.metrics["loss"].value) == (0.5, 0.25)
    assert run.stamp != grown.stamp
    assert [one.run_id for one in source.runs()] == [RUN, OTHER]
    assert source.signature() == source.signature()


def test_a_tag_that_was_replaced_is_read_again(store: FileStoreWriter) -> None:
    folder = store.run("0", RUN, tags={"note": "before"})
    source = read(store)
    source.runs()

    (folder / "tags" / "note").write_text("after it")

    (run,) = source.runs()
    assert run.tags == {"note": "after it"}


def test_reading_stops_when_asked(store: FileStoreWriter) -> None:
    store.run("0", RUN)

    with pytest.raises(Interrupted):
        read(store).runs(report=silent, should_stop=lambda: True)


@pytest.mark.parametrize(
    ("experiment", "model"),
    [
        ("My Exp & more", "my-exp-more"),
        ("Team/Deep Net_2", "team/deep-net-2"),
        ("&&", "experiment-73e7b6"),
        ("ok", "ok"),
    ],
)
def test_an_experiments_name_becomes_a_models(experiment: str, model: str) -> None:
    assert model_of(experiment) == model
