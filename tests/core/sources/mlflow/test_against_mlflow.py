"""What mlver reads of a store is what the real mlflow says of it, key by key.

Meant differences:
- params: MLflow keeps text; one that is a scalar of YAML's core schema is typed here, as in every other version.
- infinities in a database: MLflow gives back the greatest float it wrote for them.
- a value of a metric that a file store holds twice with the same step and time is one point of a curve.
- artifacts: mlflow lists a run's own; here the files of its logged models follow under the model's name.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any

import pytest

from mlver.errors import VersionNotFound
from mlver.model.ledger import Move
from mlver.model.manifest import DataFacts
from mlver.model.status import Status
from mlver.sources.mlflow.source import RunSummary, model_of
from tests.core.sources.mlflow.conftest import COMMIT, MadeStore

STATUS = {
    "RUNNING": Status.RUNNING,
    "FINISHED": Status.DONE,
    "FAILED": Status.FAILED,
    "KILLED": Status.INTERRUPTED,
}

TYPED = {"lr": 0.1, "layers": "[1, 2]", "cased": True, "none": "None", "model/depth": 3, "sha": "12e4567"}
"""The params of the run `first`."""


def test_runs_are_those_mlflow_searches(made: MadeStore) -> None:
    hold_to(made.source().runs(), made.said["active"], made.said["experiments"])


def test_deleted_runs_are_there_when_asked_for(made: MadeStore) -> None:
    hold_to(made.source().runs(deleted=True), made.said["all"], made.said["experiments"])
    gone = {made.run("unwanted"), made.run("gone")}
    assert {run.run_id for run in made.source().runs(deleted=True) if run.is_deleted} == gone


def hold_to(runs: tuple[RunSummary, ...], theirs: list[dict[str, Any]], experiments: dict[str, str]) -> None:
    expected = {one["run_id"]: one for one in theirs}
    assert {run.run_id for run in runs} == expected.keys()
    for run in runs:
        one = expected[run.run_id]
        assert (run.name, run.status, run.user) == (one["name"], STATUS[one["status"]], one["user"])
        assert (run.experiment_id, run.experiment) == (one["experiment"], experiments[one["experiment"]])
        assert run.created == one["start"] / 1000
        assert run.ended == (one["end"] / 1000 if one["end"] else None)
        assert run.tags == one["tags"]
        assert {key: repr(metric.value) for key, metric in run.metrics.items()} == infinite(one["metrics"])
        assert run.params == (TYPED if one["params"] else {})
        assert run.notes == ()


def infinite(metrics: dict[str, str]) -> dict[str, str]:
    return {key: value.replace("1.7976931348623157e+308", "inf") for key, value in metrics.items()}


def test_nested_runs_name_their_parent(made: MadeStore) -> None:
    runs = {run.run_id: run for run in made.source().runs()}

    assert runs[made.run("inner")].parent == made.run("first")
    assert runs[made.run("first")].parent is None


def test_curves_are_the_histories_mlflow_gives(made: MadeStore) -> None:
    curves = {curve.metric: curve for curve in made.source().curves(made.run("first"))}

    assert curves.keys() == made.said["histories"].keys()
    for metric, points in made.said["histories"].items():
        expected = list(dict.fromkeys((float(step), value) for step, value in points))
        found = list(zip(curves[metric].steps, map(repr, curves[metric].values), strict=True))
        assert found == [(step, infinite({"": value})[""]) for step, value in expected]


def test_the_manifest_says_data_signature_environment_and_code(made: MadeStore) -> None:
    source, first = made.source(), made.run("first")

    manifest = source.manifest(first, model_of("My Exp & more"))

    assert manifest.model == "my-exp-more"
    assert manifest.tags["mlflow.experiment"] == "My Exp & more"
    (name, digest, uri, tags), *others = made.said["inputs"]
    assert others == []
    expected = DataFacts(
        name=name,
        path="data/train.csv",
        role=tags["mlflow.data.context"],
        rows=7,
        source=uri,
        checksum=f"mlflow:{digest}",
    )
    assert manifest.data == (expected,)
    assert digest == "12e45678"  # a number to YAML 1.2
    assert manifest.signature == {
        "inputs": [{"name": "x", "required": True, "type": "double"}],
        "outputs": [{"name": "y", "required": True, "type": "long"}],
    }
    assert manifest.environment.lock is not None
    assert manifest.environment.lock.path == "model/requirements.txt"
    packages = source.packages(first)
    assert packages is not None
    assert packages["numpy"] == "2.4.6"
    assert packages["pandas"] == ">=2"
    assert manifest.code.commit == COMMIT
    assert manifest.resources.wall_s is not None
    assert manifest.notes == ()


def test_artifacts_are_mlflows_and_the_models_files(made: MadeStore) -> None:
    source, first = made.source(), made.run("first")

    artifacts = source.manifest(first, "m").artifacts

    own = [[one.path, one.size] for one in artifacts if not one.path.startswith("model/")]
    assert own == made.said["artifacts"] == [["notes/readme.txt", 5]]
    assert {"model/MLmodel", "model/python_model.pkl", "model/requirements.txt"} <= {one.path for one in artifacts}
    for one in artifacts:
        place = source.open_artifact(first, one)
        assert isinstance(place, Path)
        assert place.stat().st_size == one.size


def test_the_ledger_is_what_the_registry_says(made: MadeStore) -> None:
    ledger = made.source().ledger()

    releases = [(one.version, one.place, one.message, one.made) for one in ledger.releases]
    versions = sorted(made.said["versions"], reverse=True)
    assert releases == [(f"v{n}", run, text or "", at / 1000) for n, run, _, _, text, at in versions]
    assert {one.model for one in ledger.events} == {"reg-model"}  # a prompt is no model
    held = {one.stage: one.version for one in ledger.holders}
    aliases = {alias: f"v{number}" for alias, number in made.said["aliases"].items()}
    assert held == {**aliases, "Production": f"v{made.said['latest']['Production']}"}
    assert [one.move for one in ledger.events][:3] == [Move.REGISTERED] * 3
    assert ledger.problems == ()


def test_an_unknown_run_is_not_found(made: MadeStore) -> None:
    for place in ("0" * 32, "..", "../../x", ""):
        with pytest.raises(VersionNotFound):
            made.source().manifest(place, "m")


def test_nothing_is_written_into_a_store(made: MadeStore) -> None:
    folder = made.place.parent
    before = tree(folder)

    source = made.source()
    for run in source.runs(deleted=True):
        for artifact in source.manifest(run.run_id, "m").artifacts:
            source.open_artifact(run.run_id, artifact)
        source.curves(run.run_id)
        source.packages(run.run_id)
    source.ledger()
    source.signature()

    assert tree(folder) == before


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Path -> digest and time of every file and folder below."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
    }


def test_a_value_that_is_no_number_is_kept(made: MadeStore) -> None:
    (first,) = [run for run in made.source().runs() if run.run_id == made.run("first")]

    value = first.metrics["nan"].number
    assert value is not None
    assert math.isnan(value)
    assert first.metrics["minus"].number == -math.inf
