"""The rule of the keys: none writes, runs or connects, alone or in whatever text is pasted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from typing import NoReturn

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from mlver_tui.actions import Context, actions_of
from mlver_tui.app import MlverApp
from mlver_tui.screens.explorer_screen import ExplorerScreen
from mlver_tui.view_models.browsing import Pair, Several
from tests.support.answers import answering
from tests.support.explorer import digits_rows
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, settled, still

ROWS = digits_rows()
LEAVES_THE_APP = {"q", "Q", "ctrl+c", "ctrl+z", "escape"}
ACTS = ("replay", "write_note", "run", "record")
"""What the project would be asked by whatever writes or runs."""
PASTED = "m r y go\ny\nE /tmp/pasted.csv\ny\n:replay v1.4.0\n y Y\nm n\n:note\n e o ! P B V\x1b[2J\r\n"


def _versions(_app: MlverApp) -> None:
    """It is open."""


def _text(app: MlverApp) -> None:
    from mlver_tui.screens.text import TextScreen

    app.push_screen(TextScreen(ROWS[1], ROWS[0], "train.py"))


PLACES: Mapping[Context, Callable[[MlverApp], None]] = {
    Context.VERSIONS: _versions,
    Context.COMPARE: lambda app: app.open_compare(Pair(before=ROWS[1], after=ROWS[0])),
    Context.MATRIX: lambda app: app.open_compare(Several(rows=ROWS[:3], why="3 marked")),
    Context.REPLAY: lambda app: app.open_replay(ROWS[0]),
    Context.TEXT: _text,
    Context.CHARTS: lambda app: app.open_charts(ROWS[:2]),
    Context.LINEAGE: lambda app: app.open_lineage(ROWS[0]),
    Context.BYTES: lambda app: app.open_bytes(ROWS[1], ROWS[0], "models/weights.npy"),
    Context.FLIPS: lambda app: app.open_flips(answering().compare(ROWS[1], ROWS[0])),
}


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **_options: object) -> NoReturn:
        raise AssertionError(f"a process was started: {arguments}")

    monkeypatch.setattr(subprocess, "Popen", refuse)


async def place_of(pilot: Pilot[None], context: Context) -> Screen[None]:
    app = pilot.app
    assert isinstance(app, MlverApp)
    PLACES[context](app)
    await settled(pilot)
    assert isinstance(app.screen, ExplorerScreen)
    assert context == app.screen.CONTEXT
    return app.screen


def go_back(pilot: Pilot[None], place: Screen[None]) -> None:
    while pilot.app.screen is not place and place in pilot.app.screen_stack:
        pilot.app.pop_screen()


def acted(project: MemoryProject) -> list[str]:
    return [asked for asked in project.asked if asked.split(" ")[0] in ACTS]


def test_every_place_is_tried() -> None:
    assert set(PLACES) == set(Context)


@pytest.mark.parametrize("context", list(Context))
async def test_no_key_of_the_table_writes_runs_or_connects(context: Context) -> None:
    project = MemoryProject()
    keys = [key for action in actions_of(context) if not action.is_motion for key in action.keys]
    async with opened(project, settings=still(viewers={"npy": "show"})) as pilot:
        place = await place_of(pilot, context)
        for key in dict.fromkeys(keys):
            if key not in LEAVES_THE_APP:
                await pilot.press(key)
                go_back(pilot, place)
        await settled(pilot)

        assert acted(project) == []


@pytest.mark.parametrize("context", [Context.VERSIONS, Context.COMPARE, Context.REPLAY])
async def test_pasted_text_does_nothing_even_where_the_terminal_types_it(context: Context) -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        place = await place_of(pilot, context)
        pilot.app.post_message(events.Paste(PASTED))
        await settled(pilot)
        assert pilot.app.screen is place

        await pilot.press(*(_KEYS.get(letter, letter) for letter in PASTED if letter not in "\x1bQq"))
        await settled(pilot)

        assert acted(project) == []


_KEYS = {
    "\n": "enter", "\r": "enter", " ": "space", ":": "colon", "/": "slash", ".": "full_stop", "!": "exclamation_mark",
    "[": "left_square_bracket", "_": "underscore", ",": "comma",
}  # fmt: skip
