"""Lines, logs, charts and choices show hostile text as text, and nothing moves without need."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Event

import pytest
from textual import on
from textual.strip import Strip

from mlver.model.curve import Curve
from mlver_tui.charts import ChartLook, Drawing, Series, draw_chart
from mlver_tui.view_models.curve_lines import CurveSide, curve_head
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.spans import Span, Tone, fitted, line
from mlver_tui.widgets import chart_pane
from mlver_tui.widgets.chart_pane import ChartPane
from mlver_tui.widgets.choice_bar import ChoiceBar
from mlver_tui.widgets.line_view import LinePane
from mlver_tui.widgets.log_pane import MOST_LINES, LogPane
from mlver_tui.widgets.rows import Heading, ListedRows
from mlver_tui.widgets.virtual_list import VirtualList
from tests.support.explorer import HOSTILE
from tests.support.hosts import Host, lines_of
from tests.support.screens import resized, until


async def test_lines_scroll_and_are_made_for_the_width() -> None:
    pane = LinePane()
    async with Host(pane).run_test(size=(20, 3)) as pilot:
        pane.show(lambda width: [line(f"{number} in {width}") for number in range(10)])
        pane.page(2)
        await pilot.pause()
        assert lines_of(pilot) == ["2 in 20", "3 in 20", " … 6 more below"]

        await resized(pilot, 10, 3)
        await pilot.pause()

        assert lines_of(pilot)[0].endswith("in 10")


async def test_a_page_is_as_long_as_what_is_seen_beside_the_line_that_tells_of_more() -> None:
    pane = LinePane()
    async with Host(pane).run_test(size=(20, 4)) as pilot:
        pane.show(lambda _width: [line(str(number)) for number in range(8)])
        await pilot.pause()
        seen = lines_of(pilot)[:3]
        while pane.scroll_offset.y < pane.max_scroll_y:
            pane.page(pane.page_height)
            await pilot.pause()
            seen += lines_of(pilot)
        assert [one for one in seen if "more" not in one] == [*"012", *"345", *"4567"]


async def test_what_is_cut_is_brought_into_sight_sideways_and_no_further() -> None:
    pane = LinePane()
    async with Host(pane).run_test(size=(20, 3)) as pilot:
        pane.show(lambda width: [fitted(line("begins and goes on to its end"), width), line("─" * width)])
        await pilot.pause()
        assert pane.go_sideways(1)
        await pilot.pause()
        assert lines_of(pilot)[:2] == ["nd goes on to its end"[-20:], "─" * 20]
        assert not pane.go_sideways(1)

        assert pane.go_sideways(-1)
        assert not pane.go_sideways(-1)
        await pilot.pause()
        assert lines_of(pilot)[0] == "begins and goes on …"


async def test_the_first_cells_of_rows_stay_when_the_others_move_sideways() -> None:
    rows = VirtualList()
    async with Host(rows).run_test(size=(20, 3)) as pilot:
        words = [Heading(line("words")), "one begins and goes on", "two"]
        rows.show(
            ListedRows(words, key=str, draw=lambda one, width, _: fitted(line(f" {one}"), width), pinned=lambda _: 5)
        )
        rows.go_sideways(1)
        await pilot.pause()
        assert lines_of(pilot) == ["words", "▸one ins and goes on", " two"]


class CountedPane(LinePane):
    """Remembers which of its lines were drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)


async def test_the_same_lines_again_are_not_drawn_again() -> None:
    pane = CountedPane()
    async with Host(pane).run_test(size=(20, 3)) as pilot:
        pane.show(lambda _width: [line("still")])
        await pilot.pause()
        pane.drawn.clear()

        pane.show(lambda _width: [line("still")])
        await pilot.pause()

        assert pane.drawn == []


async def test_every_tone_has_a_look() -> None:
    pane = LinePane()
    async with Host(pane).run_test(size=(40, 20)) as pilot:
        pane.show(lambda _width: [(Span(tone.value, tone),) for tone in Tone])
        await pilot.pause()

        assert lines_of(pilot)[: len(Tone)] == [tone.value for tone in Tone]


async def test_an_ascii_terminal_gets_no_ellipsis_it_cannot_show() -> None:
    pane = LinePane(glyphs=ASCII)
    async with Host(pane).run_test(size=(20, 3)) as pilot:
        pane.show(lambda _width: [line("cut…")])
        await pilot.pause()

        assert lines_of(pilot)[0] == "cut~"


async def test_a_log_shows_colours_and_nothing_else_of_what_a_terminal_obeys() -> None:
    pane = LogPane()
    async with Host(pane).run_test(size=(80, 6)) as pilot:
        pane.feed(b"\x1b[31mloss\x1b[0m 0.4\n" + HOSTILE.encode() + b"\n50%\r75%\r100%\nhalf a")
        pane.finish()
        await pilot.pause()

        lines = lines_of(pilot)
        assert lines[0] == "loss 0.4"
        assert lines[1].startswith("\\x1b]52;c;AAAA\\x07 [/nope] [bold]x \\u202eevil")
        assert lines[2:4] == ["100%", "half a"]


