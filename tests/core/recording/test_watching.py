"""A run that is under way is looked at: its newest points, and nothing that is not its own."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mlver.model.live import Live, live_value
from mlver.model.version import VersionRow
from mlver.project import Project
from tests.support.slow_training import EPOCHS, SlowTraining


@pytest.fixture
def slow(tmp_path: Path) -> SlowTraining:
    return SlowTraining(tmp_path / "slow", tmp_path / "home").create()


def running_row(project: Project) -> VersionRow:
    (row,) = [row for row in project.refresh().rows if row.is_running]
    return row


def watched(project: Project, row: VersionRow, epoch: int) -> Live:
    """What is seen of it once it has written that epoch."""
    while True:
        live = project.live(row)
        assert live is not None
        if any(curve.steps[-1:] == (float(epoch),) for curve in live.curves):
            return live
        time.sleep(0.01)


@pytest.mark.parametrize("isolated", [False, True])
def test_a_run_under_way_shows_its_newest_points_until_it_ends(slow: SlowTraining, isolated: bool) -> None:
    with slow.opened() as project:
        with slow.running(isolated=isolated):
            row = running_row(project)
            assert project.live(row) == Live()

            slow.reach(2)
            live = watched(project, row, 2)
            assert live.axis == "epoch"
            assert live.total == EPOCHS
            value = live_value(live, "loss", ())
            assert value is not None
            assert (value.metric, value.context, value.step, value.value) == ("loss", "eval", 2.0, 0.5)

            slow.reach(3)
            assert watched(project, row, 3)

        assert project.live(row) is None


def test_it_is_held_against_another_version_at_the_same_step(slow: SlowTraining) -> None:
    slow.reach(EPOCHS)
    slow.run()
    slow.replace("params.json", '"lr": 1.0', '"lr": 2.0')
    with slow.opened() as project, slow.running():
        row = running_row(project)
        parent = project.find("latest")
        slow.reach(2)

        value = live_value(
            watched(project, row, 2), "loss", project.curves(parent), lambda _name: parent.metrics["loss"].meaning
        )

        assert value is not None
        assert value.delta is not None
        assert (value.delta.before, value.delta.after, value.delta_step) == (0.5, 0.25, 2.0)
        assert value.delta.judgement == "better"


def test_what_is_older_than_the_run_is_none_of_its_own(slow: SlowTraining) -> None:
    with slow.opened() as project, slow.running():
        row = running_row(project)
        slow.reach(1)
        watched(project, row, 1)

        os.utime(slow.folder / "out/history.csv", (1, 1))

        assert project.live(row) == Live()


def test_a_line_that_is_half_written_waits_for_the_next_look(slow: SlowTraining) -> None:
    with slow.opened() as project, slow.running():
        row = running_row(project)
        slow.reach(1)
        watched(project, row, 1)
        history = slow.folder / "out/history.csv"
        with history.open("a") as file:
            file.write("2,0.1,0.0")
            file.flush()
            assert watched(project, row, 1)
            file.write("9\n")
            file.flush()

            value = live_value(watched(project, row, 2), "loss", ())

        assert value is not None
        assert value.value == 0.09


def test_of_a_long_history_the_end_is_read(slow: SlowTraining) -> None:
    with slow.opened() as project, slow.running():
        row = running_row(project)
        slow.reach(1)
        watched(project, row, 1)
        with (slow.folder / "out/history.csv").open("a") as file:
            file.writelines(f"{step},0.5,{step}.25\n" for step in range(2, 60_000))

        live = watched(project, row, 59_999)

        assert live.curves[0].steps[0] > 1000
        assert live.curves[1].values[-1] == 59_999.25


def test_a_pipe_in_the_place_of_the_curves_holds_nobody_up(slow: SlowTraining) -> None:
    with slow.opened() as project, slow.running():
        row = running_row(project)
        slow.reach(1)
        watched(project, row, 1)
        history = slow.folder / "out/history.csv"
        history.rename(history.with_suffix(".old"))
        os.mkfifo(history)

        assert project.live(row) == Live()

        history.unlink()
        history.with_suffix(".old").rename(history)
