"""Compare: stepping through changes, folding, swapping, failing."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from mlver.model.change import Change, Kind, branch
from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver.model.why import Why
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.keys import KeysScreen
from mlver_tui.screens.text import TextScreen
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.settings import ExplorerSettings
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.widgets.virtual_list import VirtualList
from tests.support.explorer import digits_rows, hostile_row, listing
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.screens import opened, resized, screen_lines, settled, still


def active(pilot: Pilot[None]) -> str:
    """The name of the active tab."""
    return screen_lines(pilot)[2].partition("‹")[2].partition("›")[0].split()[0]


def foot(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot)[-12:])


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_n_goes_from_change_to_change_through_all_tabs_and_round() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d")
        seen = []
        for _ in range(9):
            await pressed(pilot, "n")
            seen.append((active(pilot), foot(pilot).partition("─ ")[2].partition(" ─")[0]))

        assert seen == [
            ("Params", "optimiser.lr"),
            ("Params", "optimiser.momentum"),
            ("Params", "train.epochs"),
            ("Files", "models/weights.npy"),
            ("Files", "models/scaler.json"),
            ("Data", "train"),
            ("Code", "README.md"),
            ("Code", "prepare.py"),
            ("Params", "optimiser.lr"),
        ]


async def test_N_goes_back() -> None:  # noqa: N802 - the key's name
    async with opened() as pilot:
        await pressed(pilot, "d", "n", "n")
        await pressed(pilot, "N")
        assert "optimiser.lr" in foot(pilot)
        await pressed(pilot, "N")

        assert active(pilot) == "Code"
        assert "prepare.py" in foot(pilot)


async def test_what_is_under_the_cursor_is_told_whole_and_can_be_copied() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "i")
        assert "nothing here is under a cursor" in screen_lines(pilot)[-2]
        await pressed(pilot, "2", "j", "i")
        told = "\n".join(screen_lines(pilot))
        assert "A        0.1  " in told
        assert "A is     float, params.yaml:4, default of the project" in told
        assert "sign  ~  it differs" in told
        await pressed(pilot, "j", "enter")
        assert "copied 0.1" in screen_lines(pilot)[-2]

        await pressed(pilot, "3", "i")
        told = "\n".join(screen_lines(pilot))
        assert "0.9555555555555556" in told
        assert "what is judged first; more is better; 0.005 counts" in told

        await pressed(pilot, "escape", "5", "j", "i")
        told = "\n".join(screen_lines(pilot))
        assert "6" * 40 in told
        assert "only B has it" in told


async def test_the_place_a_value_came_from_stands_under_the_tree() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "n")

        assert "A  0.1" in foot(pilot)
        assert "params.yaml:4" in foot(pilot)


async def test_swapping_turns_everything_round_and_back() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "3")
        before = screen_lines(pilot)
        await pressed(pilot, "x")
        swapped = screen_lines(pilot)
        assert swapped[0].startswith(" A e07b3a51.2")
        assert "+0.0028" in "\n".join(swapped)
        await pressed(pilot, "x")

        assert screen_lines(pilot) == before


async def test_all_shows_what_is_the_same_too() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "2")
        assert "activation" not in "\n".join(screen_lines(pilot)[5:10])
        await pressed(pilot, "a")

        assert "activation" in "\n".join(screen_lines(pilot))
        assert "all (a: changes)" in screen_lines(pilot)[1]


async def test_folding_hides_leaves_and_h_on_a_leaf_goes_to_its_branch() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "2", "n")
        await pressed(pilot, "h")
        assert "─ optimiser ─" in foot(pilot)
        await pressed(pilot, "h")
        assert "momentum" not in "\n".join(screen_lines(pilot))
        await pressed(pilot, "l")
        assert "momentum" in "\n".join(screen_lines(pilot))
        await pressed(pilot, "-")
        assert "epochs" not in "\n".join(screen_lines(pilot))
        await pressed(pilot, "=")

        assert "epochs" in "\n".join(screen_lines(pilot))


async def test_flat_shows_dotted_names() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "2", "t")

        assert " optimiser.lr " in "\n".join(screen_lines(pilot))


async def test_enter_on_a_code_file_opens_its_diff_and_esc_comes_back() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "d", "8", "n", "enter")
        assert isinstance(pilot.app.screen, TextScreen)
        assert project.asked[-1] == "text_diff e07b3a51.1 e07b3a51.2 prepare.py"
        text = "\n".join(screen_lines(pilot))
        assert "+ scale = 16\\x1b[2J" in text
        assert "40 same lines" in text
        await pressed(pilot, "n", "escape")

        assert active(pilot) == "Code"


async def test_curves_are_drawn_with_both_names_and_a_logarithm() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "4")
        assert screen_lines(pilot)[4:6] == [
            " loss, eval · 1 of 1 · x: step  y: linear  (Y: log)",
            " A ends at 0.0167  B lies on A",
        ]
        await pressed(pilot, "Y")

        assert screen_lines(pilot)[4].endswith("y: log  (Y: linear)")
        assert " 0.02" in "\n".join(screen_lines(pilot)[6:])


@pytest.mark.parametrize("settings", [still(glyphs=ASCII), still(theme="ansi")], ids=["ascii", "no colour"])
async def test_curves_without_colours_have_their_own_signs(
    settings: ExplorerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not settings.glyphs.is_ascii:
        monkeypatch.setenv("NO_COLOR", "1")
    async with opened(settings=settings) as pilot:
        await pressed(pilot, *["j"] * 4, "d", "4")
        chart = "\n".join(screen_lines(pilot)[6:-2])

        assert screen_lines(pilot)[5] == " A * ends at 0.0167  B o ends at 0.0164"
        assert "*" in chart
        assert "o" in chart


async def test_what_is_not_possible_says_why() -> None:
    async with opened() as pilot:
        await pressed(pilot, "d", "3", "a")

        assert "no tree of changes here" in screen_lines(pilot)[-2]


async def test_a_failed_comparison_is_a_card_until_retried() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        project.failure = damaged()
        await pressed(pilot, "d")
        text = "\n".join(screen_lines(pilot))
        assert "✗ cannot compare these versions" in text
        assert "\\x1b[2J [/nope]" in text
        project.failure = None
        await pressed(pilot, "R")

        assert "DID IT HELP" in "\n".join(screen_lines(pilot))


async def test_hostile_versions_are_compared_like_others() -> None:
    rows = (hostile_row(), *digits_rows())
    async with opened(MemoryProject(now=listing(*rows)), size=(140, 40)) as pilot:
        await pressed(pilot, "b", "j", "d")
        for tab in "12345678":
            await pressed(pilot, tab)
            assert all("\x1b" not in line and "\x9b" not in line for line in screen_lines(pilot))


async def let_go(pilot: Pilot[None], may_go: threading.Event) -> None:
    """Until what was waited for is on the screen, painted to its end."""
    may_go.set()
    before: list[str] = []
    for _ in range(500):
        await settled(pilot)
        await pilot.pause(0.03)
        last, before = before, screen_lines(pilot)
        if before == last and "comparing" not in "\n".join(before):
            return


@asynccontextmanager
async def waiting() -> AsyncIterator[tuple[Pilot[None], MemoryProject, threading.Event]]:
    """The screen while the comparison is being made, and what lets it be there."""
    project, may_go = MemoryProject(), threading.Event()
    project.on_compare = lambda: may_go.wait(10)
    async with opened(project) as pilot:
        try:
            await pilot.press("d")
            await pilot.pause(0.3)
            assert "comparing …" in "\n".join(screen_lines(pilot))
            yield pilot, project, may_go
        finally:
            may_go.set()


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_whoever_does_not_want_to_wait_goes_back_at_once(key: str) -> None:
    async with waiting() as (pilot, _project, may_go):
        await pilot.press(key)

        assert isinstance(pilot.app.screen, VersionsScreen)
        assert not may_go.is_set()


async def test_tabs_and_help_do_not_wait_for_the_comparison() -> None:
    async with waiting() as (pilot, _project, _may_go):
        await pilot.press("3")
        assert active(pilot) == "Metrics"
        await pilot.press("?")
        await pilot.pause()

        assert isinstance(pilot.app.screen, KeysScreen)


async def test_keys_about_changes_wait_for_the_comparison_and_then_act_in_their_order() -> None:
    async with waiting() as (pilot, _project, may_go):
        await pilot.press("n", "n", "a")
        assert "comparing" in "\n".join(screen_lines(pilot))
        await let_go(pilot, may_go)

        assert active(pilot) == "Params"
        assert "─ optimiser.momentum ─" in foot(pilot)
        assert "all (a: changes)" in screen_lines(pilot)[1]


async def test_movement_waits_for_the_rows_of_the_tab_that_was_chosen() -> None:
    async with waiting() as (pilot, _project, may_go):
        await pilot.press("2", "j", "j")
        await let_go(pilot, may_go)

        assert "─ optimiser.momentum ─" in foot(pilot)


async def test_what_was_typed_before_a_failure_is_forgotten() -> None:
    async with waiting() as (pilot, project, may_go):
        project.failure = damaged()
        await pilot.press("n")
        await let_go(pilot, may_go)
        assert "cannot compare" in "\n".join(screen_lines(pilot))
        project.failure = None
        await pressed(pilot, "R")

        assert active(pilot) == "Summary"


async def test_keys_wait_for_the_curves_too() -> None:
    async with waiting() as (pilot, _project, may_go):
        await pilot.press("4", "n")
        await let_go(pilot, may_go)

        assert active(pilot) == "Curves"


async def test_a_text_that_is_being_compared_is_left_at_once_or_moved_in_when_it_is_there() -> None:
    project, may_go = MemoryProject(), threading.Event()
    async with opened(project) as pilot:
        try:
            await pressed(pilot, "d", "8", "n")
            project.on_compare = lambda: may_go.wait(10)
            await pilot.press("enter", "n")
            await pilot.pause()
            assert "comparing" in "\n".join(screen_lines(pilot))
            await let_go(pilot, may_go)
            assert pilot.app.screen.query_one("#diff", VirtualList).cursor == 1

            may_go.clear()
            await pilot.press("escape", "enter", "escape")
            assert isinstance(pilot.app.screen, CompareScreen)
        finally:
            may_go.set()


async def test_long_lines_of_code_are_read_by_wrapping_or_sideways() -> None:
    project = MemoryProject()
    long = "start " + "x" * 100 + " end"
    lines = (DiffLine(LineKind.SAME, "import numpy", before=1, after=1), DiffLine(LineKind.ADDED, long, after=2))
    project.text_diff = lambda *_asked, **_how: TextDiff(lines=lines, added=1)  # type: ignore[method-assign]
    async with opened(project) as pilot:
        await pressed(pilot, "d", "8", "enter")
        assert "end" not in "\n".join(screen_lines(pilot)[3:-2])
        assert "w wrap" in screen_lines(pilot)[-1]

        await pressed(pilot, "w")
        assert screen_lines(pilot)[5].strip().endswith("x end")
        assert "wrapped" in screen_lines(pilot)[-2]
        await resized(pilot, 140, 24)
        assert screen_lines(pilot)[4].endswith("x end")
        await resized(pilot, 80, 24)
        await pressed(pilot, "w", "right", "L", "right")
        assert screen_lines(pilot)[4].endswith("x end")
        assert "from column" in screen_lines(pilot)[-2]
        await pressed(pilot, "left", "H", "left")
        assert "+ start xx" in screen_lines(pilot)[4]


async def test_a_file_that_is_no_text_opens_no_page_and_says_so() -> None:
    project = MemoryProject()
    project.text_diff = lambda *_asked, **_how: TextDiff(is_binary=True)  # type: ignore[method-assign]
    async with opened(project) as pilot:
        await pressed(pilot, "d", "8", "enter")

        assert isinstance(pilot.app.screen, CompareScreen)
        assert "is no text" in screen_lines(pilot)[-2]


async def test_what_was_not_committed_stands_below_the_code_is_not_counted_and_opens() -> None:
    project = MemoryProject()
    leaf = Change(label="train.py", kind=Kind.CHANGED, before="0" * 40, after="1" * 40, note="+1 −0")
    project.uncommitted = (branch("uncommitted in A", (leaf,)), None)
    async with opened(project) as pilot:
        await pressed(pilot, "d", "8")
        assert "Code 2" in screen_lines(pilot)[2]
        assert any("uncommitted in A" in one for one in screen_lines(pilot))
        await pressed(pilot, "n", "n", "enter")

        assert project.asked[-1] == "uncommitted_diff e07b3a51.1 train.py"
        assert any("+ warm_up = 5" in one for one in screen_lines(pilot))

        await pressed(pilot, "escape", "n", "enter")

        assert active(pilot) == "Params", "the heading is no change, and no file"


async def test_the_summary_ends_with_what_is_consistent_with_the_change() -> None:
    project = MemoryProject()
    project.why = Why(sentences=("consistent with params: optimiser.lr 0.1 → 0.03", "chance is not ruled out"))
    async with opened(project) as pilot:
        await pressed(pilot, "d")
        await pilot.press("end")
        await settled(pilot)

        told = "\n".join(screen_lines(pilot))
        assert "WHY" in told
        assert "consistent with params: optimiser.lr 0.1 → 0.03" in told
