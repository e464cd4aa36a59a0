"""One state of each screen as a picture, with its colours; accept others with: pytest --snapshot-update THIS_FILE"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mlver_tui.app import MlverApp
from tests.support.answers import digits_predictions, seeds_of_b
from tests.support.explorer_project import MemoryProject
from tests.support.screens import settled, still

SIZE = (104, 30)
SIZES = {"versions-80x24": (80, 24), "versions-140x40": (140, 40)}
"""Those of another size."""

KEYS = {
    "versions": (*"jjjj",),
    "versions-80x24": (*"jjjj", "space", *"jj"),
    "versions-140x40": (*"jjjj", "b", *"jj", "space"),
    "help": (*"jjjj", "?", *"base"),
    "palette": (*"jjjj", ":", *"curves"),
    "columns": (*"jjjj", "C", "j"),
    "yank": (*"jjjj", "y"),
    "naming": (*"jjjj", "E"),
    "question": (*"jjjj", "m", "n"),
    "compare": (*"jjjj", "d"),
    "params": (*"jjjj", "d", "2", "n"),
    "text": (*"jjjj", "d", "8", "enter"),
    "bytes": ("d", "5", "D"),
    "rows": ("d", "F"),
    "side-by-side": ("space", *"jj", "space", *"jj", "space", "d"),
    "charts": ("space", *"jjjj", "space", "c", "i"),
    "lineage": (*"jjjj", "7", "enter", "enter"),
    "replay": (*"jjjj", "r"),
}
"""Name of the picture, and the keys that lead there from the list."""


@pytest.mark.parametrize("name", KEYS)
def test_screens_have_the_colours_they_had(name: str, snap_compare: Callable[..., bool]) -> None:
    project = MemoryProject()
    project.predictions, project.spread = digits_predictions(), seeds_of_b()

    async def walk(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for key in KEYS[name]:
            await pilot.press(key)
            await settled(pilot)
        for screen in pilot.app.screen_stack:
            # How many keys there are is told by one golden, or a new key would change every picture.
            screen.query("#footer").set(visible=False)
            for line in screen.query(Input):
                line.cursor_blink = False
        await settled(pilot)

    settings = still(find_editor=lambda: "ed", edit=lambda _editor, text, _suspend: f"scaling restored\n{text}")
    assert snap_compare(MlverApp(project, settings), terminal_size=SIZES.get(name, SIZE), run_before=walk)
