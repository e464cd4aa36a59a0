"""What must never happen, in a real terminal: it is given back whole, and a file says what went wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.terminal import SHELL, Terminal
from tests.support.training import TrainingProject

CRASHING = """
import sys
from mlver_tui.screens.versions import VersionsScreen
def crash(self): raise ZeroDivisionError("hostile \\x1b]52;c;AA\\x07 [/nope]")
setattr(VersionsScreen, sys.argv.pop(1), crash)
sys.argv[0] = "mlver-tui"
from mlver_tui.commands.explorer import main
main()
"""


PANICKING = """
import sys
from mlver.project.browsing import BrowsedProject
def panic(*_, **__):
    import polars
    polars.Series([2**63 - 1]).cast(polars.Datetime("us")).dt.strftime("%Y")
BrowsedProject.compare = panic
sys.argv[0] = "mlver-tui"
from mlver_tui.commands.explorer import main
main()
"""


def test_a_panic_of_a_library_is_a_sentence_and_writes_nothing_over_the_screen(tmp_path: Path) -> None:
    project = TrainingProject(tmp_path / "toy", tmp_path / "home").create()
    for reason in ("the first", "the last"):
        project.run(reason=reason)
    script = tmp_path / "panicking.py"
    script.write_text(PANICKING)
    with Terminal((sys.executable, str(script)), folder=project.folder, environment=project.environment) as terminal:
        terminal.wait_for("the last")
        terminal.type(" jd")
        terminal.wait_for("a library gave up")
        terminal.type("Q")
        assert terminal.wait() == 0
    assert b"panicked" not in terminal.written


def test_a_crash_gives_the_terminal_back_and_names_a_log(tmp_path: Path) -> None:
    project = TrainingProject(tmp_path / "toy", tmp_path / "home").create()
    project.run(reason="the only one")
    script = tmp_path / "crashing.py"
    script.write_text(CRASHING)
    environment = {**project.environment, "XDG_STATE_HOME": str(tmp_path / "state")}
    with Terminal(SHELL, folder=project.folder, environment=environment) as terminal:
        for method in ("do_reverse", "_read_versions"):
            terminal.type(f"{sys.executable} {script} {method}\n")
            if method == "do_reverse":
                terminal.wait_for("the only one")
                terminal.type("S")
            text = terminal.wait_for("last-failure.txt")
            assert "ZeroDivisionError: hostile" in text
            terminal.wait_for("shell> ")
            assert b"\x1b]52" not in terminal._seen
            terminal.type("stty -a; echo ended with $?\n")
            text = terminal.wait_for("ended with 0")
            assert " echo " in text
            assert " icanon" in text

    log = (tmp_path / "state" / "mlver" / "last-failure.txt").read_text()
    assert "ZeroDivisionError" in log
    assert "crashing.py" in log
