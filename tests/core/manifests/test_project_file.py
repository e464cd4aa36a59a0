"""A project file becomes a ProjectFile, or is refused with file, line and key."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.errors import ProjectFileInvalid
from mlver.manifests.reading_project import read_project_file
from mlver.model.metric import Goal, MetricMeaning, Tolerance
from mlver.model.project_file import SOURCE_PATTERNS, DataSet, ProjectFile, Step

IMAGE = f"registry/image@sha256:{'0' * 64}"

WHOLE = f"""\
mlver: 1
model: digits
steps:
  prepare:
    run: python prepare.py
    inputs: [prepare.py, data/digits.csv]
    outputs: [data/train.csv, data/eval.csv]
  train:
    run: [python, train.py]
    inputs: [train.py, data/train.csv]
    params: {{params.yaml: [model, optimiser, seed]}}
    outputs: [models/]
    history: metrics/history.csv
  evaluate:
    run: python evaluate.py
    inputs: [evaluate.py, models/weights.npy, data/eval.csv]
    params: [a.json, b.toml]
    metrics: metrics/eval.json
    predictions: metrics/predictions.csv
data:
  train: {{path: data/train.csv, role: train, source: "where it came from"}}
  eval:  {{path: data/eval.csv, role: eval, store: copy, target: digit}}
seeds: {{numpy: "params.yaml:seed", python: PYTHONHASHSEED}}
environment: {{lock: requirements.lock, container: "{IMAGE}"}}
bases: [{{name: base, source: hub, revision: main, sha256: "{"1" * 64}"}}]
metrics:
  accuracy:   {{goal: maximise, tolerance: 0.005, primary: true}}
  latency_ms: {{goal: minimise, tolerance: 5%, unit: ms}}
  loss:       {{goal: min}}
  f1:         {{goal: maximize}}
  other:
config: {{schema: params.schema.json}}
code: {{include: ["*.py"]}}
ignore: ["**.run_name", "**.output_dir"]
tags: {{team: vision, year: 2026}}
stages:
  staging:
  production: {{gates: ["metric.accuracy >= 0.9"]}}
