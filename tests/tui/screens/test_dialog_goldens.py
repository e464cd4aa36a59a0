"""The dialogs, cell by cell; what lies around them has goldens of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlver_tui.settings import ExplorerSettings
from mlver_tui.view_models.glyphs import ASCII
from tests.support.goldens import assert_golden
from tests.support.screens import dialog_lines, opened, settled, still

FOLDER = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40), "200x60": (200, 60)}
WALK = (
    ("yank-version", [*"jjjj", "y"]),
    ("files-of-version", ["escape", "e"]),
    ("signs", ["escape", "i"]),
    ("export-list", ["escape", "E"]),
    ("note-question", ["escape", "m", "n"]),
    ("yank-comparison", ["escape", "d", "2", "n", "y"]),
    ("activity", ["escape", "@"]),
)
"""Name of the dialog, and the keys that lead to it from the one before."""
PROGRAMS: dict[str, Any] = {
    "viewers": {"npy": "show"},
    "find_editor": lambda: "ed",
    "edit": lambda _editor, text, _suspend: f"scaling restored, at last\n{text}",
}


@pytest.fixture(autouse=True)
def greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The log has the time of the place where it is read."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def walk(size: str, settings: ExplorerSettings, suffix: str = "") -> None:
    async with opened(size=SIZES[size], settings=settings) as pilot:
        for name, keys in WALK:
            await pilot.press(*keys)
            await settled(pilot)
            assert_golden(FOLDER, f"{name}-{size}{suffix}", dialog_lines(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_dialogs_look_as_they_did(size: str) -> None:
    await walk(size, still(**PROGRAMS))


async def test_dialogs_of_an_ascii_terminal() -> None:
    await walk("80x24", still(glyphs=ASCII, theme="ansi", **PROGRAMS), "-ascii")


def test_the_goldens_of_an_ascii_terminal_are_ascii() -> None:
    found = list(FOLDER.glob("*-ascii.txt"))

    assert found
    assert all(path.read_text().isascii() for path in found)
