"""Versions side by side: the base pinned, columns and rows, another base, whole values, files."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mlver_tui.screens.confirm import ConfirmScreen
from mlver_tui.screens.exporting import NamingScreen
from mlver_tui.screens.keys import KeysScreen
from mlver_tui.screens.matrix import MatrixScreen
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.view_models.browsing import Several
from mlver_tui.view_models.glyphs import ASCII
from tests.support.explorer import broken_row, digits_rows, hostile_row, listing
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

GOLDENS = Path(__file__).parent / "goldens"
SIZES = {"80x24": (80, 24), "140x40": (140, 40), "200x60": (200, 60), "ascii": (80, 24)}

NAMES = ("v1.0.0", "b8471f3d.1", "6e02c7aa.1", "20f8d1b9.1", "v1.3.0", "91be44c7.1", "v1.4.0")
SEVEN = tuple(next(row for row in digits_rows() if row.name == name) for name in NAMES)


async def pressed(pilot: Pilot[None], *keys: str) -> str:
    """The whole screen after these keys."""
    await pilot.press(*keys)
    await settled(pilot)
    return "\n".join(screen_lines(pilot))


async def seven(pilot: Pilot[None], *keys: str) -> str:
    """The screen with seven versions, as `d` opens it, after these keys."""
    pilot.app.open_compare(Several(rows=SEVEN, why="7 marked"))  # type: ignore[attr-defined]  # the explorer's own app
    await settled(pilot)
    while screen(pilot).is_waiting:  # noqa: ASYNC110 - a worker may begin after all messages were handled
        await asyncio.sleep(0.002)
    await pilot.pause()
    return await pressed(pilot, *keys)


async def named(pilot: Pilot[None], path: Path, *keys: str) -> str:
    """The prompt for a file with this name typed, then these keys."""
    if not isinstance(pilot.app.screen, NamingScreen):
        await pressed(pilot, "E")
    pilot.app.screen.query_one("#file", Input).value = str(path)
    return await pressed(pilot, "enter", *keys)


def screen(pilot: Pilot[None]) -> MatrixScreen:
    shown = pilot.app.screen
    assert isinstance(shown, MatrixScreen)
    return shown


def head(pilot: Pilot[None]) -> list[str]:
    """The names over the columns; the one with the cursor has its sign."""
    return screen_lines(pilot)[1].split()


def cursor_line(pilot: Pilot[None]) -> str:
    return next(line for line in screen_lines(pilot)[3:] if line.startswith("▸"))


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_looks_as_it_did(size: str) -> None:
    settings = still(glyphs=ASCII, theme="ansi") if size == "ascii" else still()
    async with opened(size=SIZES[size], settings=settings) as pilot:
        await seven(pilot)
        for name, keys in (
            ("matrix", []),
            ("matrix-base", ["l", "l", "b"]),
            ("matrix-all", ["a", "G", "k", "k", "k", "k", "k", "k", "k"]),
            ("matrix-values", ["enter"]),
            ("matrix-metric", ["n", "n"]),
        ):
            text = await pressed(pilot, *keys)

            assert_golden(GOLDENS, f"{name}-{size}", text.split("\n"))
            assert size != "ascii" or text.isascii(), name


async def test_three_marks_open_it_with_the_oldest_as_the_base_unless_one_is_chosen() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "space", "j", "space", "j", "space", "d")
        assert head(pilot)[:2] == ["A", "5c9f20d4.1"]
        assert project.asked[-1] == "matrix 5c9f20d4.1 e07b3a51.1 e07b3a51.2"

        await pressed(pilot, "escape", "j", "b", "d")

        assert project.asked[-1] == "matrix 7d18e6b0.1 5c9f20d4.1 e07b3a51.1 e07b3a51.2"


async def test_the_base_stays_while_the_other_columns_scroll() -> None:
    async with opened() as pilot:
        await seven(pilot)
        first = head(pilot)
        await pressed(pilot, *["l"] * 4)
        scrolled = head(pilot)
        await pressed(pilot, *["right"] * 9)
        last = head(pilot)
        await pressed(pilot, *["h"] * 9)

        assert {tuple(names[:2]) for names in (first, scrolled, last)} == {("A", "v1.0.0")}
        assert scrolled[2:] != first[2:]
        assert last[-2:] == ["▸", "v1.4.0"]
        assert head(pilot) == first


async def test_another_base_is_what_everything_is_held_against_and_nothing_is_read_again() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await seven(pilot)
        assert "▲ 0.9278" in await pressed(pilot, "l")
        asked = list(project.asked)
        shown = await pressed(pilot, "x")

        assert head(pilot)[:2] == ["A", "6e02c7aa.1"]
        assert "▼ 0.9111" in shown
        assert project.asked == asked
        assert '▸optimiser.lr               "0.3"' in cursor_line(pilot), "the cursor stays on its row"


async def test_all_shows_what_is_the_same_and_noise_too() -> None:
    async with opened() as pilot:
        shown = await seven(pilot)
        assert "run_name" not in shown
        assert "1 ignored as noise" in shown
        shown = await pressed(pilot, "a")

        assert "run_name (noise)" in shown
        assert "model.activation" in shown


async def test_n_goes_to_rows_that_differ_and_to_those_that_are_searched_for() -> None:
    async with opened() as pilot:
        await seven(pilot, "a", "g", "n", "n")
        assert "optimiser.momentum" in cursor_line(pilot)
        await pressed(pilot, "N")
        assert "optimiser.lr" in cursor_line(pilot)

        await pressed(pilot, "/", *"layers SIZE", "enter", "n")
        assert "layers[name=out].size" in cursor_line(pilot)
        assert "search: layers SIZE" in screen_lines(pilot)[-2]
        await pressed(pilot, "escape", "n")
        assert "accuracy" not in cursor_line(pilot)
        assert isinstance(pilot.app.screen, MatrixScreen)
        assert "no row has zzz in its name" in await pressed(pilot, "/", *"zzz", "enter", "n")


@pytest.mark.parametrize("key", ["enter", "i"])
async def test_enter_shows_the_whole_values_of_all_versions_and_esc_goes_back(key: str) -> None:
    async with opened() as pilot:
        await seven(pilot, "/", *"note", "enter", key)
        shown = "".join(line.strip() for line in screen_lines(pilot))

        assert "that is longer than any column of any terminal, so that it must be shortened" in shown.replace(
            "anyterminal", "any terminal"
        )
        assert "not set" in shown
        await pressed(pilot, "escape", "escape")
        assert "▸note" in "\n".join(screen_lines(pilot))
        await pressed(pilot, "escape")
        assert isinstance(pilot.app.screen, VersionsScreen)


async def test_a_version_that_cannot_be_read_is_question_marks_and_hostile_text_does_nothing() -> None:
    rows = (broken_row(), hostile_row(), *digits_rows()[:2])
    async with opened(MemoryProject(now=listing(*rows))) as pilot:
        shown = await pressed(pilot, *["space", "j"] * 4, "d", "l", "l")

        assert "eeeeeeee cannot be read: version.yaml:3: metrics: expected a map" in shown
        assert "?" in cursor_line(pilot)
        assert "\x1b" not in shown
        assert "\u202e" not in shown


async def test_a_failure_says_what_to_do_and_is_tried_again() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        project.failure = damaged()
        assert "cannot compare these versions" in await seven(pilot)
        assert "nothing stands side by side here" in await pressed(pilot, "a")
        project.failure = None

        assert "optimiser.lr" in await pressed(pilot, "R")


async def test_keys_typed_before_it_is_there_are_done_when_it_is() -> None:
    async with opened() as pilot:
        pilot.app.open_compare(Several(rows=SEVEN, why="7 marked"))  # type: ignore[attr-defined]  # as above
        await pilot.press("a", "n", "n")
        await settled(pilot)

        assert "train.epochs" in cursor_line(pilot)
        assert "all 16 rows" in screen_lines(pilot)[0]


async def test_the_help_tells_its_keys() -> None:
    async with opened(size=(100, 40)) as pilot:
        shown = await seven(pilot, "?")

        assert isinstance(pilot.app.screen, KeysScreen)
        assert "Hold all versions against the one of this column" in shown


@pytest.mark.parametrize("form", ["csv", "md", "json"])
async def test_what_is_shown_is_written_after_the_user_agreed(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"seven.{form}"
    async with opened() as pilot:
        await seven(pilot)
        await named(pilot, path)
        assert isinstance(pilot.app.screen, ConfirmScreen)
        assert not path.exists()
        await pressed(pilot, "enter")
        assert not path.exists(), "the focus is on cancel"
        shown = await pressed(pilot, "E", "enter", "right", "enter")

        assert "wrote " in shown
    text = path.read_text()
    assert "optimiser.lr" in text
    assert "model.activation" not in text
    assert form != "json" or len(json.loads(text)["versions"]) == 7


async def test_a_file_that_is_there_is_replaced_only_when_asked_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    path = tmp_path / "link.csv"
    path.symlink_to("real.csv")
    async with opened() as pilot:
        await seven(pilot)
        shown = await named(pilot, path)
        assert "replace this file?" in shown
        await pressed(pilot, "escape")
        assert path.read_text() == "old"
        await pressed(pilot, "E", "enter", "right", "enter")

    assert path.is_symlink()
    assert path.read_text().startswith("area,name,differs,")
    assert not list(tmp_path.glob(".*"))  # noqa: ASYNC240 - a test's own folder


async def test_pasted_text_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    async with opened() as pilot:
        await seven(pilot)
        await named(pilot, path, "y", "space", "enter", "enter")

        assert not path.exists()


async def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    async with opened() as pilot:
        await seven(pilot)
        assert "name a file that ends in .csv, .md or .json" in await named(pilot, tmp_path / "a.txt")
        assert "Could not determine home" in await named(pilot, Path("~nobody-has-this-name/a.csv"))
        assert "xxx" in await named(pilot, Path(f"{'x' * 300}.csv"))
        await pressed(pilot, "escape")

        assert "cannot write" in await named(pilot, tmp_path / "none" / "a.csv", "right", "enter")


async def test_read_only_writes_no_file() -> None:
    async with opened(settings=still(is_read_only=True)) as pilot:
        assert "read-only: nothing is written" in await seven(pilot, "E")


async def test_ascii_terminals_get_ascii() -> None:
    async with opened(settings=still(glyphs=ASCII, theme="ansi")) as pilot:
        await seven(pilot)
        for keys in (["l"], ["a"], ["enter"], ["escape", "E"]):
            assert (await pressed(pilot, *keys)).isascii()


async def test_the_smallest_terminal_shows_the_base_and_one_more() -> None:
    async with opened(size=(60, 16)) as pilot:
        await seven(pilot)

        assert head(pilot)[:2] == ["A", "v1.0.0"]
        assert "▸" in head(pilot)
        assert max(map(len, screen_lines(pilot))) <= 60


async def test_ctrl_c_stops_what_is_waited_for_and_the_refresh_tries_again() -> None:
    project, goes_on = MemoryProject(), threading.Event()
    project.on_compare = goes_on.wait
    async with opened(project) as pilot:
        pilot.app.open_compare(Several(rows=SEVEN, why="7 marked"))  # type: ignore[attr-defined]  # as above
        await pilot.pause(0.1)
        await pilot.press("ctrl+c")
        assert "stopped; R tries again" in screen_lines(pilot)[-2]
        goes_on.set()
        await settled(pilot)
        assert screen(pilot).is_waiting

        await pressed(pilot, "R")
        assert not screen(pilot).is_waiting
