"""What a command costs before it does anything: modules it must not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.commands import Shell
from tests.support.training import TrainingProject

HEAVY = {"textual", "rich", "polars", "numpy", "deepdiff", "plotext", "lark"}
WITHOUT_CORE = HEAVY | {"yaml", "dulwich", "sqlite3", "asyncio"}

SPY = """
import sys
from mlver_tui.commands.program import called, mlver
called(mlver, "mlver", {arguments})
print(*sorted({{name.partition(".")[0] for name in sys.modules}} | {{name for name in sys.modules if "mlver" in name}}))
"""


def loaded(shell: Shell, folder: str, *arguments: str) -> set[str]:
    script = SPY.format(arguments=list(arguments))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=shell.environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_help_loads_no_command_and_nothing_heavy(shell: Shell, recorded: TrainingProject) -> None:
    modules = loaded(shell, str(recorded.folder), "--help")

    assert not modules & WITHOUT_CORE
    assert "mlver.project" not in modules
    assert "mlver_tui.commands.list_versions" not in modules


@pytest.mark.parametrize("arguments", [("list",), ("list", "--json")])
def test_the_list_loads_nothing_heavy(shell: Shell, recorded: TrainingProject, arguments: tuple[str, ...]) -> None:
    shell.mlver("list")

    assert not loaded(shell, str(recorded.folder), *arguments) & HEAVY


def test_no_command_loads_textual(shell: Shell, recorded: TrainingProject) -> None:
    assert "textual" not in loaded(shell, str(recorded.folder), "diff", "latest")


def test_parts_that_need_no_data_or_outputs_open_none(shell: Shell, recorded: TrainingProject) -> None:
    asked = ((), ("--only", "params,code,env"), ("--key", "optimiser.lr"))
    heavy = [loaded(shell, str(recorded.folder), "diff", "latest^^", "latest", *more) & HEAVY for more in asked]

    assert [bool(one) for one in heavy] == [True, False, False]