"""


def read(text: str) -> ProjectFile:
    return read_project_file(text.encode(), name="mlver.yaml", folder="sub")


def test_every_key_is_read() -> None:
    project = read(WHOLE)

    assert replace(project, lines={}) == ProjectFile(
        model="digits",
        folder="sub",
        steps=(
            Step(
                name="prepare",
                run="python prepare.py",
                inputs=("prepare.py", "data/digits.csv"),
                outputs=("data/train.csv", "data/eval.csv"),
            ),
            Step(
                name="train",
                run=("python", "train.py"),
                inputs=("train.py", "data/train.csv"),
                params={"params.yaml": ("model", "optimiser", "seed")},
                outputs=("models/",),
                history="metrics/history.csv",
            ),
            Step(
                name="evaluate",
                run="python evaluate.py",
                inputs=("evaluate.py", "models/weights.npy", "data/eval.csv"),
                params={"a.json": None, "b.toml": None},
                metrics=("metrics/eval.json",),
                predictions="metrics/predictions.csv",
            ),
        ),
        data=(
            DataSet(name="train", path="data/train.csv", role="train", source="where it came from"),
            DataSet(name="eval", path="data/eval.csv", role="eval", store="copy", target="digit"),
        ),
        seeds={"numpy": "params.yaml:seed", "python": "PYTHONHASHSEED"},
        lock="requirements.lock",
        container=IMAGE,
        bases=({"name": "base", "source": "hub", "revision": "main", "sha256": "1" * 64},),
        metrics={
            "accuracy": MetricMeaning(goal=Goal.MAXIMISE, tolerance=Tolerance(0.005), primary=True),
            "latency_ms": MetricMeaning(goal=Goal.MINIMISE, tolerance=Tolerance(5.0, percent=True), unit="ms"),
            "loss": MetricMeaning(goal=Goal.MINIMISE),
            "f1": MetricMeaning(goal=Goal.MAXIMISE),
            "other": MetricMeaning(),
        },
        schema="params.schema.json",
        ignore=("**.run_name", "**.output_dir"),
        code_include=("*.py",),
        tags={"team": "vision", "year": "2026"},
        stages={"staging": {}, "production": {"gates": ["metric.accuracy >= 0.9"]}},
    )


def test_the_least_project_file_has_defaults() -> None:
    project = read("mlver: 1\nmodel: digits\n")

    assert replace(project, lines={}) == ProjectFile(model="digits", folder="sub")
    assert project.code_include == SOURCE_PATTERNS


def test_an_unknown_key_is_warned_of_with_the_nearest() -> None:
    project = read("mlver: 1\nmodel: digits\nsteps:\n  train:\n    run: x\n    output: [a]\nmetric: {}\nzzz: 1\n")

    assert project.warnings == (
        "mlver.yaml:6: steps.train.output is no key mlver knows; did you mean outputs?",
        "mlver.yaml:7: metric is no key mlver knows; did you mean metrics?",
        "mlver.yaml:8: zzz is no key mlver knows",
    )


@pytest.mark.parametrize(
    ("step", "line", "problem", "hint"),
    [
        ("runn: x", 5, "steps.train.runn: is no key mlver knows", "did you mean run?"),
        ("inputs: [a]\n    rum: x", 6, "steps.train.rum: is no key mlver knows", "did you mean run?"),
        ("run: x\n    input: [a]", 6, "steps.train.input: is no key mlver knows", "did you mean inputs?"),
        ("run: x\n    output: [a]", 6, "steps.train.output: is no key mlver knows", "did you mean outputs?"),
        ("zzz: x", 4, "steps.train: run is missing", ""),
    ],
)
def test_a_misspelt_key_of_a_step_that_is_to_run_is_refused_by_its_name(
    step: str, line: int, problem: str, hint: str
) -> None:
    text = f"mlver: 1\nmodel: digits\nsteps:\n  train:\n    {step}\n"

    with pytest.raises(ProjectFileInvalid) as caught:
        read_project_file(text.encode(), name="mlver.yaml", is_to_run=True)

    assert (caught.value.message, caught.value.hint) == (f"mlver.yaml:{line}: {problem}", hint)


def test_a_key_of_a_step_that_is_near_to_none_may_be_a_later_mlvers() -> None:
    text = b"mlver: 1\nmodel: digits\nsteps: {train: {run: x, zzz: 1}}\n"

    (warning,) = read_project_file(text, name="mlver.yaml", is_to_run=True).warnings

    assert warning == "mlver.yaml:3: steps.train.zzz is no key mlver knows"


def test_any_key_that_must_be_there_and_is_misspelt_is_named() -> None:
    with pytest.raises(ProjectFileInvalid) as caught:
        read("mlver: 1\nmodle: digits\n")

    assert (caught.value.message, caught.value.hint) == (
        "mlver.yaml:2: modle: is no key mlver knows",
        "did you mean model?",
    )


def test_what_yaml_11_reads_differently_is_warned_of() -> None:
    warnings = read("mlver: 1\nmodel: digits\ntags: {on: no}\n").warnings

    assert len(warnings) == 2
    assert warnings[1] == "mlver.yaml:3: YAML 1.1 readers take no for false, here it is text"


def test_an_input_folder_that_holds_what_a_later_step_makes_is_warned_of() -> None:
    steps = "{a: {run: x, inputs: [data/]}, b: {run: y, outputs: [data/out.csv]}}"

    (warning,) = read(f"mlver: 1\nmodel: digits\nsteps: {steps}\n").warnings

    assert warning == "mlver.yaml: steps.a.inputs: data/ holds data/out.csv, which step b makes"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "mlver and model are missing"),
        ("- a", "must be a mapping, here it is a list"),
        ("mlver: 2", "mlver.yaml:1: mlver: this mlver reads `mlver: 1`, the file says 2"),
        ("mlver: '1'", "the file says '1'"),
        ("mlver: 1", "mlver.yaml:1: model is missing"),
        ("model: Digits", "model: must be a model name"),
        ("model: 3", "model: must be text, here it is 3"),
        ("steps: [{run: x}]", "steps: must be a mapping of step names in the order they run"),
        ("steps: {a b: {run: x}}", "steps.a b: must be a step name"),
        ("steps: {a: x}", "steps.a: must be a mapping, here it is 'x'"),
        ("steps: {a: {}}", "steps.a: run is missing"),
        ("steps: {a: {run: ' '}}", "steps.a.run: must not be empty"),
        ("steps: {a: {run: 3}}", "steps.a.run: must be text, here it is 3"),
        ("steps: {a: {run: [python, 3]}}", "steps.a.run[1]: must be text, here it is 3"),
        ("steps: {a: {run: x, inputs: [/etc/passwd]}}", "steps.a.inputs[0]: '/etc/passwd' must be a path inside"),
        ("steps: {a: {run: x, inputs: ../b}}", "steps.a.inputs: '../b' leaves the repository"),
        ("steps: {a: {run: x, outputs: [.git/hooks]}}", "enters .git"),
        ("steps: {a: {run: x, params: {p.ini: [a]}}}", "'p.ini' must be one of .yaml, .yml, .json, .toml"),
        ("steps: {a: {run: x, params: {p.yaml: [3]}}}", "steps.a.params.p.yaml[0]: must be text"),
        ("steps: {a: {run: x, metrics: [m.csv]}}", "steps.a.metrics[0]: 'm.csv' must be one of .yaml"),
        ("steps: {a: {run: x, outputs: [o]}, b: {run: y, outputs: [o]}}", "o is made by step a already"),
        ("steps: {a: {run: x, outputs: [m/]}, b: {run: y, metrics: [m/e.json]}}", "m/e.json is made by step a already"),
        ("steps: {a: {run: x, history: h.csv}, b: {run: y, outputs: ['*.csv']}}", "*.csv is made by step a already"),
        ("steps: {a: {run: x, inputs: [m/w]}, b: {run: y, outputs: [m]}}", "m/w is made by step b, which runs later"),
        ("steps: {a: {run: x, inputs: [w], outputs: [./w]}}", "w is made by this step itself"),
        ("steps: {a: {run: x, inputs: [w], outputs: [./]}}", "steps.a.outputs: ./ is or holds mlver.yaml"),
        ("steps: {a: {run: x, outputs: [.]}}", "mlver.yaml:3: steps.a.outputs: . is or holds mlver.yaml"),
        ("steps: {a: {run: x, outputs: ['*.yaml']}}", "steps.a.outputs: *.yaml is or holds mlver.yaml"),
        ("steps: {a: {run: x, metrics: [mlver.yaml]}}", "steps.a.metrics: mlver.yaml is or holds mlver.yaml"),
        ("steps: {a: {run: x, history: '**/mlver.*'}}", "steps.a.history: **/mlver.* is or holds mlver.yaml"),
        ("steps: {a: {run: x, params: c/p.json, outputs: [c/]}}", "c/ is or holds c/p.json"),
        ("steps: {a: {run: x, predictions: p.json}}\nseeds: {n: 'p.json:s'}", "p.json is or holds p.json"),
        ("steps: {a: {run: x, outputs: ['**/*.lock']}}\nenvironment: {lock: uv.lock}", "**/*.lock is or holds uv.lock"),
        ("data: {a: {role: train}}", "data.a: path is missing"),
        ("data: {a: {path: x, store: link}}", "data.a.store: must be one of copy, reference, here it is 'link'"),
        ("data: {a: {path: x, target: 3}}", "data.a.target: must be the name of a column, here it is 3"),
        ("data: {a: {path: x, target: [y]}}", "data.a.target: must be the name of a column, here it is a list"),
        ("data: {a: {path: x, target: ''}}", "data.a.target: must be the name of a column, here it is ''"),
        ("seeds: {a: 'params.yaml:'}", "seeds.a: must be file:key or the name"),
        ("seeds: {a: 42}", "seeds.a: must be text, here it is 42"),
        ("seeds: {a: 'two words'}", "seeds.a: must be file:key or the name"),
        ("seeds: {a: '/x.yaml:seed'}", "must be a path inside the repository"),
        ("environment: {container: 'image:latest'}", "environment.container: must be an image with its digest"),
        ("bases: [{source: x}]", "bases[0]: name is missing"),
        ("metrics: {a: {goal: up}}", "metrics.a.goal: must be one of maximise, minimise"),
        ("metrics: {a: {tolerance: -1}}", "metrics.a.tolerance: must be a number or a percentage"),
        ("metrics: {a: {tolerance: 5 percent}}", "metrics.a.tolerance: must be a number or a percentage"),
        ("metrics: {a: {primary: true}, b: {primary: true}}", "metrics.b: only one metric can be primary"),
        ("stages: {train: {run: python train.py}}", "stages.train.run: a stage has no run: a pipeline step is meant"),
        ("stages: {Prod!: {}}", "stages.Prod!: must be a stage name"),
        ("stages: {prod: {gates: accuracy}}", "stages.prod.gates: must be a list"),
        ("code: {include: '*.py'}", "code.include: must be a list"),
        ("ignore: x", "ignore: must be a list"),
        ("model: a\nmodel: b", "the key stands twice"),
    ],
)
def test_a_project_file_that_breaks_a_rule_is_refused(text: str, problem: str) -> None:
    keys = {row.split(":")[0] for row in text.splitlines()}
    head = "" if not text or keys & {"mlver", "- a"} else "mlver: 1\n" + ("" if "model" in keys else "model: digits\n")

    with pytest.raises(ProjectFileInvalid) as caught:
        read(head + text)

    assert problem in caught.value.message
    assert caught.value.line


def test_steps_under_stages_say_where_steps_belong() -> None:
    with pytest.raises(ProjectFileInvalid) as caught:
        read("mlver: 1\nmodel: digits\nstages:\n  train:\n    run: x\n")

    assert caught.value.line == 5
    assert "stand under steps:" in caught.value.hint


def test_a_target_that_is_a_number_says_how_to_write_it() -> None:
    with pytest.raises(ProjectFileInvalid) as caught:
        read("mlver: 1\nmodel: digits\ndata:\n  a:\n    path: x\n    target: 3\n")

    assert (caught.value.line, caught.value.hint[-11:]) == (6, 'target: "3"')


def test_a_glob_beside_the_files_that_describe_the_run_is_fine() -> None:
    text = b"mlver: 1\nmodel: m\nsteps: {a: {run: x, params: c/d/p.yaml, outputs: ['o/*.yaml', 'c/*.yaml', 'x*']}}"

    assert read_project_file(text, name="mlver.yaml").steps[0].outputs == ("o/*.yaml", "c/*.yaml", "x*")
