"""A graph as lanes, one line for each node: `git log --graph` for whatever leads from one thing to the next.

A lane is the way down to one node that is still to come, and everything that leads there shares it: the fifty children
of one parent need one lane, not fifty. So a line says who hangs on whom without lines between the lines.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from mlver_tui.view_models.glyphs import UNICODE, Glyphs

MOST_LANES = 60
"""Those further right are not told apart: nobody follows them."""


class LaneRow(NamedTuple):
    """One line of the graph. A tuple of numbers: ten thousand are made at once."""

    column: int
    """Where the node stands."""
    joins: tuple[int, ...]
    """Lanes that its ways lead into."""
    opens: tuple[int, ...]
    """Lanes that begin here, its own not counted."""
    passing: int
    """A bit for each lane that goes by."""
    goes_on: bool
    """Its own lane goes on below it."""


class Lanes(Struct, frozen=True):
    """The lines of a graph."""

    rows: Sequence[LaneRow]
    width: int
    """Lanes side by side, at most."""

    def text(self, index: int, node: str, lanes: int, glyphs: Glyphs = UNICODE) -> tuple[str, str, str]:
        """What stands on the left of the node, the node, and on its right; for so many lanes, two cells each."""
        row = self.rows[index]
        ends = (row.column, *row.joins, *row.opens)
        span = (min(ends), max(ends))
        cells = [_cell(row, column, span, glyphs) for column in range(lanes)]
        if row.column >= lanes:
            left = "".join(mark + line for mark, line in cells)
            return left[: 2 * lanes - 1], node, ""
        left = "".join(mark + line for mark, line in cells[: row.column])
        right = cells[row.column][1] + "".join(mark + line for mark, line in cells[row.column + 1 :])
        return left, node, right

    def below(self, index: int, lanes: int, glyphs: Glyphs = UNICODE) -> str:
        """What stands on a line under the node's: the lanes that go on."""
        row = self.rows[index]
        going = {*row.joins, *row.opens, *((row.column,) if row.goes_on else ())}
        return "".join(
            (glyphs.bar_line if column in going or row.passing >> column & 1 else " ") + " " for column in range(lanes)
        )


def lanes_of(nodes: Sequence[Hashable], ways: Callable[[Hashable], Iterable[Hashable]]) -> Lanes:
    """The lanes of nodes in their order; ways to nodes that do not come later are left out."""
    place = {node: index for index, node in enumerate(nodes)}
    table = _Table()
    rows = []
    for index, node in enumerate(nodes):
        targets = [target for target in dict.fromkeys(ways(node)) if place.get(target, -1) > index]
        rows.append(table.row(node, targets))
    return Lanes(rows, table.width)


class _Table:
    """The lanes that are open while the nodes are gone through."""

    def __init__(self) -> None:
        self.width = 0
        self._of: dict[Hashable, int] = {}
        """Node that is still to come -> its lane."""
        self._free: list[int] = []
        self._passing = 0

    def row(self, node: Hashable, targets: list[Hashable]) -> LaneRow:
        column = self._of.pop(node, None)
        if column is None:
            column = self._take()
        self._passing &= ~(1 << min(column, MOST_LANES))
        joins = tuple(self._of[target] for target in targets if target in self._of)
        new = [target for target in targets if target not in self._of]
        passing = self._passing
        opens = tuple(self._open(target, column if number == 0 else None) for number, target in enumerate(new))
        if not new:
            heapq.heappush(self._free, column)
        return LaneRow(column, joins, opens[1:], passing, bool(new))

    def _open(self, target: Hashable, column: int | None) -> int:
        lane = self._take() if column is None else column
        self._of[target] = lane
        if lane < MOST_LANES:
            self._passing |= 1 << lane
        return lane

    def _take(self) -> int:
        if self._free:
            return heapq.heappop(self._free)
        self.width += 1
        return self.width - 1


def _cell(row: LaneRow, column: int, span: tuple[int, int], glyphs: Glyphs) -> tuple[str, str]:
    """The sign of a lane and what leads to the next one."""
    first, last = span
    to_right = glyphs.rule if first <= column < last else " "
    from_right, from_left, from_both, between = tuple(glyphs.meetings)
    if column in row.joins:
        return from_right if column == first else from_left if column == last else from_both, to_right
    if column in row.opens:
        return glyphs.corners[0] if column == first else glyphs.corners[1] if column == last else between, to_right
    if row.passing >> column & 1:
        return glyphs.bar_line, to_right
    return glyphs.rule if first < column < last else " ", to_right
