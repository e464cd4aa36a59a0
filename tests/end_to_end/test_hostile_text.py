"""A repository whose every text attacks the terminal, in a real one: all is shown, nothing of it is obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.hostile_repo import PLACES, hostile_repo
from tests.support.terminal import PROGRAMS, Terminal
from tests.support.training import TrainingProject

ESCAPE, ARROW = "\x1b", "\x1b["
OWN = re.compile(
    rb"\x1b\[[0-9;]*m"  # colours
    rb"|\x1b\[[0-9]{1,2};[0-9]{1,3}H|\x1b\[H"  # where to write
    rb"|\x1b\[\?[0-9;]+(?:[hlu]|\$p)|\x1b\[[<>=?][0-9;]*u"  # modes of the terminal, asked and set
    rb"|\r\x1b\[K"  # the line of progress, taken away
    rb"|\x1b\]22;[a-z]+\x07"  # the shape of the mouse pointer
)
"""All sequences that the explorer has a use for; the attacks are others, or lead outside of the screen."""
CONTROLS = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

WALKS: dict[str, tuple[tuple[str, str], ...]] = {
    "detail": (
        ("z", "evil-param"), ("2", "evil-value"), ("3", "evil-metric"), ("4", "evil-artifact"), ("6", "evil-code"),
        ("7", "evil-message"), ("z", "evil-tag"),
    ),
    "broken": (("Gz", "evil-broken"),),
    "dialogs": (
        ("s", "evil-metric"), (f"{ESCAPE}C", "evil-param"), (f"{ESCAPE}M", "evil-author"),
        (f"{ESCAPE}:go evil", "evil-tag"), (f"{ESCAPE}y", "digest"), (f"{ESCAPE}@", "mlver"),
        (f"{ESCAPE}/evil", "evil-commit"),
    ),
    "compare": (
        ("d", "evil-re"), ("2n", "evil-value"), ("y", "copy to the clip"), (f"{ESCAPE}3", "JUDGED"),
        ("4", "evil-history"), ("5", "evil-artifact"), ("8G", "evil-code"), ("\r[", "evil-line"),
    ),
    "matrix": ((" j j d", "evil-value"), ("c", "evil-history")),
    "charts": (("c", "evil-history"), ("p", "2 versions"), ("/", "evil-metric")),
    "lineage": ((":lineage\r", "evil-commit"),),
    "replay": (("r", "sh train.sh"), (f"{ARROW}C\r", "VERDICT")),
}  # fmt: skip
"""Of each session the keys, and what is then written."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    return hostile_repo(tmp_path_factory.mktemp("hostile"))


def press(terminal: Terminal, keys: str) -> None:
    """Type it; an escape by itself and answered, for with what follows at once it would be another key."""
    *layers, last = keys.split(ESCAPE) if not keys.startswith(ARROW) else [keys]
    for layer in layers:
        terminal.type(layer + ESCAPE)
        terminal.wait_for_answer()
        terminal.settle(0.2)
    terminal.type(last)


def obeyed(written: bytes) -> Iterable[str]:
    """What a terminal would obey and the explorer has no use for; the attacks among its own kinds by their words."""
    without = OWN.sub(b"", written).decode()
    return [*CONTROLS.findall(without), *(word for word in ("\x1b[66;6H",) if word.encode() in written)]


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """What was seen of each walk."""
    return {}


@pytest.mark.parametrize("walk", WALKS)
def test_nothing_of_it_is_obeyed(walk: str, project: TrainingProject, shown: dict[str, str], tmp_path: Path) -> None:
    environment = {**project.environment, "XDG_STATE_HOME": str(tmp_path)}
    command = (str(PROGRAMS / "mlver-tui"),)
    with Terminal(command, folder=project.folder, environment=environment, size=(160, 45)) as terminal:
        terminal.wait_for("evil-tag")
        seen = terminal.settle()
        for keys, word in WALKS[walk]:
            press(terminal, keys)
            terminal.wait_for(word)
            seen += terminal.settle(0.1)

    assert obeyed(terminal.written) == []
    shown[walk] = seen


def test_all_of_it_was_shown(shown: dict[str, str]) -> None:
    if shown.keys() != WALKS.keys():
        pytest.skip("not all walks were made")
    everything = "".join(shown.values())

    assert [place for place in PLACES if f"evil-{place}" not in everything] == []
    assert "[/nope][bold]" in everything


def test_the_check_finds_what_would_be_obeyed() -> None:
    for attack in (
        "\x1b]52;c;UFdORUQ=\x07",
        "\x1b]0;PWNED\x07",
        "\x1b[66;6H",
        "\x9b2J",
        "\x1b[2J",
        "\u202e",
        "\r\x1bc",
    ):
        assert obeyed(b"\x1b[0m" + attack.encode() + b"\x1b[3;80H"), attack


@pytest.mark.parametrize("command", ["list", "show latest", "diff 5f530b75.1 latest", "list --json", "which"])
def test_the_commands_print_nothing_that_is_obeyed(project: TrainingProject, command: str) -> None:
    program = (str(PROGRAMS / "mlver"), *command.split())
    with Terminal(program, folder=project.folder, environment=project.environment) as terminal:
        terminal.wait()

    assert obeyed(terminal.written.replace(b"\r\n", b"\n")) == []
