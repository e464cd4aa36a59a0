"""Headings are passed over, and a range reaches from its first row to the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from mlver_tui.view_models.spans import Line, Span
from mlver_tui.widgets.rows import Heading, ListedRows
from mlver_tui.widgets.virtual_list import VirtualList
from tests.support.hosts import Host, lines_of

A, B, C = (Heading((Span(f" {letter} ──"),)) for letter in "abc")


def rows_of(*items: str | Heading) -> ListedRows[str]:
    def draw(item: str, _width: int, is_marked: bool) -> Line:
        return (Span(" * " if is_marked else "   "), Span(item))

    return ListedRows(items, key=lambda item: item, draw=draw)


class Shown(Host):
    def __init__(self) -> None:
        super().__init__(VirtualList())

    @property
    def list(self) -> VirtualList:
        return self.query_one(VirtualList)


async def test_the_cursor_passes_over_headings_both_ways_and_at_the_ends() -> None:
    app = Shown()
    async with app.run_test(size=(20, 10)):
        app.list.show(rows_of(A, "1", "2", B, C, "3", B))
        assert app.list.cursor_key == "1"

        seen = []
        for step in (1, 1, 1, -1, -1, -1, 99, -99):
            app.list.move(step)
            seen.append(app.list.cursor_key)

        assert seen == ["2", "3", "3", "2", "1", "1", "3", "1"]


async def test_the_first_row_is_never_shown_without_its_heading() -> None:
    app = Shown()
    async with app.run_test(size=(20, 4)) as pilot:
        app.list.show(rows_of(A, *map(str, range(9)), B, "last"))
        app.list.move(99)
        app.list.move(-99)
        await pilot.pause()

        assert lines_of(pilot)[:2] == [" a ──", "▸  0"]


async def test_only_headings_are_no_place_to_stand_and_no_row_to_mark() -> None:
    app = Shown()
    async with app.run_test(size=(20, 4)) as pilot:
        app.list.show(rows_of(A, B))
        for move in (1, -1, 99):
            app.list.move(move)
        app.list.toggle_mark()
        assert not app.list.move_to_next(lambda _index: True)
        assert app.list.marks == ()
        await pilot.pause()
        assert lines_of(pilot)[:2] == [" a ──", " b ──"]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.lists(st.integers(-20, 20), max_size=6))
def test_wherever_it_goes_the_cursor_stands_on_a_row(kinds: list[bool], moves: list[int]) -> None:
    items: Sequence[str | Heading] = [
        Heading(()) if is_heading else str(place) for place, is_heading in enumerate(kinds)
    ]
    shown = VirtualList()
    shown._rows = rows_of(*items)
    for move in moves:
        index = shown._stop_near(max(0, min(shown._cursor + move, len(items) - 1)), 1 if move > 0 else -1)
        assert isinstance(items[index], str) or all(kinds)


async def test_a_range_is_shown_marked_and_is_not_until_it_is_taken() -> None:
    app = Shown()
    async with app.run_test(size=(20, 8)) as pilot:
        app.list.show(rows_of(A, "1", "2", B, "3", "4"))
        app.list.begin_range()
        app.list.move(2)
        await pilot.pause()

        assert lines_of(pilot)[:6] == [" a ──", " * 1", " * 2", " b ──", "▸* 3", "   4"]
        assert app.list.range_keys == ("1", "2", "3")
        assert app.list.marks == ()

        app.list.leave_range()
        await pilot.pause()
        assert lines_of(pilot)[1] == "   1"


async def test_a_range_whose_first_row_is_gone_is_none() -> None:
    app = Shown()
    async with app.run_test(size=(20, 8)):
        app.list.show(rows_of("1", "2", "3"))
        app.list.begin_range()
        app.list.move(2)
        app.list.show(rows_of("2", "3"))

        assert not app.list.has_range
        assert app.list.range_keys == ()
