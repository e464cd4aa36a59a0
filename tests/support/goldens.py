"""Screens as text files. To accept what is on the screen now: set MLVER_ACCEPT_GOLDENS=1 and read the diff."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def assert_golden(folder: Path, name: str, lines: Sequence[str]) -> None:
    """The lines are those of the file."""
    path = folder / f"{name}.txt"
    text = "\n".join(lines) + "\n"
    if os.environ.get("MLVER_ACCEPT_GOLDENS") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
