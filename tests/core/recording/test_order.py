"""What comes before what in a recording, and what is left when it ends early."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mlver.errors import MlverError, RunRefused, WorkingTreeBusy
from mlver.model.status import Status
from mlver.project import RunRequest
from mlver.recording.aside import Aside
from mlver.running.events import Phase, RunEvent, StepStarted
from mlver.store.locks import hold
from tests.support.training import TrainingProject

STEP = """\
mlver: 1
model: toy
steps:
  train:
    run: |
      {command}
    inputs: [data/raw.csv]
    outputs: [models/]
"""


def one_step(toy: TrainingProject, command: str) -> TrainingProject:
    toy.write("mlver.yaml", STEP.format(command=command.replace("\n", "\n      ")))
    (toy.folder / "models").mkdir(exist_ok=True)
    toy.commit("one step")
    return toy


def test_a_project_file_that_a_killed_run_moved_aside_is_put_back_before_it_is_read(toy: TrainingProject) -> None:
    one_step(toy, "mkdir -p models; echo 1 > models/a")
    Aside(toy.folder / ".git" / "mlver" / "aside", toy.folder).take(["mlver.yaml"])

    assert toy.run().status is Status.DONE
    assert (toy.folder / "mlver.yaml").is_file()


def test_a_failed_run_leaves_the_last_good_model_in_its_place(toy: TrainingProject) -> None:
    one_step(toy, "echo half > models/best; false")
    (toy.folder / "models" / "best").write_text("good")

    assert toy.run().status is Status.FAILED

    assert (toy.folder / "models" / "best").read_text() == "good"
    assert (toy.folder / ".git" / "mlver" / "overtaken" / "models" / "best").read_text() == "half\n"


def test_a_good_run_leaves_its_new_model_in_place(toy: TrainingProject) -> None:
    one_step(toy, "echo new > models/best")
    (toy.folder / "models" / "best").write_text("old")

    assert toy.run().status is Status.DONE

    assert (toy.folder / "models" / "best").read_text() == "new\n"
    assert not (toy.folder / ".git" / "mlver" / "overtaken").exists()


def test_a_link_to_a_file_as_output_survives_a_failed_run(toy: TrainingProject) -> None:
    one_step(toy, "false")
    (toy.folder / "models" / "latest").symlink_to("../data/raw.csv")

    assert toy.run().status is Status.FAILED

    assert (toy.folder / "models" / "latest").readlink() == Path("../data/raw.csv")


def test_an_isolated_run_that_is_refused_leaves_nothing(toy: TrainingProject) -> None:
    one_step(toy, "mkdir -p models; echo 1 > models/a")
    (toy.folder / "data" / "raw.csv").unlink()
    (toy.folder / "data" / "raw.csv").symlink_to("/etc/hostname")
    toy.commit("a link that leads out")

    with pytest.raises(RunRefused):
        toy.run(isolated=True)

    assert toy.git("for-each-ref", "refs/mlver") == ""
    assert list((toy.state / "workspaces").iterdir()) == []


def test_isolated_runs_from_one_working_tree_run_at_once(toy: TrainingProject) -> None:
    one_step(toy, "mkdir -p models; echo 1 > models/a\nuntil [ -e ../go ] || [ -e $HOME/go ]; do sleep 0.05; done")
    started, statuses = threading.Event(), []

    def run() -> None:
        def hear(event: RunEvent) -> None:
            if isinstance(event, StepStarted):
                started.set()

        with toy.opened() as project:
            request = RunRequest(folder=toy.folder, isolated=True)
            statuses.append(project.run(request, on_event=hear).status)

    first, second = threading.Thread(target=run), threading.Thread(target=run)
    first.start()
    assert started.wait(20)
    started.clear()
    second.start()
    both = started.wait(20)
    Path(toy.environment["HOME"], "go").write_text("")
    first.join()
    second.join()

    assert both
    assert statuses == [Status.DONE, Status.DONE]


def test_who_waits_for_a_working_tree_is_told_of_isolated_runs(toy: TrainingProject) -> None:
    with toy.opened() as project:
        assert [row.run for row in project.refresh().rows] == [None], "the branch alone"
    lock = toy.folder / ".git" / "mlver" / "run.lock"

    with hold(lock, "a run of toy", since=0), pytest.raises(WorkingTreeBusy) as caught:
        toy.run(isolated=True)

    assert "--isolated" in caught.value.hint


def test_what_an_isolated_run_made_is_kept_when_it_cannot_be_recorded(toy: TrainingProject) -> None:
    one_step(toy, "mkdir -p models; echo 1 > models/a")
    refs = toy.folder / ".git" / "refs" / "mlver" / "runs"

    def hear(event: RunEvent) -> None:
        if event == Phase("recording"):
            refs.parent.mkdir(parents=True, exist_ok=True)
            refs.write_text("a file where the refs of runs would be\n")

    with toy.opened() as project, pytest.raises(MlverError) as caught:
        project.run(RunRequest(folder=toy.folder, isolated=True), on_event=hear)

    [kept] = (toy.state / "workspaces").iterdir()
    assert str(kept) in caught.value.hint
    assert (kept / "models" / "a").read_text() == "1\n"
