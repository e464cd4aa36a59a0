"""Screens as text files. To accept what is on the screen now: set MLVER_ACCEPT_GOLDENS=1 and read the diff."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

_KEYS_COUNTED = re.compile(r"\? \+\d+$")
"""How many keys there are besides the hints: a new key would change every screen, and is told by the table of keys."""


def assert_golden(folder: Path, name: str, lines: Sequence[str]) -> None:
    """The lines are those of the file."""
    path = folder / f"{name}.txt"
    text = "\n".join(_KEYS_COUNTED.sub("? +N", line) for line in lines) + "\n"
    if os.environ.get("MLVER_ACCEPT_GOLDENS") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
