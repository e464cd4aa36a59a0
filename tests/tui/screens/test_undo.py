"""Marks by range, filters with names, and the way back from all of it."""

from __future__ import annotations

from threading import Event

from msgspec.structs import replace
from textual.pilot import Pilot

from mlver.model.filtering import Around, Narrowed
from mlver_tui.kept_state import KeptState
from mlver_tui.screens.browsing_dialogs import FiltersScreen
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import HOSTILE, digits_rows, listing
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, screen_lines, settled, still

ROWS = digits_rows()


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


def text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot))


def status(pilot: Pilot[None]) -> str:
    return screen_lines(pilot)[-2]


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def keys_of(first: int, last: int) -> tuple[str, ...]:
    return tuple(row.key for row in ROWS[first:last])


async def test_a_range_reaches_from_where_it_was_begun_to_the_cursor() -> None:
    for confirming in ("v", "space", "enter"):
        async with opened() as pilot:
            await pressed(pilot, "j", "v", "j", "j")
            assert "3 versions in the range   space marks them, esc leaves it" in status(pilot)
            assert [line.startswith(" ●") for line in screen_lines(pilot)[2:6]] == [False, True, True, False]
            assert home(pilot).list.marks == ()

            await pressed(pilot, confirming)

            assert home(pilot).list.marks == keys_of(1, 4)
            assert "3 marked" in status(pilot)
            assert home(pilot).list.has_focus


async def test_a_range_may_go_upwards_and_over_headings() -> None:
    async with opened() as pilot:
        await pressed(pilot, "M", *"all", "enter", "G", "v", "k", "k", "k", "v")

        assert len(home(pilot).list.marks) == 4
        assert all(isinstance(key, str) for key in home(pilot).list.marks)


async def test_esc_leaves_the_range_and_nothing_else() -> None:
    async with opened() as pilot:
        await pressed(pilot, "/", *"lr", "enter", "v", "j", "escape")

        assert home(pilot).list.marks == ()
        assert "3/15 versions" in screen_lines(pilot)[0]
        assert "in the range" not in status(pilot)


async def test_a_range_keeps_its_rows_while_versions_come() -> None:
    project = MemoryProject(now=listing(*ROWS[3:]))
    async with opened(project) as pilot:
        await pressed(pilot, "v", "j")
        project.listing, project.changes = listing(*ROWS), 1
        home(pilot)._look_whether_changed()
        await settled(pilot)

        await pressed(pilot, "v")

        assert home(pilot).list.marks == keys_of(3, 5)


async def test_u_takes_back_what_was_done_last_and_says_what() -> None:
    async with opened() as pilot:
        await pressed(pilot, "space", "/", *"lr", "enter", "s", *"primary", "enter", "S", "X")
        undone = []
        for _ in range(5):
            await pressed(pilot, "u")
            undone.append(status(pilot).strip())

        assert undone == [
            "undone: the clearing of the marks",
            "undone: the reversing",
            "undone: sorting by metric",
            "undone: the filter lr",
            "undone: the mark of e07b3a51.2",
        ]
        assert home(pilot).list.marks == ()
        assert "12/15 versions" in screen_lines(pilot)[0]
        assert "sort:" not in screen_lines(pilot)[0]
        await pressed(pilot, "u")
        assert "nothing to undo" in status(pilot)


async def test_cleared_marks_come_back() -> None:
    async with opened() as pilot:
        await pressed(pilot, "space", "j", "space", "X")
        assert home(pilot).list.marks == ()
        await pressed(pilot, "u")

        assert home(pilot).list.marks == keys_of(0, 2)


async def test_a_filter_that_esc_took_away_comes_back_with_its_words() -> None:
    async with opened() as pilot:
        await pressed(pilot, "/", *"lr", "enter", "escape")
        assert "12/15 versions" in screen_lines(pilot)[0]
        await pressed(pilot, "u")

        assert "3/15 versions" in screen_lines(pilot)[0]
        assert "undone: taking away the filter lr" in status(pilot)
        await pressed(pilot, "/")
        assert home(pilot).filter_line.value == "lr"


async def test_a_filter_that_was_only_tried_is_nothing_to_undo() -> None:
    async with opened() as pilot:
        await pressed(pilot, "/", *"lr", "escape", "u")

        assert "nothing to undo" in status(pilot)


async def test_marks_that_a_filter_is_about_are_asked_again_when_they_are_undone() -> None:
    async with opened() as pilot:
        await pressed(pilot, "space", "j", "space", "/", *"is:marked", "enter")
        assert "2/15 versions" in screen_lines(pilot)[0]
        await pressed(pilot, "space")
        assert "1/15 versions" in screen_lines(pilot)[0]
        await pressed(pilot, "u")

        assert "2/15 versions" in screen_lines(pilot)[0]


