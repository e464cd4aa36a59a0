"""One broken file is one note; the rest of the version stands."""

from __future__ import annotations

import pytest

from mlver.model.manifest import Manifest
from tests.support.dvc_versions import read_dvc
from tests.support.git import RepoBuilder

PIPELINE = """\
stages:
  train:
    cmd: python train.py
    deps: [data]
    params: [lr]
    outs: [model.bin]
    metrics:
      - metrics.json: {cache: false}
"""
LOCK = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - path: data
      hash: md5
      md5: 196a322c107c2572335158503c64bfba.dir
    params:
      params.yaml:
        lr: 0.1
    outs:
    - path: model.bin
      hash: md5
      md5: 9dd4e461268c8034f5c8564e155c67a6
      size: 12
"""
GOOD = {"dvc.yaml": PIPELINE, "dvc.lock": LOCK, "params.yaml": "lr: 0.1\n", "metrics.json": '{"loss": 1}'}
CONFLICT = "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def version_of(repo: RepoBuilder, **changes: str | bytes | None) -> Manifest:
    """The version of a project in which some files (`_` for the dot) are other."""
    files = GOOD | {name.replace("_", "."): content for name, content in changes.items()}
    repo.commit({path: content for path, content in files.items() if content is not None})
    repo.tag("v1")
    with read_dvc(repo) as reading:
        return reading.manifest("v1")


def test_a_lock_with_conflict_marks_leaves_what_dvc_yaml_says(repo: RepoBuilder) -> None:
    manifest = version_of(repo, dvc_lock=LOCK + CONFLICT)

    assert manifest.notes == ("dvc.lock:17: holds an unresolved merge conflict",)
    assert manifest.problem == manifest.notes[0]
    assert manifest.steps[0].run == "python train.py"
    assert manifest.steps[0].outputs[0].digest is None
    assert [(one.path, one.digest) for one in manifest.artifacts] == [("model.bin", None)]
    assert manifest.metrics["loss"].value == 1


def test_a_broken_pipeline_leaves_what_its_lock_says(repo: RepoBuilder) -> None:
    manifest = version_of(repo, dvc_yaml="stages:\n\ttrain:\n")

    assert "dvc.yaml:2" in manifest.notes[0]
    assert [one.path for one in manifest.artifacts] == ["model.bin"]
    assert manifest.params == {"lr": 0.1}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("lr: 0.1\nlr: 0.2\n", "params.yaml:2"),
        (b"lr: \xff\n", "params.yaml:1: byte 0xff is not UTF-8"),
        ("a: 1\n---\nb: 2\n", "params.yaml:2: a second document"),
        (CONFLICT, "params.yaml:1: holds an unresolved merge conflict"),
        (BOMB, "holds more than"),
    ],
    ids=["twice", "bytes", "documents", "conflict", "bomb"],
)
def test_broken_params_are_noted_and_the_locks_are_shown(repo: RepoBuilder, content: str | bytes, what: str) -> None:
    manifest = version_of(repo, params_yaml=content)

    assert what in manifest.notes[0]
    assert manifest.params == {"lr": 0.1}
    assert [one.path for one in manifest.artifacts] == ["model.bin"]


def test_python_objects_are_text(repo: RepoBuilder) -> None:
    manifest = version_of(repo, params_yaml="lr: !!python/object/apply:eval ['1/0']\n")

    assert manifest.params == {"lr": ["1/0"]}


def test_python_that_is_none_is_noted(repo: RepoBuilder) -> None:
    pipeline = PIPELINE.replace("[lr]", "[{params.py: [RATE]}]")
    manifest = version_of(repo, dvc_yaml=pipeline, params_py="RATE = 1\nclass:\n")

    assert manifest.notes == ("params.py:2: invalid syntax",)


def test_paths_that_lead_out_are_left_out_and_said(repo: RepoBuilder) -> None:
    lock = LOCK.replace("path: model.bin", "path: /etc/passwd")
    pipeline = PIPELINE.replace("[model.bin]", "[/etc/passwd]").replace("[data]", "[../../data, s3://b/k]")
    manifest = version_of(repo, dvc_yaml=pipeline, dvc_lock=lock)

    assert manifest.artifacts == ()
    assert [one.path for one in manifest.steps[0].inputs] == ["s3://b/k"]
    assert "dvc.lock:13: stages.train.outs[0].path: /etc/passwd leads out of the repository; left out" in manifest.notes
    assert "dvc.yaml:4: stages.train.deps[0]: ../../data leads out of the repository; left out" in manifest.notes


@pytest.mark.parametrize(
    "pipeline",
    [
        "stages: [1, 2]\n",
        "stages: {train: text}\n",
        "stages: {train: {cmd: {a: 1}, deps: 4, outs: {x: 1}, params: [[1]], metrics: [{a: {cache: 9}}]}}\n",
        "- 1\n",
        "vars: 4\nstages: {a: {cmd: '${x}'}}\nplots: [[1], {p: [2]}]\nartifacts: [1]\nmetrics: {a: 1}\n",
        "stages: {a: {foreach: '${none}', do: {cmd: x}}}\n",
        "stages: {a: {foreach: [1], do: 4}}\n",
        "stages: {a: {matrix: [1], cmd: x}}\n",
        "datasets: [1, {name: 2, url: 3}]\n",
        "",
    ],
)
def test_any_shape_is_read_without_falling_over(repo: RepoBuilder, pipeline: str) -> None:
    manifest = version_of(repo, dvc_yaml=pipeline)

    assert all(isinstance(note, str) for note in manifest.notes)


def test_a_matrix_of_millions_is_said_and_not_made(repo: RepoBuilder) -> None:
    axis = "[" + ", ".join(map(str, range(100))) + "]"
    manifest = version_of(
        repo, dvc_yaml=f"stages:\n  g:\n    cmd: x\n    matrix: {{a: {axis}, b: {axis}, c: {axis}}}\n"
    )

    assert manifest.notes == ("dvc.yaml:2: stages.g: generates more than 5000 steps; its steps are those of dvc.lock",)


def test_a_step_whose_template_names_nothing_is_as_it_ran(repo: RepoBuilder) -> None:
    manifest = version_of(repo, dvc_yaml=PIPELINE.replace("python train.py", "python ${gone.key}"))

    assert manifest.notes == (
        "dvc.yaml:2: stages.train: nothing is called ${gone.key}; the step train is as dvc.lock has it",
    )
    assert manifest.steps[0].run == "python train.py"


def test_a_pointer_that_is_broken_leaves_the_others(repo: RepoBuilder) -> None:
    repo.commit({"a.dvc": "outs: [", "b.dvc": "outs:\n- path: b\n  md5: 9dd4e461268c8034f5c8564e155c67a6\n"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        manifest = reading.manifest("v1")

    assert [one.path for one in manifest.data] == ["b"]
    assert manifest.notes[0].startswith("a.dvc:")


def test_a_blob_that_a_partial_clone_lacks_is_said(repo: RepoBuilder) -> None:
    repo.commit(GOOD)
    repo.tag("v1")

    with read_dvc(repo.partial()) as reading:
        manifest = reading.manifest("v1")

    assert manifest.created
    assert any(note.startswith("dvc.yaml: ") for note in manifest.notes)


def test_metrics_that_git_lfs_keeps_are_said_to_be_elsewhere(repo: RepoBuilder) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 12\n"
    manifest = version_of(repo, metrics_json=pointer)

    assert manifest.metrics == {}
    assert manifest.notes == ("metrics.json: declared, not in git",)
    assert manifest.problem is None


def test_a_flood_of_values_is_no_metrics(repo: RepoBuilder) -> None:
    flood = "{" + ", ".join(f'"k{number}": 1' for number in range(20_000)) + "}"
    manifest = version_of(repo, metrics_json=flood)

    assert manifest.metrics == {}
    assert manifest.notes == ("metrics.json: holds more than 10000 values, and so no metrics",)


def test_notes_have_an_end(repo: RepoBuilder) -> None:
    outs = "".join("- path: /out\n" for _ in range(500))
    manifest = version_of(repo, many_dvc=f"outs:\n{outs}")

    assert len(manifest.notes) == 51
    assert manifest.notes[-1] == "and 450 more"


def test_the_first_metric_is_a_measured_one(repo: RepoBuilder) -> None:
    manifest = version_of(repo, metrics_json='{"epoch": 3, "note": "x", "train": {"loss": 0.5}, "step": 9}')

    assert list(manifest.metrics) == ["train.loss", "epoch", "step", "note"]


def test_a_link_among_params_and_metrics_is_not_read_as_text(repo: RepoBuilder) -> None:
    repo.write(GOOD)
    for path in ("params.yaml", "metrics.json"):
        (repo.folder / path).unlink()
        (repo.folder / path).symlink_to("elsewhere.yaml")
    repo.commit({"elsewhere.yaml": "lr: 0.5\n"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        manifest = reading.manifest("v1")

    assert manifest.params == {"lr": 0.1}
    assert manifest.metrics == {}
    assert manifest.notes == (
        "params.yaml: declared, not in git; params are those of dvc.lock",
        "metrics.json: declared, not in git",
    )


def test_windows_line_ends_and_characters_beyond_the_basic_plane_are_no_fault(repo: RepoBuilder) -> None:
    manifest = version_of(
        repo,
        dvc_yaml=PIPELINE.replace("python train.py", "python train.py --tag 🚀")
        .replace("[lr]", "[lr, 🙂]")
        .replace("\n", "\r\n"),
        dvc_lock=LOCK.replace("python train.py", "python train.py --tag 🚀").replace("\n", "\r\n"),
        params_yaml="lr: 0.1\r\n🙂: día\r\n",
        metrics_json='{\r\n"🎯": 1}',
    )

    assert manifest.notes == ()
    assert manifest.params == {"lr": 0.1, "🙂": "día"}
    assert manifest.steps[0].run == "python train.py --tag 🚀"
    assert manifest.metrics["🎯"].value == 1


def test_the_only_metrics_file_may_move_and_its_metrics_are_the_same_ones(repo: RepoBuilder) -> None:
    repo.commit(GOOD)
    repo.tag("v1")
    (repo.folder / "metrics.json").unlink()
    repo.commit({"dvc.yaml": PIPELINE.replace("metrics.json", "out/eval.json"), "out/eval.json": '{"loss": 2}'})
    repo.tag("v2")

    with read_dvc(repo) as reading:
        before, after = (reading.manifest(name).metrics for name in ("v1", "v2"))

    assert (before["loss"].value, after["loss"].value) == (1, 2)
