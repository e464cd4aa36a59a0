"""The version list: moving, marking, filtering, failing, living."""

from __future__ import annotations

from functools import partial
from threading import Event

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from mlver.model.ledger import Ledger
from mlver.model.version import Listing
from mlver.progress import Progress, Report, ShouldStop, never, silent
from mlver_tui.app import MlverApp
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import (
    HOSTILE,
    broken_row,
    digits_rows,
    failed_row,
    hostile_row,
    listing,
)
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.screens import opened, resized, screen_lines, settled, still, until


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


def status(pilot: Pilot[None]) -> str:
    return screen_lines(pilot)[-2]


async def test_remembered_rows_are_shown_before_git_is_asked() -> None:
    project = MemoryProject(remembered=Listing(rows=digits_rows()[:3], is_current=False))
    async with opened(project) as pilot:
        assert "12/15 versions" in screen_lines(pilot)[0]
        assert project.asked[0] == "refresh"


async def test_the_detail_follows_the_cursor_and_reads_only_where_it_rests() -> None:
    project = MemoryProject()
    async with opened(project, settings=replace(still(), follow_s=0.3)) as pilot:
        for _ in range(4):
            home(pilot).list.move(1)
        await pilot.pause(0.4)
        await settled(pilot)

        read = [asked for asked in project.asked if asked.startswith("version")]
        assert read == ["version v1.4.0"]
        assert "─ v1.4.0 ─" in "\n".join(screen_lines(pilot))


async def test_why_not_is_said_until_the_next_key_and_then_what_d_would_do() -> None:
    async with opened() as pilot:
        await pilot.press("X")
        await settled(pilot)
        assert "nothing is marked" in status(pilot)

        await pilot.press("2")
        await settled(pilot)
        assert "d compares" in status(pilot)


async def test_the_history_of_the_model_is_a_tab_and_follows_what_is_tagged() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pilot.press(*"jjjj", "7")
        await settled(pilot)
        assert "v1.4.0 → production  dev1" in "\n".join(screen_lines(pilot))
        assert "‹History 3›" in "\n".join(screen_lines(pilot))

        project.moves = Ledger()
        await pilot.press("R")
        await settled(pilot)

        assert "→ production" not in "\n".join(screen_lines(pilot))


async def test_the_status_line_always_says_what_d_would_do() -> None:
    async with opened() as pilot:
        assert "against its parent · d compares e07b3a51.1 → e07b3a51.2" in status(pilot)
        await pilot.press("space")
        assert "this is the marked version" in status(pilot)
        await pilot.press("j")
        assert "1 marked · d compares e07b3a51.1 → e07b3a51.2" in status(pilot)
        await pilot.press("j", "space")
        assert "2 marked · d compares e07b3a51.2 → 5c9f20d4.1" not in status(pilot)
        assert "2 marked · d compares 5c9f20d4.1 → e07b3a51.2" in status(pilot)
        await pilot.press("j", "space")
        assert "3 marked · d shows 3 side by side, against 7d18e6b0.1" in status(pilot)
        await pilot.press("X", "G")
        assert "no parent here" in status(pilot)


async def test_d_opens_the_pair_the_status_line_named() -> None:
    async with opened() as pilot:
        await pilot.press("j", "b", "j", "d")
        await settled(pilot)

        assert isinstance(pilot.app.screen, CompareScreen)
        assert screen_lines(pilot)[0].startswith(" A e07b3a51.1")
        assert screen_lines(pilot)[1].startswith(" B 5c9f20d4.1")
        await pilot.press("escape")
        assert home(pilot).list.has_focus


async def test_a_filter_narrows_while_it_is_typed_and_esc_clears_it() -> None:
    async with opened() as pilot:
        await pilot.press("/", *"lr 0.3")
        await settled(pilot)
        assert "1/15 versions" in screen_lines(pilot)[0]
        await pilot.press("enter")
        assert home(pilot).list.has_focus
        assert "6e02c7aa.1" in screen_lines(pilot)[2]

        await pilot.press("escape")
        await settled(pilot)

        assert "12/15 versions" in screen_lines(pilot)[0]
        assert home(pilot).list.cursor_key == digits_rows()[8].key


async def test_a_filter_that_nothing_passes_says_how_to_get_out() -> None:
    async with opened() as pilot:
        await pilot.press("/", *"zzz")
        await settled(pilot)

        assert "no version passes zzz" in "\n".join(screen_lines(pilot))


