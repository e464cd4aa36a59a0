"""What `e` and `o` offer and refuse; the programs themselves run in a real terminal (tests/end_to_end)."""

from __future__ import annotations

from textual.pilot import Pilot

from mlver_tui.screens.rows_dialog import RowsScreen
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.screens import opened, screen_lines, settled, still


async def press(pilot: Pilot[None], *keys: str) -> str:
    await pilot.press(*keys)
    await settled(pilot)
    return "\n".join(screen_lines(pilot))


async def test_the_files_of_the_version_are_offered_with_the_log_first() -> None:
    project = MemoryProject()
    settings = still(find_editor=lambda: "ed", environment={"PAGER": "more"})
    async with opened(project, settings=settings) as pilot:
        shown = await press(pilot, *"jjjj", "e")
        assert isinstance(pilot.app.screen, RowsScreen)
        assert shown.index("log of the run") < shown.index("models/weights.npy") < shown.index("train.py")
        assert "\x1b" not in shown

        assert "it is no text; o shows it" in await press(pilot, "j", "enter")
        assert "this terminal cannot be given to another program" in await press(pilot, "e", "l")
        assert project.asked[-1] == "file v1.4.0 models/weights.npy"


async def test_in_a_comparison_the_file_under_the_cursor_is_opened() -> None:
    project = MemoryProject()
    async with opened(project, settings=still(find_editor=lambda: "ed")) as pilot:
        await press(pilot, "d", "8", "n", "e")

        assert project.asked[-1].startswith("file e07b3a51.2 ")


async def test_a_failure_and_a_missing_program_are_sentences() -> None:
    project = MemoryProject()
    async with opened(project, settings=still(environment={"PATH": "/nowhere"})) as pilot:
        assert "neither an editor nor a pager was found" in await press(pilot, "e", "l")
        project.failure = damaged()
        shown = await press(pilot, "e", "j", "enter")
        assert "object 4be1c02 is missing" in shown
        assert "\x1b" not in shown


async def test_viewers_are_the_users_to_name() -> None:
    async with opened() as pilot:
        assert "your config names no viewer" in await press(pilot, "o")
    async with opened(settings=still(viewers={"npy": "show-npy"})) as pilot:
        shown = await press(pilot, "o")
        assert "models/weights.npy" in shown
        assert "train.py" not in shown
    async with opened(settings=still(viewers={"png": "feh"})) as pilot:
        assert "no file of e07b3a51.2 ends in .png" in await press(pilot, "o")
