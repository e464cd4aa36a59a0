"""With --read-only nothing writes or runs, whatever is pressed, and every place says why."""

from __future__ import annotations

import pytest

from mlver_tui.actions import Context, actions_of
from mlver_tui.app import MlverApp
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.replay import ReplayScreen
from tests.support.explorer import digits_rows
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, screen_lines, settled, still

LEAVING = {"escape", "q", "Q", "ctrl+c", "ctrl+z"}
NEW = digits_rows()[0]


@pytest.mark.parametrize("context", [Context.VERSIONS, Context.COMPARE])
async def test_no_key_followed_by_enter_and_arrows_runs_anything(context: Context) -> None:
    project = MemoryProject()
    keys = [key for action in actions_of(context) if not action.is_motion for key in action.keys]
    async with opened(project, settings=still(is_read_only=True)) as pilot:
        app = pilot.app
        if context is Context.COMPARE:
            await pilot.press("d")
            await settled(pilot)
            assert isinstance(app.screen, CompareScreen)
        for key in keys:
            if key in LEAVING:
                continue
            await pilot.press(key, "right", "enter")
            while len(app.screen_stack) > (2 if context is Context.COMPARE else 1):
                await pilot.press("escape")

        assert project.asked.count("replay") == 0


async def test_the_plan_of_a_replay_does_not_go() -> None:
    project = MemoryProject()
    async with opened(project, settings=still(is_read_only=True)) as pilot:
        assert isinstance(pilot.app, MlverApp)
        pilot.app.open_replay(NEW)
        await settled(pilot)
        assert isinstance(pilot.app.screen, ReplayScreen)

        await pilot.press("right", "enter")
        await settled(pilot)

        assert "read-only: nothing is written or run" in screen_lines(pilot)[-2]
        assert "replay" not in project.asked
