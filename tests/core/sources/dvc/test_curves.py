"""Plots are curves: over the column that is named, over steps, or over the rows."""

from __future__ import annotations

import json

import pytest

from mlver.errors import MlverError
from mlver.model.curve import Curve
from tests.support.dvc_projects import DvcProject
from tests.support.dvc_versions import read_dvc
from tests.support.git import RepoBuilder


def curves_of(repo: RepoBuilder, files: dict[str, str]) -> dict[str, Curve]:
    repo.commit(files)
    repo.tag("v1")
    with read_dvc(repo) as reading:
        return {curve.metric: curve for curve in reading.source.curves(reading.place("v1"))}


def points(curve: Curve) -> list[tuple[float, float]]:
    return list(zip(curve.steps, curve.values, strict=True))


def test_a_steps_table_is_its_curves(simple: DvcProject) -> None:
    with read_dvc(simple.repo) as reading:
        (curve,) = reading.source.curves(reading.place("v2"))

    assert curve.metric == "loss"
    assert points(curve) == [(0, 1.5), (1, 0.2)]


def test_any_column_may_be_the_axis(nested: DvcProject) -> None:
    with read_dvc(nested.repo) as reading:
        (curve,) = reading.source.curves(reading.place("v1"))

    assert curve.metric == "loss"
    assert points(curve) == [(1, 0.5), (2, 0.25)]


def test_dvclive_has_a_table_for_each_metric(repo: RepoBuilder) -> None:
    files = {
        "dvc.yaml": "plots:\n- dvclive/plots/metrics:\n    x: step\n",
        "dvclive/plots/metrics/train/loss.tsv": "step\tloss\n0\t2\n1\t1\n",
        "dvclive/plots/metrics/eval/loss.tsv": "timestamp\tstep\tloss\n9\t0\t3\n9\t1\tnan\n",
        "dvclive/plots/images/one.png": "no table",
        "elsewhere/dvclive/plots/metrics/f1.tsv": "step\tf1\n0\tbad\n1\t0.5\n",
    }

    curves = curves_of(repo, files)

    assert sorted(curves) == ["eval/loss", "f1", "train/loss"]
    assert points(curves["train/loss"]) == [(0, 2), (1, 1)]
    assert points(curves["f1"]) == [(1, 0.5)]
    assert curves["f1"].skipped == 1
    assert (curves["eval/loss"].times, curves["f1"].times) == ((9, 9), ())


def test_lists_in_json_are_tables(repo: RepoBuilder) -> None:
    nested = {"prc": {"points": [{"recall": 1, "precision": 0.5}, {"recall": 0.5, "precision": 0.75}]}}
    pipeline = (
        "plots:\n- curve:\n    x: recall\n    y: {prc.json: precision}\n- rows.json\n- cm.json: {template: confusion}\n"
    )
    rows, confusion = json.dumps([{"a": 1, "b": 2}, {"a": 3, "b": 4}]), json.dumps([{"actual": 1, "predicted": 2}])

    curves = curves_of(
        repo, {"dvc.yaml": pipeline, "prc.json": json.dumps(nested), "rows.json": rows, "cm.json": confusion}
    )

    assert points(curves["precision"]) == [(1, 0.5), (0.5, 0.75)]
    assert points(curves["b"]) == [(0, 2), (1, 4)]
    assert sorted(curves) == ["b", "precision"]


def test_columns_of_one_name_stand_under_their_file(repo: RepoBuilder) -> None:
    pipeline = "plots: [a.csv, b.csv]\n"

    curves = curves_of(repo, {"dvc.yaml": pipeline, "a.csv": "epoch,acc\n0,1\n", "b.csv": "epoch,acc\n0,2\n"})

    assert sorted(curves) == ["a.csv:acc", "b.csv:acc"]


def test_one_broken_plot_leaves_the_others(repo: RepoBuilder) -> None:
    pipeline = "plots: [a.json, b.csv]\n"

    curves = curves_of(repo, {"dvc.yaml": pipeline, "a.json": "{", "b.csv": "epoch,acc\n0,2\n"})

    assert sorted(curves) == ["acc"]


def test_broken_plots_alone_are_said(repo: RepoBuilder) -> None:
    with pytest.raises(MlverError, match=r"a\.json"):
        curves_of(repo, {"dvc.yaml": "plots: [a.json]\n", "a.json": "{"})


def test_a_version_without_plots_has_no_curves(repo: RepoBuilder) -> None:
    assert curves_of(repo, {"dvc.yaml": "stages: {}\n", "plot.csv": "epoch,acc\n0,1\n"}) == {}
