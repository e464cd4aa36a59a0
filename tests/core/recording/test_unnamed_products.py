"""What a run says of files that nobody named."""

from __future__ import annotations

import pytest

from mlver.errors import NoProjectFile
from mlver.model.status import Status
from mlver.project import RunRequest
from mlver.running.events import Phase, RunEvent
from tests.support.training import TrainingProject

STEP = "mlver: 1\nmodel: toy\nsteps:\n  train:\n    run: {run}\n"


def notes_of(toy: TrainingProject, run: str, more: str = "", **request: object) -> list[str]:
    """What a run of one step tells."""
    toy.write("mlver.yaml", STEP.format(run=run) + more)
    toy.commit("one step")
    said: list[str] = []

    def hear(event: RunEvent) -> None:
        if isinstance(event, Phase) and event.text.startswith("note: "):
            said.append(event.text.removeprefix("note: "))

    with toy.opened() as project:
        row = project.run(RunRequest(folder=toy.folder, **request), on_event=hear)  # type: ignore[arg-type]
    assert row.status is Status.DONE
    return [text for text in said if "untracked and left out" not in text]


@pytest.mark.parametrize("isolated", [False, True])
def test_files_that_the_project_does_not_name_are_named(toy: TrainingProject, isolated: bool) -> None:
    said = notes_of(toy, "mkdir -p out .venv && tee metrics.json out/model.pkl .venv/x < README.md", isolated=isolated)

    assert said == ["the steps wrote metrics.json and out/model.pkl; mlver.yaml names neither (outputs:, metrics:)"]


def test_one_that_was_forgotten_beside_others_is_named(toy: TrainingProject) -> None:
    said = notes_of(toy, "echo 1 | tee model.bin > scores.yaml", "    outputs: [model.bin]\n")

    assert said == ["the steps wrote scores.yaml; mlver.yaml does not name it (outputs:, metrics:)"]


def test_many_are_counted(toy: TrainingProject) -> None:
    said = notes_of(toy, "for i in 1 2 3 4 5 6 7; do echo $i > $i.bin; done")

    files = "1.bin, 2.bin, 3.bin, 4.bin, 5.bin and 2 more"
    assert said == [f"the steps wrote {files}; mlver.yaml names none of them (outputs:, metrics:)"]


def test_what_is_named_and_logs_beside_it_and_what_a_person_edits_is_not(toy: TrainingProject) -> None:
    run = "mkdir -p m mlruns && tee m/a m/b mlruns/x train.log README.md prepare.py < data/raw.csv"

    assert notes_of(toy, run, "    outputs: [m]\n    params: [params.json]\n") == []


def test_a_project_that_names_and_makes_nothing_is_told_of_its_empty_version(toy: TrainingProject) -> None:
    assert notes_of(toy, "'true'") == [
        "mlver.yaml names neither outputs nor metrics (outputs:, metrics:): this version holds none"
    ]


def test_project_files_further_below_are_named_where_none_is_found(toy: TrainingProject) -> None:
    toy.git("rm", "-q", "mlver.yaml")
    for folder in ("sub", "a b/deep", "node_modules/x"):
        toy.write(f"{folder}/mlver.yaml", STEP.format(run="true"))

    with pytest.raises(NoProjectFile) as caught:
        toy.run()

    assert caught.value.hint == "below it there is sub/mlver.yaml, a b/deep/mlver.yaml: mlver run -f sub/mlver.yaml"
