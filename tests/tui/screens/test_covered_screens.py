"""A screen that another one covers is not drawn, and is whole again when it is seen."""

from __future__ import annotations

import asyncio
from typing import cast

from mlver_tui.messages import RepositoryChanged
from mlver_tui.screens.explorer_screen import ExplorerScreen
from tests.support.screens import opened, screen_lines, settled


async def test_what_changes_below_draws_nothing_above() -> None:
    async with opened(size=(100, 30)) as pilot:
        below = cast("ExplorerScreen", pilot.app.screen)
        await pilot.press("d")
        await settled(pilot)
        above, drawn = pilot.app.screen, pilot.app.screen.stack_updates
        asked: list[object] = []
        above.refresh = lambda *regions, **_more: asked.append(regions) or above  # type: ignore[method-assign,func-returns-value]

        below.post_message(RepositoryChanged())
        below.tell("something else")
        await settled(pilot)
        await asyncio.sleep(0.1)

        assert asked == []
        assert above.stack_updates == drawn


async def test_what_was_told_meanwhile_is_seen_when_the_screen_is_on_top_again() -> None:
    async with opened(size=(100, 30)) as pilot:
        below = cast("ExplorerScreen", pilot.app.screen)
        await pilot.press("d")
        await settled(pilot)
        below.tell("told meanwhile")
        await pilot.press("q")
        await settled(pilot)

        assert below.is_current
        assert any("told meanwhile" in line for line in screen_lines(pilot))


async def test_a_screen_under_a_dialog_is_still_drawn() -> None:
    async with opened(size=(100, 30)) as pilot:
        below = cast("ExplorerScreen", pilot.app.screen)

        await pilot.press("?")
        await settled(pilot)
        assert pilot.app.screen is not below
        assert below.is_current

        await pilot.press("escape", "d", "?")
        await settled(pilot)
        assert not below.is_current


async def test_a_message_to_what_lies_under_a_dialog_draws_nothing() -> None:
    async with opened(size=(100, 30)) as pilot:
        below = pilot.app.screen
        await pilot.press("?")
        await settled(pilot)
        await asyncio.sleep(0.2)
        above = pilot.app.screen
        asked: list[object] = []
        above.refresh = lambda *regions, **_more: asked.append(regions) or above  # type: ignore[method-assign,func-returns-value]

        for _ in range(3):
            below.call_later(lambda: None)
            await settled(pilot)
            await asyncio.sleep(0.1)

        assert asked == []
        cast("ExplorerScreen", below).tell("something else")
        await settled(pilot)
        await asyncio.sleep(0.1)
        assert asked
