"""The user's keys in the app: bindings, footer and help follow the table; what is wrong is told and stops nothing."""

from __future__ import annotations

from mlver_tui.actions import Action
from mlver_tui.app import MlverApp
from mlver_tui.keymap import remapped
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.widgets.virtual_list import VirtualList
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.screens import opened, screen_lines, settled, still


def with_keys(**wishes: list[str]) -> tuple[Action, ...]:
    actions, problems = remapped({name.replace("_", "-"): keys for name, keys in wishes.items()})
    assert problems == ()
    return actions


async def test_a_remapped_key_works_and_the_old_one_does_nothing() -> None:
    async with opened(settings=still(actions=with_keys(compare=["O", "f3"]))) as pilot:
        await pilot.press("d")
        await settled(pilot)
        assert isinstance(pilot.app.screen, VersionsScreen)

        for key in ("O", "f3"):
            await pilot.press(key)
            await settled(pilot)
            assert isinstance(pilot.app.screen, CompareScreen)
            await pilot.press("escape")


async def test_keys_that_were_exchanged_do_each_others_work() -> None:
    async with opened(settings=still(actions=with_keys(sort=["d"], compare=["s"]))) as pilot:
        await pilot.press("d")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, VersionsScreen | CompareScreen)
        await pilot.press("escape", "s")
        await settled(pilot)
        assert isinstance(pilot.app.screen, CompareScreen)


async def test_an_action_whose_key_was_taken_away_is_still_in_the_palette() -> None:
    async with opened(settings=still(actions=with_keys(reverse=[]))) as pilot:
        await pilot.press("S")
        assert "reversed" not in screen_lines(pilot)[0]

        await pilot.press("colon", *"reverse")
        await pilot.pause(0.5)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "reversed" in screen_lines(pilot)[0]


async def test_footer_and_help_show_the_users_keys() -> None:
    async with opened(settings=still(actions=with_keys(mark=["O"], next_worth=["f9"], help=["f1"]))) as pilot:
        assert screen_lines(pilot)[-1].startswith(" O mark  ")
        assert " f1 +" in screen_lines(pilot)[-1]
        await pilot.press("f1")
        await pilot.press(*"worth")
        assert any(" f9 " in line and "worth a look" in line for line in screen_lines(pilot))


async def test_a_page_of_the_help_is_turned_by_the_first_key_too() -> None:
    async with opened() as pilot:
        await pilot.press("?", "pagedown")
        await settled(pilot)
        assert pilot.app.screen.query_one("#actions", VirtualList).cursor > 5

        await pilot.press("escape", "?", "down", "up")
        await settled(pilot)
        assert pilot.app.screen.query_one("#actions", VirtualList).cursor == 1


async def test_what_is_wrong_with_the_config_is_told_and_stops_nothing() -> None:
    hostile = "config.toml:1: \x1b]52;c;AA\x07[/nope]: is no key mlver knows"
    app = MlverApp(MemoryProject(), still(complaints=(hostile, "b", "c", "d", "e"), glyphs=ASCII))
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        shown = "\n".join(screen_lines(pilot))
        assert "[/nope]" in shown
        assert "+2 more: mlver doctor" in shown
        assert "\x1b" not in shown
        assert shown.isascii()
        await pilot.press("j", "d")
        await settled(pilot)
        assert isinstance(pilot.app.screen, CompareScreen)
        assert not pilot.app._notifications
        assert "[/nope]" not in "\n".join(screen_lines(pilot))


async def test_what_is_said_names_the_users_keys() -> None:
    project = MemoryProject()
    keys = with_keys(compare=["O"], swap=["f3"], refresh=["f8"], leave=["f10"])
    async with opened(project, settings=still(actions=keys)) as pilot:
        assert " · O compares " in screen_lines(pilot)[-2]
        await pilot.press("ctrl+c")
        assert "f10 leaves" in screen_lines(pilot)[-2]
        await pilot.press("O")
        await settled(pilot)
        assert "f3 swap" in "\n".join(screen_lines(pilot))
        await pilot.press("escape")

        project.failure = damaged()
        await pilot.press("j", "O")
        await settled(pilot)
        assert "f8 tries again" in "\n".join(screen_lines(pilot))
