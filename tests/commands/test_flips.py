from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_documentation import check
from tests.support.commands import Shell
from tests.support.training import TrainingProject

PROJECT_FILE = """\
mlver: 1
model: toy
steps:
  evaluate:
    run: |
      mkdir -p metrics
      cp answers.csv metrics/predictions.csv
      echo '{"accuracy": 0.75}' > metrics/eval.json
    inputs: [answers.csv]
    metrics: [metrics/eval.json]
    predictions: metrics/predictions.csv
metrics:
  accuracy: {goal: maximise, primary: true}
"""
HOSTILE = "\x1b]52;c;aGk=\x07[bold]x|`y`"
HEAD = "row,truth,prediction,confidence\n"
FIRST = HEAD + f"1,cat,dog,0.5\n2,cat,cat,0.5\n3,dog,dog,0.5\n4,dog,cat,0.5\nr5 {HOSTILE},{HOSTILE},cat,0.5\n"
SECOND = HEAD + f"1,cat,cat,0.5\n2,cat,cat,1\n3,dog,cat,1\n4,dog,dog,1\nr5 {HOSTILE},{HOSTILE},{HOSTILE},1\n"


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    """Two versions that copied their answers, and one that has none."""
    folder = tmp_path_factory.mktemp("answering")
    project = TrainingProject(folder / "toy", folder / "home").create()
    for number, text in enumerate((FIRST, SECOND)):
        project.write("mlver.yaml", PROJECT_FILE)
        project.write("answers.csv", text)
        project.commit(f"answers {number}")
        project.run()
    project.write("mlver.yaml", PROJECT_FILE.replace("    predictions: metrics/predictions.csv\n", ""))
    project.commit("no predictions")
    project.run()
    return project


@pytest.fixture
def shell(answering: TrainingProject) -> Shell:
    return Shell(answering.folder, answering.environment, XDG_CACHE_HOME=str(answering.state.parent))


def test_a_comparison_says_how_many_rows_were_fixed_and_broken(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^")

    assert ran.code == 0
    assert "rows 3 fixed, 1 broken of 5 · p = 0.62: chance is not ruled out" in [
        " ".join(line.split()) for line in ran.lines
    ]


def test_metrics_alone_are_told_by_class_and_how_sure_too(shell: Shell) -> None:
    whole, metrics = shell.mlver("diff", "latest^"), shell.mlver("diff", "latest^", "--only", "metrics")
    every = shell.mlver("diff", "latest^", "--all")

    titles = ("BY CLASS", "CONFUSION", "CALIBRATION")
    assert not any(title in whole.out for title in titles)
    assert all(title in metrics.out and title in every.out for title in titles)
    assert any(line.split()[:7] == ["dog", "2", "1", "1", "0.5000", "0.5000", "0.0000"] for line in metrics.lines)
    # A: all five at 0.5, two right; B: one at 0.5, right, and four at 1, three of them right.
    assert any(
        line.split() == ["expected", "calibration", "error", "A", "0.1000", "B", "0.3000"] for line in metrics.lines
    )
    assert "BY CLASS" not in shell.mlver("diff", "latest^", "--only", "metrics", "--stat").out


def test_flips_are_listed_row_by_row(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--flips")

    assert ran.code == 0
    assert any(line.split() == ["+", "1", "cat", "dog", "→", "cat", "fixed"] for line in ran.lines)
    assert any(line.split() == ["−", "3", "dog", "dog", "→", "cat", "broken"] for line in ran.lines)
    assert any(line.split() == ["dog", "2", "1", "1", "1", "1"] for line in ran.lines)
    assert "\x1b]" not in ran.out


def test_flips_of_one_class(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--class", "dog")

    assert [line.split()[1] for line in ran.lines if line.startswith(("+ ", "− "))] == ["3", "4"]
    refused = shell.mlver("diff", "latest^", "--flips", "--class", "dig")
    assert refused.code == 2
    assert "did you mean dog?" in refused.err


def test_flips_as_json_and_markdown(shell: Shell) -> None:
    document = shell.mlver("diff", "latest^", "--flips", "--json").document
    assert document["predictions"]["flips"]["tally"] == {"fixed": 3, "broken": 1, "both_right": 1, "both_wrong": 0}
    assert [row["fate"] for row in document["rows"]] == ["fixed", "broken", "fixed", "fixed"]
    check(document, "diff --flips", "diff --flips")
    check(shell.mlver("diff", "latest^", "--json").document, "diff", "diff")

    ran = shell.mlver("diff", "latest^", "--flips", "--format", "md")
    assert "| fixed | `1` | `cat` | `dog` | `cat` |" in ran.lines
    assert "- rows: `3 fixed, 1 broken of 5" in shell.mlver("diff", "latest^", "--format", "md").out


def test_a_version_without_predictions_is_named(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest", "--flips")

    assert ran.code == 3
    assert "has no predictions" in ran.err
    assert "predictions:" in ran.err
    assert shell.mlver("diff", "latest").code == 0


def test_flips_of_many_versions_are_refused(shell: Shell) -> None:
    assert shell.mlver("diff", "latest", "latest^", "latest^^", "--flips").code == 2


def test_predictions_too_large_for_git_are_read_from_the_store(tmp_path: Path) -> None:
    project = TrainingProject(tmp_path / "toy", tmp_path / "home").create()
    for said in ("cat", "dog"):
        project.write("mlver.yaml", PROJECT_FILE)
        project.write(
            "answers.csv", HEAD + "".join(f"image-{row},dog,{said if row < 9 else 'dog'}\n" for row in range(12_000))
        )
        project.commit(f"answers {said}")
        project.run()
    shell = Shell(project.folder, project.environment, XDG_CACHE_HOME=str(project.state.parent))

    document = shell.mlver("diff", "latest", "--flips", "--json").document

    assert document["predictions"]["flips"]["tally"]["fixed"] == 9
    assert document["predictions"]["matched"]["shared"] == 12_000


@pytest.mark.parametrize("width", [1, 30, 80])
def test_lines_fit_the_terminal(shell: Shell, width: int) -> None:
    ran = shell.with_variables(COLUMNS=str(width), NO_COLOR="1").mlver("diff", "latest^", "--flips", at_terminal=True)

    assert ran.code == 0
    assert ran.widest <= width


def test_predictions_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    project = TrainingProject(tmp_path / "toy", tmp_path / "home").create()
    for text in (FIRST, FIRST + "1,cat,cat\n"):
        project.write("mlver.yaml", PROJECT_FILE)
        project.write("answers.csv", text)
        project.commit("answers")
        project.run()
    shell = Shell(project.folder, project.environment, XDG_CACHE_HOME=str(project.state.parent))

    assert "the row key 1 stands there 2 times" in shell.mlver("diff", "latest").out
    assert shell.mlver("diff", "latest", "--flips").code == 3