async def test_new_versions_appear_without_moving_the_cursors_row() -> None:
    project = MemoryProject(now=listing(*digits_rows()[5:]))
    async with opened(project) as pilot:
        await pilot.press("j", "j")
        key = home(pilot).list.cursor_key
        project.listing, project.changes = listing(*digits_rows()), 1

        home(pilot)._look_whether_changed()
        await settled(pilot)

        assert home(pilot).list.cursor_key == key
        assert "12/12 versions" in screen_lines(pilot)[0]


async def test_nothing_is_read_while_nothing_changed() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        before = list(project.asked)
        home(pilot)._look_whether_changed()
        await settled(pilot)

        assert project.asked == before


async def test_recording_beside_the_app_shows_how_far_it_is() -> None:
    now: list[Progress | None] = [Progress(doing="recording", done=5, total=16)]
    settings = still(progress=lambda: now[0])
    async with opened(settings=settings) as pilot:
        assert "▶ recording 5 of 16" in status(pilot)
        now[0] = None
        home(pilot)._look_at_progress()
        await settled(pilot)

        assert "recording" not in status(pilot)


async def test_a_version_that_cannot_be_read_is_a_card_in_its_pane_until_retried() -> None:
    project = MemoryProject()
    project.failure = damaged()
    async with opened(project) as pilot:
        text = "\n".join(screen_lines(pilot))
        assert "✗ cannot read e07b3a51.2" in text
        assert "object 4be1c02 is missing \\x1b[2J [/nope]" in text
        assert "git fsck names what is damaged" in text

        project.failure = None
        await pilot.press("R")
        await settled(pilot)

        assert "cannot read" not in "\n".join(screen_lines(pilot))


async def test_an_empty_repository_says_how_to_make_the_first_version() -> None:
    async with opened(MemoryProject(now=Listing(rows=(), is_current=True))) as pilot:
        text = "\n".join(screen_lines(pilot))

        assert "No versions yet in ~/proj/digits" in text
        assert "mlver run" in text
        assert "mlver-tui --demo" in text
        await pilot.press("j", "d", "r", "space", "b", "n", "m", "enter", "s", "y", "M", "z", "5")


async def test_broken_failed_and_hostile_versions_are_rows_like_others() -> None:
    rows = (hostile_row(), broken_row(), failed_row(), *digits_rows())
    async with opened(MemoryProject(now=listing(*rows)), size=(140, 40)) as pilot:
        for _ in range(4):
            for tab in "123456":
                await pilot.press(tab)
                await settled(pilot)
                assert all("\x1b" not in line and "\x9b" not in line for line in screen_lines(pilot))
            await pilot.press("j")
        text = "\n".join(screen_lines(pilot))
        assert "✗ version.yaml:" in text
        assert "version.yaml:3: metrics: expected a map" in text
        assert "✗ failed train:" in text
        assert "failed: train: exit 1" in text


async def test_n_visits_what_is_worth_a_look() -> None:
    async with opened() as pilot:
        await pilot.press("g", "n", "n", "n")

        assert home(pilot).list.cursor_key == digits_rows()[5].key


async def test_where_nothing_is_worth_a_look_that_is_said_whole() -> None:
    async with opened(MemoryProject(now=listing(digits_rows()[-1]))) as pilot:
        await pilot.press("n")

        assert status(pilot).rstrip().endswith("no regression, nothing broken or uncommitted")


async def test_the_detail_can_have_the_whole_screen() -> None:
    async with opened() as pilot:
        await pilot.press("z")
        await settled(pilot)
        assert screen_lines(pilot)[1].startswith("▸ e07b3a51.2")
        await pilot.press("escape")
        await settled(pilot)

        assert screen_lines(pilot)[1].lstrip().startswith("NAME")


async def test_no_size_crashes_it() -> None:
    async with opened() as pilot:
        for keys in (["j"], ["d"], ["2"], ["4"], ["escape"], ["r"], ["escape"], ["?"]):
            await pilot.press(*keys)
            for size in ((1, 1), (60, 16), (200, 60)):
                await resized(pilot, *size)
                await until(pilot, partial(lambda height: len(screen_lines(pilot)) == height, size[1]))


async def test_a_terminal_that_is_too_small_says_which_size_is_needed() -> None:
    async with opened(size=(59, 15)) as pilot:
        assert screen_lines(pilot)[0] == "59x15 is too small: mlver needs 60x16"
        await resized(pilot, 80, 24)
        assert "12/15 versions" in screen_lines(pilot)[0]