async def test_a_log_keeps_bytes_that_arrive_in_pieces_together() -> None:
    pane = LogPane()
    async with Host(pane).run_test(size=(80, 6)) as pilot:
        for byte in "loß → 0.4\n".encode():
            pane.feed(bytes([byte]))
        pane.feed(b"\xff\xfe bad\n")
        pane.finish()
        await pilot.pause()

        assert lines_of(pilot)[:2] == ["loß → 0.4", "\ufffd\ufffd bad"]


async def test_a_log_is_bounded_and_quick() -> None:
    pane = LogPane()
    async with Host(pane).run_test(size=(80, 6)) as pilot:
        started = time.perf_counter()
        for _ in range(100):
            pane.feed(b"a line of the training log, not very long\n" * 500)
        pane.finish()
        await pilot.pause()

        assert time.perf_counter() - started < 30
        assert pane.text.count("\n") == MOST_LINES - 1
        assert lines_of(pilot)[5].startswith("a line")


async def test_a_log_without_line_ends_does_not_fill_the_memory() -> None:
    pane = LogPane()
    async with Host(pane).run_test(size=(80, 6)) as pilot:
        for _ in range(100):
            pane.feed(b"x" * 100_000)
        pane.finish()
        await pilot.pause()

        assert len(pane.text) < 10_000


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
async def test_curves_are_drawn_off_the_ui_thread_under_their_head(glyphs: Glyphs) -> None:
    pane = ChartPane(glyphs=glyphs)
    steps = tuple(float(step) for step in range(50))
    curve = Curve(metric=HOSTILE, steps=steps, values=tuple(1 / (1 + step) for step in steps))
    async with Host(pane).run_test(size=(60, 14)) as pilot:
        pane.show(curve, None, curve_head([(HOSTILE, "")], 0, (CurveSide(curve), CurveSide(None)), glyphs=glyphs))
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

        lines = lines_of(pilot)
        assert "\\x1b]52" in lines[0]
        assert "\x1b" not in "".join(lines)
        assert lines[-1].split()[:2] == ["0", "20"]
        assert not glyphs.is_ascii or "".join(lines).isascii()


async def test_a_chart_says_that_it_is_drawn_until_it_is_and_nothing_before_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_draw = Event()

    def slow(series: Sequence[Series], look: ChartLook) -> Drawing:
        may_draw.wait(10)
        return draw_chart(series, look)

    monkeypatch.setattr(chart_pane, "draw_chart", slow)
    pane = ChartPane()
    async with Host(pane).run_test(size=(60, 14)) as pilot:
        await pilot.pause()
        assert "".join(lines_of(pilot)) == ""
        pane.display = False
        await pilot.pause()
        pane.display = True
        pane.show(Curve(metric="loss", steps=(0.0, 1.0), values=(0.0, 1.0)), None, ())
        await pilot.pause()
        assert lines_of(pilot)[:2] == ["", " drawing …"]

        may_draw.set()
        await until(pilot, lambda: pane.drawing.text != "")
        await pilot.pause()

        assert "drawing" not in "".join(lines_of(pilot))


async def test_a_chart_without_room_yet_is_not_drawn() -> None:
    pane = ChartPane()
    pane.display = False
    async with Host(pane).run_test(size=(60, 14)) as pilot:
        pane.show(Curve(metric="loss", steps=(0.0, 1.0), values=(0.0, 1.0)), None, ())
        await pilot.pause()

        assert not list(pilot.app.workers)


async def test_a_chart_without_points_says_so() -> None:
    pane = ChartPane()
    async with Host(pane).run_test(size=(60, 14)) as pilot:
        pane.show(Curve(metric="loss", steps=(0.0,), values=(float("nan"),)), None, ())
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

        assert "nothing to draw" in "".join(lines_of(pilot))


class Asked(Host):
    """Remembers what was chosen."""

    def __init__(self) -> None:
        super().__init__(ChoiceBar(("Cancel", "Go")))
        self.chosen: list[str] = []

    @on(ChoiceBar.Chosen)
    def _heard(self, event: ChoiceBar.Chosen) -> None:
        self.chosen.append(event.choice)


async def test_the_harmless_choice_is_first_and_typing_ahead_chooses_nothing_else() -> None:
    app = Asked()
    async with app.run_test(size=(40, 3)) as pilot:
        app.query_one(ChoiceBar).focus()
        await pilot.press("y", "space", "l", "G", "g", "tab", "o")
        assert app.chosen == []
        app.query_one(ChoiceBar).focus()
        await pilot.press("enter")
        assert app.chosen == ["Cancel"]

        await pilot.press("right", "enter")

        assert app.chosen == ["Cancel", "Go"]


async def test_a_click_goes_to_what_stands_under_it_and_chooses_only_what_is_harmless() -> None:
    app = Asked()
    async with app.run_test(size=(40, 3)) as pilot:
        app.query_one(ChoiceBar).focus()
        await pilot.pause()
        place = lines_of(pilot)[0].index("Go")
        await pilot.click(ChoiceBar, offset=(place, 0))
        assert app.chosen == []
        await pilot.press("enter")
        assert app.chosen == ["Go"]

        await pilot.click(ChoiceBar, offset=(4, 0))
        assert app.chosen == ["Go", "Cancel"]
