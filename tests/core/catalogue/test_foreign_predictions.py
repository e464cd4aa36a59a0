"""Versions of other tools say nothing of predictions: the project file of today does, for those that have the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import md5
from pathlib import Path

import pytest

from mlver.model.predictions import Tally
from tests.support.foreign_repos import by_name, dvc_files, opened, plain_files
from tests.support.git import RepoBuilder
from tests.support.mlflow_stores import FileStoreWriter

PATH = "metrics/predictions.csv"
PROJECT = f"mlver: 1\nmodel: toy\nsteps: {{evaluate: {{run: dvc repro, predictions: {PATH}}}}}\n"
BEFORE = "row,truth,prediction\n1,a,b\n2,a,a\n"
AFTER = "row,truth,prediction\n1,a,a\n2,a,a\n"


def kept_by_dvc(repo: RepoBuilder, predictions: str, how: str) -> Mapping[str, str | bytes]:
    """The files of a commit of DVC's whose predictions are an output in its cache, or part of one."""
    files = dict(dvc_files())
    if how == "git":
        return {**files, PATH: predictions}
    digest = put(repo, predictions.encode())
    path = PATH
    if how == "folder":
        listing = json.dumps([{"md5": digest, "relpath": "predictions.csv"}]).encode()
        digest, path = put(repo, listing, ".dir") + ".dir", "metrics"
    files["dvc.yaml"] = f"stages:\n  evaluate:\n    cmd: python evaluate.py\n    outs:\n    - {path}\n"
    files["dvc.lock"] = (
        f"schema: '2.0'\nstages:\n  evaluate:\n    cmd: python evaluate.py\n    outs:\n"
        f"    - path: {path}\n      hash: md5\n      md5: {digest}\n"
    )
    return {**files, ".dvc/config": ""}


def put(repo: RepoBuilder, content: bytes, ending: str = "") -> str:
    """The digest of what now lies in DVC's cache."""
    digest = md5(content).hexdigest()
    place = repo.folder / ".dvc" / "cache" / "files" / "md5" / digest[:2] / (digest[2:] + ending)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return digest


@pytest.mark.parametrize("how", ["git", "file", "folder"])
def test_predictions_of_dvc_are_joined(tmp_path: Path, how: str) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.write({".gitignore": ".dvc/cache\n"})
    for name, text in (("first", BEFORE), ("second", AFTER)):
        repo.commit({**kept_by_dvc(repo, text, how), "params.yaml": f"lr: 0.{len(name)}\n"})
        repo.tag(name)
    repo.commit({"mlver.yaml": PROJECT})

    with opened(repo) as project:
        rows = by_name(project.refresh())
        found = project.compare_flips(rows["first"], rows["second"])

    assert {rows[name].source for name in ("first", "second")} == {"dvc"}
    assert found.notes == ()
    assert found.predictions is not None
    assert found.predictions.flips is not None
    assert found.predictions.flips.tally == Tally(fixed=1, both_right=1)


def test_a_version_without_the_file_has_none_and_nothing_is_said(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    for name, more in (("first", {}), ("second", {PATH: AFTER})):
        repo.commit({**plain_files(lr=len(name) / 10), **more})
        repo.tag(name)
    repo.commit({"mlver.yaml": PROJECT})

    with opened(repo) as project:
        rows = by_name(project.refresh())
        named = [project.version(rows[name]).manifest.predictions for name in ("first", "second")]
        found = project.compare_flips(rows["first"], rows["second"])

    assert named == [None, PATH]
    assert (found.predictions, found.notes) == (None, ())


def test_predictions_that_mlflow_logged_are_joined_by_the_name_of_the_file(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({"mlver.yaml": PROJECT, ".gitignore": "mlruns\n"})
    store = FileStoreWriter(repo.folder / "mlruns")
    store.experiment("1", "toy")
    for run, text in (("a" * 32, BEFORE), ("b" * 32, AFTER)):
        folder = store.run("1", run, metrics={"accuracy": ["1 0.5 0"]})
        (folder / "artifacts" / "predictions.csv").write_text(text)

    with opened(repo) as project:
        before, after = (row for run in "ab" for row in project.refresh().rows if row.commit.startswith(run * 8))
        found = project.compare_flips(before, after)

    assert found.predictions is not None
    assert found.predictions.flips is not None
    assert found.predictions.flips.tally == Tally(fixed=1, both_right=1)
