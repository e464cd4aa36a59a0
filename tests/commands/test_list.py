from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.training import TrainingProject


def test_the_list_tells_the_story_newest_first(shell: Shell) -> None:
    ran = shell.mlver("list")

    assert ran.code == 0
    assert ran.err == ""
    assert ran.lines[0].split() == ["NAME", "AGE", "WHY", "CDPEHS", "ACCURACY", "Δ", "parent", "RE"]
    assert "lr 0.1 → 0.03" in ran.lines[2]
    assert "··P···" in ran.lines[2]
    assert "baseline" in ran.lines[3]


def test_a_pipe_gets_whole_lines_without_colours(shell: Shell) -> None:
    ran = shell.mlver("list")

    assert "\x1b" not in ran.out
    assert "…" not in ran.out
    assert "@team" in ran.out


@pytest.mark.parametrize("width", [1, 20, 60, 80, 140])
def test_a_terminal_gets_lines_that_fit(shell: Shell, width: int) -> None:
    ran = shell.with_variables(COLUMNS=str(width), NO_COLOR="1").mlver("list", at_terminal=True)

    assert ran.code == 0
    assert ran.widest <= width


def test_a_terminal_gets_colours_unless_they_are_not_wanted(shell: Shell) -> None:
    coloured = shell.mlver("list", at_terminal=True)
    plain = shell.with_variables(NO_COLOR="1").mlver("list", at_terminal=True)
    dumb = shell.with_variables(TERM="dumb").mlver("list", at_terminal=True)

    assert "\x1b[" in coloured.out
    assert "\x1b" not in plain.out
    assert "\x1b" not in dumb.out


def test_ascii_is_used_where_it_is_asked_for_or_needed(shell: Shell) -> None:
    asked = shell.mlver("--ascii", "list")
    needed = shell.with_variables(LC_ALL="C").mlver("list")

    assert asked.out.isascii()
    assert asked.out == needed.out
    assert "vs parent" in asked.out


def test_only_so_many_are_shown(shell: Shell) -> None:
    assert len(shell.mlver("list", "-n", "1").lines) == 2
    assert shell.mlver("list", "-n", "0").code == 2


def test_columns_are_chosen_in_their_order(shell: Shell) -> None:
    ran = shell.mlver("list", "--columns", "author, p.optimiser.lr,metric,metric.loss,m.accuracy")

    assert ran.code == 0
    assert ran.lines[0].split() == ["NAME", "AGE", "WHY", "AUTHOR", "LR", "ACCURACY", "LOSS", "ACCURACY"]
    assert ran.lines[1].split()[-5:-3] == ["dev1", "0.03"]
    assert shell.mlver("list", "--columns", "").lines[0].split() == ["NAME", "AGE", "WHY"]


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("metric,stge", "there is no column stge\nhint: did you mean stage?"),
        ("metric.los", "there is no column metric.los\nhint: did you mean metric.loss?"),
        ("param.lr", "there is no column param.lr\nhint: did you mean param.optimiser.lr?"),
        ("age", "there is no column age\nhint: did you mean stage?"),
    ],
)
def test_a_column_that_is_none_is_told_with_the_nearest(shell: Shell, columns: str, problem: str) -> None:
    ran = shell.mlver("list", "--columns", columns)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: {problem}\n"


def test_columns_are_for_text(shell: Shell) -> None:
    for form in (["--json"], ["--format", "csv"]):
        assert shell.mlver("list", "--columns", "metric", *form).code == 2


def test_the_versions_of_one_model(shell: Shell) -> None:
    assert len(shell.mlver("list", "-m", "toy").lines) == 4

    ran = shell.mlver("list", "-m", "tiy")

    assert ran.code == 3
    assert ran.err == "error: no model is called 'tiy'\nhint: did you mean 'toy'?\n"


def test_several_models_have_a_column(fresh: TrainingProject) -> None:
    fresh.run()
    fresh.replace("mlver.yaml", "model: toy", "model: other/toy")
    fresh.commit("another model")
    fresh.run()

    ran = Shell(fresh.folder, fresh.environment, XDG_CACHE_HOME=str(fresh.state)).mlver("list")

    assert [line.split()[0] for line in ran.lines] == ["MODEL", "other/toy", "toy"]


