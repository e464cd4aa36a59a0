"""What the columns of a CSV are called: polars leaves quotes in a quoted name doubled."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from mlver.formats.blob import Blob

_DOUBLED = '""'
_LONGEST = 1 << 20
"""Bytes of a header that is looked at."""


def unquoted_names(blob: Blob, names: Sequence[str], separator: str) -> dict[str, str]:
    """Of the names that polars gives, those that CSV means otherwise, and what it means.

    Two columns never get one name: then polars' own are left.
    """
    if not any(_DOUBLED in name for name in names):
        return {}
    with blob.open() as file:
        head = bytearray(min(file.size, _LONGEST))
        del head[file.read_into(memoryview(head), 0) :]
    # Not by lines: a quoted name may hold one's end.
    text = io.StringIO(head.decode("utf-8-sig", "replace"), newline="")
    try:
        meant = next(csv.reader(text, delimiter=separator), [])
    except csv.Error:  # a name longer than the module reads
        return {}
    if len(meant) != len(names):
        return {}
    found = {name: other for name, other in zip(names, meant, strict=True) if _DOUBLED in name and name != other}
    called = [found.get(name, name) for name in names]
    return found if len(set(called)) == len(called) else {}