async def test_ctrl_c_gives_a_hint_and_twice_quits() -> None:
    async with opened() as pilot:
        await pilot.press("ctrl+c")
        assert "ctrl-c again quits" in status(pilot)
        assert pilot.app.is_running
        await pilot.press("ctrl+c")
        await pilot.pause()

        assert pilot.app._exit


async def test_q_leaves() -> None:
    async with opened() as pilot:
        await pilot.press("q")
        await pilot.pause()

        assert pilot.app._exit


async def test_the_help_is_filtered_by_typing_and_does_what_is_chosen() -> None:
    async with opened() as pilot:
        await pilot.press("?", *"base a of", "enter")
        await settled(pilot)

        assert "Δ A" in screen_lines(pilot)[1]


async def test_enter_in_the_help_does_nothing_before_something_was_chosen() -> None:
    async with opened() as pilot:
        before = screen_lines(pilot)
        await pilot.press("?")
        await settled(pilot)
        assert "▸" not in "\n".join(screen_lines(pilot)[5:20])
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, VersionsScreen)
        assert screen_lines(pilot) == before

        await pilot.press("?", "x", "backspace", "enter")
        await settled(pilot)
        assert screen_lines(pilot) == before

        await pilot.press("?", "down", "enter")
        await settled(pilot)
        assert len(home(pilot).list.marks) == 1


async def test_the_help_can_be_read_to_the_ends_of_its_lines() -> None:
    async with opened() as pilot:
        await pilot.press("?", "down")
        for _ in range(6):
            await pilot.press("pagedown")
            await settled(pilot)
            assert "…│" not in "\n".join(screen_lines(pilot)).replace("1…9", "")


async def test_the_menu_says_why_something_cannot_be_done() -> None:
    settings = still(is_read_only=True)
    async with opened(settings=settings) as pilot:
        await pilot.press("m")
        await settled(pilot)
        assert "read-only: nothing is run" in "\n".join(screen_lines(pilot))
        await pilot.press("r")
        await pilot.pause()

        assert "read-only: nothing is run" in status(pilot)


