"""Curves as trainings leave them in a repository."""

from __future__ import annotations

import json
import math

import pytest

from mlver.errors import DocumentInvalid
from mlver.model.curve import Curve
from mlver.sources.plain.source import PlainSource
from tests.support.git import RepoBuilder

LIGHTNING = """\
epoch,step,train_loss_step,train_loss_epoch,val_loss,lr-Adam,grad_step
0,4,0.9,,,,0.1
0,9,0.7,,,,0.2
0,9,,,0.8,,
0,9,,0.8,,,
1,14,0.5,,,0.01,0.3
"""


def names(curves: tuple[Curve, ...]) -> list[tuple[str, str]]:
    return [(curve.metric, curve.context) for curve in curves]


def test_lightning_rows_are_sparse_and_its_families_are_folded(repo: RepoBuilder, source: PlainSource) -> None:
    place = repo.commit({"lightning_logs/version_0/metrics.csv": LIGHTNING})

    curves = {(curve.metric, curve.context): curve for curve in source.curves(place)}

    assert list(curves) == [
        ("train_loss", "step"),
        ("train_loss", ""),
        ("val_loss", ""),
        ("lr-Adam", ""),
        ("grad", ""),
    ]
    assert list(curves["train_loss", "step"].steps) == [4, 9, 14]
    assert list(curves["train_loss", "step"].values) == [0.9, 0.7, 0.5]
    assert list(curves["train_loss", ""].values) == [0.8]


def test_of_lightning_runs_the_newest_counts(repo: RepoBuilder, source: PlainSource) -> None:
    place = repo.commit({f"logs/version_{n}/metrics.csv": f"step,loss\n1,{n}\n" for n in (9, 10, 11)})

    (curve,) = source.curves(place)

    assert curve.values == (11.0,)


def test_a_trainer_state_is_read_without_its_summary(repo: RepoBuilder, source: PlainSource) -> None:
    history = [
        {"loss": 2.5, "learning_rate": 1e-4, "epoch": 0.5, "step": 10},
        {"eval_loss": math.nan, "epoch": 1.0, "step": 20},
        {"loss": 1.5, "epoch": 1.0, "step": 20},
        {"train_runtime": 12.0, "train_loss": 2.0, "epoch": 1.0, "step": 20},
        {"loss": "text", "step": 30},
        "odd",
    ]
    old = {"log_history": history[:1]}
    place = repo.commit(
        {
            "out/trainer_state.json": json.dumps({"log_history": history}),
            "run/checkpoint-9/trainer_state.json": json.dumps(old),
            "run/checkpoint-10/trainer_state.json": json.dumps({"log_history": history[1:3]}),
        }
    )

    curves = {curve.metric: curve for curve in source.curves(place)}

    assert list(curves) == [
        "out/trainer_state.json:loss",
        "learning_rate",
        "out/trainer_state.json:eval_loss",
        "run/checkpoint-10/trainer_state.json:eval_loss",
        "run/checkpoint-10/trainer_state.json:loss",
    ]
    assert list(curves["out/trainer_state.json:loss"].steps) == [10, 20]
    assert list(curves["out/trainer_state.json:loss"].values) == [2.5, 1.5]
    assert list(curves["out/trainer_state.json:loss"].epochs) == [0.5, 1.0]
    assert math.isnan(curves["out/trainer_state.json:eval_loss"].values[0])


def test_dvclive_names_metrics_by_their_files(repo: RepoBuilder, source: PlainSource) -> None:
    place = repo.commit(
        {
            "dvclive/plots/metrics/train/loss.tsv": "timestamp\tstep\tloss\n17000\t0\t0.5\n17001\t1\t0.4\n",
            "dvclive/plots/metrics/acc.tsv": "step\tacc\n0\t0.9\n",
        }
    )

    assert [(curve.metric, curve.steps, curve.values, curve.times) for curve in source.curves(place)] == [
        ("acc", (0,), (0.9,), ()),
        ("train/loss", (0, 1), (0.5, 0.4), (17000, 17001)),
    ]


def test_entries_line_by_line_are_curves(repo: RepoBuilder, source: PlainSource) -> None:
    lines = '{"iteration": 19, "total_loss": 1.5, "lr": 0.1}\n{"iteration": 39, "total_loss": 1.0}\n{"iterat'
    place = repo.commit({"output/metrics.json": lines, "eval.json": '{"acc": 1}'})

    assert [(curve.metric, curve.steps, curve.values) for curve in source.curves(place)] == [
        ("total_loss", (19, 39), (1.5, 1.0)),
        ("lr", (19,), (0.1,)),
    ]
    version = source.manifest(place, "m")
    assert (list(version.metrics), version.notes) == (["acc"], ())


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("training_log.csv", "epoch,accuracy,loss\n0,0.5,1.0\n", [("accuracy", ""), ("loss", "")]),
        ("runs/train/results.csv", "  epoch,   train/box_loss\n 0,  1.5\n", [("train/box_loss", "")]),
        ("history.csv", "step,metric,value,context\n1,loss,2,train\n", [("loss", "train")]),
        ("request_log.csv", "time,address\n1,2\n", []),
        ("metrics/final.csv", "acc\n1\n", []),
        ("history.csv", "", []),
    ],
)
def test_tables_with_steps_are_curves(
    repo: RepoBuilder, source: PlainSource, path: str, content: str, expected: list[tuple[str, str]]
) -> None:
    assert names(source.curves(repo.commit({path: content}))) == expected


def test_a_broken_file_is_left_out_while_others_can_be_read(repo: RepoBuilder, source: PlainSource) -> None:
    both = repo.commit({"trainer_state.json": "{", "history.csv": "step,loss\n1,2\n"})
    (repo.folder / "history.csv").unlink()
    alone = repo.commit()

    assert names(source.curves(both)) == [("loss", "")]
    with pytest.raises(DocumentInvalid, match=r"trainer_state\.json:1: "):
        source.curves(alone)


def test_a_repository_without_curves_has_none(repo: RepoBuilder, source: PlainSource) -> None:
    assert source.curves(repo.commit({"params.yaml": "a: 1"})) == ()
