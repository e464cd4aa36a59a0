"""Lanes lead from every node to all that it leads to, and nothing else stands in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.lanes import MOST_LANES, LaneRow, Lanes, lanes_of


@st.composite
def graphs(draw: st.DrawFn) -> dict[int, tuple[int, ...]]:
    """Nodes in their order, each with nodes that come later."""
    count = draw(st.integers(1, 14))
    return {
        node: tuple(draw(st.lists(st.integers(node + 1, count - 1), max_size=3, unique=True)))
        if node < count - 1
        else ()
        for node in range(count)
    }


def leads_to(row: LaneRow, lane: int) -> bool:
    return lane in row.joins or lane in row.opens or (row.goes_on and lane == row.column)


@given(graphs())
def test_every_way_can_be_followed_down_its_lane(ways: dict[int, tuple[int, ...]]) -> None:
    lanes = lanes_of(list(ways), ways.__getitem__)  # type: ignore[arg-type]  # nodes are the keys

    for node, targets in ways.items():
        for target in targets:
            lane = lanes.rows[target].column
            assert leads_to(lanes.rows[node], lane)
            for between in lanes.rows[node + 1 : target]:
                assert between.passing >> lane & 1
                assert lane != between.column
                assert lane not in between.opens


@given(graphs())
def test_a_lane_goes_on_only_where_something_comes(ways: dict[int, tuple[int, ...]]) -> None:
    lanes = lanes_of(list(ways), ways.__getitem__)  # type: ignore[arg-type]  # nodes are the keys

    for index, row in enumerate(lanes.rows):
        for lane in range(lanes.width):
            if leads_to(row, lane) or row.passing >> lane & 1:
                assert any(later.column == lane for later in lanes.rows[index + 1 :])


def drawn(lanes: Lanes, width: int, **more: object) -> list[str]:
    return ["".join(lanes.text(index, "o", width, **more)).rstrip() for index in range(len(lanes.rows))]  # type: ignore[arg-type]


def test_siblings_share_the_lane_to_their_parent() -> None:
    lanes = lanes_of("abcdP", lambda node: "P" if node != "P" else "")

    assert lanes.width == 2
    assert drawn(lanes, 2) == ["o", "├─o", "├─o", "├─o", "o"]


def test_lanes_that_only_go_by_are_crossed() -> None:
    ways = {"a": "x", "b": "y", "c": "x", "x": "z", "y": "z", "z": ""}

    lanes = lanes_of(list(ways), lambda node: ways[str(node)])

    assert drawn(lanes, 3) == ["o", "│ o", "├─│─o", "o │", "├─o", "o"]
    assert drawn(lanes, 3, glyphs=ASCII) == ["o", "| o", "+-|-o", "o |", "+-o", "o"]


def test_a_node_that_leads_to_several_opens_lanes() -> None:
    ways = {"a": "bcd", "b": "d", "c": "d", "d": ""}

    lanes = lanes_of(list(ways), lambda node: ways[str(node)])

    assert drawn(lanes, 3) == ["o─┬─╮", "o─│─┤", "  o─┤", "    o"]
    assert [lanes.below(index, 3).rstrip() for index in range(4)] == ["│ │ │", "  │ │", "    │", ""]


def test_what_stands_too_far_right_stands_at_the_edge() -> None:
    ways: dict[str, tuple[str, ...]] = {f"n{number}": (f"p{number}",) for number in range(MOST_LANES + 5)}
    ways |= {f"p{number}": () for number in range(MOST_LANES + 5)}

    lanes = lanes_of(list(ways), lambda node: ways[str(node)])

    assert lanes.width == MOST_LANES + 5
    assert all(len("".join(lanes.text(index, "o", 6))) <= 12 for index in range(len(ways)))


def test_ways_to_nothing_and_back_are_left_out() -> None:
    ways = {"a": ("nowhere", "a", "b"), "b": ("a",)}

    lanes = lanes_of(list(ways), lambda node: ways[str(node)])

    assert drawn(lanes, 1) == ["o", "o"]
    assert not lanes.rows[1].goes_on
