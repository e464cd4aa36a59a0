"""One file store and one database with the same content, made by the real mlflow once per test session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlver.sources.mlflow.source import MlflowSource
from tests.support.mlflow_stores import run_script

COMMIT = "0123456789abcdef0123456789abcdef01234567"

BUILD = """
import logging, os, warnings
warnings.simplefilter("ignore")
import mlflow
from mlflow.entities import DatasetInput, InputTag, Dataset, Metric, ViewType
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
logging.disable(logging.CRITICAL)

def build(address):
    mlflow.set_tracking_uri(address)
    mlflow.set_registry_uri(address)
    client = mlflow.MlflowClient()
    made = {}
    mlflow.set_experiment("My Exp & more")
    with mlflow.start_run(run_name="first") as run:
        made["first"] = run.info.run_id
        mlflow.log_params({"lr": 0.1, "layers": "[1, 2]", "cased": True, "none": None})
        mlflow.log_params({"model/depth": 3, "sha": "12e4567"})
        client.log_batch(run.info.run_id, metrics=[
            Metric("loss", value, 1_790_000_000_000 + step, step) for step, value in enumerate((3.0, 2.0, 1.0))])
        client.log_metric(run.info.run_id, "loss", 9.0, timestamp=1_790_000_000_000, step=1)
        client.log_metric(run.info.run_id, "val/acc", 0.5, timestamp=5, step=2)
        client.log_metric(run.info.run_id, "val/acc", 0.75, timestamp=5, step=2)
        for key, value in (("nan", float("nan")), ("inf", float("inf")), ("minus", float("-inf"))):
            client.log_metric(run.info.run_id, key, value, timestamp=7, step=0)
        mlflow.set_tags({"mlflow.source.git.commit": "COMMIT", "team": "a"})
        mlflow.set_tag("mlflow.note.content", "line one\\nline two")
        data = Dataset(name="train", digest="12e45678", source_type="local", source='{"uri": "data/train.csv"}',
                       schema="{}", profile='{"num_rows": 7}')
        client.log_inputs(run.info.run_id, [DatasetInput(data, [InputTag("mlflow.data.context", "training")])])
        mlflow.log_text("hello", "notes/readme.txt")
        model = mlflow.pyfunc.log_model(
            name="model", python_model=lambda model_input: model_input, pip_requirements=["numpy==2.4.6", "pandas>=2"],
            signature=ModelSignature(Schema([ColSpec("double", "x")]), Schema([ColSpec("long", "y")])))
        with mlflow.start_run(run_name="inner", nested=True) as inner:
            made["inner"] = inner.info.run_id
    for name, status in (("broke", "FAILED"), ("stopped", "KILLED")):
        with mlflow.start_run(run_name=name) as run:
            made[name] = run.info.run_id
        client.set_terminated(made[name], status)
    made["forever"] = client.create_run(run.info.experiment_id, run_name="forever").info.run_id
    with mlflow.start_run(run_name="unwanted") as run:
        made["unwanted"] = run.info.run_id
    client.delete_run(made["unwanted"])
    gone = client.create_experiment("gone")
    made["gone"] = client.create_run(gone, run_name="gone").info.run_id
    client.delete_experiment(gone)
    client.create_registered_model("Reg Model")
    model = f"runs:/{made['first']}/model"
    for number in range(3):
        client.create_model_version("Reg Model", model, made["first"], description=f"try {number + 1}")
    client.create_model_version("Reg Model", f"runs:/{made['inner']}/model", made["inner"])
    client.set_registered_model_alias("Reg Model", "champion", 1)
    client.set_registered_model_alias("Reg Model", "next", 4)
    client.delete_model_version("Reg Model", "2")
    client.transition_model_version_stage("Reg Model", "3", "Production")
    client.transition_model_version_stage("Reg Model", "1", "Production")
    client.transition_model_version_stage("Reg Model", "4", "Archived")
    client.register_prompt("a-prompt", "Say {{word}}")
    return client, made

def said(client, made):
    everything = [one.experiment_id for one in client.search_experiments(view_type=ViewType.ALL)]
    def runs(view, ids):
        return [{"run_id": r.info.run_id, "name": r.info.run_name, "status": r.info.status,
                 "start": r.info.start_time, "end": r.info.end_time, "user": r.info.user_id,
                 "experiment": r.info.experiment_id, "params": r.data.params, "tags": r.data.tags,
                 "metrics": {k: repr(v) for k, v in r.data.metrics.items()}}
                for r in mlflow.search_runs(experiment_ids=ids, run_view_type=view, output_format="list")]
    active = [one.experiment_id for one in client.search_experiments()]
    first = client.get_run(made["first"])
    def history(key):
        points = [(m.step, m.timestamp, m.value) for m in client.get_metric_history(made["first"], key)]
        return [[step, repr(value)] for step, _, value in sorted(points)]
    def files(path=None):
        for one in client.list_artifacts(made["first"], path):
            if one.is_dir: yield from files(one.path)
            else: yield [one.path, one.file_size]
    return {
        "made": made,
        "experiments": {one.experiment_id: one.name for one in client.search_experiments(view_type=ViewType.ALL)},
        "active": runs(ViewType.ACTIVE_ONLY, active),
        "all": runs(ViewType.ALL, everything),
        "histories": {key: history(key) for key in first.data.metrics},
        "inputs": [[i.dataset.name, i.dataset.digest, i.dataset.source, {t.key: t.value for t in i.tags}]
                   for i in first.inputs.dataset_inputs],
        "artifacts": sorted(files()),
        "versions": [[int(v.version), v.run_id, v.current_stage, sorted(v.aliases), v.description, v.creation_timestamp]
                     for v in client.search_model_versions("name = 'Reg Model'")],
        "aliases": {k: int(v) for k, v in client.get_registered_model("Reg Model").aliases.items()},
        "latest": {v.current_stage: int(v.version) for v in client.get_latest_versions("Reg Model")},
    }

print(json.dumps([said(*build(address)) for address in sys.argv[1:]]))
""".replace('"COMMIT"', f'"{COMMIT}"')


@dataclass(frozen=True)
class MadeStore:
    """A store, and what mlflow says of it."""

    place: Path
    said: Any

    def source(self) -> MlflowSource:
        """The store as mlver reads it."""
        (source,) = MlflowSource.find(self.place)
        return source

    def run(self, name: str) -> str:
        """The id of a run."""
        return str(self.said["made"][name])


@pytest.fixture(scope="session")
def made_stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MadeStore]:
    """Both."""
    folder = tmp_path_factory.mktemp("mlflow")
    files, database = folder / "files" / "mlruns", folder / "database" / "mlflow.db"
    files.parent.mkdir()
    database.parent.mkdir()
    said = run_script(BUILD, files.as_uri(), f"sqlite:///{database}", folder=database.parent, home=folder)
    return {"files": MadeStore(files, said[0]), "database": MadeStore(database, said[1])}


@pytest.fixture(params=["files", "database"])
def made(request: pytest.FixtureRequest, made_stores: dict[str, MadeStore]) -> MadeStore:
    """Each in turn; nobody may change it."""
    return made_stores[request.param]
