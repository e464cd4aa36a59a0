"""What a filter may ask beside the row it looks at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from mlver.model.data import Data
from mlver.model.version import Version, VersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The list and the moment in which a filter is asked."""

    now: float
    """Seconds since the epoch; ages are against it."""
    find: Callable[[str], VersionRow | None]
    """The row with a key: whose parent one is."""
    base: VersionRow | None = None
    """The version that deltas are against; None: nobody chose one."""
    marked: Collection[str] | None = None
    """Keys of the marked rows; None: nobody marks rows here."""
    params: Callable[[VersionRow], Mapping[str, Data] | None] = lambda _row: None
    """None: they cannot be read."""
    version: Callable[[VersionRow], Version | None] = lambda _row: None
    """The version whole; None: it cannot be read."""


class Unread(Exception):
    """What is asked of a version cannot be read, so neither yes nor no is true; it never leaves this room."""
