"""Replays of real trainings."""

from __future__ import annotations

import shutil

import pytest
from msgspec.structs import replace

from mlver.errors import Interrupted, ReplayRefused
from mlver.model.manifest import FileFact
from mlver.model.replay import ReplayPlan, ReplayRecord
from mlver.model.status import Status
from mlver.model.version import Agreement, Version, VersionRow
from mlver.replay.planning import plan_replay
from mlver.running.events import Phase, RunEvent
from tests.support.training import TrainingProject


def replay(toy: TrainingProject, row: VersionRow) -> ReplayRecord:
    with toy.opened() as project:
        return project.replay(project.plan_replay(row), on_event=lambda _event: None)


def plan(toy: TrainingProject, row: VersionRow) -> ReplayPlan:
    with toy.opened() as project:
        return project.plan_replay(row)


def test_a_seeded_run_comes_out_byte_for_byte_and_the_list_shows_it(toy: TrainingProject) -> None:
    row = toy.run()

    record = replay(toy, row)

    assert record.agreement is Agreement.IDENTICAL
    assert {output.agreement for output in record.outputs} == {Agreement.IDENTICAL}
    assert record.first_divergence is None
    with toy.opened() as project:
        mark = project.refresh().rows[0].replay
        assert project.replays_of(row) == (record,)
    assert mark is not None
    assert (mark.agreement, mark.count) == (Agreement.IDENTICAL, 1)
    assert toy.git("fsck", "--strict", "--no-dangling") == ""


def test_a_second_replay_counts(toy: TrainingProject) -> None:
    row = toy.run()

    replay(toy, row)
    replay(toy, row)

    with toy.opened() as project:
        mark = project.refresh().rows[0].replay
    assert mark is not None
    assert mark.count == 2


def test_an_unseeded_run_diverges_and_the_first_step_is_named(toy: TrainingProject) -> None:
    toy.replace("params.json", "42", "null")
    toy.commit("no seed")
    row = toy.run()

    record = replay(toy, row)

    assert record.agreement in {Agreement.WITHIN_TOLERANCE, Agreement.DIFFERENT}
    assert record.first_divergence == "train: models/weights.bin"
    by_path = {output.path: output.agreement for output in record.outputs}
    assert by_path["data/train.csv"] is Agreement.IDENTICAL
    assert by_path["models/weights.bin"] is Agreement.DIFFERENT


def test_other_bytes_of_the_same_content_are_the_second_rung(toy: TrainingProject) -> None:
    toy.replace(
        "train.py", "json.dumps(weights)", "json.dumps(weights, indent=random.SystemRandom().randrange(1, 2**20) % 7)"
    )
    toy.replace("train.py", 'pathlib.Path("models/weights.bin")', 'pathlib.Path("/dev/null")')
    toy.commit("indent by chance")
    row = toy.run()

    records = [replay(toy, row) for _ in range(3)]

    assert Agreement.CONTENT in {record.agreement for record in records}
    assert {record.agreement for record in records} <= {Agreement.CONTENT, Agreement.IDENTICAL}


def test_the_working_tree_is_not_touched(toy: TrainingProject) -> None:
    row = toy.run()
    toy.replace("train.py", "1e-3", "1e-1")
    shutil.rmtree(toy.folder / "models")
    before = toy.git("status", "--porcelain")

    record = replay(toy, row)

    assert record.agreement is Agreement.IDENTICAL
    assert toy.git("status", "--porcelain") == before
    assert not (toy.folder / "models").exists()
    assert list((toy.state / "workspaces").iterdir()) == []


def test_params_that_were_set_are_replayed_as_set(toy: TrainingProject) -> None:
    row = toy.run(settings={"optimiser.lr": 0.7})

    assert replay(toy, row).agreement is Agreement.IDENTICAL


def test_a_step_that_fails_is_a_failed_replay_with_its_reason(toy: TrainingProject) -> None:
    toy.replace(
        "train.py", "import json", 'import json, os; os.environ.get("MLVER_TEST_FAIL") and exit(4)\nimport json'
    )
    toy.commit("fail on demand")
    row = toy.run()
    toy.environment["MLVER_TEST_FAIL"] = "1"

    record = replay(toy, row)

    assert record.agreement is Agreement.FAILED
    assert record.problem == "step train ended with exit code 4"


