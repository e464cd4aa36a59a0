"""What mlver says of two versions is what dvc says of them: `params diff`, `metrics diff`, `diff`, `metrics show`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.dvc_answers import disagreements, metrics_of, params_of, tracked_disagreements, tracked_of
from tests.support.dvc_projects import DvcProject
from tests.support.dvc_versions import read_dvc

PAIRS = [("v1", "v2"), ("v2", "v3"), ("v3", "v1")]

ABSENT = ("none.yaml: declared, not in git", "missing.json: declared, not in git")
"""What one shape declares and does not have, which dvc calls an error."""


@pytest.mark.parametrize("shape", ["simple", "templated", "nested", "below", "data", "odd"])
def test_two_versions_differ_as_dvc_says(shape: str, request: pytest.FixtureRequest) -> None:
    project: DvcProject = request.getfixturevalue(shape)
    pairs = PAIRS if shape == "simple" else PAIRS[:1]
    answers = project.answers(*pairs)

    wrong = []
    with read_dvc(project.repo) as reading:
        for pair, answer in answers.items():
            before, after = (reading.manifest(name) for name in pair)
            old, new = (tracked_of(reading.source, reading.place(name), reading.manifest(name)) for name in pair)
            wrong += disagreements(answer["params"], params_of(before), params_of(after), project.top)
            wrong += disagreements(answer["metrics"], metrics_of(before), metrics_of(after), project.top)
            wrong += tracked_disagreements(answer["data"], old, new, project.top)
            wrong += [note for note in (*before.notes, *after.notes) if note not in ABSENT]

    assert wrong == []
    assert any(answer["params"] or answer["data"] for answer in answers.values())


@pytest.mark.parametrize("shape", ["simple", "templated", "nested", "below", "odd"])
def test_every_tag_has_the_metrics_dvc_shows(shape: str, request: pytest.FixtureRequest) -> None:
    project: DvcProject = request.getfixturevalue(shape)
    shown = json.loads(project.dvc(["metrics", "show", "--all-tags", "--json"])[0])
    tags = project.repo.git("tag").split()

    wrong, count = [], 0
    with read_dvc(project.repo) as reading:
        for tag in tags:
            files = shown[tag].get("data", {})
            # As if it were held against a version without metrics.
            told = {
                file: {key: {"old": None, "new": value} for key, value in _flat(one["data"])}
                for file, one in files.items()
                if "data" in one
            }
            wrong += disagreements(told, {}, metrics_of(reading.manifest(tag)), project.top)
            count += sum(map(len, told.values()))

    assert wrong == []
    assert count >= len(tags) > 1


def test_an_experiment_differs_from_its_base_as_dvc_says(experiments: DvcProject) -> None:
    refs = experiments.repo.git("for-each-ref", "--format=%(refname)", "refs/exps").split()
    names = {ref.rpartition("/")[2]: ref for ref in refs if ref.count("/") == 4 and "/exec/" not in ref}
    answers = experiments.answers(("base", "tried"), ("base", "saved"))

    with read_dvc(experiments.repo) as reading:
        base = reading.manifest("base")
        for (_, name), answer in answers.items():
            manifest = reading.manifest(names[name])
            assert disagreements(answer["params"], params_of(base), params_of(manifest)) == []
            assert disagreements(answer["metrics"], metrics_of(base), metrics_of(manifest)) == []
            assert answer["params"]


def _flat(data: Any, above: str = "") -> list[tuple[str, Any]]:
    if not isinstance(data, dict):
        return [(above, data)]
    return [leaf for key, value in data.items() for leaf in _flat(value, f"{above}.{key}" if above else key)]
