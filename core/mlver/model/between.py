"""The versions between two others on the way from parent to child."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from mlver.model.version import VersionRow

_LONGEST_WAY = 100_000


class Between(Struct, frozen=True, kw_only=True):
    """What lies between two versions of which one descends from the other."""

    count: int
    undone: int
    """Those whose recipe was given up for one that was there before them."""


def between(one: VersionRow, other: VersionRow, find: Callable[[str | None], VersionRow | None]) -> Between | None:
    """What lies between two versions, in either order.

    None: neither is known to descend from the other, or both are one.

    Args:
        one: a version.
        other: another version.
        find: the row of a key; None where it is not known.
    """
    if one.key == other.key:
        return None
    way = _way(one, other, find) or _way(other, one, find)
    return Between(count=len(way) - 2, undone=_undone(way)) if way else None


def _way(start: VersionRow, end: VersionRow, find: Callable[[str | None], VersionRow | None]) -> list[VersionRow]:
    """From one version down to its descendant; empty where it is none."""
    way, seen = [end], {end.key}
    while way[-1].key != start.key:
        parent = find(way[-1].parent)
        if parent is None or parent.key in seen or len(way) > _LONGEST_WAY:
            return []
        seen.add(parent.key)
        way.append(parent)
    return way[::-1]


def _undone(way: list[VersionRow]) -> int:
    """Versions between two of the same recipe led nowhere, unless they had that recipe themselves."""
    last: dict[str | None, int] = {row.recipe: place for place, row in enumerate(way) if row.recipe}
    undone, place = set(), 0
    while place < len(way):
        back = last.get(way[place].recipe, place)
        undone |= {at for at in range(place + 1, back) if way[at].recipe != way[place].recipe}
        place = max(back, place + 1)
    return len(undone)
