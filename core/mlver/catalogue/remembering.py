"""The list as it was last shown, at once: the index is asked, git is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mlver.catalogue.index import Index
from mlver.catalogue.joining import row_of
from mlver.catalogue.stored import json_map
from mlver.catalogue.succession import newest_first
from mlver.model.data import Data
from mlver.model.version import Listing, VersionRow

READER_VERSION = 3
"""Raised when any source would read the same place differently: the index forgets what older readers said."""


def remembered(index: Index, is_running: Callable[[str], bool], limit: int | None = None) -> Listing:
    """The newest rows, at most `limit`; with the parents that their deltas are against, and the count of all."""
    pairs = newest_first(index.newest(READER_VERSION, limit))
    rows = tuple(row_of(listed, facts, is_running) for listed, facts in pairs)
    is_all = limit is None or len(rows) < limit
    here = {row.key for row in rows}
    absent = sorted({row.parent for row in rows if row.parent and row.parent not in here})
    kin = index.unlisted(READER_VERSION) if is_all else index.listed(READER_VERSION, absent)
    return Listing(
        rows=rows,
        is_current=False,
        kin=tuple(row_of(listed, facts, is_running) for listed, facts in kin),
        counts=None if is_all else index.count(),
    )


def remembered_params(index: Index, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
    """Key -> params of the versions; one whose params are not remembered is left out."""
    texts = index.params(READER_VERSION)
    found: dict[str, Mapping[str, Data]] = {}
    for row in rows:
        text = texts.get((row.store, row.commit, row.model))
        if text is not None:
            params = json_map(text)
            if params or text == "{}":
                found[row.key] = params
    return found
