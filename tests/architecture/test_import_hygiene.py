"""What a command or the app's entry loads: nothing heavy stands before the first line on screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("textual", "polars", "numpy", "deepdiff", "plotext", "lark", "dulwich.porcelain", "pandas", "hypothesis")

REPORT = """
import io, json, sys
out, sys.stdout, sys.stderr = sys.stdout, io.StringIO(), io.StringIO()
try:
    {action}
except SystemExit:
    pass
sys.stdout = out
print(json.dumps(sorted(sys.modules)))
"""


def modules_after(action: str, folder: Path) -> set[str]:
    """Names of the modules a fresh interpreter holds after doing this."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", REPORT.format(action=action)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["list", "--json"]])
def test_a_command_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    loaded = modules_after(
        f"import sys; sys.argv = ['mlver', *{arguments!r}]; from mlver_tui.commands import main; main()", tmp_path
    )

    assert loaded.isdisjoint(HEAVY)
    assert "mlver_tui.commands" in loaded


def test_help_loads_no_library_but_click(tmp_path: Path) -> None:
    loaded = modules_after(
        "import sys; sys.argv = ['mlver', '--help']; from mlver_tui.commands import main; main()", tmp_path
    )

    assert loaded.isdisjoint({"rich", "yaml", "dulwich", "sqlite3", "mlver.project"})


def test_the_app_starts_without_what_only_screens_need(tmp_path: Path) -> None:
    loaded = modules_after("import mlver_tui.app, mlver.project", tmp_path)

    assert loaded.isdisjoint(set(HEAVY) - {"textual"})


def test_the_package_itself_loads_nothing(tmp_path: Path) -> None:
    loaded = modules_after("import mlver", tmp_path)

    assert not {name for name in loaded if name.startswith("mlver.")}


def test_reading_the_users_config_loads_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('theme = "light"\n')

    read = f"from pathlib import Path; config.read_config(Path({str(tmp_path)!r}) / config.NAME)"
    loaded = modules_after(f"from mlver_tui import config; {read}", tmp_path)

    assert "tomllib" in loaded
    assert loaded.isdisjoint({"yaml", *HEAVY})