def test_no_versions_is_said_with_what_to_do(fresh: TrainingProject) -> None:
    fresh.git("rm", "-q", "-r", "--cached", ".")
    fresh.git("commit", "-q", "-m", "nothing is left")
    shell = Shell(fresh.folder, fresh.environment, XDG_CACHE_HOME=str(fresh.state))

    ran = shell.mlver("list")
    as_json = shell.mlver("list", "--json")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: there are no versions yet\nhint: mlver init writes a mlver.yaml and mlver run")
    assert "docs/histories.md" in ran.err
    assert (as_json.code, as_json.document) == (3, {"versions": [], "problems": [], "complete": True})


def test_no_repository_is_said(tmp_path: Path) -> None:
    ran = Shell(tmp_path, {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}).mlver("list")

    assert ran.code == 3
    assert ran.err.startswith("error: ")
    assert "hint: " in ran.err
    assert "Traceback" not in ran.err


def test_a_ref_that_holds_no_version_is_told_beside_the_list(fresh: TrainingProject) -> None:
    fresh.run()
    fresh.git("update-ref", "refs/mlver/runs/toy/strange", "HEAD")
    fresh.git("update-ref", "refs/mlver/runs/toy/r00000000-aaaaaa", "HEAD")

    ran = Shell(fresh.folder, fresh.environment, XDG_CACHE_HOME=str(fresh.state)).mlver("list")

    assert ran.code == 0
    assert len(ran.lines) == 3
    assert any("✗" in line for line in ran.lines)
    assert "strange" in ran.err


def test_a_filter_lists_what_passes_it(shell: Shell) -> None:
    assert shell.mlver("list", "--where", "baseline").lines[1].split()[2] == "baseline"
    assert len(shell.mlver("list", "-w", "p.optimiser.lr>=0.1 | metric.loss=nan").lines) == 3
    assert len(shell.mlver("list", "--where", "-is:broken", "-n", "1").lines) == 2


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_mistake_in_a_filter_is_marked_where_it_stands(shell: Shell, more: tuple[str, ...]) -> None:
    ran = shell.mlver("list", "--where", "baseline stag:production", *more)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "error: no field is called 'stag'",
        "       baseline stag:production",
        "                ^^^^",
        "hint: did you mean stage? Words with a sign in them need quotes",
    ]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("optimiser.lr>0.2", "did you mean param.optimiser.lr?"),
        ("acc>0.2", "did you mean metric.accuracy?"),
        ("loss>0.2", "did you mean metric.loss?"),
        ("zzz>0.2", "metric.NAME and param.NAME ask about metrics and params."),
    ],
)
def test_only_a_metric_or_param_that_is_there_is_named_for_a_field_that_is_none(
    shell: Shell, words: str, meant: str
) -> None:
    assert f"hint: {meant} Words" in shell.mlver("list", "--where", words).err


def test_a_filter_that_nothing_passes_says_so(shell: Shell) -> None:
    ran = shell.mlver("list", "--where", "stage:production")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: no version passes the filter\n")


def test_what_a_filter_asks_of_the_explorer_is_refused(shell: Shell) -> None:
    ran = shell.mlver("list", "--where", "is:marked")

    assert ran.code == 2
    assert "marks are of the explorer" in ran.err


def test_the_filtered_document_says_what_nobody_knows(fresh: TrainingProject) -> None:
    shell = Shell(fresh.folder, fresh.environment, XDG_CACHE_HOME=str(fresh.state))
    fresh.run()
    fresh.git("update-ref", "refs/mlver/runs/toy/r00000000-aaaaaa", "HEAD")

    ran = shell.mlver("list", "--where", "artifact:model or is:broken", "--json")
    asked = shell.mlver("list", "--where", "artifact:model", "--json")
    told = shell.mlver("list", "--where", "artifact:model")

    assert (ran.code, ran.document["unread"], ran.document["complete"]) == (0, 0, True)
    assert (asked.code, asked.document["unread"], asked.document["complete"]) == (4, 1, False)
    assert told.code == 4
    assert "1 version cannot be read: whether it is meant is not known" in told.err


def test_the_list_comes_as_csv_and_markdown(shell: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(shell.mlver("list", "--format", "csv").out)))
    assert {"name", "created", "why", "commit"} <= set(rows[0])
    assert any(name.startswith("metric.") for name in rows[0])
    assert any(name.startswith("param.") for name in rows[0])

    lines = shell.mlver("list", "--format", "md").lines
    assert lines[0].startswith("| version | date |")
    assert len(lines) == 2 + len(rows)