def test_making_a_plan_writes_nothing(toy: TrainingProject) -> None:
    row = toy.run()
    before = toy.git("for-each-ref"), sorted(path.as_posix() for path in toy.folder.rglob("*"))

    made = plan(toy, row)

    assert [step.name for step in made.steps] == ["prepare", "train", "evaluate"]
    assert made.is_trusted
    assert made.obstacles == ()
    assert made.expectation == "the same bytes"
    assert (toy.git("for-each-ref"), sorted(path.as_posix() for path in toy.folder.rglob("*"))) == before


def test_of_a_run_that_failed_no_result_is_expected(toy: TrainingProject) -> None:
    toy.write("train.py", "raise SystemExit(3)\n")
    toy.commit("fails")
    row = toy.run()

    assert plan(toy, row).expectation == "no result: the recorded run failed (step train ended with exit code 3)"


def test_a_strangers_version_is_not_trusted_and_nothing_of_it_is_started(toy: TrainingProject) -> None:
    row = toy.run()
    shutil.rmtree(toy.state / "trusted")

    made = plan(toy, row)

    assert not made.is_trusted
    assert made.drift == ()
    assert made.expectation == "not known before it runs"


def test_a_large_file_that_is_gone_is_an_obstacle_with_a_remedy(toy: TrainingProject) -> None:
    (toy.folder / "data" / "raw.csv").write_text("id,x\n" + "1,2.5\n" * 40_000)
    toy.git("rm", "-q", "--cached", "data/raw.csv")
    toy.write(".gitignore", "data/\nmodels/\nmetrics/\n")
    toy.commit("data is not tracked")
    row = toy.run()
    shutil.rmtree(toy.folder / ".git" / "mlver" / "objects")
    (toy.folder / "data" / "raw.csv").unlink()

    made = plan(toy, row)

    assert made.obstacles == ("data/raw.csv is not present here: bring the file back to its place, or fetch it",)
    with toy.opened() as project, pytest.raises(ReplayRefused):
        project.replay(made, on_event=lambda _event: None)


def test_untracked_data_is_replayed_from_the_store(toy: TrainingProject) -> None:
    (toy.folder / "data" / "raw.csv").write_text("id,x\n" + "1,2.5\n" * 40_000)
    toy.git("rm", "-q", "--cached", "data/raw.csv")
    toy.write(".gitignore", "data/\nmodels/\nmetrics/\n")
    toy.commit("data is not tracked")
    row = toy.run()
    (toy.folder / "data" / "raw.csv").write_text("id,x\n1,1\n2,2\n3,3\n4,4\n")

    assert replay(toy, row).agreement is Agreement.IDENTICAL


def test_a_replay_that_is_stopped_keeps_nothing(toy: TrainingProject) -> None:
    row = toy.run()

    with toy.opened() as project, pytest.raises(Interrupted):
        project.replay(project.plan_replay(row), on_event=lambda _event: None, should_stop=lambda: True)

    assert "refs/mlver/replays" not in toy.git("for-each-ref")


def test_a_damaged_record_is_left_out(toy: TrainingProject) -> None:
    row = toy.run()
    toy.git("update-ref", f"refs/mlver/replays/{row.commit}/p000000000000", row.commit)

    with toy.opened() as project:
        assert project.replays_of(row) == ()
        listing = project.refresh()
    assert listing.rows[0].replay is None
    assert f"refs/mlver/replays/{row.commit}/p000000000000: " in listing.problems[0]


def test_the_list_marks_only_the_version_a_record_speaks_of(toy: TrainingProject) -> None:
    first, second = toy.run(), toy.run(settings={"optimiser.lr": 0.7})
    record = replay(toy, first)
    commit = toy.git("rev-parse", f"refs/mlver/replays/{first.commit}/{record.id}").strip()
    toy.git("update-ref", f"refs/mlver/replays/{second.commit}/p000000000000", commit)

    with toy.opened() as project:
        listing = project.refresh()

    marks = {row.key: row.replay for row in listing.rows}
    assert marks[second.key] is None
    assert marks[first.key] is not None
    assert "speaks of another version" in listing.problems[0]


