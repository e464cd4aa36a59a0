"""An app in a terminal of a given size, and its screen as text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from mlver_tui.app import MlverApp
from mlver_tui.opened_project import OpenedProject
from mlver_tui.settings import ExplorerSettings
from tests.support.explorer import NOW
from tests.support.explorer_project import MemoryProject


def still(**more: Any) -> ExplorerSettings:
    """Settings with a fixed clock and no waiting."""
    return ExplorerSettings(clock=lambda: NOW, follow_s=0, first_look_s=0, poll_s=3600, **more)


@asynccontextmanager
async def opened(
    project: OpenedProject | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    settings: ExplorerSettings | None = None,
) -> AsyncIterator[Pilot[None]]:
    """The app on that project, settled: rows read, the detail shown."""
    app = MlverApp(project or MemoryProject(), settings or still())
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[Any]) -> None:
    """Until every message is handled, no worker runs and all has its place: what a worker posts may start another."""
    was_at_rest = False
    for _ in range(25):
        await pilot._wait_for_screen()
        is_at_rest = _is_at_rest(pilot)
        if was_at_rest and is_at_rest:
            return
        was_at_rest = is_at_rest
        while any(not worker.is_finished for worker in pilot.app.workers):  # noqa: ASYNC110 - waiting for a worker raises when it was cancelled
            await asyncio.sleep(0.002)
        pilot.app.screen._on_timer_update()  # not with the next frame, a sixtieth of a second later
    await pilot._wait_for_screen()


def _is_at_rest(pilot: Pilot[Any]) -> bool:
    """Whether nothing is under way now: a handler that waits may still post something."""
    app, screen = pilot.app, pilot.app.screen
    is_drawn = not (screen._layout_required or screen._scroll_required or screen._repaint_required)
    return (
        is_drawn
        and not screen._dirty_widgets
        and not screen._callbacks
        and all(worker.is_finished for worker in app.workers)
        and not any(pump.message_queue_size for pump in (app, *screen.walk_children(with_self=True)))
    )


async def resized(pilot: Pilot[Any], width: int, height: int) -> None:
    """Give the terminal another size, and wait until the screen has it: Textual lets a moment pass."""
    await pilot.resize_terminal(width, height)
    await until(pilot, lambda: pilot.app.screen._compositor.size == (width, height))
    await settled(pilot)


async def until(pilot: Pilot[Any], is_so: Callable[[], bool]) -> None:
    """Until that is so; what never becomes so fails after a while that no machine needs."""
    for _ in range(3000):
        if is_so():
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not become so")


def screen_lines(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen, line by line, right ends stripped; a crash is raised, not shown as a blank screen."""
    if pilot.app._exception is not None:
        raise pilot.app._exception
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def dialog_lines(pilot: Pilot[Any]) -> list[str]:
    """What stands in the dialog alone."""
    x, y, width, height = pilot.app.screen.query_one("#dialog").region
    return [line.ljust(x + width)[x : x + width].rstrip() for line in screen_lines(pilot)[y : y + height]]
