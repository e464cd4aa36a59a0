"""The lineage: lanes of parents, the steps of a version, and the ways there and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.command import CommandInput

from mlver.model.version import Version, VersionRow
from mlver_tui.screens.lineage import LineageScreen
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.view_models.glyphs import ASCII
from tests.support.explorer import HOSTILE, hostile_row, key_of, listing, version_of
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.goldens import assert_golden
from tests.support.lineages import branching_rows, pipeline_of
from tests.support.screens import opened, resized, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40), "200x60": (200, 60)}


class BranchingProject(MemoryProject):
    """The digits story with branches, and a pipeline of four steps."""

    def __init__(self) -> None:
        super().__init__(listing(*branching_rows()))

    def version(self, row: VersionRow) -> Version:
        read = version_of(row) if not self.failure else super().version(row)
        return replace(read, manifest=replace(read.manifest, steps=pipeline_of()))


def said(pilot: Any) -> str:
    return "\n".join(screen_lines(pilot))


async def to_lineage(pilot: Any) -> None:
    """By the history of the version under the cursor."""
    await pilot.press("7", "enter", "enter")
    await settled(pilot)
    assert isinstance(pilot.app.screen, LineageScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_it_looks_as_it_did(size: str) -> None:
    async with opened(BranchingProject(), size=SIZES[size]) as pilot:
        await pilot.press(*"jjjj")
        await to_lineage(pilot)
        assert_golden(FOLDER, f"lineage-{size}", screen_lines(pilot))

        await pilot.press("2")
        await settled(pilot)
        assert_golden(FOLDER, f"lineage-steps-{size}", screen_lines(pilot))


async def test_in_ascii_it_looks_as_it_did() -> None:
    async with opened(BranchingProject(), size=(80, 24), settings=still(glyphs=ASCII, theme="ansi")) as pilot:
        await to_lineage(pilot)
        assert_golden(FOLDER, "lineage-ascii-80x24", screen_lines(pilot))
        assert said(pilot).isascii()

        await pilot.press("2")
        await settled(pilot)
        assert said(pilot).isascii()
        assert_golden(FOLDER, "lineage-steps-ascii-80x24", screen_lines(pilot))


async def test_enter_goes_to_the_version_in_the_list() -> None:
    async with opened(BranchingProject()) as pilot:
        await to_lineage(pilot)
        await pilot.press(*"jjj", "enter")
        await settled(pilot)

        screen = pilot.app.screen
        assert isinstance(screen, VersionsScreen)
        assert screen.list.cursor_key == key_of(9)


async def test_parent_and_child_are_a_key_away() -> None:
    async with opened(BranchingProject()) as pilot:
        await to_lineage(pilot)
        await pilot.press("l")
        assert "5c9f20d4.1" in screen_lines(pilot)[-2]
        assert "2 children here" in screen_lines(pilot)[-2]
        await pilot.press("h")
        assert "e07b3a51.2" in screen_lines(pilot)[-2]
        await pilot.press("h")
        assert "no child of it is listed" in screen_lines(pilot)[-2]
        await pilot.press("G", "l")
        assert "no parent of it is listed" in screen_lines(pilot)[-2]


async def test_a_version_is_compared_with_its_parent() -> None:
    async with opened(BranchingProject()) as pilot:
        await to_lineage(pilot)
        await pilot.press("j", "d")
        await settled(pilot)

        assert screen_lines(pilot)[0].startswith(" A 5c9f20d4.1")
        assert screen_lines(pilot)[1].startswith(" B e07b3a51.1")
        await pilot.press("escape")
        assert "‹Lineage›" in said(pilot)


async def test_a_parent_that_cannot_be_read_is_compared_with_nothing() -> None:
    rows = branching_rows()
    broken = [replace(row, is_broken=row.key == key_of(10)) for row in rows]
    async with opened(MemoryProject(listing(*broken))) as pilot:
        await to_lineage(pilot)
        await pilot.press("d")

        assert "it or its parent cannot be read" in screen_lines(pilot)[-2]


async def test_only_what_the_list_shows_is_in_it() -> None:
    async with opened(BranchingProject()) as pilot:
        await pilot.press("/", *"lr", "enter")
        await settled(pilot)
        await to_lineage(pilot)

        assert "3 versions" in said(pilot)


async def test_the_palette_opens_it_and_escape_leaves_it() -> None:
    async with opened(BranchingProject()) as pilot:
        await pilot.press("j", ":")
        await pilot.pause()
        pilot.app.screen.query_one(CommandInput).value = "lineage"
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "‹Lineage›" in said(pilot)
        assert "e07b3a51.1" in screen_lines(pilot)[-2]

        await pilot.press("escape")

        assert isinstance(pilot.app.screen, VersionsScreen)


async def test_opened_from_compare_the_steps_that_differ_are_marked() -> None:
    async with opened(BranchingProject(), size=(140, 40)) as pilot:
        await pilot.press("d")
        await settled(pilot)
        pilot.app.screen.action_act("lineage")  # type: ignore[attr-defined]
        await settled(pilot)

        assert "~ prepare  its input data/digits.csv differs" in said(pilot)
        assert "= report" in said(pilot)


async def test_a_version_that_cannot_be_read_says_why_and_can_be_tried_again() -> None:
    project = BranchingProject()
    async with opened(project) as pilot:
        await to_lineage(pilot)
        project.failure = damaged()
        await pilot.press("2")
        await settled(pilot)
        assert "object 4be1c02 is missing" in said(pilot)

        project.failure = None
        await pilot.press("R")
        await settled(pilot)

        assert "prepare" in said(pilot)


async def test_hostile_versions_and_files_are_shown_harmless() -> None:
    project = MemoryProject(listing(hostile_row(), *branching_rows()))
    async with opened(project, size=(140, 40)) as pilot:
        await to_lineage(pilot)

        assert "\\x1b]52" in said(pilot)
        assert "\x1b" not in said(pilot)
        assert HOSTILE not in said(pilot)


async def test_keys_pressed_before_the_lanes_are_there_are_not_lost() -> None:
    async with opened(BranchingProject()) as pilot:
        await pilot.press("7", "enter", "enter", "j", "j")
        await settled(pilot)

        assert "5c9f20d4.1" in screen_lines(pilot)[-2]


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (60, 16)])
async def test_no_size_crashes_it(size: tuple[int, int]) -> None:
    async with opened(BranchingProject(), size=(80, 24)) as pilot:
        await to_lineage(pilot)
        await resized(pilot, *size)
        await pilot.press("2")
        await settled(pilot)
        screen_lines(pilot)
