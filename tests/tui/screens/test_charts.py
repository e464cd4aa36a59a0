"""The Charts screen: what a key shows, what stands at the cursor, what waits for nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from mlver.model.curve import Curve
from mlver.model.data import Data
from mlver.model.live import Live
from mlver.model.version import VersionRow
from mlver_tui.screens.charts import ChartsScreen
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.view_models.charting import MOST_LISTED
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.widgets.chart_pane import ChartPane
from tests.support.explorer import HOSTILE, digits_rows, listing
from tests.support.explorer_charts import ChartedProject, loss_of
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40), "200x60": (200, 60)}

WALK = (
    ("charts-curves", [*["j"] * 4, "space", *["j"] * 2, "space", *["j"] * 4, "space", "c"]),
    ("charts-inspect", ["i", "ctrl+u", "ctrl+u", "h"]),
    ("charts-smooth-zoom", ["s", "s", "=", "Y"]),
    ("charts-trend", ["escape", "escape", "s", "s", "Y", "x", "x", "x", "i", *["h"] * 6]),
    ("charts-scatter", ["p", "n", "h"]),
)


async def press(pilot: Pilot[None], *keys: str) -> list[str]:
    await pilot.press(*keys)
    await settled(pilot)
    return screen_lines(pilot)


def is_on(pilot: Pilot[None], screen: type[Screen[None]]) -> bool:
    """Whether that screen is shown."""
    return isinstance(pilot.app.screen, screen)


def row_of(letter: str, lines: list[str]) -> str:
    """The legend's line of a version."""
    return next(line for line in lines if line.startswith(f" {letter}  "))


def on(text: str, lines: list[str]) -> str:
    """The first line with that text."""
    return next(line for line in lines if text in line)


@pytest.mark.parametrize("size", SIZES)
async def test_charts_look_as_they_did(size: str) -> None:
    async with opened(ChartedProject(), size=SIZES[size]) as pilot:
        for name, keys in WALK:
            assert_golden(FOLDER, f"{name}-{size}", await press(pilot, *keys))


async def test_charts_look_as_they_did_in_ascii() -> None:
    async with opened(ChartedProject(), size=(80, 24), settings=still(glyphs=ASCII, theme="ansi")) as pilot:
        for name, keys in WALK:
            lines = await press(pilot, *keys)

            assert "\n".join(lines).isascii()
            assert_golden(FOLDER, f"{name}-ascii", lines)


async def test_marks_are_charted_from_the_oldest_and_the_base_is_a() -> None:
    async with opened(ChartedProject()) as pilot:
        lines = await press(pilot, "j", "space", "j", "j", "j", "space", "c")

        assert row_of("A", lines).split()[1] == "v1.4.0"

        lines = await press(pilot, "q", "g", "b", "c")

        assert row_of("A", lines).split()[1] == "e07b3a51.2"
        assert row_of("B", lines).split()[1] == "v1.4.0"


async def test_without_marks_the_parent_and_the_cursors_version_are_charted() -> None:
    async with opened(ChartedProject()) as pilot:
        lines = await press(pilot, "c")

        assert [line.split()[1] for line in lines if re.match(r" [A-L]  \w", line)] == ["e07b3a51.1", "e07b3a51.2"]


async def test_a_version_without_a_parent_is_charted_alone() -> None:
    async with opened(ChartedProject()) as pilot:
        lines = await press(pilot, "G", "k", "space", "G", "X", "c")

        assert any("no curves: v1.0.0" in line for line in lines)


async def test_compare_and_the_matrix_chart_their_versions() -> None:
    async with opened(ChartedProject()) as pilot:
        lines = await press(pilot, "j", "j", "d", "x", "c")

        assert is_on(pilot, ChartsScreen)
        assert row_of("A", lines).split()[1] == "5c9f20d4.1"

        await press(pilot, "q")
        assert is_on(pilot, CompareScreen)
        lines = await press(pilot, "q", "space", "j", "space", "j", "space", "d", "b", "c")

        assert is_on(pilot, ChartsScreen)
        assert sum(bool(re.match(r" [A-C]  \w", line)) for line in lines) == 3


async def test_more_versions_than_letters_are_said_to_be_left_out() -> None:
    rows = digits_rows()
    more = [replace(row, key=f"{row.key}+", name=f"x{row.name}") for row in rows[:3]]
    async with opened(ChartedProject(listing(*rows, *more)), size=(120, 40)) as pilot:
        lines = await press(pilot, "v", "G", "space", "c")

        assert "3 more marked: a chart holds 12 versions" in on("more marked", lines)


async def test_the_cursor_stops_at_points_and_tells_exact_values() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        lines = await press(pilot, "c", "i", "g", "l", "l")

        row = digits_rows()[0]
        value = loss_of(row).values[2]
        assert "AT 2 " in on("NAME", lines)
        assert f" {value:.4f}" in on(f" B  {row.name}", lines)

        assert "AT 8 " in on("NAME", await press(pilot, "ctrl+d"))
        assert "AT 59" in on("NAME", await press(pilot, "G"))
        assert "LAST " in on("NAME", await press(pilot, "i")), "without the cursor the last values stand there"