async def test_filters_are_offered_with_how_many_pass_of_the_model_that_is_shown() -> None:
    async with opened() as pilot:
        await pressed(pilot, "f")

        lines = [line.split("│")[1] for line in screen_lines(pilot) if line.count("│") == 2]
        counts = {line[4:20].strip(): line.split()[-1] for line in lines if line.rstrip()[-1:].isdigit()}
        assert counts == {
            "all": "12", "better": "5", "worse": "3", "never replayed": "2", "not same twice": "1", "dirty code": "1",
            "broken": "0", "marked": "0",
        }  # fmt: skip
        await pressed(pilot, *"dirty", "enter")
        assert "1/15 versions" in screen_lines(pilot)[0]
        assert "filter: is:dirty" in screen_lines(pilot)[0]

        await pressed(pilot, "f", *"all", "enter")
        assert "12/15 versions" in screen_lines(pilot)[0]


async def test_a_filter_gets_a_name_and_loses_it() -> None:
    kept: list[KeptState] = []
    async with opened(settings=still(keep=kept.append)) as pilot:
        await pressed(pilot, "/", *"metric.loss<0.16", "enter", "f", "+", *"low+good", "enter")
        assert "saved for this repository" in text(pilot)
        assert "low+good" in text(pilot)
        await pressed(pilot, "escape", "escape", "f", *"low", "enter")
        assert "filter: metric.loss<0.16" in screen_lines(pilot)[0]
        await pressed(pilot, "Q")
    assert kept[-1].saved == {"low+good": "metric.loss<0.16"}

    async with opened(settings=still(state=kept[-1], keep=kept.append)) as pilot:
        await pressed(pilot, "f", *"low", "-")
        assert "low" not in text(pilot).replace("type to find", "").replace("│ low", "")
        await pressed(pilot, "escape", "Q")
    assert kept[-1].saved == {}
    assert kept[-1].filters == ("metric.loss<0.16",)


async def test_a_recent_filter_is_saved_where_the_cursor_is_on_it() -> None:
    async with opened(settings=still(state=KeptState(filters=("lr", "is:dirty")))) as pilot:
        await pressed(pilot, "f", *"recent", "+", *"rates", "enter", "escape")
        dialog_knows = home(pilot).offered_filters()

        assert [(one.name, one.words) for one in dialog_knows if one.origin.value.startswith("saved")] == [
            ("rates", "lr")
        ]
        assert [one.name for one in dialog_knows if one.origin.value == "recent"] == []


async def test_nothing_in_use_is_nothing_to_save_and_what_is_built_in_stays() -> None:
    async with opened() as pilot:
        await pressed(pilot, "f", "+")
        assert "none is in use, so there is none to save" in text(pilot)
        await pressed(pilot, "-")
        assert "only those saved for this repository can be removed" in text(pilot)
        assert isinstance(pilot.app.screen, FiltersScreen)


async def test_filters_of_the_config_are_offered_and_one_that_cannot_be_asked_says_so() -> None:
    settings = replace(still(), filters={"mine": "stage:production", "wrong": "stag:x", HOSTILE: HOSTILE})
    async with opened(settings=settings) as pilot:
        await pressed(pilot, "f", *"config")
        said = text(pilot)
        assert "from the config" in said
        assert "\x1b" not in said
        assert "  1 │" in next(line for line in said.splitlines() if "mine" in line)
        assert "not here" in next(line for line in said.splitlines() if "wrong" in line)

        await pressed(pilot, "down", "enter")
        assert "12/15 versions" in screen_lines(pilot)[0]
        assert [one.message for one in pilot.app._notifications] == [
            "the filter was not asked: no field is called 'stag'"
        ]


class SlowFilters(MemoryProject):
    """Counts only when told."""

    def __init__(self) -> None:
        super().__init__()
        self.may_count = Event()
        language, asked = self.filters, self.filters.matching

        def matching(rows: object, words: str, around: Around, **more: object) -> Narrowed:
            if words == "is:dirty":
                self.may_count.wait(5)
            return asked(rows, words, around, **more)  # type: ignore[arg-type]

        language.matching = matching  # type: ignore[method-assign]


async def test_the_dialog_is_there_before_its_counts() -> None:
    project = SlowFilters()
    async with opened(project) as pilot:
        await pilot.press("f")
        await pilot._wait_for_screen()
        assert "dirty code" in text(pilot)
        assert "…" in next(line for line in screen_lines(pilot) if "dirty code" in line)

        project.may_count.set()
        await settled(pilot)
        assert " 1 │" in next(line for line in screen_lines(pilot) if "dirty code" in line)
