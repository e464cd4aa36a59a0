"""The dialogs of the version list, models under headings and a range, cell by cell; but for the last line, the keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver_tui.kept_state import KeptState
from mlver_tui.view_models.glyphs import ASCII
from tests.support.goldens import assert_golden
from tests.support.screens import dialog_lines, opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40), "200x60": (200, 60)}
KEPT = KeptState(filters=("metric.loss<0.16", "lr"), saved={"good and proven": "metric.accuracy>=0.95 confirmed>=2"})

WALK = (
    ("sort", ["s"]),
    ("sorted", [*"loss", "enter"]),
    ("columns", ["C"]),
    ("columns-chosen", ["space", "<", *"author", "space", "enter"]),
    ("filters", ["f"]),
    ("models", ["escape", "M"]),
    ("grouped", [*"all", "enter", "j"]),
    ("range", ["v", *"jjj"]),
)
"""Name of the picture, and the keys that lead to it from the one before."""
_DIALOGS = {"sort", "columns", "filters", "models"}
"""On a wide screen they alone are held to what they were: what lies around them is told by others."""


@pytest.mark.parametrize("size", SIZES)
async def test_dialogs_look_as_they_did(size: str) -> None:
    async with opened(size=SIZES[size], settings=still(state=KEPT)) as pilot:
        for name, keys in WALK:
            await pilot.press(*keys)
            await settled(pilot)
            lines = dialog_lines(pilot) if name in _DIALOGS and size != "80x24" else screen_lines(pilot)[:-1]

            assert_golden(FOLDER, f"browsing-{name}-{size}", lines)


async def test_they_are_ascii_where_nothing_else_can_be_shown() -> None:
    async with opened(size=(80, 24), settings=still(state=KEPT, glyphs=ASCII, theme="ansi")) as pilot:
        for name, keys in WALK:
            await pilot.press(*keys)
            await settled(pilot)
            lines = screen_lines(pilot)

            assert "\n".join(lines).isascii(), name
            assert_golden(FOLDER, f"browsing-{name}-ascii", lines[:-1])
