"""Releases and stages on the command line: what the list, the receipt and `mlver stages` say of tags."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.commands.conftest import HOSTILE, shell_of
from tests.commands.test_documentation import check
from tests.support.commands import Shell
from tests.support.training import TrainingProject


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    """Two runs: the first was released and in production until the second took its place; one model is deprecated."""
    folder = tmp_path_factory.mktemp("released")
    project = TrainingProject(folder / "toy", folder / "home").create()
    first = project.run(reason="baseline").commit
    project.replace("params.json", '"lr": 0.1', '"lr": 0.03')
    project.commit("a smaller step")
    second = project.run().commit
    moves = (
        ("toy@v1.0.0", first, "First release"),
        ("toy#production#1", first, "Good enough\n\nand more"),
        ("toy#production#2", second, HOSTILE),
        ("toy#staging#3", first, "Look at it again"),
        ("old@v0.1.0", first, "Long ago"),
        ("old@deprecated", first, "Use toy"),
    )
    for hours, (tag, commit, message) in zip(range(len(moves), 0, -1), moves, strict=True):
        project.environment["GIT_COMMITTER_DATE"] = f"{int(time.time()) - hours * 3600} +0000"
        project.git("tag", "--annotate", tag, commit, "--message", message)
    project.git("tag", "toy@v9.0.0", second)
    return project


@pytest.fixture
def shell(released: TrainingProject) -> Shell:
    return shell_of(released)


def test_who_holds_what_since_when_and_who_said_so(shell: Shell) -> None:
    ran = shell.mlver("stages", "toy")

    assert ran.code == 0
    assert ran.lines[0].split() == ["MODEL", "STAGE", "VERSION", "SINCE", "BY", "TAG", "MESSAGE"]
    told = {line.split()[1]: line for line in ran.lines[1:]}
    assert told["staging"].split()[2:4] == ["v1.0.0", "3h"]
    assert "toy#production#2" in told["production"]
    assert len(told) == 2
    assert "lightweight tags say neither who nor when, so they release nothing: toy@v9.0.0" in ran.err


def test_the_history_tells_everything_newest_first(shell: Shell) -> None:
    ran = shell.mlver("stages", "toy", "--history")

    assert ran.code == 0
    assert [
        next(part for part in line.split() if part.startswith("toy") and len(part) > 3) for line in ran.lines[1:]
    ] == [
        "toy#staging#3",
        "toy#production#2",
        "toy#production#1",
        "toy@v1.0.0",
    ]
    assert "v1.0.0 released" in ran.lines[4]
    assert "v1.0.0 → production" in ran.lines[3]
    assert "Good enough" in ran.lines[3]
    assert "and more" not in ran.out
    assert "\x1b" not in ran.out


def test_a_deprecated_model_is_marked(shell: Shell) -> None:
    ran = shell.mlver("stages")

    assert ran.code == 0
    assert "old is deprecated" in ran.out


@pytest.mark.parametrize("width", [1, 20, 80, 140])
@pytest.mark.parametrize("more", [(), ("--history",)])
def test_at_a_terminal_lines_fit(shell: Shell, width: int, more: tuple[str, ...]) -> None:
    ran = shell.with_variables(COLUMNS=str(width), NO_COLOR="1").mlver("stages", "toy", *more, at_terminal=True)

    assert ran.code == 0
    assert ran.widest <= width


def test_ascii_is_ascii(shell: Shell) -> None:
    assert shell.mlver("--ascii", "stages", "--history").out.isascii()


def test_json_has_the_documented_keys(shell: Shell) -> None:
    ran = shell.mlver("stages", "--json", "--history")

    check(ran.document, "stages", "stages")
    assert [event["tag"] for event in ran.document["holders"]] == ["toy#production#2", "toy#staging#3"]
    assert {event["tag"] for event in ran.document["releases"]} == {"toy@v1.0.0", "old@v0.1.0"}
    assert [event["model"] for event in ran.document["deprecated"]] == ["old"]
    assert len(ran.document["events"]) == 6
    assert "events" not in shell.mlver("stages", "--json").document


def test_the_list_has_a_column_of_stages(shell: Shell) -> None:
    in_a_pipe = shell.mlver("list", "-m", "toy")
    wide, narrow = (
        shell.with_variables(COLUMNS=width, NO_COLOR="1").mlver("list", "-m", "toy", at_terminal=True)
        for width in ("80", "70")
    )

    assert in_a_pipe.lines[0].split()[-1] == "STAGE"
    assert [line.split()[-1] for line in in_a_pipe.lines[1:]] == ["production", "staging"]
    assert [line.split()[-1] for line in wide.lines[1:]] == ["PROD", "staging"]
    assert [line.split()[-1] for line in narrow.lines[1:]] == ["PROD", "stag…"]
    assert [row["stages"] for row in shell.mlver("list", "-m", "toy", "--json").document["versions"]] == [
        ["production"],
        ["staging"],
    ]


def test_the_receipt_says_the_stage_and_the_history(shell: Shell) -> None:
    text = shell.mlver("show", "toy@v1.0.0").out
    card = shell.mlver("show", "toy@v1.0.0", "--format", "md").out
    document = shell.mlver("show", "toy@v1.0.0", "--json").document

    assert "staging since 3 h, dev1" in text
    assert "HISTORY" in text
    assert "v1.0.0 → staging" in text
    assert "toy#production#2" not in text
    assert "- stage: `staging`" in card
    assert "`v1.0.0 → staging`" in card
    check(document, "show", "show")
    assert [event["tag"] for event in document["history"]] == ["toy#staging#3", "toy#production#1", "toy@v1.0.0"]


def test_an_unknown_model_is_answered_with_the_nearest(shell: Shell) -> None:
    ran = shell.mlver("stages", "tiy")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "error: no model is called 'tiy'\nhint: did you mean 'toy'?\n"


def test_no_stage_and_no_event_are_said_with_what_to_do(tmp_path: Path) -> None:
    project = TrainingProject(tmp_path / "toy", tmp_path / "home").create()
    shell = shell_of(project)

    nothing = shell.mlver("stages")
    project.git("tag", "--annotate", "toy@v1.0.0", "--message", "A release")
    released = shell.mlver("stages")

    assert nothing.code == released.code == 3
    assert nothing.err.startswith("error: no version was ever released or put in a stage\nhint: ")
    assert released.err.startswith("error: no version holds a stage\nhint: ")
    assert shell.mlver("stages", "--history").code == 0
