"""Text pasted by mistake, and text copied on purpose: neither does more than it says."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from tests.support.terminal import PROGRAMS, Terminal
from tests.support.training import TrainingProject

ESCAPE, BEGIN, END = "\x1b", "\x1b[200~", "\x1b[201~"
PLACES = ("", "/", ":", "?", "m", "r", "E")
"""Keys that lead to the list, its prompt, the dialogs, the plan of a replay."""
HOSTILE = "rm -rf /\ry\rgo\r\x1b]52;c;UFdORUQ=\x07 [/nope] dpEYVBPmnepvu\r"
"""Keys that open menus, answer questions and write, if any single key did."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    folder = tmp_path_factory.mktemp("pasting")
    made = TrainingProject(folder / "toy", folder / "home").create()
    made.run(reason="the only one")
    return made


def explorer(project: TrainingProject, **variables: str) -> Terminal:
    command = (str(PROGRAMS / "mlver-tui"),)
    return Terminal(command, folder=project.folder, environment={**project.environment, **variables})


def files_of(folder: Path) -> dict[str, bytes]:
    """All but the index."""
    places = (Path(place) / name for place, _, names in os.walk(folder) for name in names)
    return {str(one): one.read_bytes() for one in places if one.parent.name != "mlver"}


@pytest.mark.parametrize("pasted", [f"{BEGIN}{HOSTILE}{END}", HOSTILE], ids=["bracketed", "typed"])
def test_what_is_pasted_writes_and_runs_nothing(project: TrainingProject, pasted: str) -> None:
    before = files_of(project.folder)
    with explorer(project) as terminal:
        terminal.wait_for("the only one")
        for place in PLACES:
            terminal.type(place)
            terminal.settle(0.15)
            terminal.type(pasted)
            terminal.settle(0.2)
            for _ in range(4):  # back to the list, out of whatever the keys opened
                terminal.type(ESCAPE)
                terminal.settle(0.1)
        terminal.type("Q")
        assert terminal.wait() == 0

    assert files_of(project.folder) == before
    assert b"\x1b]52" not in terminal.written


def test_what_is_copied_comes_by_the_terminals_sequence(project: TrainingProject) -> None:
    with explorer(project) as terminal:
        copied = copy_first(terminal, "(OSC 52)")

    assert b"\x1b]52;c;" + base64.b64encode(copied) + b"\x07" in terminal.written


def test_in_tmux_it_comes_by_tmux(project: TrainingProject, tmp_path: Path) -> None:
    tmux = tmp_path / "tmux"
    tmux.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat > {tmp_path}/taken\n')
    tmux.chmod(0o700)
    path = f"{tmp_path}:{project.environment['PATH']}"
    with explorer(project, PATH=path, TMUX="/tmp/tmux-0/default,1,0") as terminal:
        copied = copy_first(terminal, "by tmux")

    assert b"\x1b]52" not in terminal.written
    assert (tmp_path / "asked").read_text().split() == ["load-buffer", "-w", "-"]
    assert (tmp_path / "taken").read_bytes() == copied


def copy_first(terminal: Terminal, route: str) -> bytes:
    """Copy what the menu offers first, the version's name; what it said that it copied, by this route."""
    terminal.wait_for("the only one")
    terminal.settle()  # the refresh after the first rows has the last word in the status line
    terminal.type("y")
    terminal.wait_for("copy to the clipboard")
    terminal.type("\r")
    said = terminal.wait_for(route)
    return said.rpartition("copied ")[2].split()[0].encode()
