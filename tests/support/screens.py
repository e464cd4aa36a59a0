"""An app in a terminal of a given size, and its screen as text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from mlver_tui.app import MlverApp
from mlver_tui.settings import ExplorerSettings
from tests.support.explorer import NOW
from tests.support.explorer_project import MemoryProject


@asynccontextmanager
async def opened(
    project: MemoryProject | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    settings: ExplorerSettings | None = None,
) -> AsyncIterator[Pilot[None]]:
    """The app on that project, settled: rows read, the detail shown."""
    app = MlverApp(project or MemoryProject(), settings or ExplorerSettings(clock=lambda: NOW))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Until no worker runs and the detail has followed the cursor."""
    for _ in range(2):
        await pilot.pause(0.1)
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def screen_lines(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen, line by line, right ends stripped."""
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]