async def test_a_first_step_only_shows_the_cursor() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        assert "AT 59" in on("NAME", await press(pilot, "c", "h"))
        assert "AT 58" in on("NAME", await press(pilot, "h"))


async def test_the_cursor_is_drawn_over_the_chart_and_nothing_is_drawn_anew() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        await press(pilot, "c", "i")
        drawing = pilot.app.screen.query_one(ChartPane).drawing

        lines = await press(pilot, "h", "h")

        assert pilot.app.screen.query_one(ChartPane).drawing is drawing
        column = (drawing.column_of(57.0) or 0) + 1
        assert [line[column] for line in lines[1:10:4]] == ["│"] * 3
        point = next(line for line in lines[1:] if line[column : column + 1].strip() not in {"", "│"})
        assert point[column] != "│", "a point stays to be seen"


async def test_a_zoom_is_about_the_cursor_follows_it_and_escape_takes_it_back() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        await press(pilot, "c", "i", "g", "=", "=")
        pane = pilot.app.screen.query_one(ChartPane)
        assert (pane.drawing.low, pane.drawing.high) == (0, 14.75)

        await press(pilot, "G")
        assert (pane.drawing.low, pane.drawing.high) == (44.25, 59)

        await press(pilot, "escape", "escape")
        assert (pane.drawing.low, pane.drawing.high) == (0, 59)
        assert is_on(pilot, ChartsScreen)

        await press(pilot, "escape")
        assert not is_on(pilot, ChartsScreen)


async def test_the_axis_goes_around_what_the_histories_tell() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        seen = [on("x:", await press(pilot, key)).partition("x: ")[2].split(" ·")[0] for key in ("c", *["x"] * 4)]

        assert seen == ["step", "epoch", "time in s", "version", "step"]


async def test_pages_are_metrics_and_a_name_can_be_chosen() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        assert "loss, eval · 1 of 2" in (await press(pilot, "c"))[0]
        assert "accuracy · 2 of 2" in (await press(pilot, "n"))[0]
        assert "loss, eval · 1 of 2" in (await press(pilot, "]"))[0]
        assert "accuracy · 2 of 2" in (await press(pilot, "2"))[0]
        await press(pilot, "/")
        assert "loss, eval · 1 of 2" in (await press(pilot, *"loss", "enter"))[0]


async def test_the_metric_stays_when_the_axis_changes() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        await press(pilot, "c", "x", "x")

        assert "loss · 2 of 3 · x: version" in (await press(pilot, "x"))[0]


async def test_a_scatter_goes_through_params_and_tells_versions_at_a_value() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        lines = await press(pilot, "c", "p")
        assert "loss over model.hidden · 1 of 3 · x: linear" in lines[0]

        lines = await press(pilot, "n")
        assert "loss over optimiser.lr · 2 of 3 · x: log" in lines[0]

        lines = await press(pilot, "i", "g")
        assert "b8471f3d.1" in on("b8471f3d.1", lines)
        lines = await press(pilot, "n")
        assert "loss over optimiser.name · 3 of 3 · x: text" in lines[0]
        assert any("momentum" in line and "sgd" in line for line in lines)

        await press(pilot, "/")
        assert "accuracy over optimiser.name" in (await press(pilot, *"accuracy", "enter"))[0]
        await press(pilot, "/")
        assert "accuracy over optimiser.lr" in (await press(pilot, *"lr", "enter"))[0]
        assert "accuracy · 2 of 2 · x: step" in (await press(pilot, "p"))[0]


async def test_params_that_are_all_the_same_are_said_to_be() -> None:
    class Same(ChartedProject):
        def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
            return {row.key: {"lr": 0.1} for row in rows}

    async with opened(Same(), size=(100, 30)) as pilot:
        lines = await press(pilot, "c", "p")

        assert "no param differs between the versions of the list" in lines[-2]


async def test_one_version_that_cannot_be_read_is_one_line() -> None:
    project = ChartedProject()
    project.damaged = {"e07b3a51.1"}
    async with opened(project, size=(100, 30)) as pilot:
        lines = await press(pilot, "c")

        assert "object 4be1c02 is missing \\x1b[2J [/nope]" in row_of("A", lines)
        assert "0.1" in row_of("B", lines)

        project.damaged = set()
        assert "missing" not in row_of("A", await press(pilot, "R"))


async def test_nothing_to_draw_says_which_logs_are_found_and_the_trend_is_a_key_away() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        lines = await press(pilot, "G", "c")

        assert "no curves: v1.0.0" in on("no curves", lines)
        assert any("docs/histories.md" in line for line in lines)
        assert "x shows how the metrics went from version to version" in on("x shows", lines)
        assert "x: version" in (await press(pilot, "x"))[0]


