"""The log of a session tells what was done once, however often it was done in a row."""

from __future__ import annotations

from itertools import count

import pytest

from mlver.errors import MlverError
from mlver_tui.activity import Activities, Activity
from mlver_tui.view_models.activity_lines import activity_lines
from mlver_tui.view_models.spans import text_of


def made() -> Activities:
    seconds = count(1.0)
    return Activities(lambda: next(seconds))


def test_what_is_done_again_and_again_is_one_entry_with_the_time_of_the_last() -> None:
    activities = made()
    for _ in range(3):
        with activities.doing("list the versions", "mlver list"):
            pass
    activities.add("copy the name")
    activities.add("list the versions", "mlver list")

    assert [(one.said, one.times, one.at) for one in activities] == [
        ("list the versions", 3, 5.0),
        ("copy the name", 1, 7.0),
        ("list the versions", 1, 8.0),
    ]


def test_what_came_to_something_else_has_an_entry_of_its_own() -> None:
    activities = made()
    activities.add("list the versions", "mlver list")
    with pytest.raises(MlverError), activities.doing("list the versions", "mlver list"):
        raise MlverError("the index is locked")

    assert [(one.outcome, one.times) for one in activities] == [("", 1), ("the index is locked", 1)]


def test_the_log_says_how_often() -> None:
    often = Activity(said="list the versions", command="mlver list", at=0.0, took_s=0.03, times=14)

    told = [text_of(one.line) for one in activity_lines((), [often], 80)]

    assert told[1].endswith("0.03 s  list the versions  ×14")
    assert told[2].strip() == "mlver list"
