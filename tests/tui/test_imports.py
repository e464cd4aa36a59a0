"""Nothing heavy stands between the app's start and its first rows."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_app_loads_nothing_heavy() -> None:
    program = "import sys, mlver_tui.app, mlver_tui.settings; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()

    assert "textual.app" in loaded
    assert not {"polars", "dulwich", "deepdiff", "plotext", "numpy", "yaml", "sqlite3", "click", "lark"} & set(loaded)
