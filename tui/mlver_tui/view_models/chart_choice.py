"""Which versions the charts are of, when they are opened from the list."""

from __future__ import annotations

from collections.abc import Callable

from mlver.model.version import VersionRow
from mlver_tui.view_models.browsing import Pair, Picked, pair_of


def charted_rows(picked: Picked, find: Callable[[str], VersionRow | None]) -> tuple[VersionRow, ...]:
    """What the charts are of: the marks with the base first, else what would be compared, else the cursor's version."""
    if len(picked.marked) > 1:
        base = [picked.base] if picked.base else []
        marked = sorted(picked.marked, key=lambda row: row.created or 0)
        return tuple({row.key: row for row in (*base, *marked)}.values())
    pair = pair_of(picked, find)
    if isinstance(pair, Pair):
        return pair.before, pair.after
    return (picked.cursor,) if picked.cursor else picked.marked
