"""The next session begins where the last one ended."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from mlver_tui.app import MlverApp
from mlver_tui.kept_state import KeptState, StateFile
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import digits_rows
from tests.support.screens import opened, screen_lines, settled, still

SECOND, THIRD = digits_rows()[1:3]


def app_of(pilot: Pilot[None]) -> MlverApp:
    assert isinstance(pilot.app, MlverApp)
    return pilot.app


async def test_what_was_marked_sorted_filtered_and_chosen_comes_back(tmp_path: Path) -> None:
    file = StateFile(tmp_path, Path("/home/dev1/proj/digits"))
    async with opened(settings=still(keep=file.write)) as pilot:
        await pilot.press("j", "space", "j", "b", "s", *"primary", "enter", "S", "3", "/", *"lr", "enter")
        app_of(pilot).choose_theme("light")
        await pilot.press("Q")

    state = file.read()
    assert state == KeptState(
        marks=(SECOND.key,), base=THIRD.key, order="metric", is_reversed=True, filters=("lr",), tab=2, theme="light"
    )
    async with opened(settings=still(state=state)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, VersionsScreen)
        assert screen.list.marks == (SECOND.key,)
        assert "sort: metric reversed" in screen_lines(pilot)[0]
        assert "‹Metrics" in "\n".join(screen_lines(pilot))
        assert screen.kept().base == THIRD.key
        assert app_of(pilot).filters == ("lr",)


async def test_it_is_kept_while_the_explorer_runs_and_only_when_it_changed() -> None:
    kept: list[KeptState] = []
    async with opened(settings=still(keep=kept.append)) as pilot:
        app = app_of(pilot)
        app.keep_state()
        assert kept == []
        await pilot.press("space")
        app.keep_state()
        app.keep_state()
        assert [state.marks for state in kept] == [(digits_rows()[0].key,)]


async def test_a_state_of_versions_that_are_gone_shows_the_list_as_it_is() -> None:
    state = KeptState(marks=("gone", "\x1b[2J"), base="gone too", order="nonsense", tab=99, theme="none")
    async with opened(settings=still(state=state)) as pilot:
        assert "12/15 versions" in screen_lines(pilot)[0]
        assert "d compares e07b3a51.1 → e07b3a51.2" in screen_lines(pilot)[-2]
        await pilot.press("j", "d")
        await settled(pilot)


async def test_the_palette_changes_the_colours() -> None:
    async with opened() as pilot:
        await pilot.press("colon", *"theme light")
        await pilot.pause(0.5)
        await pilot.press("enter", "enter")
        await settled(pilot)

        assert pilot.app.theme == "mlver-light"
