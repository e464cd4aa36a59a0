from __future__ import annotations

from tests.commands.conftest import shell_of
from tests.support.commands import Shell
from tests.support.training import TrainingProject


def test_a_version_is_shown_with_its_receipt_metrics_params_files_and_code(shell: Shell) -> None:
    ran = shell.mlver("show", "latest^")

    assert ran.code == 0
    for said in ("lr 0.1 → 0.03", "METRICS", "accuracy ★", "optimiser.lr", "models/weights.bin", "python3 train.py"):
        assert said in ran.out


def test_the_parent_can_be_named(shell: Shell) -> None:
    assert "baseline" in shell.mlver("show", "latest^^").out
    assert shell.mlver("show", "latest^^^").code == 3


def test_an_unknown_version_is_answered_with_exit_code_3(shell: Shell) -> None:
    ran = shell.mlver("show", "nothing")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: no version is called 'nothing'\nhint: ")


def test_all_shows_every_package(shell: Shell) -> None:
    assert "packages" not in shell.mlver("show", "latest").out
    assert "packages" in shell.mlver("show", "latest", "--all").out


def test_the_log_is_what_the_steps_wrote(shell: Shell) -> None:
    assert shell.mlver("show", "latest", "--log").out == "trained 4 weights\n"


def test_a_number_that_json_cannot_hold_is_spelt_out(shell: Shell) -> None:
    document = shell.mlver("show", "latest", "--json").document

    assert document["version"]["metrics"]["loss"]["value"] == {"$float": "nan"}
    assert document["manifest"]["params"]["optimiser"] == {"lr": 0.03}


def test_a_log_with_escapes_and_progress_bars_is_safe(fresh: TrainingProject) -> None:
    script = r"""import sys; sys.stdout.write('1 %\r2 %\r\n\x1b[31mred\x1b[0m \x1b]0;title\x07\n')"""
    fresh.replace("train.py", 'print("trained"', script + '\nprint("trained"')
    fresh.commit("write strange things")
    fresh.run()

    ran = shell_of(fresh).mlver("show", "latest", "--log")

    assert ran.lines[:3] == ["1 %", "2 %", "red \\x1b]0;title\\x07"]


def test_steps_that_wrote_nothing_have_an_empty_log(fresh: TrainingProject) -> None:
    fresh.replace("train.py", 'print("trained", len(weights), "weights")', "")
    fresh.commit("say nothing")
    fresh.run()

    ran = shell_of(fresh).mlver("show", "latest", "--log")

    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_broken_version_says_why(fresh: TrainingProject) -> None:
    fresh.git("update-ref", "refs/mlver/runs/toy/r00000000-aaaaaa", "HEAD")

    ran = shell_of(fresh).mlver("show", "r00000000")
    as_json = shell_of(fresh).mlver("show", "r00000000", "--json")

    assert ran.code == 4
    assert ran.lines[0].startswith("broken")
    assert as_json.code == 4
    assert as_json.document["manifest"] is None
    assert as_json.document["complete"] is False


def test_markdown_keeps_data_in_code_spans(shell: Shell) -> None:
    ran = shell.mlver("show", "latest", "--format", "md")

    assert "| `accuracy` | `" in ran.out
    assert "- why: ``\\x1b]52;c;aGk=\\x07[bold]x[/nope] \\| `tick` <b> @team \\u202egnp``" in ran.lines


def test_one_row_and_one_file_are_told_in_the_singular(fresh: TrainingProject) -> None:
    fresh.write("data/raw.csv", "id,x\n1,0.5\n2,0.25\n3,0.75\n")
    fresh.write("models.txt", "not source, not tracked")
    fresh.git("add", "data")
    fresh.git("commit", "-q", "-m", "three rows")
    fresh.run()

    shown = shell_of(fresh).mlver("show", "latest").out

    assert "1 file left out" in shown
    assert "train 1 row " in shown
    assert "eval 2 rows" in shown
