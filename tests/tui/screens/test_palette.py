"""The palette in the app: what is said is done, versions are found as the commands find them."""

from __future__ import annotations

from textual import events
from textual.command import CommandInput, CommandList
from textual.pilot import Pilot
from textual.widgets import Input

from mlver_tui.app import MlverApp
from mlver_tui.screens.charts import ChartsScreen
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.matrix import MatrixScreen
from mlver_tui.screens.replay import ReplayScreen
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import HOSTILE, hostile_row, listing
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, screen_lines, settled, still, until


async def say(pilot: Pilot[None], words: str, *, key: str = "colon") -> None:
    """Open the palette, type, take what stands first."""
    await pilot.press(key)
    await pilot.pause()
    entry = pilot.app.screen.query_one(CommandInput)
    entry.value = words
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)


async def say_on(pilot: Pilot[None], words: str) -> None:
    """Type on in the palette that is open, take what stands first."""
    pilot.app.screen.query_one(CommandInput).value += words
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


async def test_versions_are_compared_by_name_and_by_stage() -> None:
    async with opened() as pilot:
        await say(pilot, "diff v1.1.0 production")

        assert isinstance(pilot.app.screen, CompareScreen)
        assert screen_lines(pilot)[0].startswith(" A v1.1.0")
        assert screen_lines(pilot)[1].startswith(" B v1.4.0")


async def test_three_stand_side_by_side() -> None:
    async with opened() as pilot:
        await say(pilot, "diff v1.1.0 v1.4.0 v1.0.0")

        assert isinstance(pilot.app.screen, MatrixScreen)


async def test_a_version_is_gone_to_from_any_screen_whatever_hides_it() -> None:
    async with opened() as pilot:
        await pilot.press("d")
        await settled(pilot)
        await say(pilot, "go 6e02")
        assert home(pilot).cursor is not None
        assert home(pilot).cursor.name == "6e02c7aa.1"  # type: ignore[union-attr]  # as the line before says

        await say(pilot, "filter lr 0.01")
        assert "1/15 versions" in screen_lines(pilot)[0]
        await say(pilot, "v1.3.0", key="ctrl+g")
        assert "12/15 versions" in screen_lines(pilot)[0]


async def test_ctrl_g_begins_with_go() -> None:
    async with opened() as pilot:
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert pilot.app.screen.query_one(CommandInput).value == "go "
        await pilot.press(*"v1.3")
        await settled(pilot)
        await pilot.press("tab")
        assert pilot.app.screen.query_one(CommandInput).value == "go v1.3.0"
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)

        assert home(pilot).cursor.name == "v1.3.0"  # type: ignore[union-attr]  # there is one


async def test_marks_and_the_base_are_named() -> None:
    async with opened() as pilot:
        await say(pilot, "mark v1.1.0 v1.3.0")
        assert "2 marked · d compares v1.1.0 → v1.3.0" in screen_lines(pilot)[-2]
        await say(pilot, "base production^")
        assert home(pilot)._base_row is not None
        assert home(pilot)._base_row.name == "91be44c7.1"  # type: ignore[union-attr]  # as the line before says


async def test_replay_opens_the_plan_and_starts_nothing() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await say(pilot, "replay v1.4.0")

        assert isinstance(pilot.app.screen, ReplayScreen)
        assert "replay" not in project.asked


async def test_a_read_only_explorer_does_not_even_plan() -> None:
    async with opened(settings=still(is_read_only=True)) as pilot:
        await say(pilot, "replay v1.4.0")

        assert "read-only: nothing is run" in screen_lines(pilot)[-2]


async def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    async with opened() as pilot:
        await say(pilot, "diff v1.1.0 v1.4.1")

        assert isinstance(pilot.app.screen, VersionsScreen)
        assert "no version is called 'v1.4.1'; did you mean 'v1.4.0'?" in screen_lines(pilot)[-2]


async def test_the_first_of_two_names_is_looked_for_before_the_second_is_asked_for() -> None:
    async with opened() as pilot:
        await say(pilot, "diff v9")
        assert isinstance(pilot.app.screen, VersionsScreen)
        assert "no version is called 'v9'; did you mean 'v1.4.0', 'v1.3.0' or 'v1.1.0'?" in screen_lines(pilot)[-2]

        await say(pilot, "diff v1.1.0^")
        await say_on(pilot, "v1.4.0")
        assert isinstance(pilot.app.screen, CompareScreen)


async def test_a_filter_is_asked_by_its_name() -> None:
    async with opened() as pilot:
        await say(pilot, "filter dirty code")
        assert "filter: is:dirty" in screen_lines(pilot)[0]


async def test_a_theme_is_chosen_by_name_and_kept() -> None:
    async with opened() as pilot:
        await say(pilot, "theme light")

        assert pilot.app.theme == "mlver-light"


