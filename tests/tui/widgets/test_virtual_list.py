"""The list draws what is on the screen, and its cursor and marks stay on their rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual import on

from mlver_tui.view_models.glyphs import UNICODE
from mlver_tui.view_models.spans import Line, Span, bright
from mlver_tui.widgets.rows import ListedRows
from mlver_tui.widgets.virtual_list import VirtualList
from tests.support.explorer import HOSTILE
from tests.support.hosts import Host, lines_of
from tests.support.screens import resized


def rows_of(items: Sequence[object], *, head: str | None = "HEAD") -> ListedRows[object]:
    def draw(item: object, _width: int, is_marked: bool) -> Line:
        return (Span(" * " if is_marked else "   "), bright(f"row {item}"))

    return ListedRows(items, key=lambda item: item, draw=draw, head=(lambda _width: (Span(head),)) if head else None)


def counted_rows(items: Sequence[int], drawn: list[int]) -> ListedRows[int]:
    """Rows that remember which of them were drawn."""

    def draw(item: int, _width: int, _is_marked: bool) -> Line:
        drawn.append(item)
        return (Span(" "), Span(f"{item}"))

    return ListedRows(items, key=lambda item: item, draw=draw)


class Listening(Host):
    """Remembers what the list said."""

    def __init__(self) -> None:
        super().__init__(VirtualList())
        self.moved: list[object] = []
        self.opened: list[object] = []

    @property
    def list(self) -> VirtualList:
        return self.query_one(VirtualList)

    def cursor_key(self) -> object:
        return self.list.cursor_key

    def cursor(self) -> int:
        return self.list.cursor

    def marks(self) -> tuple[object, ...]:
        return self.list.marks

    @on(VirtualList.CursorMoved)
    def _moved(self, event: VirtualList.CursorMoved) -> None:
        self.moved.append(event.key)

    @on(VirtualList.Opened)
    def _opened(self, event: VirtualList.Opened) -> None:
        self.opened.append(event.key)


async def test_a_million_rows_cost_what_thirty_do() -> None:
    app = Listening()
    async with app.run_test(size=(30, 10)) as pilot:
        drawn: list[int] = []
        rows = counted_rows(range(1_000_000), drawn)
        app.list.show(rows)
        app.list.move_to(999_999)
        await pilot.pause()

        assert lines_of(pilot)[-1].endswith("99999")
        assert len(drawn) < 100


async def test_the_head_stays_on_top_while_rows_scroll() -> None:
    app = Listening()
    async with app.run_test(size=(30, 5)) as pilot:
        app.list.show(rows_of(range(100)))
        app.list.move_to(50)
        await pilot.pause()

        assert lines_of(pilot) == ["HEAD", "   row 47", "   row 48", "   row 49", "▸  row 50"]


async def test_the_cursor_stays_on_its_row_when_rows_appear_above_it() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)) as pilot:
        app.list.show(rows_of("cde"))
        app.list.move_to(1)
        await pilot.pause()

        app.list.show(rows_of("abcde"))
        await pilot.pause()

        assert app.cursor_key() == "d"
        assert lines_of(pilot)[4] == "▸  row d"


async def test_a_scrolled_list_keeps_the_cursors_line_where_it_was() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)) as pilot:
        app.list.show(rows_of(range(100, 200)))
        app.list.move_to(50)
        app.list.move(-2)
        await pilot.pause()
        before = lines_of(pilot)

        app.list.show(rows_of(range(90, 200)))
        await pilot.pause()

        assert lines_of(pilot) == before


async def test_the_cursor_survives_sorting_and_filtering() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)) as pilot:
        app.list.show(rows_of("abcde"))
        app.list.move_to(3)

        app.list.show(rows_of("edcba"))
        assert app.cursor() == 1
        app.list.show(rows_of("ab"))
        assert app.cursor_key() == "b"
        app.list.show(rows_of(""))
        await pilot.pause()

        assert app.cursor_key() is None
        assert lines_of(pilot)[1] == ""


async def test_marks_stay_on_their_rows_and_outlive_a_filter() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)) as pilot:
        app.list.show(rows_of("abc"))
        app.list.toggle_mark()

        app.list.show(rows_of("bc"))
        app.list.show(rows_of("cba"))
        await pilot.pause()

        assert app.marks() == ("a",)
        assert [line for line in lines_of(pilot) if "*" in line] == [" * row a"]
        app.list.move_to(2)
        app.list.toggle_mark()
        assert app.marks() == ()


async def test_moving_past_the_ends_stays_at_the_ends() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)):
        app.list.show(rows_of("abc"))
        app.list.move(-5)
        assert app.cursor_key() == "a"
        app.list.move(1 << 60)
        assert app.cursor_key() == "c"


async def test_one_step_redraws_two_lines() -> None:
    app = Listening()
    async with app.run_test(size=(30, 10)) as pilot:
        drawn: list[int] = []
        rows = counted_rows(range(100), drawn)
        app.list.show(rows)
        await pilot.pause()
        drawn.clear()

        app.list.move(1)
        await pilot.pause()

        assert sorted(drawn) == [0, 1]


async def test_the_cursor_goes_round_to_the_next_wanted_row() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)):
        app.list.show(rows_of(range(10)))
        app.list.move_to(8)

        assert app.list.move_to_next(lambda index: index % 5 == 2)
        assert app.cursor() == 2
        assert app.list.move_to_next(lambda index: index % 5 == 2, step=-1)
        assert app.cursor() == 7
        assert not app.list.move_to_next(lambda _index: False)


async def test_a_click_moves_and_a_second_one_opens() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)) as pilot:
        app.list.show(rows_of("abc"))
        await pilot.click(VirtualList, offset=(4, 2))
        assert app.cursor_key() == "b"
        assert app.opened == []

        await pilot.click(VirtualList, offset=(4, 2), times=2)

        assert app.opened == ["b"]


async def test_a_click_on_the_head_or_below_the_rows_does_nothing() -> None:
    app = Listening()
    async with app.run_test(size=(30, 6)) as pilot:
        app.list.show(rows_of("abc"))
        await pilot.click(VirtualList, offset=(4, 0))
        await pilot.click(VirtualList, offset=(4, 5))

        assert app.cursor_key() == "a"


async def test_the_wheel_scrolls() -> None:
    from textual import events

    app = Listening()
    async with app.run_test(size=(30, 6)) as pilot:
        app.list.show(rows_of(range(100)))
        await pilot.pause()
        for _ in range(3):
            app.list.post_message(
                events.MouseScrollDown(
                    app.list, x=1, y=1, delta_x=0, delta_y=0, button=0, shift=False, meta=False, ctrl=False
                )
            )
        await pilot.pause()

        assert lines_of(pilot)[1] != "▸  row 0"


async def test_a_smaller_window_keeps_the_cursor_in_sight() -> None:
    app = Listening()
    async with app.run_test(size=(30, 20)) as pilot:
        app.list.show(rows_of(range(100)))
        app.list.move_to(15)
        await resized(pilot, 30, 5)
        await pilot.pause()

        assert "▸  row 15" in lines_of(pilot)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 30)])
async def test_no_window_is_too_small(size: tuple[int, int]) -> None:
    app = Listening()
    async with app.run_test(size=size) as pilot:
        app.list.show(rows_of(range(10)))
        app.list.move(3)
        await pilot.pause()

        assert len(lines_of(pilot)) == size[1]


async def test_hostile_text_is_shown() -> None:
    app = Listening()
    async with app.run_test(size=(100, 4)) as pilot:
        rows = ListedRows(
            (HOSTILE,), key=lambda item: item, draw=lambda item, _w, _m: (Span(" "), Span(UNICODE.data(item)))
        )
        app.list.show(rows)
        await pilot.pause()

        shown = lines_of(pilot)[0]
        assert "\\x1b]52;c;AAAA\\x07 [/nope] [bold]x" in shown
        assert "\x1b" not in shown
