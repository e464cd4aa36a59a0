"""Params, seeds and inputs that are not as mlver.yaml says refuse the run before anything starts, and say where."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mlver.errors import DocumentInvalid, ProjectFileInvalid, RunRefused
from mlver.project import RunRequest
from tests.support.training import TrainingProject

SCHEMA = {
    "properties": {
        "optimiser": {"properties": {"lr": {"exclusiveMinimum": 0}}},
        "model": {"properties": {"hidden": {"type": "integer", "maximum": 8}}},
    }
}


def with_schema(toy: TrainingProject) -> TrainingProject:
    toy.write("params.schema.json", json.dumps(SCHEMA))
    toy.write("mlver.yaml", (toy.folder / "mlver.yaml").read_text() + "config: {schema: params.schema.json}\n")
    return toy


def refused(toy: TrainingProject, **request: object) -> RunRefused:
    """What the run is refused with; nothing was started, nothing recorded."""
    with pytest.raises(RunRefused) as caught:
        toy.run(**request)
    assert "refs/mlver" not in toy.git("for-each-ref")
    assert not (toy.folder / "data" / "train.csv").exists()
    return caught.value


def test_params_that_keep_to_the_schema_run_and_the_schema_is_recorded(toy: TrainingProject) -> None:
    row = with_schema(toy).run()

    assert "params.schema.json" in toy.files_at(row.commit)


def test_every_breach_of_the_schema_is_named_with_its_line(toy: TrainingProject) -> None:
    with_schema(toy).replace("params.json", '"lr": 0.1', '"lr": -1')
    toy.replace("params.json", '"hidden": 4', '"hidden": "four"')

    error = refused(toy)

    assert error.message.splitlines() == [
        "params.json:2: model.hidden: 'four' is not of type 'integer'",
        "params.json:3: optimiser.lr: -1 is less than or equal to the minimum of 0",
    ]
    assert error.hint == "correct the params, or what params.schema.json says of them"


def test_what_is_set_for_one_run_is_held_to_the_schema_too(toy: TrainingProject) -> None:
    error = refused(with_schema(toy), settings={"model.hidden": 9})

    assert error.message == "params.json:2: model.hidden: 9 is greater than the maximum of 8 (set for this run)"


def test_a_run_that_sets_the_params_right_goes(toy: TrainingProject) -> None:
    with_schema(toy).replace("params.json", '"hidden": 4', '"hidden": 9')

    assert toy.run(settings={"model.hidden": 8}).has_overrides


def test_keys_that_no_step_names_are_held_to_the_schema(toy: TrainingProject) -> None:
    with_schema(toy).replace("mlver.yaml", "[model, optimiser, seed]", "[model, seed]")
    toy.replace("params.json", '"lr": 0.1', '"lr": 0')

    assert "optimiser.lr" in refused(toy).message


def test_many_breaches_are_counted(toy: TrainingProject) -> None:
    schema = {"properties": {"model": {"items": {"type": "integer"}}}}
    with_schema(toy).write("params.schema.json", json.dumps(schema))
    toy.replace("params.json", '{"hidden": 4}', json.dumps(["x"] * 50))

    assert refused(toy).message.splitlines()[-1] == "and 30 more"


def test_a_schema_that_cannot_be_read_names_its_line(toy: TrainingProject) -> None:
    with_schema(toy).write("params.schema.json", '{\n  "type" 3\n}')

    with pytest.raises(DocumentInvalid, match=r"^params\.schema\.json:2: "):
        toy.run()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("params.schema.json", "nope.json", "mlver.yaml:25: nope.json is declared as the schema of the params and"),
        ("params.json:seed", "params.json:sed", "mlver.yaml:21: seed random: params.json has no sed"),
        ("params.json:seed", "nope.json:seed", "mlver.yaml:21: nope.json is declared as the file of seed random and"),
        ("data/raw.csv]", "data/row.csv]", "mlver.yaml:6: step prepare: its input data/row.csv does not exist"),
        ("params.json: [model", "nope.json: [model", "mlver.yaml:11: nope.json is declared as a params file and"),
        (
            "{path: data/train.csv",
            "{path: data/none.csv",
            "mlver.yaml:19: data set train: data/none.csv does not exist",
        ),
    ],
)
def test_what_is_not_there_is_named_with_the_line_that_declares_it(
    toy: TrainingProject, old: str, new: str, problem: str
) -> None:
    with_schema(toy).replace("mlver.yaml", old, new)

    assert refused(toy).message.startswith(problem)


def test_a_misspelt_key_of_a_step_refuses_the_run(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "inputs: [train.py", "input: [train.py")

    with pytest.raises(ProjectFileInvalid, match=r"^mlver.yaml:10: steps.train.input: is no key mlver knows"):
        toy.run()


def notes(toy: TrainingProject) -> list[str]:
    """What a run says before its first step."""
    said: list[str] = []
    with toy.opened() as project:
        project.run(RunRequest(folder=toy.folder), on_event=lambda event: said.append(getattr(event, "text", "")))
    return [text for text in said if "digest" in text]


def test_a_changed_key_that_no_step_names_is_said_and_changes_no_recipe(toy: TrainingProject) -> None:
    toy.replace("params.json", '"seed": 42', '"seed": 42, "log": {"level": "info", "colour": 1}')
    first = toy.run()
    toy.replace("params.json", '"info"', '"debug"')

    told = notes(toy)

    since = f"changed since {first.name}; no step names it, so no digest has it"
    assert told == [f"note: params.json: log.level {since}"]
    with toy.opened() as project:
        assert {row.recipe for row in project.refresh().rows} == {first.recipe}


def test_what_counts_or_is_as_it_was_is_not_said(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "[model, optimiser, seed]", "[model, optimiser]")
    toy.replace("params.json", '"seed": 42', '"seed": 42, "log": [1]')
    toy.commit("a seed by its value alone")
    toy.run()
    toy.replace("params.json", "0.1", "0.2")
    toy.replace("params.json", "42", "43")

    assert notes(toy) == []


def test_keys_that_no_step_names_are_told_against_the_parent_too(toy: TrainingProject) -> None:
    toy.replace("params.json", '"seed": 42', '"seed": 42, "log": 1')
    toy.commit("log")
    toy.run()
    toy.replace("params.json", '"log": 1', '"log": 2')
    toy.replace("params.json", "0.1", "0.2")

    (told,) = notes(toy)

    assert told.startswith("note: params.json: log changed since ")


LOADED = """
import os
import sys
from pathlib import Path
from mlver.project import Project, RunRequest
folder, state = map(Path, sys.argv[1:])
with Project.open(folder, environment=dict(os.environ), cache=state) as project:
    project.run(RunRequest(folder=folder), on_event=lambda event: None)
print("jsonschema" in sys.modules, "referencing" in sys.modules)
"""


def test_jsonschema_is_loaded_only_where_a_schema_is_named(toy: TrainingProject) -> None:
    command = [sys.executable, "-c", LOADED, str(toy.folder), str(toy.state)]

    without = subprocess.run(command, env=toy.environment, capture_output=True, text=True, check=True).stdout
    with_schema(toy)
    named = subprocess.run(command, env=toy.environment, capture_output=True, text=True, check=True).stdout

    assert (without.strip(), named.strip()) == ("False False", "True True")
