from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlver.errors import BadArgument
from mlver_tui.commands.run import parsed_settings
from tests.commands.conftest import shell_of
from tests.support.training import TrainingProject


def test_the_output_is_the_new_version_and_the_errors_are_the_rest(fresh: TrainingProject) -> None:
    ran = shell_of(fresh).mlver("run", "--reason", "first try")

    assert ran.code == 0
    assert len(ran.lines) == 2
    assert "first try" in ran.lines[1]
    assert "trained 4 weights" in ran.err
    assert "train  step 2 of 3" in ran.err
    assert ran.err.splitlines()[-1].startswith("next: mlver show ")


def test_a_param_set_for_one_run_leaves_the_file_alone(fresh: TrainingProject) -> None:
    before = (fresh.folder / "params.json").read_text()

    ran = shell_of(fresh).mlver("run", "-S", "optimiser.lr=0.5", "--quiet", "--json")

    assert ran.code == 0
    assert ran.err == ""
    assert ran.document["version"]["overrides"] is True
    assert (fresh.folder / "params.json").read_text() == before


def test_settings_are_typed_as_in_yaml() -> None:
    settings = parsed_settings(["a.lr=0.5", "b=[1, x]", "c=", "d=true", "e=a=b"])

    assert settings == {"a.lr": 0.5, "b": [1, "x"], "c": None, "d": True, "e": "a=b"}


@pytest.mark.parametrize("texts", [["lr"], ["=1"], ["lr=1", "lr=2"], ["lr=[1"]])
def test_a_setting_of_another_form_is_refused(texts: list[str]) -> None:
    with pytest.raises(BadArgument):
        parsed_settings(texts)


def test_an_unknown_param_is_refused_before_anything_runs(fresh: TrainingProject) -> None:
    ran = shell_of(fresh).mlver("run", "-S", "optimizer.lr=0.5")

    assert ran.code == 2
    assert "optimizer.lr" in ran.err
    assert "trained" not in ran.err


def test_a_failed_run_is_recorded_and_gives_1(fresh: TrainingProject) -> None:
    fresh.replace("train.py", "import json", "raise SystemExit(3)\nimport json")
    shell = shell_of(fresh)

    ran = shell.mlver("run")

    assert ran.code == 1
    assert "✗ failed" in ran.lines[1]
    assert ran.err.splitlines()[-1].endswith(" --log")
    assert shell.mlver("list", "--json").document["versions"][0]["status"] == "failed"


def test_no_project_file_is_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    project = TrainingProject(tmp_path / "toy", home).create()
    (project.folder / "mlver.yaml").unlink()

    ran = shell_of(project).mlver("run")

    assert ran.code == 3
    assert "mlver init" in ran.err


def test_ctrl_c_records_an_interrupted_run(fresh: TrainingProject) -> None:
    fresh.replace("train.py", "import json", "import time; print('waiting', flush=True); time.sleep(60)\nimport json")
    shell = shell_of(fresh)

    with subprocess.Popen(
        [sys.executable, "-c", "from mlver_tui.commands import main; main()", "run"],
        cwd=fresh.folder,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "waiting" in line:
                break
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert process.returncode == 130, err
    assert "recorded as interrupted" in err
    assert "Traceback" not in err
    assert "interrupted" in out
    versions = json.loads(shell.mlver("list", "--json").out)["versions"]
    assert [version["status"] for version in versions] == ["interrupted"]
