"""Orders: where removed things stood among those that are left, and which things moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def in_document_order(before: Iterable[Key], after: Sequence[Key]) -> list[Key]:
    """The keys of both sides: in the order of `after`, those only in `before` behind the one they stood behind."""
    kept = set(after)
    behind: dict[Key | None, list[Key]] = {}
    anchor: Key | None = None
    for key in before:
        if key in kept:
            anchor = key
        else:
            behind.setdefault(anchor, []).append(key)
    order = list(behind.get(None, ()))
    for key in after:
        order.append(key)
        order.extend(behind.get(key, ()))
    return order


def longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """Positions of a longest strictly rising subsequence; what is not in it moved."""
    tails: list[int] = []
    tail_positions: list[int] = []
    previous: list[int] = []
    for position, number in enumerate(numbers):
        length = bisect_left(tails, number)
        previous.append(tail_positions[length - 1] if length else -1)
        if length == len(tails):
            tails.append(number)
            tail_positions.append(position)
        else:
            tails[length], tail_positions[length] = number, position
    return frozenset(_chain(previous, tail_positions[-1] if tail_positions else -1))


def _chain(previous: list[int], last: int) -> Iterable[int]:
    while last >= 0:
        yield last
        last = previous[last]
