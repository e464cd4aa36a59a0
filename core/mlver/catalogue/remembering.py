"""The list as it was last shown, at once: the index is asked, git is not."""

from __future__ import annotations

from collections.abc import Callable

from mlver.catalogue.index import Index
from mlver.catalogue.joining import ref_of, row_of
from mlver.model.version import Listing

SOURCE = "native"
"""The reader of what mlver recorded."""

READER_VERSION = 1
"""Raised when the same commit would be read differently: the index forgets what an older reader said."""


def remembered(index: Index, is_running: Callable[[str], bool], limit: int | None = None) -> Listing:
    """The newest rows, at most `limit`; with the parents that their deltas are against, and the count of all."""
    pairs = index.newest(READER_VERSION, limit)
    rows = tuple(row_of(listed, facts, is_running) for listed, facts in pairs)
    if limit is None or len(rows) < limit:
        return Listing(rows=rows, is_current=False)
    here = {row.key for row in rows}
    absent = sorted({row.parent for row in rows if row.parent and row.parent not in here})
    kin = index.listed(READER_VERSION, map(ref_of, absent))
    return Listing(
        rows=rows,
        is_current=False,
        kin=tuple(row_of(listed, facts, is_running) for listed, facts in kin),
        counts=index.count(),
    )