async def test_a_run_under_way_grows_and_keeps_its_first_points() -> None:
    running = replace(digits_rows()[0], is_running=True)
    project = ChartedProject(listing(running, *digits_rows()[1:]))
    whole = loss_of(running)
    project.under_way[running.key] = Live(curves=(replace(whole, steps=whole.steps[:5], values=whole.values[:5]),))
    async with opened(project, size=(100, 30)) as pilot:
        assert row_of("B", await press(pilot, "c")).split()[1] == running.name

        project.under_way[running.key] = Live(
            curves=(replace(whole, steps=whole.steps[4:9], values=whole.values[4:9], epochs=(), times=()),)
        )
        cast("ChartsScreen", pilot.app.screen)._read_growing()
        await settled(pilot)

        lines = await press(pilot, "i", "g", "l")
        assert f"{whole.values[1]:.4f}" in row_of("B", lines)
        assert f"{whole.values[8]:.4f}" in row_of("B", lines)


async def test_smoothing_goes_through_its_weights_and_back() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        await press(pilot, "c")
        seen = [(await press(pilot, key))[0].partition("smoothed ")[2] for key in "sssssS"]

        assert seen == ["0.3", "0.6", "0.9", "", "0.3", ""]


async def test_what_cannot_be_done_with_this_chart_says_why() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        lines = await press(pilot, "c", "x", "x", "x", "s")

        assert "only curves over steps, epochs or time are smoothed" in lines[-2]


async def test_hostile_names_reach_the_screen_as_text() -> None:
    class Hostile(ChartedProject):
        def curves(self, row: VersionRow) -> tuple[Curve, ...]:
            return (replace(loss_of(row), metric=HOSTILE, context=HOSTILE),)

        def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
            return {row.key: {HOSTILE: f"{HOSTILE} {number % 3}"} for number, row in enumerate(rows)}

    rows = [
        replace(row, name=HOSTILE, names=(HOSTILE,), title=HOSTILE, stages=(HOSTILE,) if row.stages else ())
        for row in digits_rows()
    ]
    async with opened(Hostile(listing(*rows)), size=(140, 40)) as pilot:
        for keys in ("ci", "x", "x", "x", "p", "/"):
            text = "".join(await press(pilot, *keys))

            assert text.isprintable()
            assert "[/nope]" in text


async def test_of_many_versions_the_newest_are_shown_and_the_rest_is_counted() -> None:
    first = digits_rows()[0]
    rows = [
        replace(first, key=f"k{number}", parent=None, created=(first.created or 0) - number)
        for number in range(MOST_LISTED + 5)
    ]
    async with opened(ChartedProject(listing(*rows)), size=(140, 40)) as pilot:
        lines = await press(pilot, "c", "x", "x", "x")

        assert "10\u2009000 versions" in lines[0]
        assert "5 are older" in lines[-2]


async def test_the_command_and_the_values_of_a_chart_can_be_copied() -> None:
    async with opened(ChartedProject(), size=(120, 40)) as pilot:
        lines = await press(pilot, "c", "x", "s", "y")

        assert "mlver curves e07b3a51.1 e07b3a51.2 --metric loss --x epoch --smooth 0.3" in on("command", lines)
        assert any("values" in line and "loss, eval" in line for line in lines)

        lines = await press(pilot, "escape", "p", "y")
        assert not any("mlver curves" in line for line in lines), "no command prints a scatter"


async def test_the_points_of_each_kind_of_chart_are_written_after_the_user_agreed(tmp_path: Path) -> None:
    async with opened(ChartedProject(), size=(120, 40)) as pilot:
        await press(pilot, "c")
        for name, keys in (("curves.csv", ""), ("trend.json", "xxx"), ("scatter.csv", "p"), ("scatter.json", "")):
            await press(pilot, *keys, "E", "ctrl+u")
            pilot.app.screen.query_one("#file", Input).value = str(tmp_path / name)
            await press(pilot, "enter", "right", "enter")

    curves = (tmp_path / "curves.csv").read_text().splitlines()
    assert curves[0] == "version,metric,context,step,value"
    assert len(curves) == 1 + 2 * (60 + 3)
    assert len(json.loads((tmp_path / "trend.json").read_text())["points"]) == 12
    assert (tmp_path / "scatter.csv").read_text().splitlines()[:2] == ["version,model.hidden,loss", "v1.0.0,16,0.1889"]
    assert json.loads((tmp_path / "scatter.json").read_text())["points"][0]["param"] == 16


async def test_the_mouse_can_point_at_a_place() -> None:
    async with opened(ChartedProject(), size=(100, 30)) as pilot:
        await press(pilot, "c")
        pane = pilot.app.screen.query_one(ChartPane)

        await pilot.click(ChartPane, offset=((pane.drawing.column_of(20.0) or 0) + 1, 5))
        await settled(pilot)

        assert "AT 20" in on("NAME", screen_lines(pilot))


@pytest.mark.parametrize("size", [(60, 16), (61, 17), (1, 1)])
async def test_small_terminals_do_not_break_it(size: tuple[int, int]) -> None:
    async with opened(ChartedProject(), size=size) as pilot:
        await press(pilot, "c", "i", "h", "=", "s", "x", "p")

        assert pilot.app._exception is None
