"""Keys and windows while a long comparison is made: nothing waits for it, and nothing is left behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.git import RepoBuilder, scrubbed_environment
from tests.support.terminal import PROGRAMS, Terminal

EXPLORER = str(PROGRAMS / "mlver-tui")
LEAVES = 40_000
"""So many params that differ keep two cores busy for a second and more."""
HOSTILE_PASTE = "\x1b[200~rm -rf ~\ny\r\n\x1b]52;c;aGk=\x07:quit\n\x1b[201~"


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    """Two tags whose params all differ."""
    repo = RepoBuilder.create(tmp_path_factory.mktemp("busy"))
    for number in (1, 2):
        params = {f"part{part}": {f"leaf{at}": at * number for at in range(part, LEAVES, 100)} for part in range(100)}
        files = {"params.json": json.dumps(params, indent=0), "metrics.json": json.dumps({"accuracy": number / 4})}
        repo.commit(files, f"Change number {number}")
        repo.tag(f"v{number}")
    return repo


def explorer(repo: RepoBuilder, home: Path) -> Terminal:
    environment = scrubbed_environment(home)
    return Terminal((EXPLORER, "--theme", "ansi"), folder=repo.folder, environment=environment)


def test_it_quits_while_a_comparison_is_made(wide: RepoBuilder, tmp_path: Path) -> None:
    with explorer(wide, tmp_path) as terminal:
        before = terminal.modes()
        terminal.wait_for("v2")
        terminal.settle()
        terminal.type("dQ")

        assert terminal.wait() == 0
        assert terminal.modes() == before
    assert not (tmp_path / ".local/state/mlver/last-failure.txt").exists()


def test_windows_change_while_a_comparison_is_made(wide: RepoBuilder, tmp_path: Path) -> None:
    with explorer(wide, tmp_path) as terminal:
        terminal.wait_for("v2")
        terminal.settle()
        terminal.type("d")
        for size in ((160, 50), (1, 1), (60, 16), (120, 40)):
            terminal.resize(*size)
        terminal.wait_for("DID IT HELP")
        terminal.type("Q")
        assert terminal.wait() == 0


def test_a_comparison_is_stopped_and_tried_again(wide: RepoBuilder, tmp_path: Path) -> None:
    with explorer(wide, tmp_path) as terminal:
        terminal.wait_for("v2")
        terminal.settle()
        terminal.type("d\x03")
        terminal.wait_for("comparing: stopped")
        terminal.type("R")
        terminal.wait_for("DID IT HELP")


def test_what_is_pasted_is_text_and_no_keys(wide: RepoBuilder, tmp_path: Path) -> None:
    with explorer(wide, tmp_path) as terminal:
        terminal.wait_for("v2")
        terminal.settle()
        terminal.type(HOSTILE_PASTE)
        terminal.settle()
        terminal.type("/" + HOSTILE_PASTE)
        terminal.wait_for("rm -rf ~")

        assert b"\x1b]52" not in terminal.written
        terminal.type("\x1b")
        terminal.settle()
        terminal.type("Q")
        assert terminal.wait() == 0
