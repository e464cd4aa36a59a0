"""Metrics are taken from their files whatever is in them."""

from __future__ import annotations

import math

import pytest

from mlver.documents.reading import read_document
from mlver.errors import DocumentInvalid
from mlver.manifests.metrics import Measured, collect_metrics
from mlver.model.data import Scalar
from mlver.model.manifest import Slice
from mlver.model.metric import Goal, MetricMeaning
from mlver.model.project_file import ProjectFile


def measured(meanings: dict[str, MetricMeaning] | None = None, **files: str) -> Measured:
    project = ProjectFile(model="digits", metrics=meanings or {})
    named = {name.replace("__", "/") + ".json": text for name, text in files.items()}
    return collect_metrics(project, {name: read_document(text.encode(), name=name) for name, text in named.items()})


def values(found: Measured) -> dict[str, Scalar]:
    return {name: metric.value for name, metric in found.metrics.items()}


def test_nested_metrics_go_by_dotted_names() -> None:
    found = measured(eval='{"accuracy": 0.9, "test": {"loss": 1, "deep": {"x": true}}}')

    assert repr(values(found)) == repr({"accuracy": 0.9, "test.loss": 1, "test.deep.x": True})


def test_metrics_get_the_meaning_the_project_gives() -> None:
    meaning = MetricMeaning(goal=Goal.MINIMISE)

    found = measured({"loss": meaning, "gone": meaning}, a='{"loss": 1}')

    assert found.metrics["loss"].meaning is meaning
    assert found.notes == ("gone is declared and no metrics file holds it",)


def test_text_null_and_numbers_without_value_are_kept() -> None:
    found = values(measured(eval='{"verdict": "good", "a": NaN, "b": -Infinity, "c": null}'))

    assert found["verdict"] == "good"
    assert isinstance(found["a"], float)
    assert math.isnan(found["a"])
    assert found["b"] == -math.inf
    assert found["c"] is None


def test_only_names_in_several_files_are_told_apart_by_the_file() -> None:
    meaning = MetricMeaning(goal=Goal.MINIMISE)

    found = measured({"loss": meaning}, metrics__eval='{"loss": 1, "f1": 2}', metrics__test='{"loss": 3}')

    assert values(found) == {"eval.loss": 1, "f1": 2, "test.loss": 3}
    assert found.metrics["test.loss"].meaning is meaning
    assert not found.notes


def test_files_of_one_name_are_told_apart_by_their_path() -> None:
    assert values(measured(a__m='{"loss": 1}', b__m='{"loss": 3}')) == {"a/m.loss": 1, "b/m.loss": 3}


def test_slices_are_read_from_their_list() -> None:
    found = measured(
        eval='{"recall": 0.9, "slices": [{"metric": "recall", "slice": {"class": 3}, "value": 0.95},'
        ' {"metric": "recall", "slice": {"class": "x"}, "value": null}]}'
    )

    assert values(found) == {"recall": 0.9}
    assert found.slices == (
        Slice(metric="recall", slice={"class": 3}, value=0.95),
        Slice(metric="recall", slice={"class": "x"}, value=None),
    )


def test_other_lists_are_left_out_and_told_of() -> None:
    found = measured(eval='{"matrix": [[1, 2]], "loss": 1}')

    assert values(found) == {"loss": 1}
    assert found.notes == ("eval.json: matrix is a list and no metric; write curves to a history file",)


def test_an_empty_file_measures_nothing() -> None:
    project = ProjectFile(model="digits")

    assert collect_metrics(project, {"m.yaml": read_document(b"", name="m.yaml")}).metrics == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[1]", "eval.json:1: must hold a mapping of metrics"),
        ('{"a.b": 1,\n "a": {"b": 2}}', "eval.json:2: a.b: is the name of two metrics"),
        ('{"slices": {}}', "eval.json:1: slices: must be a list"),
        ('{"slices":\n [{"metric": "a", "slice": {"c": 1}}]}', "eval.json:2: slices[0]: value is missing"),
        ('{"slices": [{"metric": "a", "slice": {"c": [1]}, "value": 1}]}', "slices[0].slice.c: must be a single value"),
        ("{" + ", ".join(f'"m{i}": {i}' for i in range(2000)) + "}", "holds more than 1000 metrics"),
    ],
)
def test_a_metrics_file_of_another_shape_is_refused(text: str, problem: str) -> None:
    with pytest.raises(DocumentInvalid) as caught:
        measured(eval=text)

    assert problem in caught.value.message
