"""The lines of docs/commands.md make real shells complete `mlver` and `mlver-tui`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.terminal import PROGRAMS, SHELL, Terminal

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text()
LINES = dict(re.findall(r"^```(bash|zsh|fish)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
INTERACTIVE = {"bash": SHELL, "zsh": ("zsh", "-f", "-i"), "fish": ("fish", "--no-config", "-i")}
BEFORE = {"bash": "", "zsh": "autoload -Uz compinit; compinit -u\n", "fish": ""}

TYPED = [
    ("mlver doc", "mlver doctor"),
    ("mlver list --js", "mlver list --json"),
    ("mlver diff --form", "mlver diff --format"),
    ("mlver-tui --read", "mlver-tui --read-only"),
    ("mlver list --form", "mlver list --format"),
    ("mlver-tui --theme lig", "mlver-tui --theme light"),
    ("mlver-tui --theme red", "mlver-tui --theme red-green"),
]


def environment(home: Path) -> dict[str, str]:
    return {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "HOME": str(home)}


def test_the_guide_has_the_lines_of_every_shell() -> None:
    assert {shell: lines.count("_COMPLETE=" + shell) for shell, lines in LINES.items()} == dict.fromkeys(INTERACTIVE, 2)


@pytest.mark.parametrize("shell", INTERACTIVE)
def test_tab_completes_in_a_real_shell(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    with Terminal(INTERACTIVE[shell], folder=tmp_path, environment=environment(tmp_path)) as terminal:
        for line in (BEFORE[shell] + LINES[shell]).splitlines():
            terminal.type(f"{line}; echo done $((6 * 7))\n" if shell != "fish" else f"{line}; echo done (math 42)\n")
            terminal.wait_for("done 42")

        for typed, completed in TYPED:
            terminal.type(f"{typed}\t")
            terminal.wait_for(completed)
            terminal.type("\x15")  # takes the line away


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize(("words", "last", "completed"), [("mlver doc", "doc", "doctor"), ("mlver ", "", "list")])
def test_what_shells_that_are_not_here_would_be_answered(
    shell: str, words: str, last: str, completed: str, tmp_path: Path
) -> None:
    asked = {
        "_MLVER_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": last if shell == "fish" else "1",
    }

    done = subprocess.run(
        [PROGRAMS / "mlver"], env={**environment(tmp_path), **asked}, capture_output=True, text=True, check=True
    )

    assert completed in re.split(r"[\n,\t]", done.stdout)
