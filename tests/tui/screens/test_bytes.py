"""The bytes of a file of two versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mlver.errors import ObjectMissing
from mlver_tui.screens.bytes import BytesScreen
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.view_models.glyphs import ASCII
from tests.support.explorer_project import MemoryProject
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
TO_FILES = ("d", "5")


async def press(pilot: Pilot[None], *keys: str) -> list[str]:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return screen_lines(pilot)


async def to_bytes(pilot: Pilot[None]) -> list[str]:
    """From the list to the bytes of the first file that differs."""
    await press(pilot, *TO_FILES)
    lines = await press(pilot, "D")
    assert isinstance(pilot.app.screen, BytesScreen)
    return lines


@pytest.mark.parametrize(
    ("name", "size", "is_ascii"),
    [
        ("bytes-80x24", (80, 24), False), ("bytes-140x40", (140, 40), False), ("bytes-200x60", (200, 60), False),
        ("bytes-ascii-80x24", (80, 24), True),
    ],
)  # fmt: skip
async def test_bytes_stand_beside_each_other_or_one_below_the_other(
    name: str, size: tuple[int, int], is_ascii: bool
) -> None:
    settings = still(glyphs=ASCII) if is_ascii else still()
    async with opened(size=size, settings=settings) as pilot:
        assert_golden(FOLDER, name, await to_bytes(pilot))


async def test_it_opens_at_the_first_difference_and_n_goes_from_stretch_to_stretch() -> None:
    async with opened() as pilot:
        lines = await to_bytes(pilot)
        assert any("hidden.weight [3, 4]" in line and "94 → 94.5" in line for line in lines)

        lines = await press(pilot, "n")
        assert any("hidden.weight [10, 0]" in line for line in lines)
        lines = await press(pilot, "n")
        assert any("hidden.weight [19, 29]" in line for line in lines)
        lines = await press(pilot, "n")
        assert any("no other difference this way" in line for line in lines)
        lines = await press(pilot, "N", "N")
        assert any("hidden.weight [3, 4]" in line for line in lines)


async def test_a_place_is_gone_to_by_offset_or_by_the_name_of_a_tensor() -> None:
    async with opened() as pilot:
        await to_bytes(pilot)

        lines = await press(pilot, "/", *"bias", "enter")
        assert any("hidden.bias [0]" in line for line in lines)
        lines = await press(pilot, "/", *"0x10", "enter")
        assert any(line.startswith(" 0x10  16") for line in lines)
        lines = await press(pilot, "l", "l", "h")
        assert any(line.startswith(" 0x11  17") for line in lines)
        lines = await press(pilot, "/", *"nothing", "enter")
        assert any("no offset, and no tensor" in line for line in lines)
        lines = await press(pilot, "/", *"99999999", "enter")
        assert any("the files end before" in line for line in lines)


async def test_moving_by_lines_pages_and_to_the_ends_stays_inside() -> None:
    async with opened() as pilot:
        await to_bytes(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, BytesScreen)

        await press(pilot, "g")
        assert screen._cursor == 0
        await press(pilot, "k")
        assert screen._cursor == 0
        await press(pilot, "j")
        assert screen._cursor == 16
        await press(pilot, "pagedown", "G")
        assert screen._cursor == screen._longest - 1
        await press(pilot, "j")
        assert screen._cursor == screen._longest - 1


async def test_the_files_are_closed_with_the_screen() -> None:
    async with opened() as pilot:
        await to_bytes(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, BytesScreen)
        await press(pilot, "q")

        assert isinstance(pilot.app.screen, CompareScreen)
        assert screen._bytes is None


async def test_the_prompt_closes_before_the_screen() -> None:
    async with opened() as pilot:
        await to_bytes(pilot)
        await press(pilot, "/", "escape")

        assert isinstance(pilot.app.screen, BytesScreen)
        assert not pilot.app.screen.query_one("#filter", Input).has_focus


async def test_where_no_file_is_under_the_cursor_it_says_so() -> None:
    async with opened() as pilot:
        lines = await press(pilot, "d", "D")

        assert isinstance(pilot.app.screen, CompareScreen)
        assert any("no file here" in line for line in lines)


async def test_a_file_that_cannot_be_opened_is_a_card() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await press(pilot, *TO_FILES)
        project.failure = ObjectMissing("weights.npy is not present here", hint="fetch it")
        lines = await press(pilot, "D")

        assert any("weights.npy is not present here" in line for line in lines)
