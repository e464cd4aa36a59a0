"""The mouse does what keys do, and nothing that no key does."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widget import Widget

from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.keys import KeysScreen
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, screen_lines, settled


async def click(pilot: Pilot[None], x: int, y: int, times: int = 1) -> None:
    await pilot.click(offset=(x, y), times=times)
    await settled(pilot)


async def click_on(pilot: Pilot[None], words: str, *, line: int | None = None) -> None:
    """Where these words stand on the screen."""
    lines = screen_lines(pilot)
    y = next(index for index, text in enumerate(lines) if words in text) if line is None else line % len(lines)
    await click(pilot, lines[y].index(words) + 1, y)


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


async def test_a_click_moves_the_cursor_and_two_open() -> None:
    async with opened() as pilot:
        await click_on(pilot, "scaling restored")
        assert home(pilot).cursor.name == "v1.4.0"  # type: ignore[union-attr]  # there is one
        assert home(pilot).list.marks == ()
        y = next(index for index, text in enumerate(screen_lines(pilot)) if "scaling restored" in text)
        await click(pilot, 20, y, times=2)

        assert home(pilot).detail.body.has_focus


async def test_a_click_where_the_marks_stand_marks() -> None:
    async with opened() as pilot:
        await click(pilot, 1, 5)
        await click(pilot, 1, 7)
        assert len(home(pilot).list.marks) == 2
        await click(pilot, 1, 7)

        assert len(home(pilot).list.marks) == 1


async def test_tabs_and_hints_are_clicked() -> None:
    async with opened() as pilot:
        await click_on(pilot, "Metrics 3")
        assert "‹Metrics 3›" in "\n".join(screen_lines(pilot))
        await click_on(pilot, "compare", line=-1)
        assert isinstance(pilot.app.screen, CompareScreen)
        await click_on(pilot, "Env 0")
        assert "‹Env 0›" in "\n".join(screen_lines(pilot))
        await click_on(pilot, "? +", line=-1)
        assert isinstance(pilot.app.screen, KeysScreen)


async def test_the_wheel_scrolls_the_pane_under_the_pointer() -> None:
    async with opened(size=(80, 16)) as pilot:
        body: Widget = home(pilot).list
        assert body.scroll_offset.y == 0
        body.post_message(_wheel(body))
        await settled(pilot)
        assert body.scroll_offset.y > 0
        assert home(pilot).list.cursor == 0


def _wheel(widget: Widget):  # type: ignore[no-untyped-def]  # an event with a dozen fields
    from textual.events import MouseScrollDown

    return MouseScrollDown(widget, 5, 3, 0, 1, 0, False, False, False)


async def test_no_click_writes_or_runs() -> None:
    project = MemoryProject()
    async with opened(project, size=(80, 24)) as pilot:
        for keys in ([], ["m"], ["r"], ["E", "enter"]):
            await pilot.press(*keys)
            await settled(pilot)
            depth = len(pilot.app.screen_stack)
            for y in (*range(1, 20, 4), 20, 21, 22, 23):
                for x in (15, 40):
                    if len(pilot.app.screen_stack) == depth and pilot.app.is_running:
                        await pilot.click(offset=(x, y))
            await settled(pilot)
            while len(pilot.app.screen_stack) > 1:
                await pilot.press("escape")

        assert "replay" not in project.asked


async def test_ctrl_c_copies_what_the_mouse_selected_and_the_next_one_tells_how_to_quit() -> None:
    async with opened() as pilot:
        y = next(index for index, text in enumerate(screen_lines(pilot)) if text.startswith(" why "))
        await pilot.mouse_down(offset=(9, y))
        await pilot.hover(offset=(12, y))
        await pilot.mouse_up(offset=(12, y))
        await pilot.press("ctrl+c")
        await settled(pilot)
        assert "copied same by " in screen_lines(pilot)[-2]
        assert pilot.app.clipboard == "same"

        await pilot.press("ctrl+c")
        assert "ctrl-c again quits" in screen_lines(pilot)[-2]
        assert pilot.app.is_running
