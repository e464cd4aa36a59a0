"""Where a commit has a project file, that says which file is what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from mlver.model.manifest import Artifact, DataFacts, Manifest
from mlver.model.metric import Goal
from mlver.sources.plain.source import PlainSource
from tests.support.git import RepoBuilder

Read: TypeAlias = Callable[[Mapping[str, str | bytes]], Manifest]

PROJECT = """\
mlver: 1
model: digits
steps:
  train:
    run: python train.py
    inputs: [train.py, data/digits.csv]
    params: {settings.yaml: [optim.lr, seed], other.json: null}
    outputs: [weights/, "extra/*.txt", gone.npy]
    history: curve.csv
  evaluate:
    run: [python, evaluate.py]
    metrics: [quality.json]
data:
  digits: {path: data/digits.csv, role: train, source: "the web", target: digit}
seeds: {numpy: "settings.yaml:seed", python: PYTHONHASHSEED}
environment: {lock: deps/pins.txt}
metrics:
  acc: {goal: maximise, tolerance: 0.01, primary: true}
ignore: ["**.name"]
tags: {team: vision}
"""
FILES: Mapping[str, str] = {
    "mlver.yaml": PROJECT,
    "params.yaml": "not: declared",
    "settings.yaml": "optim: {lr: 0.1, beta: 0.9}\nseed: 7\n",
    "other.json": '{"size": 3}',
    "quality.json": '{"acc": 0.9, "nested": {"f1": 0.8}}',
    "results.json": '{"not": 1}',
    "weights/a.npy": "1",
    "weights/deep/b.npy": "22",
    "extra/one.txt": "1",
    "extra/two.md": "1",
    "data/digits.csv": "x\n",
    "train.py": "1",
    "curve.csv": "step,loss\n1,0.5\n",
    "history.csv": "step,other\n1,0.5\n",
    "uv.lock": "",
    "deps/pins.txt": "numpy==1.26.4\n",
}


def test_what_the_project_file_declares_is_the_version(repo: RepoBuilder, read: Read) -> None:
    version = read(FILES)

    assert version.params == {"optim": {"lr": 0.1}, "seed": 7, "size": 3}
    assert {name: metric.value for name, metric in version.metrics.items()} == {"acc": 0.9, "nested.f1": 0.8}
    assert version.metrics["acc"].meaning.goal is Goal.MAXIMISE
    assert version.primary_metric == "acc"
    assert version.seeds == {"numpy": 7}
    assert version.environment.lock is not None
    assert version.environment.lock.path == "deps/pins.txt"
    assert (version.history, version.ignore, version.tags) == ("curve.csv", ("**.name",), {"team": "vision"})
    assert version.notes == ()
    blob = repo.git("rev-parse", "HEAD:data/digits.csv")
    assert version.data == (
        DataFacts(
            name="digits",
            path="data/digits.csv",
            role="train",
            size=2,
            source="the web",
            target="digit",
            checksum=f"git:{blob}",
        ),
    )


def test_steps_and_their_outputs_are_what_git_has_of_them(repo: RepoBuilder, read: Read) -> None:
    version = read(FILES)

    train, evaluate = version.steps
    assert (train.run, evaluate.run) == ("python train.py", ("python", "evaluate.py"))
    assert [fact.path for fact in train.inputs] == ["train.py", "data/digits.csv"]
    assert train.outputs[0].checksum == f"git:{repo.git('rev-parse', 'HEAD:weights')}.dir"
    assert [(one.path, one.size, one.step) for one in version.artifacts] == [
        ("weights/a.npy", 1, "train"),
        ("weights/deep/b.npy", 2, "train"),
        ("extra/one.txt", 1, "train"),
        ("gone.npy", None, "train"),
    ]
    assert version.artifacts[3] == Artifact(path="gone.npy", sha256=None, step="train")


def test_its_history_and_its_lock_are_those_it_names(repo: RepoBuilder, source: PlainSource) -> None:
    place = repo.commit(FILES)

    assert [curve.metric for curve in source.curves(place)] == ["loss"]
    assert source.packages(place) == {"numpy": "1.26.4"}


def test_paths_are_those_of_its_folder(read: Read) -> None:
    version = read({f"models/digits/{path}": content for path, content in FILES.items()})

    assert version.params["size"] == 3
    assert version.steps[0].cwd == "models/digits"
    assert version.steps[0].inputs[0].path == "models/digits/train.py"
    assert version.history == "models/digits/curve.csv"


def test_of_several_the_one_that_names_the_model_counts(repo: RepoBuilder, source: PlainSource) -> None:
    place = repo.commit(
        {
            "mlver.yaml": "mlver: 1\nmodel: top\nsteps: {a: {run: a, params: a.yaml}}",
            "b/mlver.yaml": "mlver: 1\nmodel: below\nsteps: {a: {run: a, params: b.yaml}}",
            "a.yaml": "a: 1",
            "b/b.yaml": "b: 1",
        }
    )

    assert source.manifest(place, "below").params == {"b": 1}
    assert source.manifest(place, "top").params == {"a": 1}
    assert source.manifest(place, "any").params == {"a": 1}


def test_a_project_file_without_steps_gives_meaning_to_what_names_find(read: Read) -> None:
    version = read(
        {
            "mlver.yaml": "mlver: 1\nmodel: m\nmetrics: {acc: {goal: maximise}}",
            "metrics.json": '{"acc": 1, "loss": 2}',
            "eval.json": '{"loss": 2}',
        }
    )

    assert version.metrics["acc"].meaning.goal is Goal.MAXIMISE
    assert version.metrics["eval.json:loss"].meaning.goal is None


@pytest.mark.parametrize(
    ("broken", "note"),
    [
        ({"mlver.yaml": "mlver: 1\nmodel: [x"}, "mlver.yaml:3: "),
        ({"mlver.yaml": PROJECT.replace("settings.yaml: [", "../x.yaml: [")}, "mlver.yaml:7: "),
        ({"settings.yaml": "a: ["}, "settings.yaml:2: "),
        ({"settings.yaml": "seed: 3"}, "settings.yaml: optim.lr: is not in the file"),
        ({"quality.json": "[1]"}, "quality.json:1: must hold a mapping"),
        ({"deps/pins.txt": b"\xff"}, "deps/pins.txt:1: "),
    ],
)
def test_what_is_broken_is_noted_and_the_rest_stands(read: Read, broken: Mapping[str, str | bytes], note: str) -> None:
    version = read({**FILES, **broken})

    assert len(version.notes) == 1
    assert version.notes[0].startswith(note)
    assert version.problem == version.notes[0]
    assert version.params
    assert version.metrics or "quality.json" in broken


def test_a_key_that_is_not_there_takes_no_other_with_it(read: Read) -> None:
    version = read({**FILES, "settings.yaml": "seed: 3"})

    assert version.params == {"seed": 3, "size": 3}


def test_a_project_file_may_name_itself_in_every_role(read: Read) -> None:
    version = read(
        {"mlver.yaml": "mlver: 1\nmodel: m\nsteps: {a: {run: a, params: mlver.yaml}}\nenvironment: {lock: mlver.yaml}"}
    )

    assert version.params["model"] == "m"
    assert version.environment.lock is not None


def test_what_is_declared_and_not_in_git_is_said_to_be_so(repo: RepoBuilder, source: PlainSource) -> None:
    files = {path: content for path, content in FILES.items() if path not in {"quality.json", "curve.csv"}}
    place = repo.commit(files)

    version = source.manifest(place, "digits")

    assert version.notes == ("quality.json: declared in the project file, not in git",)
    assert version.problem is None
    assert source.curves(place) == ()
