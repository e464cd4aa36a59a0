"""The zones around the list: how wide a screen has which, where the keys go, and what they choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from mlver_tui.kept_state import KeptState
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.left_zone import Entry
from mlver_tui.widgets.left_zone import Part
from tests.support.explorer import broken_row, digits_rows, listing
from tests.support.explorer_project import MemoryProject
from tests.support.goldens import assert_golden
from tests.support.live_runs import running_digits
from tests.support.screens import opened, resized, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
WIDE = (140, 40)


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


async def pressed(pilot: Pilot[None], *keys: str) -> str:
    await pilot.press(*keys)
    await settled(pilot)
    return "\n".join(screen_lines(pilot))


def panes(pilot: Pilot[None]) -> list[str]:
    """The screen without its last line, which counts the keys there are."""
    return screen_lines(pilot)[:-1]


def focused(pilot: Pilot[None]) -> str | None:
    return pilot.app.focused.id if pilot.app.focused else None


@pytest.mark.parametrize(
    ("width", "zones"), [(99, {"list", "below"}), (100, {"list", "beside"}), (139, {"list", "beside"}),
                         (140, {"left", "list", "beside"})]
)  # fmt: skip
async def test_the_width_decides_how_many_zones_there_are(width: int, zones: set[str]) -> None:
    async with opened(size=(width, 40)) as pilot:
        screen = home(pilot)
        is_beside = screen.detail.region.x > 0
        shown = {"list", "beside" if is_beside else "below"}

        assert shown | ({"left"} if screen.left_zone.display else set()) == zones


async def test_every_column_of_the_list_is_there_on_140_columns() -> None:
    async with opened(size=WIDE) as pilot:
        head = screen_lines(pilot)[1][20:100]

        assert head.split() == ["NAME", "AGE", "WHY", "CDPEHS", "ACCURACY", "Δ", "parent", "RE", "STAGE"]


async def test_h_and_l_go_from_zone_to_zone_and_tab_through_all_panes() -> None:
    async with opened(size=WIDE) as pilot:
        assert focused(pilot) == "list"
        await pressed(pilot, "h")
        assert focused(pilot) == "models"
        await pressed(pilot, "l")
        assert focused(pilot) == "list"
        await pressed(pilot, "l")
        assert focused(pilot) == "detail-body"
        await pressed(pilot, "h")
        assert focused(pilot) == "list"

        met = []
        for _ in range(6):
            await pressed(pilot, "tab")
            met.append(focused(pilot))
        assert met == ["worth", "detail-body", "models", "stages", "filters", "list"]


async def test_the_cursor_in_the_models_picks_the_one_that_is_shown() -> None:
    async with opened(size=WIDE) as pilot:
        text = await pressed(pilot, "h", "j")
        assert "3/15" in screen_lines(pilot)[0]
        assert "▸ parity" in text
        assert "production" not in text

        await pressed(pilot, "enter")
        assert focused(pilot) == "list"
        await pressed(pilot, "h", "j")
        assert "15/15" in screen_lines(pilot)[0]


async def test_a_key_right_behind_the_one_for_the_zone_is_for_the_zone() -> None:
    async with opened(size=WIDE) as pilot:
        screen = home(pilot)
        screen.do_zone_left()
        screen.do_down()
        await settled(pilot)
        assert "3/15" in screen_lines(pilot)[0]

        await pressed(pilot, "k")
        for act in (screen.do_next_pane, screen.do_next_pane, screen.do_down, screen.do_open):
            act()
        await settled(pilot)
        assert "filter: is:better" in screen_lines(pilot)[0]


async def test_enter_on_a_stage_goes_to_the_version_that_holds_it() -> None:
    async with opened(size=WIDE) as pilot:
        await pressed(pilot, "h", "tab", "enter")

        assert focused(pilot) == "list"
        assert home(pilot).list.cursor_key == digits_rows()[4].key


async def test_a_stage_says_who_holds_it_since_when_and_what_held_it_before() -> None:
    async with opened(size=WIDE) as pilot:
        zone = [line[:19].rstrip() for line in screen_lines(pilot)]
        place = zone.index("STAGES")

        assert zone[place + 1 : place + 4] == ["production   v1.4.0", "  2 d, dev1", "  was v1.3.0"]


async def test_enter_on_a_filter_narrows_the_list() -> None:
    async with opened(size=WIDE) as pilot:
        text = await pressed(pilot, "h", "tab", "tab", "j", "j", "enter")

        assert "filter: is:worse" in screen_lines(pilot)[0]
        assert "▸ worse           3" in text
        assert "3/15" in screen_lines(pilot)[0]
        assert focused(pilot) == "list"


async def test_a_filter_that_gets_a_name_stands_beside_the_list_with_its_count_until_it_loses_it() -> None:
    def beside(pilot: Pilot[None]) -> list[str]:
        return [line[:19].strip() for line in screen_lines(pilot)]

    async with opened(size=WIDE, settings=still(filters={"mine": "lr"})) as pilot:
        assert [line.split()[0] for line in beside(pilot) if line.startswith("mine")] == ["mine"]
        await pressed(pilot, "/", *"metric.accuracy>=0.95", "enter", "f", "+", *"good", "enter", "escape")
        assert any(line.split() == ["▸", "good", "6"] for line in beside(pilot))

        await pressed(pilot, "f", *"good", "-", "escape")
        assert not any("good" in line for line in beside(pilot))


async def test_no_filter_stands_beside_the_list_that_goes_away_when_it_is_counted() -> None:
    async with opened(size=WIDE) as pilot:
        screen, seen = home(pilot), []
        screen._counts, screen._counted_for = {}, ()
        show = screen.left_zone.show

        def seeing(part: Part, entries: Sequence[Entry], *, at: str | None = None) -> None:
            seen.append({entry.key for entry in entries} if part is Part.FILTERS else set())
            show(part, entries, at=at)

        screen.left_zone.show = seeing  # type: ignore[method-assign]
        screen.show_zones()
        await settled(pilot)

        counted = [keys for keys in seen if keys]
        assert len(counted) == 2
        assert counted[0] < counted[1]


async def test_enter_on_what_is_worth_a_look_goes_there() -> None:
    async with opened(size=WIDE) as pilot:
        await pressed(pilot, "tab", "j", "j", "enter")

        assert home(pilot).list.cursor_key == digits_rows()[2].key


async def test_a_list_with_nothing_worth_a_look_says_so() -> None:
    async with opened(size=WIDE) as pilot:
        assert "─ worth a look ─" in "\n".join(screen_lines(pilot))
        text = await pressed(pilot, "/", *"v1.0.0", "enter")

        assert "─ worth a look · nothing in this list ─" in text


async def test_esc_comes_back_to_the_list_from_every_zone() -> None:
    async with opened(size=WIDE) as pilot:
        for keys in (["h"], ["h", "tab"], ["tab"], ["l"]):
            await pressed(pilot, *keys)
            await pressed(pilot, "escape")

            assert focused(pilot) == "list"


async def test_what_n_visits_is_what_the_pane_lists() -> None:
    async with opened(MemoryProject(now=listing(broken_row(), *digits_rows())), size=WIDE) as pilot:
        screen = home(pilot)
        listed = [screen.worth.rows.key_at(index) for index in range(len(screen.worth.rows))]
        visited = []
        await pressed(pilot, "G")
        for _ in listed:
            await pressed(pilot, "n")
            visited.append(screen.list.cursor_key)

        assert visited == listed
        text = await pressed(pilot, "/", *"is:worth", "enter")
        assert f"{len(listed)}/13" in text.splitlines()[0]


async def test_the_trend_is_of_the_list_sorted_by_time_and_says_so_else() -> None:
    async with opened(size=WIDE) as pilot:
        assert "─ trend · accuracy by version · tolerance ±0.005 ─" in "\n".join(screen_lines(pilot))
        home(pilot).sort_by("metric")
        await settled(pilot)
        text = "\n".join(screen_lines(pilot))
        assert "a trend goes by time, the list by" in text
        assert "┤" not in text

        text = await pressed(pilot, "T")
        assert "trend" not in text


async def test_on_a_narrow_screen_the_trend_takes_the_place_of_the_detail() -> None:
    async with opened() as pilot:
        list_lines = home(pilot).list.size.height
        text = await pressed(pilot, "T")
        assert "by version" in text
        assert "Receipt" not in text
        assert home(pilot).list.size.height == list_lines

        text = await pressed(pilot, "T")
        assert "Receipt" in text
        assert "by version" not in text


async def test_the_trend_and_the_zoom_are_kept_for_the_next_session() -> None:
    kept: list[KeptState] = []
    async with opened(size=WIDE, settings=replace(still(), keep=kept.append)) as pilot:
        await pressed(pilot, "T", "z")
        pilot.app.keep_state()  # type: ignore[attr-defined]  # what its timer does

    assert (kept[-1].has_trend, kept[-1].is_zoomed) == (False, True)
    async with opened(size=WIDE, settings=replace(still(), state=kept[-1])) as pilot:
        assert "MODELS" not in "\n".join(screen_lines(pilot))
        assert focused(pilot) == "detail-body"
        text = await pressed(pilot, "z")
        assert "MODELS" in text
        assert "trend" not in text


async def test_a_filter_moves_no_pane() -> None:
    async with opened(size=WIDE) as pilot:
        before = [widget.region for widget in (home(pilot).list, home(pilot).pane("#trend"), home(pilot).worth)]
        await pressed(pilot, "/", *"lr 0.3", "enter")

        assert [w.region for w in (home(pilot).list, home(pilot).pane("#trend"), home(pilot).worth)] == before


@pytest.mark.parametrize("size", [(140, 16), (140, 24), (100, 16), (60, 16), (300, 90)])
async def test_every_size_has_a_list_to_move_in(size: tuple[int, int]) -> None:
    async with opened(size=size) as pilot:
        await pressed(pilot, "T", "j", "T", "j")

        assert home(pilot).list.size.height >= 4
        assert home(pilot).list.cursor == 2


@pytest.mark.parametrize("size", [(200, 60), (140, 40), (80, 24)])
async def test_a_run_under_way_and_the_trend_look_as_they_did(size: tuple[int, int]) -> None:
    project, key = running_digits()
    async with opened(project, size=size) as pilot:
        await pressed(pilot, *["j"] * 10, "b", "g")
        home(pilot).look_at_runs()
        await settled(pilot)
        assert_golden(FOLDER, f"versions-running-{size[0]}x{size[1]}", panes(pilot))
        assert home(pilot).list.cursor_key == key

        if size == (80, 24):
            await pressed(pilot, "T")
            assert_golden(FOLDER, "versions-trend-80x24", panes(pilot))


@pytest.mark.parametrize("size", [(140, 40), (80, 24)])
async def test_an_ascii_terminal_gets_the_zones_in_ascii(size: tuple[int, int]) -> None:
    settings = still(glyphs=ASCII, theme="ansi")
    project, _ = running_digits()
    async with opened(project, size=size, settings=settings) as pilot:
        home(pilot).look_at_runs()
        await settled(pilot)
        assert_golden(FOLDER, f"versions-ascii-{size[0]}x{size[1]}", panes(pilot))

        await pressed(pilot, "T")
        assert "\n".join(screen_lines(pilot)).isascii()


async def test_enter_brings_the_detail_back_where_the_trend_stands_in_its_place() -> None:
    async with opened() as pilot:
        await pressed(pilot, "T")
        text = await pressed(pilot, "enter")
        assert "▸ e07b3a51.2 ─ ‹Receipt›" in text
        assert focused(pilot) == "detail-body"

        await pressed(pilot, "T")
        assert focused(pilot) == "list"
        await pressed(pilot, "l")
        assert focused(pilot) == "detail-body"


async def test_keys_go_to_the_list_when_the_screen_gets_too_narrow_for_their_zone() -> None:
    async with opened(size=WIDE) as pilot:
        await pressed(pilot, "h")
        await resized(pilot, 80, 24)

        assert focused(pilot) == "list"
        await pressed(pilot, "j")
        assert home(pilot).list.cursor == 1


async def test_two_clicks_on_what_is_worth_a_look_go_there() -> None:
    async with opened(size=WIDE) as pilot:
        await pilot.click("#worth", offset=(5, 2), times=2)
        await settled(pilot)

        assert home(pilot).list.cursor_key == digits_rows()[1].key
        assert focused(pilot) == "list"


async def test_the_count_of_marked_ones_follows_the_marks() -> None:
    async with opened(size=WIDE) as pilot:
        assert "marked" not in "\n".join(line[:19] for line in screen_lines(pilot))
        await pressed(pilot, "space", "j", "space")

        assert "  marked          2" in [line[:19] for line in screen_lines(pilot)]
