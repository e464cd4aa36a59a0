"""Compare and a file's changes, cell by cell, at every size: held beside the mock-ups."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver_tui.settings import ExplorerSettings
from mlver_tui.view_models.glyphs import ASCII
from tests.support.explorer_project import MemoryProject
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"

PLACES = {
    "80x24": ((80, 24), still()),
    "140x40": ((140, 40), still()),
    "200x60": ((200, 60), still()),
    "ascii-140x40": ((140, 40), still(glyphs=ASCII, theme="ansi")),
}

WALK = (
    ("compare-apart", [*["j"] * 4, "space", "G", "k", "space", "d"]),
    ("compare-apart-all", ["a"]),
    ("compare-apart-params", ["a", "2", "n"]),
    ("compare-apart-inline", ["|"]),
    ("compare-apart-search", ["|", "/", *"epo", "enter"]),
    ("text-inline", ["escape", "8", "j", "enter"]),
    ("text-side-by-side", ["|"]),
)
"""Name of the screen, and the keys that lead to it from the one before; v1.1.0 and v1.4.0 are six versions apart."""


@pytest.mark.parametrize("place", PLACES)
async def test_comparisons_look_as_they_did(place: str) -> None:
    size, settings = PLACES[place]
    await walked(place, size, settings)


async def walked(place: str, size: tuple[int, int], settings: ExplorerSettings) -> None:
    async with opened(MemoryProject(), size=size, settings=settings) as pilot:
        for name, keys in WALK:
            await pilot.press(*keys)
            await settled(pilot)
            lines = screen_lines(pilot)

            assert_golden(FOLDER, f"{name}-{place}", lines)
            assert not settings.glyphs.is_ascii or "\n".join(lines).isascii()