def test_metrics_of_a_project_in_a_subfolder_have_the_names_of_the_recording(toy: TrainingProject) -> None:
    (toy.folder / "sub").mkdir()
    for entry in toy.git("ls-tree", "--name-only", "HEAD").split():
        toy.git("mv", entry, f"sub/{entry}")
    for folder in ("one", "two"):
        toy.replace(
            "sub/evaluate.py",
            'pathlib.Path("metrics/eval.json")',
            f'pathlib.Path("{folder}.json").write_text(json.dumps(metrics))\npathlib.Path("metrics/eval.json")',
        )
        toy.replace("sub/evaluate.py", f'"{folder}.json"', f'"metrics/{folder}/same.json"')
        toy.replace(
            "sub/evaluate.py",
            "import json, pathlib",
            f'import json, pathlib\npathlib.Path("metrics/{folder}").mkdir(exist_ok=True)',
        )
    toy.replace("sub/mlver.yaml", "[metrics/eval.json]", "[metrics/two/same.json, metrics/one/same.json]")
    toy.commit("into a folder")
    toy.folder /= "sub"
    row = toy.run()

    record = replay(toy, row)

    names = {metric.name for metric in record.metrics}
    assert {"sub/metrics/one/same.accuracy", "sub/metrics/two/same.loss"} <= names
    assert {metric.agreement for metric in record.metrics} == {Agreement.IDENTICAL}
    assert record.agreement is Agreement.IDENTICAL
    assert record.problem is None


def test_metrics_that_cannot_be_read_are_told_of_and_no_verdict_hides_them(toy: TrainingProject) -> None:
    toy.replace(
        "evaluate.py",
        "json.dumps(metrics))",
        '"[1, 2]" if __import__("os").environ.get("MLVER_TEST_FAIL") else json.dumps(metrics))',
    )
    toy.commit("other metrics on demand")
    row = toy.run()
    toy.environment["MLVER_TEST_FAIL"] = "1"

    record = replay(toy, row)

    assert record.agreement is Agreement.DIFFERENT
    assert record.problem is not None
    assert record.problem.startswith("the metrics cannot be read: ")
    assert "metrics/eval.json" in record.problem
    assert {metric.agreement for metric in record.metrics} == {Agreement.NOT_COMPARABLE}


def test_an_obstacle_is_no_agreement_to_run_a_strangers_version(toy: TrainingProject) -> None:
    row = toy.run()
    shutil.rmtree(toy.state / "trusted")
    stopped = replace(plan(toy, row), obstacles=("something is missing",))

    with toy.opened() as project, pytest.raises(ReplayRefused):
        project.replay(stopped, on_event=lambda _event: None)

    assert not plan(toy, row).is_trusted


def test_a_record_counts_only_for_the_version_its_ref_names(toy: TrainingProject) -> None:
    first, second = toy.run(), toy.run(settings={"optimiser.lr": 0.7})
    record = replay(toy, first)
    commit = toy.git("rev-parse", f"refs/mlver/replays/{first.commit}/{record.id}").strip()
    toy.git("update-ref", f"refs/mlver/replays/{second.commit}/{record.id}", commit)

    with toy.opened() as project:
        assert project.replays_of(first) == (record,)
        assert project.replays_of(second) == ()


def test_a_record_whose_commit_stands_on_another_version_is_left_out(toy: TrainingProject) -> None:
    first, second = toy.run(), toy.run(settings={"optimiser.lr": 0.7})
    record = replay(toy, first)
    ref = f"refs/mlver/replays/{first.commit}/{record.id}"
    forged = toy.git("commit-tree", "-p", second.commit, "-m", "forged", f"{ref}^{{tree}}").strip()
    toy.git("update-ref", ref, forged)

    with toy.opened() as project:
        assert project.replays_of(first) == ()
        assert project.refresh().rows[0].replay is None


def test_what_cannot_be_put_in_place_is_told(toy: TrainingProject) -> None:
    toy.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor")
    toy.git("commit", "-q", "-m", "a submodule")
    (toy.folder / "vendor").mkdir()
    for number in range(6):
        (toy.folder / f"out{number}").symlink_to(f"/nowhere/{number}")
    toy.git("add", *(f"out{number}" for number in range(6)))
    toy.git("commit", "-q", "-m", "links out")
    row = toy.run()
    events: list[RunEvent] = []

    with toy.opened() as project:
        record = project.replay(project.plan_replay(row), on_event=events.append)

    notes = [event.text for event in events if isinstance(event, Phase) and event.text.startswith("note: ")]
    assert len(notes) == 6
    assert notes[-1] == "note: 2 more files are not in the workspace"
    assert any("vendor is a submodule" in note for note in notes)
    assert any("leads out of the tree, to /nowhere/0" in note for note in notes)
    assert record.agreement is Agreement.IDENTICAL


