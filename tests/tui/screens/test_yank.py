"""The yank menu: what it offers in each place, what comes to the clipboard, and by which way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from msgspec.structs import replace
from textual.pilot import Pilot

from mlver_tui.app import MlverApp
from mlver_tui.clipboard import SEQUENCE
from mlver_tui.screens.rows_dialog import RowsScreen
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import hostile_row, listing
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.screens import opened, screen_lines, settled, still, until


def clipboard(pilot: Pilot[None]) -> str:
    return pilot.app.clipboard


async def press(pilot: Pilot[None], *keys: str) -> str:
    await pilot.press(*keys)
    await settled(pilot)
    return "\n".join(screen_lines(pilot))


async def test_what_names_a_version_is_copied_by_its_letter_and_the_route_is_named() -> None:
    async with opened() as pilot:
        shown = await press(pilot, *"jjjj", "y")
        assert isinstance(pilot.app.screen, RowsScreen)
        assert "mlver show v1.4.0" in shown
        assert SEQUENCE.name in await press(pilot, "m")
        assert clipboard(pilot) == "mlver show v1.4.0"

        await press(pilot, "y", "n")
        assert clipboard(pilot) == "v1.4.0"
        await press(pilot, "y", "v")
        assert clipboard(pilot) == "0.9583333333333334"


async def test_commands_name_what_is_explored_where_the_user_stands_elsewhere() -> None:
    async with opened(settings=still(place="/data/a store/mlflow.db")) as pilot:
        at = "mlver -C '/data/a store/mlflow.db'"
        await press(pilot, "j", "y", "m")
        assert clipboard(pilot).startswith(f"{at} show ")
        await press(pilot, "d", "y", "m")
        assert clipboard(pilot).startswith(f"{at} diff ")
        await press(pilot, "escape", "end")
        assert f"{at} list" in await press(pilot, "@")
        told = [one.command for one in cast("MlverApp", pilot.app).activities if one.command]
        assert len(told) > 1
        assert all(one.startswith(f"{at} ") for one in told)


async def test_what_was_copied_is_said_until_the_next_key_whatever_arrives_meanwhile() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pilot.press("y", "n")
        await settled(pilot)
        said = screen_lines(pilot)[-2]
        assert said.startswith(" copied e07b3a51.2")
        project.changes += 1
        cast("VersionsScreen", pilot.app.screen)._look_whether_changed()
        await settled(pilot)
        assert screen_lines(pilot)[-2] == said
        await pilot.press("j")
        await settled(pilot)
        assert "d compares" in screen_lines(pilot)[-2]


async def test_what_is_told_in_a_corner_covers_neither_the_status_line_nor_the_keys() -> None:
    async with MlverApp(MemoryProject(), still()).run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        pilot.app.notify("told in\na corner", timeout=60)
        await until(pilot, lambda: "told in" in "".join(screen_lines(pilot)))

        assert screen_lines(pilot)[-2].startswith(" against its parent")
        assert "? +" in screen_lines(pilot)[-1]


async def test_the_tab_offers_its_values_paths_and_digests() -> None:
    async with opened() as pilot:
        shown = await press(pilot, *"jjjj", "2", "y")
        assert "optimiser.lr" in shown or "lr" in shown
        await press(pilot, "escape")
        shown = await press(pilot, "4", "y")
        assert "digest of " in shown


async def test_a_comparison_is_copied_whole_as_the_command_prints_it() -> None:
    async with opened() as pilot:
        await press(pilot, *"jjjj", "d")
        await press(pilot, "y", "m")
        assert clipboard(pilot) == "mlver diff 91be44c7.1 v1.4.0"
        await press(pilot, "y", "s")
        assert json.loads(clipboard(pilot))["after"]["name"] == "v1.4.0"
        await press(pilot, "y", "w")
        assert clipboard(pilot).startswith("### `91be44c7.1` → `v1.4.0`\n")
        await press(pilot, "y", "t")
        assert clipboard(pilot).startswith("A 91be44c7.1")


async def test_the_change_under_the_cursor_is_copied_side_by_side() -> None:
    async with opened() as pilot:
        await press(pilot, *"jjjj", "d", "2", "n", "y", "p")
        key = clipboard(pilot)
        await press(pilot, "y", "b")

        assert key
        assert clipboard(pilot) != key


async def test_hostile_names_are_copied_without_what_is_obeyed() -> None:
    async with opened(MemoryProject(now=listing(hostile_row()))) as pilot:
        shown = await press(pilot, "y")
        assert "\x1b" not in shown
        await press(pilot, "m")
        assert clipboard(pilot).startswith("mlver show ")
        assert clipboard(pilot).isprintable()


async def test_inside_tmux_the_text_goes_to_tmux(tmp_path: Path) -> None:
    program = tmp_path / "tmux"
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/text\n")
    program.chmod(0o755)
    settings = still(environment={"TMUX": "1", "PATH": f"{tmp_path}:/usr/bin:/bin"})
    async with opened(settings=settings) as pilot:
        shown = await press(pilot, *"jjjj", "y", "n")

        assert "copied v1.4.0 by tmux" in shown
        assert (tmp_path / "text").read_text() == "v1.4.0"
        assert clipboard(pilot) == ""


async def test_a_way_that_fails_leaves_it_to_the_terminal(tmp_path: Path) -> None:
    program = tmp_path / "tmux"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    async with opened(settings=still(environment={"TMUX": "1", "PATH": f"{tmp_path}:/bin"})) as pilot:
        assert "OSC 52" in await press(pilot, *"jjjj", "y", "n")
        assert clipboard(pilot) == "v1.4.0"


async def test_what_was_done_is_logged_with_its_command_and_enter_yanks_it() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await press(pilot, *"jjjj", "d")
        project.failure = damaged()
        await press(pilot, "x", "escape")
        shown = await press(pilot, "@")
        assert "mlver list" in shown
        assert "mlver diff 91be44c7.1 v1.4.0" in shown
        assert "mlver diff v1.4.0 91be44c7.1" in shown
        assert "object 4be1c02 is missing" in shown
        assert "\x1b" not in shown

        await press(pilot, "up", "enter")
        assert clipboard(pilot) == "mlver diff v1.4.0 91be44c7.1"
        assert isinstance(pilot.app, MlverApp)
        assert [one.said for one in pilot.app.activities][-1] == "copy command"


async def test_what_the_list_left_out_stands_in_the_log_first() -> None:
    project = MemoryProject()
    project.listing = replace(listing(), problems=("refs/tags/x: no version \x1b[2J", "config.yaml: cannot be read"))
    async with opened(project) as pilot:
        assert "! 2 problems (@)" in screen_lines(pilot)[-2]
        shown = await press(pilot, "@")

        assert shown.index("left out of the list") < shown.index("config.yaml: cannot be read")
        assert shown.index("config.yaml") < shown.index("done in this session")
        assert "\x1b" not in shown


async def test_a_list_and_a_comparison_are_written_after_two_questions(tmp_path: Path) -> None:
    async with opened() as pilot:
        for key, name in (("E", "list.csv"), ("E", "list.md"), ("E", "list.json")):
            await press(pilot, key)
            pilot.app.screen.query_one("#file").value = str(tmp_path / name)  # type: ignore[attr-defined]  # an Input
            await press(pilot, "enter", "enter")
            assert not (tmp_path / name).exists(), "the focus is on cancel"
            assert "wrote" in await press(pilot, "E", "enter", "right", "enter")
        await press(pilot, "d")
        for name in ("diff.txt", "diff.md", "diff.json"):
            await press(pilot, "m", "e")
            pilot.app.screen.query_one("#file").value = str(tmp_path / name)  # type: ignore[attr-defined]  # as above
            assert "wrote" in await press(pilot, "enter", "right", "enter")

    assert (tmp_path / "list.csv").read_text().splitlines()[0].startswith("name,model,created,author,why,changed")
    assert len(json.loads((tmp_path / "list.json").read_text())["versions"]) == 12
    assert (tmp_path / "list.md").read_text().startswith("| version | date |")
    assert json.loads((tmp_path / "diff.json").read_text())["after"]["name"] == "e07b3a51.2"
    assert "A e07b3a51.1" in (tmp_path / "diff.txt").read_text()
