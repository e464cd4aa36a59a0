"""The filter of the version list: while it is typed, when it is wrong, and when what it is about changes."""

from __future__ import annotations

from threading import Event

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from mlver.errors import ManifestInvalid
from mlver.model.version import Version, VersionRow
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import broken_row, digits_rows, hostile_row, listing
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, screen_lines, settled


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


def shown(pilot: Pilot[None]) -> int:
    """How many rows the title counts."""
    return int(screen_lines(pilot)[0].rpartition("/")[0].split()[-1])


def footer(pilot: Pilot[None]) -> str:
    return screen_lines(pilot)[-1]


async def typed(pilot: Pilot[None], text: str) -> None:
    """Open the line, put a filter in as if typed."""
    await pilot.press("/")
    home(pilot).filter_line.value = text
    home(pilot).filter_line.cursor_position = len(text)
    await settled(pilot)


async def test_fields_narrow_while_they_are_typed() -> None:
    async with opened() as pilot:
        await pilot.press("/", *"stage:production")
        await settled(pilot)

        assert shown(pilot) == 1
        assert "v1.4.0" in screen_lines(pilot)[2]


async def test_a_half_typed_filter_keeps_the_last_good_result_and_says_what_is_wrong() -> None:
    async with opened() as pilot:
        await typed(pilot, "is:dirty")
        assert shown(pilot) == 1

        await pilot.press(" ", *"stag:")
        await settled(pilot)
        assert (shown(pilot), footer(pilot)) == (1, ' ! a value is missing here  "" is the empty text')
        assert home(pilot).filter_line._underlined.place == (14, 15)

        await pilot.press("x")
        await settled(pilot)
        assert footer(pilot).startswith(" ! no field is called 'stag'  did you mean stage?")
        assert home(pilot).filter_line._underlined.place == (9, 13)
        assert shown(pilot) == 1


@pytest.mark.parametrize("begun", ["metric.", "m.accuracy", "stage:production parent.lo", "p.lr"])
async def test_the_name_of_a_metric_or_param_empties_no_list_while_it_is_typed(begun: str) -> None:
    async with opened() as pilot:
        *settled_words, last = begun.split()
        await typed(pilot, " ".join(settled_words))
        before = shown(pilot)

        await pilot.press(" ", *last)
        await settled(pilot)

        assert 0 < shown(pilot) <= before
        await pilot.press("enter")
        await settled(pilot)
        assert shown(pilot) == 0


async def test_no_key_of_a_fields_name_narrows_and_a_number_that_is_missing_is_told_as_one() -> None:
    async with opened() as pilot:
        await pilot.press("/")
        for key in "metric.accuracy":
            await pilot.press(key)
            assert shown(pilot) == 12
        assert footer(pilot) == " metric.accuracy"

        await pilot.press(*">=")
        await settled(pilot)
        assert (shown(pilot), footer(pilot)) == (12, " ! a value is missing here  like 0.9, 7d or 2026-01-01")

        await typed(pilot, "stage:production data")
        assert shown(pilot) == 1
        await typed(pilot, "data")
        assert shown(pilot) == 12
        await pilot.press("enter")
        await settled(pilot)
        assert shown(pilot) < 12


async def test_enter_does_not_leave_a_mistake_standing_as_if_it_were_asked() -> None:
    async with opened() as pilot:
        await typed(pilot, "stage:")
        await pilot.press("enter")
        assert home(pilot).filter_line.has_focus

        await pilot.press("escape")
        await settled(pilot)

        assert home(pilot).list.has_focus
        assert shown(pilot) == 12
        assert " ! " not in footer(pilot)


async def test_tab_completes_fields_and_metrics_and_shows_the_choices() -> None:
    async with opened() as pilot:
        await typed(pilot, "-st")
        await pilot.press("tab")
        assert footer(pilot) == " stage:  status:"
        assert home(pilot).filter_line.value == "-sta"

        await pilot.press("g", "tab")
        assert home(pilot).filter_line.value == "-stage:"

        await typed(pilot, "m.acc")
        await pilot.press("tab", *">=0.95")
        await settled(pilot)
        assert home(pilot).filter_line.value == "m.accuracy>=0.95"
        assert shown(pilot) == 6


async def test_params_are_completed_and_asked_without_holding_the_keys() -> None:
    async with opened() as pilot:
        await typed(pilot, "p.opt")
        await pilot.press("tab")
        await settled(pilot)
        assert home(pilot).filter_line.value == "p.optimiser"
        assert "p.optimiser.lr" in footer(pilot)

        await pilot.press(*".lr>1")
        await settled(pilot)

        assert shown(pilot) == 0