async def test_what_is_called_so_by_nothing_is_not_said_to_be_so_only_now() -> None:
    async with opened() as pilot:
        await pilot.press(":", *"sett")
        await until(pilot, lambda: "nothing is called so" in "\n".join(screen_lines(pilot)))

        assert "not now" not in "\n".join(screen_lines(pilot))


async def test_what_is_disabled_stands_dim_with_its_reason_and_does_nothing() -> None:
    async with opened() as pilot:
        await pilot.press("colon", *"clear marks")
        await settled(pilot)
        assert any("clear marks" in line and "not now: nothing is marked" in line for line in screen_lines(pilot))
        await pilot.press("enter")
        await settled(pilot)

        assert "clear marks: nothing is marked" in screen_lines(pilot)[-2]


async def test_hostile_names_and_words_are_only_shown() -> None:
    project = MemoryProject(now=listing(hostile_row()))
    async with opened(project) as pilot:
        await pilot.press("colon", *"go to")
        await settled(pilot)
        shown = "\n".join(screen_lines(pilot))
        assert "\x1b" not in shown
        await pilot.press("escape")
        await say(pilot, f"go {HOSTILE}")
        assert "\x1b" not in "\n".join(screen_lines(pilot))


async def test_the_palette_opens_everywhere_and_lists_what_the_place_can_do() -> None:
    async with opened() as pilot:
        await pilot.press("d")
        await settled(pilot)
        await pilot.press("ctrl+p", *"swap")
        await settled(pilot)

        assert pilot.app.screen.query_one(CommandList).option_count
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app, MlverApp)
        assert screen_lines(pilot)[0].startswith(" A e07b3a51.2")


async def test_curves_are_shown_of_a_version_and_from_a_metric_on() -> None:
    async with opened() as pilot:
        await say(pilot, "curves v1.4.0 v1.1.0")
        assert isinstance(pilot.app.screen, ChartsScreen)
        await pilot.press("escape", "space", "j", "space")
        await say(pilot, "curves of accuracy")
        assert isinstance(pilot.app.screen, ChartsScreen)
        assert pilot.app.screen._charting.metric == "accuracy"


async def test_the_list_is_sorted_by_any_metric() -> None:
    async with opened() as pilot:
        await say(pilot, "sort by loss")
        assert "sort: loss" in screen_lines(pilot)[0]
        await say(pilot, "sort metric.accuracy")
        assert "sort: accuracy" in screen_lines(pilot)[0]


async def test_the_list_is_sorted_by_a_param_and_a_filter_is_completed() -> None:
    async with opened() as pilot:
        await pilot.press("colon", *"sort ")
        await settled(pilot)
        await pilot.press(*"by lr", "enter")
        await settled(pilot)
        assert "sort: optimiser.lr" in screen_lines(pilot)[0]

        await pilot.press("colon", *"filter metric.acc")
        await settled(pilot)
        await pilot.press("tab")
        assert pilot.app.screen.query_one(CommandInput).value == "filter metric.accuracy"


async def test_a_note_is_written_about_the_version_that_is_named() -> None:
    edited: list[str] = []

    def edit(_editor: str, text: str, _suspend: object) -> str:
        edited.append(text)
        return ""

    async with opened(settings=still(find_editor=lambda: "vi", edit=edit)) as pilot:
        await say(pilot, "note v1.1.0")

        assert home(pilot).cursor is not None
        assert home(pilot).cursor.name == "v1.1.0"  # type: ignore[union-attr]  # as the line before says
        assert "v1.1.0" in edited[0]


def typed_at_once(pilot: Pilot[None], keys: str) -> None:
    """All keys before the first of them was looked at, as over a slow line."""
    names = {":": "colon", "/": "slash", " ": "space", "\n": "enter", "?": "question_mark"}
    for character in keys:
        pilot.app.post_message(events.Key(names.get(character, character), character))


async def test_keys_that_come_at_once_are_typed_where_the_first_of_them_leads() -> None:
    async with opened() as pilot:
        typed_at_once(pilot, ":theme l")
        await pilot.pause(0.3)
        await settled(pilot)
        assert pilot.app.screen.query_one(CommandInput).value == "theme l"
        await pilot.press("escape")
        await settled(pilot)

        typed_at_once(pilot, "/scaling")
        await pilot.pause(0.3)
        await settled(pilot)
        assert home(pilot).filter_line.value == "scaling"


async def test_what_comes_at_once_behind_the_key_of_a_dialog_is_done_there_in_its_order() -> None:
    async with opened(size=(200, 24)) as pilot:
        typed_at_once(pilot, "sloss\n")
        await settled(pilot)
        assert "sort: loss" in screen_lines(pilot)[0]

        typed_at_once(pilot, "Cauthor \n")
        await settled(pilot)
        assert "AUTHOR" in screen_lines(pilot)[1]

        typed_at_once(pilot, "?mark")
        await settled(pilot)
        assert pilot.app.screen.query_one(Input).value == "mark"
