from __future__ import annotations

import pytest

from tests.commands.conftest import shell_of
from tests.support.commands import Shell
from tests.support.training import TrainingProject


@pytest.fixture(scope="module")
def replayable(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    """One version with a seed; replays of it are added by the tests."""
    folder = tmp_path_factory.mktemp("replayable")
    project = TrainingProject(folder / "toy", folder / "home").create()
    project.run()
    return project


def test_a_plan_says_what_would_run_and_writes_nothing(shell: Shell, recorded: TrainingProject) -> None:
    before = recorded.git("for-each-ref")

    ran = shell.mlver("replay", "latest", "--plan")

    assert ran.code == 0
    assert "python3 train.py" in ran.out
    assert recorded.git("for-each-ref") == before


def test_a_replay_that_agrees_is_kept_and_listed(replayable: TrainingProject) -> None:
    shell = shell_of(replayable)

    ran = shell.mlver("replay", "latest", "--check", "--quiet")
    again = shell.mlver("replay", "latest", "--check", "--json")

    assert ran.code == 0
    assert ran.lines[0] == " VERDICT  ≡ identical bytes"
    assert "models/weights.bin" in ran.out
    assert again.document["replay"]["agreement"] == "identical"
    assert again.err.index(" where ") < again.err.index("python3 train.py") < again.err.index("trained 4 weights")
    assert "python3 train.py" not in ran.err  # --quiet
    assert shell.mlver("list").lines[1].endswith("≡2")


def test_a_check_fails_when_what_comes_out_differs(fresh: TrainingProject) -> None:
    fresh.replace("params.json", '"seed": 42', '"seed": null')
    fresh.replace("train.py", "random.random() * 1e-3", "random.random()")
    fresh.commit("remove the seed, and let it matter")
    fresh.run()
    shell = shell_of(fresh)

    ran = shell.mlver("replay", "latest", "--check", "-q")

    assert ran.code == 1
    assert ran.lines[0] == " VERDICT  ≠ different"


def test_commands_from_elsewhere_are_not_run_without_being_asked_about(replayable: TrainingProject) -> None:
    shell = shell_of(replayable).with_variables(XDG_CACHE_HOME=str(replayable.folder.parent / "another user"))

    ran = shell.mlver("replay", "latest")

    assert ran.code == 2
    assert "--yes" in ran.err
    assert "trained" not in ran.err
    assert shell.mlver("replay", "latest", "--yes", "-q").code == 0
    assert shell.mlver("replay", "latest", "-q").code == 0


def test_what_stops_a_replay_is_said(replayable: TrainingProject) -> None:
    shell = shell_of(replayable).with_variables(PATH="/nowhere")

    ran = shell.mlver("replay", "latest")

    assert ran.code == 1
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err


def test_a_replay_whose_step_fails_gives_1(fresh: TrainingProject) -> None:
    fresh.write("gate.py", "import os, sys; sys.exit('CLOSED' in os.environ)\n")
    fresh.replace("mlver.yaml", "run: python3 train.py", "run: python3 gate.py && python3 train.py")
    fresh.commit("a gate")
    fresh.run()
    shell = shell_of(fresh)

    ran = shell.with_variables(CLOSED="1").mlver("replay", "latest", "-q")

    assert ran.code == 1
    assert ran.lines[0] == " VERDICT  ✗ failed"
    assert shell.mlver("replay", "latest", "-q").code == 0


def test_a_replay_of_a_failed_run_says_why_there_is_nothing_to_compare(fresh: TrainingProject) -> None:
    fresh.write("gate.py", "import os, sys; sys.exit('CLOSED' in os.environ)\n")
    fresh.replace("mlver.yaml", "run: python3 prepare.py", "run: python3 gate.py && python3 prepare.py")
    fresh.commit("a gate")
    shell = shell_of(fresh)
    assert shell.with_variables(CLOSED="1").mlver("run", "-q").code == 1
    failed = shell.mlver("list", "--json").document["versions"][0]["run"]

    ran = shell.mlver("replay", failed, "-q")

    assert ran.code == 0
    assert ran.lines[0] == " VERDICT  – not comparable"
    said = "the recorded run failed (step prepare ended with exit code 1) before it had outputs or metrics"
    assert said in " ".join(ran.out.split())
