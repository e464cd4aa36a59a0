"""Compare on a wide screen, a param's history under the tree, search, and work that takes long or is stopped."""

from __future__ import annotations

import threading

import pytest
from textual.pilot import Pilot

from mlver.errors import Interrupted
from mlver.model.comparison import Comparison
from mlver.model.version import VersionRow
from mlver.model.why import Why
from mlver.progress import Progress, Report, ShouldStop, never, silent
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.widgets.change_tree import ChangeTree
from tests.support.explorer import comparison_of, digits_rows
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, resized, screen_lines, settled, until

APART = [*["j"] * 4, "space", *["j"] * 6, "space", "d"]
"""v1.1.0 against v1.4.0."""


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def whole(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot))


def left(pilot: Pilot[None]) -> list[str]:
    """The lines of the tree of everything."""
    return [line.partition("│")[0].rstrip() for line in screen_lines(pilot)[4:-2]]


def cursor_row(pilot: Pilot[None]) -> str:
    return next(line for line in left(pilot) if line.startswith("▸")).strip("▸ ")


async def test_a_wide_screen_has_inputs_above_outcomes_beside_the_summary() -> None:
    async with opened(size=(140, 40)) as pilot:
        await pressed(pilot, *APART)
        lines = left(pilot)

        causes, effects = (
            lines.index("  ─────────── what came out ────────────"),
            lines.index(" FIRST STEP THAT DIFFERS"),
        )
        assert any("▾ params" in line for line in lines[:causes])
        assert any("▾ metrics" in line for line in lines[causes:effects])
        assert any("▾ files" in line for line in lines[causes:effects])
        assert "CAN WE BELIEVE IT" in whole(pilot)
        assert "at step 59:  A 0.0167   B 0.0164   Δ −0.0003" in whole(pilot)
        assert "5 versions between" in screen_lines(pilot)[1]


async def test_a_narrower_screen_has_the_summary_alone() -> None:
    async with opened(size=(139, 40)) as pilot:
        await pressed(pilot, *APART)
        assert "what came out" not in whole(pilot)
        await resized(pilot, 140, 40)
        assert "what came out" in whole(pilot)
        await resized(pilot, 80, 24)

        assert "what came out" not in whole(pilot)
        assert "WHAT CHANGED" in whole(pilot)


async def test_n_walks_the_tree_of_everything_round_and_never_stands_on_the_dashed_line() -> None:
    async with opened(size=(140, 40)) as pilot:
        await pressed(pilot, *APART)
        seen = []
        for _ in range(12):
            await pressed(pilot, "n")
            seen.append(cursor_row(pilot).split()[1])
        assert seen[:3] == ["lr", "momentum", "epochs"]
        assert seen[-1] == "lr"
        before = ""
        for _ in range(30):
            before = cursor_row(pilot)
            await pressed(pilot, "j")
            assert "what came out" not in cursor_row(pilot)
        assert cursor_row(pilot) == before


async def test_enter_on_a_row_of_everything_opens_its_tab_at_that_row() -> None:
    async with opened(size=(140, 40)) as pilot:
        await pressed(pilot, *APART, "n", "n", "enter")

        assert "‹Params 3›" in screen_lines(pilot)[2]
        assert "─ optimiser.momentum ─" in whole(pilot)


async def test_enter_on_a_metric_opens_the_metrics() -> None:
    async with opened(size=(140, 40)) as pilot:
        await pressed(pilot, *APART, "/", *"accur", "enter", "enter")

        assert "‹Metrics 3›" in screen_lines(pilot)[2]


async def test_z_gives_a_pane_the_whole_screen_and_takes_it_back() -> None:
    async with opened(size=(140, 40)) as pilot:
        await pressed(pilot, *APART)
        await pressed(pilot, "z")
        assert "DID IT HELP" not in whole(pilot)
        assert "what came out" in whole(pilot)
        await pressed(pilot, "z", "tab", "z")
        assert "DID IT HELP" in whole(pilot)
        assert "what came out" not in whole(pilot)
        await pressed(pilot, "z", "2", "z")

        assert "one pane has the whole screen already" in screen_lines(pilot)[-2]


async def test_under_a_param_stand_the_values_it_had_and_the_metric_with_each() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, *APART, "2", "n")

        assert "history  0.1 ×2 → 0.01 → " in whole(pilot)
        assert "accuracy best 0.01 → 0.9278   0.03 → 0.9611   0.1 → 0.9389" in whole(pilot)
        assert "caution  at 0.03" in whole(pilot)
        assert project.asked.count("param_history optimiser.lr") == 1
        await pressed(pilot, "N", "n")
        assert project.asked.count("param_history optimiser.lr") == 1


async def test_a_branch_has_no_history() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, *APART, "2")

        assert not [one for one in project.asked if one.startswith("param_history")]


