"""View models load no front-end library, nor anything heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mlver_tui.view_models


def test_importing_every_view_model_loads_no_terminal_library() -> None:
    folder = Path(mlver_tui.view_models.__file__).parent
    names = [f"mlver_tui.view_models.{path.stem}" for path in folder.glob("*.py") if path.stem != "__init__"]
    program = f"import sys, {', '.join(names)}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()

    assert names
    assert not {"textual", "rich", "click", "polars", "numpy", "deepdiff", "plotext", "dulwich"} & set(loaded)
