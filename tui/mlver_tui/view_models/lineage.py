"""Who came of whom: the versions as lanes of parents, the newest first and never a parent above its child."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.lanes import Lanes, lanes_of
from mlver_tui.view_models.ledger_lines import BADGE_WIDTH, MOST_BADGE_WIDTH
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, width_of
from mlver_tui.view_models.text import cut, padded
from mlver_tui.view_models.version_rows import (
    AGE_WIDTH,
    DELTA_WIDTH,
    VALUE_WIDTH,
    VersionTable,
    version_table,
)

_MARGIN = 2
"""The cursor's sign stands there."""
_LANES_SHARE, _LEAST_LANES = 4, 4
"""The graph gets a fourth of a line at most, and so many lanes in any case."""
_LEAST_WHY = 12
_METRIC_CELLS, _STAGE_CELLS = VALUE_WIDTH + DELTA_WIDTH + 2, BADGE_WIDTH + 1
_SAMPLED = 2000
"""Rows looked at to know how long a WHY is."""

Find: TypeAlias = Callable[[str], VersionRow | None]
"""Gives a row by its key, whatever the list shows."""


class LineageTable(Struct, frozen=True, kw_only=True):
    """Makes the lines of a lineage; a line is built when it is drawn."""

    rows: Sequence[VersionRow]
    """Children before parents."""
    lanes: Lanes
    parents: Mapping[str, str]
    """Key -> key of the parent shown."""
    newest_child: Mapping[str, str]
    """Key -> key of the newest of its children shown."""
    children: Mapping[str, int]
    """Key -> how many of its children are shown."""
    table: VersionTable
    longest_why: int
    start: str = ""
    """Key of the version it was asked for."""
    glyphs: Glyphs = UNICODE

    def parent_of(self, key: str) -> str | None:
        """The key of a version's parent; None: it is not among them."""
        return self.parents.get(key)

    def child_of(self, key: str) -> str | None:
        """The key of the newest of a version's children; None: there is none among them."""
        return self.newest_child.get(key)

    def kin_said(self, key: str) -> str:
        """How many versions came of one, in words."""
        count = self.children.get(key, 0)
        return f"{count} child{'' if count == 1 else 'ren'} here" if count else "nothing came of it here"

    def head(self, width: int) -> Line:
        """The column heads."""
        table = self.table
        heads = [
            " " * (_MARGIN + 2 * self._lanes(width)),
            padded("NAME", table.name_width(width)),
            "AGE",
            padded("WHY", self._why(width)),
        ]
        if self._has_metric(width):
            heads.append(padded(cut(table.heading, VALUE_WIDTH), VALUE_WIDTH, right=True))
            heads.append(padded(f"{self.glyphs.delta} parent", DELTA_WIDTH))
        if self._has_stage(width):
            heads.append("STAGE")
        return fitted((dim(heads[0] + " ".join(heads[1:])),), width)

    def line(self, index: int, width: int) -> Line:
        """The line of a version."""
        row, table = self.rows[index], self.table
        cells = table.cells(row, self._stage(width))
        left, node, right = self.lanes.text(index, self._node(row), self._lanes(width), self.glyphs)
        metric = (
            Span(" "),
            *fitted((cells.value,), VALUE_WIDTH, right=True),
            Span(" "),
            *fitted((cells.delta_sign,), 1),
            *fitted((cells.delta,), DELTA_WIDTH - 1, right=True),
        )
        spans = (
            Span(" " * _MARGIN),
            dim(left),
            self._toned(row, node),
            dim(right),
            *fitted((cells.name,), table.name_width(width)),
            Span(" "),
            *fitted((cells.age,), AGE_WIDTH, right=True),
            Span(" "),
            *fitted(cells.why, self._why(width)),
            *(metric if self._has_metric(width) else ()),
            *((Span(" "), cells.stage) if self._has_stage(width) else ()),
        )
        return fitted(spans, width)

    def _node(self, row: VersionRow) -> str:
        return self.glyphs.broken if row.is_broken else self.glyphs.mark

    def _toned(self, row: VersionRow, node: str) -> Span:
        if row.is_broken:
            return Span(node, Tone.WARNING)
        return Span(node, Tone.ACCENT) if row.key == self.start else bright(node)

    def _lanes(self, width: int) -> int:
        return min(self.lanes.width, max(_LEAST_LANES, width // _LANES_SHARE // 2))

    def _has_metric(self, width: int) -> bool:
        return self._rest(width) - _METRIC_CELLS >= _LEAST_WHY

    def _has_stage(self, width: int) -> bool:
        return self.table.has_stages and self._rest(width) - _METRIC_CELLS - _STAGE_CELLS >= _LEAST_WHY

    def _why(self, width: int) -> int:
        """What is left, but no more than the longest needs: else the eye loses its line on the way to the metric."""
        rest = self._rest(width) - (_METRIC_CELLS if self._has_metric(width) else 0)
        return max(0, min(self.longest_why, rest - (_STAGE_CELLS if self._has_stage(width) else 0)))

    def _stage(self, width: int) -> int:
        """More than a badge where the longest WHY leaves it."""
        free = self._rest(width) - _METRIC_CELLS - _STAGE_CELLS - self.longest_why
        return max(BADGE_WIDTH, min(self.table.longest_stage, MOST_BADGE_WIDTH, BADGE_WIDTH + free))

    def _rest(self, width: int) -> int:
        return width - _MARGIN - 2 * self._lanes(width) - self.table.name_width(width) - 1 - AGE_WIDTH - 1


def lineage_table(
    rows: Sequence[VersionRow], *, find: Find, now: float, start: str = "", glyphs: Glyphs = UNICODE
) -> LineageTable:
    """The lineage of these rows; a parent that is not among them is skipped for its own parent."""
    parents = parents_among(rows, find)
    ordered = children_first(rows, parents)
    keys = [row.key for row in ordered]
    newest_child: dict[str, str] = {}
    for key in keys:
        if key in parents:
            newest_child.setdefault(parents[key], key)
    table = version_table(ordered, find=find, now=now, glyphs=glyphs)
    return LineageTable(
        rows=ordered,
        lanes=lanes_of(keys, lambda key: (parents[str(key)],) if str(key) in parents else ()),
        parents=parents,
        newest_child=newest_child,
        children=Counter(parents.values()),
        table=table,
        longest_why=max((width_of(table.why(row)) for row in ordered[:_SAMPLED]), default=_LEAST_WHY),
        start=start,
        glyphs=glyphs,
    )


def parents_among(rows: Sequence[VersionRow], find: Find) -> dict[str, str]:
    """Key -> key of the nearest ancestor among the rows; those that have none are not in it."""
    keys = {row.key for row in rows}
    nearest: dict[str, str | None] = {}

    def nearest_of(row: VersionRow) -> str | None:
        walked: list[str] = []
        current: VersionRow | None = row
        found: str | None = None
        while current is not None and current.parent and current.key not in walked:
            if current.key in nearest:
                found = nearest[current.key]
                break
            walked.append(current.key)
            if current.parent in keys:
                found = current.parent
                break
            current = find(current.parent)
        nearest.update(dict.fromkeys(walked, found))
        return found

    return {row.key: parent for row in rows if (parent := nearest_of(row)) and parent != row.key}


def children_first(rows: Sequence[VersionRow], parents: Mapping[str, str]) -> tuple[VersionRow, ...]:
    """The newest first, but no parent before its children whatever clocks say; parents in a circle go by time."""
    by_key = {row.key: row for row in rows}
    waiting = Counter(parents.values())
    ready = [(-(row.created or 0.0), row.key) for row in rows if not waiting[row.key]]
    heapq.heapify(ready)
    ordered: dict[str, VersionRow] = {}
    while ready:
        _, key = heapq.heappop(ready)
        ordered[key] = by_key[key]
        parent = parents.get(key)
        if parent is None:
            continue
        waiting[parent] -= 1
        if not waiting[parent]:
            heapq.heappush(ready, (-(by_key[parent].created or 0.0), parent))
    left = sorted((row for row in rows if row.key not in ordered), key=lambda row: -(row.created or 0.0))
    return (*ordered.values(), *left)


def lineage_title(view: LineageTable, width: int) -> Line:
    """What is shown, in one line."""
    models = dict.fromkeys(row.model for row in view.rows)
    model = next(iter(models), "") if len(models) <= 1 else f"{len(models)} models"
    roots = sum(1 for row in view.lanes.rows if not row.goes_on and not row.joins)
    count = len(view.rows)
    told = f" {count} version{'' if count == 1 else 's'}, {roots} without a parent here"
    return fitted(line(" ", bright(view.glyphs.data(model)), dim(told)), width)