async def test_the_title_stays_in_place_from_tab_to_tab() -> None:
    async with opened() as pilot:
        await pressed(pilot, *APART)
        seen = set()
        for tab in "12345678":
            await pressed(pilot, tab)
            seen.add((screen_lines(pilot)[0], screen_lines(pilot)[1][:50]))

        assert len(seen) == 1


async def test_a_search_goes_from_match_to_match_unfolds_what_hides_one_and_ends_with_esc() -> None:
    async with opened() as pilot:
        await pressed(pilot, *APART, "2", "-", "/", *"mom", "enter")
        assert "─ optimiser.momentum ─" in whole(pilot)
        await pressed(pilot, "escape", "n")
        assert "─ train ─" in whole(pilot)
        await pressed(pilot, "/", *"nothing so", "enter", "n")
        assert "nothing here has nothing so" in screen_lines(pilot)[-2]
        await pressed(pilot, "escape")
        assert isinstance(pilot.app.screen, CompareScreen)
        await pressed(pilot, "escape")

        assert isinstance(pilot.app.screen, VersionsScreen)


async def test_both_values_stand_in_one_column_or_in_two() -> None:
    async with opened() as pilot:
        await pressed(pilot, *APART, "2", "|")
        assert "lr        0.1 → 0.03" in whole(pilot)
        await pressed(pilot, "|")

        assert "0.1 → 0.03" not in "\n".join(screen_lines(pilot)[4:12])


@pytest.mark.parametrize("key", ["{", "}", "(", ")", "w"])
async def test_keys_of_a_text_say_that_there_is_none(key: str) -> None:
    async with opened() as pilot:
        await pressed(pilot, *APART, "2", key)

        assert "no lines of a text here: enter on a file shows them" in screen_lines(pilot)[-2]


class SlowProject(MemoryProject):
    """Compares until it is stopped or let go, and tells how far it is."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go, self.was_stopped = threading.Event(), threading.Event()

    def compare(
        self, before: VersionRow, after: VersionRow, *, report: Report = silent, should_stop: ShouldStop = never
    ) -> Comparison:
        report(Progress(doing="comparing weights.npy", done=2, total=5))
        while not self.may_go.wait(0.01):
            if should_stop():
                self.was_stopped.set()
                raise Interrupted("the comparison was stopped")
        return comparison_of(before, after)


async def seen(pilot: Pilot[None], words: str) -> None:
    """Until the words are on the screen."""
    for _ in range(200):
        await pilot.pause(0.02)
        if words in whole(pilot):
            return
    raise AssertionError(whole(pilot))


async def test_a_long_comparison_tells_how_far_it_is_and_ctrl_c_stops_it() -> None:
    project = SlowProject()
    async with opened(project) as pilot:
        await pilot.press("d")
        await seen(pilot, "comparing weights.npy …  40 %")
        assert "ctrl-c stops it" in whole(pilot)
        await pilot.press("ctrl+c")
        await seen(pilot, "comparing: stopped")
        assert project.was_stopped.wait(5)
        project.may_go.set()
        await pressed(pilot, "R")

        assert "DID IT HELP" in whole(pilot)


async def test_leaving_stops_the_comparison() -> None:
    project = SlowProject()
    async with opened(project) as pilot:
        await pilot.press("d")
        await pilot.pause(0.05)
        await pilot.press("escape")

        assert isinstance(pilot.app.screen, VersionsScreen)
        assert project.was_stopped.wait(5)


async def test_a_comparison_that_comes_after_a_swap_is_dropped() -> None:
    async with opened() as pilot:
        await pressed(pilot, *APART)
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        assert isinstance(screen.changes, ChangeTree)
        rows = {row.name: row for row in digits_rows()}
        from mlver_tui.messages import Compared
        from mlver_tui.view_models.compared import compared_view

        stale: Comparison = comparison_of(rows["v1.0.0"], rows["v1.1.0"])
        screen.post_message(Compared(compared_view(stale)))
        await settled(pilot)

        assert screen_lines(pilot)[1].startswith(" B v1.4.0")
        assert "0.9583" in whole(pilot)


async def test_the_summary_beside_the_tree_is_whole_where_the_curve_leaves_room() -> None:
    project = MemoryProject()
    project.why = Why(sentences=(*[f"consistent with {'many words ' * 9}"] * 3, "chance is not ruled out"))
    async with opened(project, size=(200, 60)) as pilot:
        await pressed(pilot, *APART)
        await resized(pilot, 140, 60)  # where the same sentences take more lines
        await until(pilot, lambda: pilot.app.screen.size.width == 140 and len(screen_lines(pilot)[3]) == 140)
        await settled(pilot)

        assert "chance is not ruled out" in whole(pilot)
        assert "more below" not in whole(pilot)