def with_input(version: Version, fact: FileFact) -> Version:
    """The version, its first step with one more recorded input."""
    first, *rest = version.manifest.steps
    steps = (replace(first, inputs=(*first.inputs, fact)), *rest)
    return replace(version, manifest=replace(version.manifest, steps=steps))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("README.md", "README.md is kept with another content than was recorded"),
        ("out", "out is a link that leads out of the tree"),
    ],
)
def test_a_plan_names_an_input_that_cannot_be_what_was_recorded(toy: TrainingProject, path: str, said: str) -> None:
    (toy.folder / "out").symlink_to("/nowhere")
    toy.commit("a link out")
    row = toy.run()

    with toy.opened() as project:
        version = with_input(project.version(row), FileFact(path=path, sha256="0" * 64, size=6))
        made = plan_replay(version, project._here())

    assert len(made.obstacles) == 1
    assert made.obstacles[0].startswith(said)


def test_a_lost_object_is_an_obstacle_and_not_the_end_of_the_plan(toy: TrainingProject) -> None:
    row = toy.run()
    blob = toy.git("rev-parse", f"{row.commit}:data/raw.csv").strip()
    (toy.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    made = plan(toy, row)

    assert len(made.obstacles) == 1
    assert made.obstacles[0].startswith("data/raw.csv: ")


def test_a_step_that_writes_into_folders_of_the_working_tree_alone_runs_again(toy: TrainingProject) -> None:
    for folder in ("models", "metrics", "deep/curves", "globbed/below"):
        (toy.folder / folder).mkdir(parents=True)
    toy.write("train.py", "for path in PATHS:\n    open(path, 'w').write('step,metric,value\\n1,loss,1\\n')\n")
    paths = ["models/m.bin", "metrics/m.csv", "deep/curves/h.csv", "globbed/below/a.bin"]
    toy.replace("train.py", "PATHS", str(paths))
    toy.write("params.yaml", "lr: 1\n")
    toy.write(
        "mlver.yaml",
        "mlver: 1\nmodel: toy\nsteps:\n  train:\n    run: python3 train.py\n    inputs: [train.py]\n"
        "    params: [params.yaml]\n    outputs: [models, metrics/m.csv, 'globbed/below/*.bin']\n"
        "    history: deep/curves/h.csv\n",
    )
    toy.commit("write where nothing is made")

    here, isolated, settled = toy.run(), toy.run(isolated=True), toy.run(settings={"lr": 2})

    assert {here.status, isolated.status, settled.status} == {Status.DONE}
    assert replay(toy, here).agreement is Agreement.IDENTICAL
    assert replay(toy, settled).agreement is Agreement.IDENTICAL


@pytest.mark.parametrize("declared", ["models", "models/", "models/m.bin", "models/*.bin"])
def test_a_step_that_refuses_a_folder_that_is_there_runs_where_it_is_not(toy: TrainingProject, declared: str) -> None:
    toy.write("train.py", "import os\nos.mkdir('models')\nopen('models/m.bin', 'w').write('weights')\n")
    toy.write(
        "mlver.yaml",
        "mlver: 1\nmodel: toy\nsteps:\n  train:\n    run: python3 train.py\n    inputs: [train.py]\n"
        f"    outputs: ['{declared}']\n",
    )
    toy.commit("make the folder, and do not ask")

    isolated = toy.run(isolated=True)
    here = toy.run()
    again = toy.run(isolated=True)

    assert (isolated.status, here.status) == (Status.DONE, Status.DONE)
    assert again.status is Status.FAILED  # as it does in the working tree, which has the folder by now
    with toy.opened() as project:
        assert project.version(here).manifest.steps[0].made_folders == ("models",)
    assert replay(toy, isolated).agreement is Agreement.IDENTICAL
    assert replay(toy, here).agreement is Agreement.IDENTICAL
