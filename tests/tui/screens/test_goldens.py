"""The screens, cell by cell, from fixed versions, at every size: held beside the mock-ups."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from textual.widgets import Input

from mlver_tui.view_models.glyphs import ASCII
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40), "200x60": (200, 60), "ascii": (80, 24)}

WALK: tuple[tuple[str, list[str]], ...] = (
    ("versions", [*["j"] * 4]),
    ("versions-history", ["7"]),
    ("compare-summary", ["1", "d"]),
    ("compare-params", ["2", "n"]),
    ("compare-data", ["6"]),
    ("compare-env", ["7", "a"]),
    ("compare-metrics", ["3"]),
    ("compare-curves", ["4"]),
    ("compare-files", ["5"]),
    ("compare-code", ["a", "8"]),
    ("code-diff", ["j", "enter"]),
    ("replay-plan", ["escape", "escape", "r"]),
    ("replay-verdict", ["right", "enter"]),
    ("versions-base", ["escape", "G", "k", "b", "k", "space"]),
    ("help", ["?"]),
    ("help-found", []),
    ("menu", ["escape", "m"]),
    ("palette", ["escape", ":"]),
    ("palette-words", []),
    ("versions-filter", ["escape", "/"]),
    ("versions-filter-wrong", []),
)
"""Name of the screen, and the keys that lead to it from the one before."""
TYPED = {
    "help-found": "copy",
    "palette-words": "diff v1.1.0 v",
    "versions-filter": "is:better metric.loss<0.155",
    "versions-filter-wrong": "is:better metric.loss<0.155 lr<",
}
"""What is then typed, at once: key by key is what the screens' own tests do."""


@pytest.mark.parametrize("size", SIZES)
async def test_screens_look_as_they_did(size: str) -> None:
    settings = still(glyphs=ASCII, theme="ansi") if size == "ascii" else still()
    async with opened(size=SIZES[size], settings=settings) as pilot:
        for name, keys in WALK:
            await pilot.press(*keys)
            if name in TYPED:
                cast("Input", pilot.app.focused).value = TYPED[name]
            await settled(pilot)
            lines = screen_lines(pilot)

            assert_golden(FOLDER, f"{name}-{size}", lines)
            assert size != "ascii" or "\n".join(lines).isascii(), name


async def test_between_the_two_widths_list_and_detail_share_the_screen() -> None:
    async with opened(size=(120, 40)) as pilot:
        assert_golden(FOLDER, "versions-120x40", screen_lines(pilot))
