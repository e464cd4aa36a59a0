"""A run that is being recorded, seen in the explorer: a real one, and what costs nothing while nobody trains."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import listing
from tests.support.explorer_project import MemoryProject
from tests.support.live_runs import running_digits, under_way
from tests.support.screens import opened, screen_lines, settled
from tests.support.slow_training import EPOCHS, SlowTraining


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


async def looked(pilot: Pilot[None]) -> list[str]:
    """The screen after a look at the runs, as its timer has it."""
    home(pilot).look_at_runs()
    await settled(pilot)
    return screen_lines(pilot)


async def seen(pilot: Pilot[None], what: str) -> list[str]:
    """The screen once it shows that."""
    for _ in range(500):
        lines = await looked(pilot)
        if any(what in line for line in lines):
            return lines
        await pilot.pause(0.01)
    raise AssertionError("\n".join(lines))


@pytest.fixture
def slow(tmp_path: Path) -> SlowTraining:
    """One version is there; the next one learns faster."""
    made = SlowTraining(tmp_path / "slow", tmp_path / "home").create()
    made.reach(EPOCHS)
    made.run()
    made.replace("params.json", '"lr": 1.0', '"lr": 2.0')
    return made


async def test_the_value_of_a_run_being_recorded_moves_and_then_is_its_result(slow: SlowTraining) -> None:
    with slow.opened() as project:
        async with opened(project, size=(99, 30)) as pilot:
            with slow.running(reason="twice as fast"):
                home(pilot)._look_whether_changed()
                await settled(pilot)
                row = next(line for line in screen_lines(pilot) if "twice as fast" in line)
                assert "▶ running" in row

                slow.reach(2)
                row = next(line for line in await seen(pilot, "ep 2/5") if "▶" in line)
                assert "0.25 ▲   −0.25" in row

                slow.reach(4)
                row = next(line for line in await seen(pilot, "ep 4/5") if "▶" in line)
                assert "0.125 ▲  −0.125" in row

            home(pilot)._look_whether_changed()
            await settled(pilot)

            assert "▶" not in "\n".join(screen_lines(pilot))
            assert "0.1 ▲    −0.1" in next(line for line in screen_lines(pilot) if "twice as fast" in line)


async def test_on_a_screen_of_80_columns_row_and_detail_show_it(slow: SlowTraining) -> None:
    with slow.opened() as project, slow.running(isolated=True):
        async with opened(project) as pilot:
            await pilot.press("g")
            slow.reach(3)

            lines = await seen(pilot, "ep 3/5")

            assert "▶ ep 3/5" in lines[2]
            assert "0.1667 ▲ −0.1667" in lines[2]
            assert any("status  ▶ ep 3/5  loss 0.1667  ▲ −0.1667" in line for line in lines)


async def test_on_a_wide_screen_it_has_a_part_of_the_left_zone(slow: SlowTraining) -> None:
    with slow.opened() as project, slow.running():
        async with opened(project, size=(140, 40)) as pilot:
            slow.reach(3)
            lines = await seen(pilot, "ep 3/5")

            place = next(number for number, line in enumerate(lines) if line.startswith("RUNNING"))
            zone = [line[:19].rstrip() for line in lines[place : place + 5]]
            assert zone[0] == "RUNNING"
            assert zone[1].endswith("ep 3/5")
            assert zone[2:] == ["  loss 0.1667", "  parent 0.3333", "  ▲ −0.1667"]


async def test_a_run_that_was_killed_is_listed_anew_once() -> None:
    project, _ = running_digits()
    async with opened(project) as pilot:
        row, *others = project.listing.rows
        project.listing = listing(replace(row, is_running=False, problem="it was ended"), *others)
        project.under_way.clear()
        before = project.asked.count("refresh")

        assert "… interrupted" in (await looked(pilot))[2]
        await looked(pilot)

        assert project.asked.count("refresh") == before + 1


async def test_a_run_that_nobody_makes_and_the_list_still_has_is_asked_for_once() -> None:
    project, _ = running_digits()
    async with opened(project) as pilot:
        project.under_way.clear()
        before = project.asked.count("refresh")
        await looked(pilot)
        await looked(pilot)

        assert project.asked.count("refresh") == before + 1


async def test_a_metric_that_is_not_the_lists_stands_beside_how_far_it_is() -> None:
    project, _ = running_digits()
    async with opened(project) as pilot:
        row = (await looked(pilot))[2]

        assert "▶ ep 10/60 ▼ +0.0711 l…" in row


async def test_what_moved_is_drawn_and_nothing_else() -> None:
    project, key = running_digits()
    async with opened(project, size=(140, 40)) as pilot:
        await looked(pilot)
        await pilot.press("j")
        await settled(pilot)
        drawn: list[object] = []
        compositor = home(pilot)._compositor
        update = compositor.render_update
        cursor = home(pilot).list.cursor_key

        def watched(*args: object, **more: object) -> object:
            drawn.append(compositor._dirty_regions.copy())
            return update(*args, **more)  # type: ignore[arg-type]

        compositor.render_update = watched  # type: ignore[method-assign, assignment]
        await looked(pilot)
        assert not any(drawn)

        project.under_way = {key: under_way(11.0, 0.15)}
        await looked(pilot)

        cells = sum(region.area for regions in drawn for region in regions)  # type: ignore[attr-defined]
        assert 0 < cells <= 5 * 80
        assert home(pilot).list.cursor_key == cursor


async def test_where_nothing_is_trained_no_run_is_looked_at() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await looked(pilot)

        assert not [asked for asked in project.asked if asked.startswith("live")]


async def test_another_base_is_what_a_run_is_held_against_at_once() -> None:
    project, _ = running_digits()
    async with opened(project, size=(200, 40)) as pilot:
        assert "  parent 0.0909" in "\n".join(await looked(pilot))

        await pilot.press(*"jjjj", "b", "g")
        await settled(pilot)

        assert "A here 0.0833" in "\n".join(screen_lines(pilot))
