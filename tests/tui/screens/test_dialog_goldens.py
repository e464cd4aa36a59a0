"""The dialogs, cell by cell; what lies around them has goldens of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mlver_tui.settings import ExplorerSettings
from mlver_tui.view_models.glyphs import ASCII
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40), "200x60": (200, 60)}
WALK = (
    ("yank-version", [*"jjjj", "y"]),
    ("files-of-version", ["escape", "e"]),
    ("export-list", ["escape", "E"]),
    ("yank-comparison", ["escape", "d", "2", "n", "y"]),
    ("activity", ["escape", "@"]),
)
"""Name of the dialog, and the keys that lead to it from the one before."""


@pytest.fixture(autouse=True)
def greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The log has the time of the place where it is read."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def dialog_lines(pilot: Pilot[None]) -> list[str]:
    x, y, width, height = pilot.app.screen.query_one("#dialog").region
    return [line.ljust(x + width)[x : x + width].rstrip() for line in screen_lines(pilot)[y : y + height]]


async def walk(size: str, settings: ExplorerSettings, suffix: str = "") -> None:
    async with opened(size=SIZES[size], settings=settings) as pilot:
        for name, keys in WALK:
            await pilot.press(*keys)
            await settled(pilot)
            assert_golden(FOLDER, f"{name}-{size}{suffix}", dialog_lines(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_dialogs_look_as_they_did(size: str) -> None:
    await walk(size, still(viewers={"npy": "show"}))


async def test_dialogs_of_an_ascii_terminal() -> None:
    await walk("80x24", still(glyphs=ASCII, theme="ansi"), "-ascii")


def test_the_goldens_of_an_ascii_terminal_are_ascii() -> None:
    found = list(FOLDER.glob("*-ascii.txt"))

    assert found
    assert all(path.read_text().isascii() for path in found)