async def test_a_first_list_says_that_it_is_read_from_the_first_frame_on() -> None:
    may_answer = Event()

    class Slow(MemoryProject):
        def refresh(self, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing:
            may_answer.wait(10)
            return super().refresh(report=report, should_stop=should_stop)

    app = MlverApp(Slow(), still())
    async with app.run_test(size=(80, 24)) as pilot:
        assert "reading versions …" in "\n".join(screen_lines(pilot))
        may_answer.set()
        await settled(pilot)

        assert "reading versions" not in "\n".join(screen_lines(pilot))


async def test_the_palette_knows_the_actions() -> None:
    async with opened() as pilot:
        await pilot.press(":", *"base")
        await pilot.pause(0.3)

        assert "Make it the base A" in "\n".join(screen_lines(pilot))


async def test_the_signs_of_a_line_are_explained_and_enter_copies_what_is_said() -> None:
    async with opened(size=(100, 40)) as pilot:
        await pilot.press(*"jjjj", "i")
        await settled(pilot)

        assert any("better: 0.9167 → 0.9583" in line for line in screen_lines(pilot))
        await pilot.press("enter")
        await settled(pilot)
        assert "copied v1.4.0" in status(pilot)


async def test_what_is_said_of_a_sign_is_wrapped_where_it_is_long() -> None:
    row = replace(digits_rows()[0], title=" ".join(["a", *["very"] * 40, "long reason"]))
    async with opened(MemoryProject(now=listing(row))) as pilot:
        await pilot.press("i")
        await settled(pilot)

        assert "long reason" in "\n".join(screen_lines(pilot))


async def test_what_is_cut_in_the_pane_with_the_keys_is_seen_sideways_beside_the_names() -> None:
    async with opened() as pilot:
        assert "stag…" in screen_lines(pilot)[5]
        await pilot.press("L")
        await settled(pilot)
        assert screen_lines(pilot)[5].startswith("   7d18e6b0.1 ")
        assert screen_lines(pilot)[5].endswith("staging")
        await pilot.press("L")
        await settled(pilot)
        assert "these lines end here" in screen_lines(pilot)[-2]
        await pilot.press("H", "tab", "L")
        await settled(pilot)
        assert "stag…" in screen_lines(pilot)[5]
        assert "8 GiB, no GPU" in "\n".join(screen_lines(pilot)[14:])


async def test_what_the_detail_tells_stays_beside_its_values_when_they_are_seen_sideways() -> None:
    def in_detail(pilot: Pilot[None]) -> list[str]:
        return [line.partition("│")[2] for line in screen_lines(pilot)]

    heads = (" why ", " params ", " host ", " METRIC ", " accuracy ★ ", " latency_ms ")
    async with opened(size=(100, 40)) as pilot:
        await pilot.press(*"jjjj", "l")
        await settled(pilot)
        before = in_detail(pilot)
        await pilot.press("L")
        await settled(pilot)
        after = in_detail(pilot)

    for head in heads:
        place = next(index for index, line in enumerate(before) if line.startswith(head))
        assert after[place].startswith(head)
        assert after[place] != before[place]
    assert any(line.rstrip() == " latency_ms   =     +0.02   +4.5 %" for line in after)


async def test_the_pane_that_the_keys_move_is_seen() -> None:
    def is_pale(pilot: Pilot[None]) -> bool:
        (cursor,) = home(pilot).list.render_line(1 + home(pilot).list.cursor)
        return cursor.style is not None and bool(cursor.style.dim)

    async with opened() as pilot:
        assert "─ e07b3a51.2 ─" in "\n".join(screen_lines(pilot))
        assert not is_pale(pilot)

        await pilot.press("enter")
        await settled(pilot)
        assert "▸ e07b3a51.2 ─" in "\n".join(screen_lines(pilot))
        assert is_pale(pilot)

        await pilot.press("escape")
        await settled(pilot)
        assert "─ e07b3a51.2 ─" in "\n".join(screen_lines(pilot))
        assert not is_pale(pilot)


@pytest.mark.parametrize(
    ("width", "beside"), [(99, 0), (100, 36), (120, 40), (139, 48), (140, 20 + 40), (170, 24 + 49), (240, 30 + 60)]
)
async def test_the_list_gets_the_width_that_the_detail_cannot_use(width: int, beside: int) -> None:
    async with opened(size=(width, 40)) as pilot:
        assert home(pilot).list.size.width == width - beside


async def test_a_long_reason_is_whole_where_there_is_room() -> None:
    why = "pixelprep 1.0.0 to 1.1.0, numpy, +1 more"
    row = replace(digits_rows()[0], title=why)
    async with opened(MemoryProject(now=listing(row)), size=(200, 40)) as pilot:
        assert f" {why} " in screen_lines(pilot)[2]


async def test_a_detail_with_the_whole_screen_is_not_cut_in_columns() -> None:
    async with opened() as pilot:
        await pilot.press(*["j"] * 4)
        await settled(pilot)
        assert any("why" in line and "by " in line for line in screen_lines(pilot))

        await pilot.press("z")
        await settled(pilot)

        assert any(line.split() == ["by", "dev1,", "2", "d", "ago"] for line in screen_lines(pilot))
        await pilot.press("z")
        await settled(pilot)
        assert any("why" in line and "by " in line for line in screen_lines(pilot))


async def test_what_was_left_out_of_the_list_is_counted_and_told_whole() -> None:
    said = "tag digits@v9 is lightweight: " + "nobody is known to have made it " * 4 + "the end"
    project = MemoryProject(now=replace(listing(), problems=(said, HOSTILE)))
    async with opened(project) as pilot:
        assert screen_lines(pilot)[-2].startswith(" ! 2 problems (@)")
        await pilot.press("@")
        await settled(pilot)

        shown = "\n".join(screen_lines(pilot))
        assert "! tag digits@v9 is lightweight" in shown
        assert "the end" in shown
        assert "\x1b" not in shown
        await pilot.press("escape")
        await settled(pilot)
        assert home(pilot).is_current


async def test_a_list_that_left_nothing_out_has_no_problems_to_show() -> None:
    async with opened() as pilot:
        assert "problem" not in screen_lines(pilot)[-2]
        await pilot.press("@")
        await settled(pilot)

        assert "left out" not in "\n".join(screen_lines(pilot))


async def test_the_help_has_what_the_place_is_for_first_under_headings() -> None:
    async with opened(size=(100, 64)) as pilot:
        await pilot.press("?")
        await settled(pilot)
        shown = "\n".join(screen_lines(pilot))

        assert "▲ means better" in shown
        assert shown.index("  here") < shown.index("Mark a version") < shown.index("  everywhere")
        assert shown.index("  everywhere") < shown.index("Leave mlver") < shown.index("  moving about")
