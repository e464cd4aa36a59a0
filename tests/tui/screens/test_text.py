"""A file's changes on the screen: context, two columns, search, and the next file."""

from __future__ import annotations

from textual.pilot import Pilot

from mlver.comparing.texts import WHOLE, unified_diff
from mlver.model.text_diff import TextDiff
from mlver.model.version import VersionRow
from mlver_tui.screens.text import TextScreen
from mlver_tui.view_models.spans import text_of
from mlver_tui.widgets.line_view import LinePane
from tests.support.explorer import digits_rows
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, screen_lines, settled

FILES = ("evaluate.py", "prepare.py", "weights.npy")


class Texts(MemoryProject):
    """Every text has forty lines, two of which differ; one file is no text."""

    def text_diff(self, before: VersionRow, after: VersionRow, path: str, *, whole: bool = False) -> TextDiff:  # noqa: ARG002 - the core's signature
        self.asked.append(f"text_diff {path}")
        assert whole
        if path == "weights.npy":
            return TextDiff(is_binary=True)
        lines = [f"line {number} of {path}" for number in range(1, 41)]
        changed = [*lines[:9], "line 10 of another", *lines[10:29], "line 30 of another", *lines[30:]]
        return unified_diff("\n".join(lines).encode(), "\n".join(changed).encode(), limits=WHOLE)


async def on_file(pilot: Pilot[None], path: str = "evaluate.py") -> None:
    before, after = digits_rows()[10], digits_rows()[4]
    pilot.app.push_screen(TextScreen(before, after, path, FILES))
    for _ in range(100):
        await settled(pilot)
        if any("line 10 of" in line for line in screen_lines(pilot)):
            return


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def body(pilot: Pilot[None]) -> list[str]:
    """The lines of the text."""
    return [line for line in screen_lines(pilot)[3:-2] if line]


async def test_context_grows_and_shrinks_and_a_shows_all() -> None:
    async with opened(Texts()) as pilot:
        await on_file(pilot)
        assert len(body(pilot)) == 3 + 2 * 8
        await pressed(pilot, "{")
        assert len(body(pilot)) == 3 + 2 * 4
        await pressed(pilot, "{", "{")
        assert len(body(pilot)) == 3 + 2 * 2
        assert "0 around" in screen_lines(pilot)[2]
        await pressed(pilot, ")", ")")
        assert len(body(pilot)) == 3 + 2 * 8
        await pressed(pilot, "a")
        assert "all lines" in screen_lines(pilot)[2]
        assert "line 1 of evaluate.py" in body(pilot)[0]
        await pressed(pilot, "}")

        assert "all lines are shown (a: only what changed)" in screen_lines(pilot)[-2]


async def test_the_cursor_stays_at_its_line_when_the_rows_change() -> None:
    async with opened(Texts()) as pilot:
        await on_file(pilot)
        await pressed(pilot, "n", "n", "a")
        screen = pilot.app.screen
        assert isinstance(screen, TextScreen)

        assert "line 30 of" in "\n".join(body(pilot))
        line = screen.body.rows.line_at(screen.body.cursor, 80, is_marked=False)
        assert "− line 30 of evaluate.py" in "".join(span.text for span in line)


async def test_two_columns_and_back() -> None:
    async with opened(Texts()) as pilot:
        await on_file(pilot)
        await pressed(pilot, "|")
        assert any("− line 10 of evaluate.py" in line and "│   10 + line 10 of another" in line for line in body(pilot))
        assert "side by side" in screen_lines(pilot)[2]
        await pressed(pilot, "|")

        assert not any("│" in line for line in body(pilot))


async def test_a_search_finds_lines_that_are_hidden_and_n_goes_on() -> None:
    async with opened(Texts()) as pilot:
        await on_file(pilot)
        await pressed(pilot, "/", *"LINE 20", "enter")
        assert screen_lines(pilot)[-2].strip() == "1 of 1"
        assert "all lines" in screen_lines(pilot)[2]
        assert any("line 20 of evaluate.py" in line for line in body(pilot))
        await pressed(pilot, "escape", "/", *"another", "enter", "n")
        screen = pilot.app.screen
        assert isinstance(screen, TextScreen)
        first = screen.body.cursor
        await pressed(pilot, "n")
        assert screen.body.cursor != first
        assert screen_lines(pilot)[-2].strip() == "2 of 2"
        await pressed(pilot, "N")

        assert screen.body.cursor == first
        assert screen_lines(pilot)[-2].strip() == "1 of 2"


async def test_the_next_file_that_differs_follows_and_the_first_one_again() -> None:
    project = Texts()
    async with opened(project) as pilot:
        await on_file(pilot)
        assert "file 1 of 3" in screen_lines(pilot)[2]
        await pressed(pilot, "]")
        assert screen_lines(pilot)[2].startswith(" prepare.py   +2 −2")
        await pressed(pilot, ".")
        assert "a side is no text" in "\n".join(screen_lines(pilot))
        assert isinstance(pilot.app.screen, TextScreen)
        await pressed(pilot, "]", "[", ",")

        assert screen_lines(pilot)[2].startswith(" prepare.py")
        assert project.asked[-6:] == [f"text_diff {FILES[place]}" for place in (0, 1, 2, 0, 2, 1)]


async def test_until_the_lines_are_there_nothing_is_said_of_them() -> None:
    async with opened(Texts()) as pilot:
        await on_file(pilot)
        waiting = pilot.app.screen.query_one("#lines", LinePane)

        assert [text_of(one).strip() for one in waiting._lines] == ["", "comparing …"]


async def test_one_file_has_no_next_one() -> None:
    async with opened(Texts()) as pilot:
        pilot.app.push_screen(TextScreen(digits_rows()[10], digits_rows()[4], "prepare.py"))
        await settled(pilot)
        await pressed(pilot, "]")

        assert "no other file is compared here" in screen_lines(pilot)[-2]