async def test_a_param_that_no_version_has_is_told_when_it_is_known() -> None:
    async with opened() as pilot:
        await typed(pilot, "p.optimiser.lr<1")
        assert shown(pilot) == 12
        await typed(pilot, "p.optimizer.lr<1")

        assert footer(pilot).startswith(" ! no version has a param called 'optimizer.lr'")
        assert shown(pilot) == 12
        await pilot.press("enter")
        assert home(pilot).filter_line.has_focus


async def test_up_and_down_bring_back_the_filters_of_the_session() -> None:
    async with opened() as pilot:
        for words in ("lr", "is:dirty"):
            await typed(pilot, words)
            await pilot.press("enter")

        await typed(pilot, "half")
        await pilot.press("up")
        assert home(pilot).filter_line.value == "is:dirty"
        await pilot.press("up", "up")
        assert home(pilot).filter_line.value == "lr"
        await pilot.press("down", "down")
        assert home(pilot).filter_line.value == "half"


async def test_marks_and_base_are_asked_as_they_are_now() -> None:
    async with opened() as pilot:
        await pilot.press("j", "space", "j", "space")
        await typed(pilot, "is:marked")
        await pilot.press("enter")
        assert shown(pilot) == 2
        await pilot.press("space")
        assert shown(pilot) == 1

        await typed(pilot, "base.accuracy>0")
        assert "there is no base" in footer(pilot)
        await pilot.press("escape", "G", "b")
        await typed(pilot, "base.accuracy>0")
        assert shown(pilot) == 11

        await pilot.press("enter")
        home(pilot)._base = None
        home(pilot).look_again()
        await settled(pilot)
        assert shown(pilot) == 11
        assert [one.message for one in pilot.app._notifications] == ["the filter was not asked: there is no base"]


async def test_new_versions_are_asked_too() -> None:
    project = MemoryProject(now=listing(*digits_rows()[5:]))
    async with opened(project) as pilot:
        for words, before, after in (("has:stage", 0, 2), ("p.model.hidden=32 has:stage", 0, 2)):
            project.listing = listing(*digits_rows()[5:])
            await pilot.press("R")
            await typed(pilot, words)
            await pilot.press("enter")
            await settled(pilot)
            assert shown(pilot) == before

            project.listing = listing(*digits_rows())
            await pilot.press("R")
            await settled(pilot)

            assert shown(pilot) == after


class SlowProject(MemoryProject):
    """Reads no version while it is told not to."""

    def __init__(self) -> None:
        super().__init__(now=listing(*digits_rows()[:3], broken_row()))
        self.may_read = Event()
        self.may_read.set()

    def version(self, row: VersionRow) -> Version:
        if row.is_broken:
            raise ManifestInvalid("not a map", name="version.yaml")
        self.may_read.wait(5)
        return super().version(row)


async def test_what_must_be_read_holds_no_key_and_a_stale_answer_is_dropped() -> None:
    project = SlowProject()
    async with opened(project) as pilot:
        project.may_read.clear()
        home(pilot).do_filter()
        home(pilot).filter_line.value = "artifact:nothing"
        await pilot.pause()
        home(pilot).filter_line.value = "warm-up"
        await pilot.pause()
        assert shown(pilot) == 1

        project.may_read.set()
        await settled(pilot)
        assert shown(pilot) == 1

        await typed(pilot, "artifact:weights")
        assert shown(pilot) == 3
        assert footer(pilot) == " ! 1 version cannot be read: whether it is meant is not known"


async def test_hostile_words_are_neither_obeyed_nor_shown_raw() -> None:
    project = MemoryProject(now=listing(replace(hostile_row(), is_broken=False)))
    async with opened(project) as pilot:
        await typed(pilot, "metric.")
        await pilot.press("tab")

        assert "\x1b" not in "\n".join(screen_lines(pilot))
        home(pilot).filter_line.insert_text_at_cursor("\x1b]52;c;AAAA\x07")
        assert "\x1b" not in home(pilot).filter_line.value


async def test_the_prompt_says_its_keys_and_fits_every_width() -> None:
    for size in ((60, 16), (80, 24), (140, 40)):
        async with opened(size=size) as pilot:
            await pilot.press("/")
            assert footer(pilot).startswith(" enter to the list   tab complete")
            await pilot.press("tab")
            assert max(map(len, screen_lines(pilot))) <= size[0]
            await pilot.press("escape")
            assert "enter to the list" not in footer(pilot)
