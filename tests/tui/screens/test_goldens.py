"""The screens, cell by cell, from fixed versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver_tui.view_models.glyphs import ASCII
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40)}

WALK = (
    ("versions", [*["j"] * 4]),
    ("compare-summary", ["d"]),
    ("compare-params", ["2", "n"]),
    ("compare-env", ["7", "a"]),
    ("compare-metrics", ["3"]),
    ("compare-curves", ["4"]),
    ("compare-files", ["5"]),
    ("compare-code", ["a", "8"]),
    ("code-diff", ["j", "enter"]),
    ("replay-plan", ["escape", "escape", "r"]),
    ("replay-verdict", ["right", "enter"]),
    ("versions-base", ["escape", *["j"] * 6, "b", "k", "space"]),
    ("help", ["?"]),
    ("menu", ["escape", "m"]),
)
"""Name of the screen, and the keys that lead to it from the one before."""


@pytest.mark.parametrize("size", SIZES)
async def test_screens_look_as_they_did(size: str) -> None:
    async with opened(size=SIZES[size]) as pilot:
        for name, keys in WALK:
            await pilot.press(*keys)
            await settled(pilot)

            assert_golden(FOLDER, f"{name}-{size}", screen_lines(pilot))


async def test_between_the_two_widths_list_and_detail_share_the_screen() -> None:
    async with opened(size=(120, 40)) as pilot:
        assert_golden(FOLDER, "versions-120x40", screen_lines(pilot))


async def test_an_ascii_terminal_gets_ascii_only() -> None:
    settings = still(glyphs=ASCII, theme="ansi")
    async with opened(size=(100, 30), settings=settings) as pilot:
        for keys in (
            [],
            ["d"],
            ["2", "n"],
            ["3"],
            ["4"],
            ["5"],
            ["escape", "r"],
            ["escape", "?"],
            ["escape", "m"],
            ["escape", ":"],
        ):
            await pilot.press(*keys)
            await settled(pilot)
            await pilot.pause(0.3 if keys[-1:] == [":"] else 0)
            text = "\n".join(screen_lines(pilot))

            assert text.isascii(), [line for line in text.splitlines() if not line.isascii()]
            assert keys[-1:] != [":"] or "Make it the base A" in text
