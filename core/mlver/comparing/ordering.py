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
    """Positions of a longest strictly rising subsequence."""
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


def steadiest(sources: Sequence[int], targets: Sequence[int]) -> frozenset[int]:
    """Ranks of things that stayed when the things from `sources` went to `targets` (rising); all others moved.

    As many as can be, and among equally many those that kept their very position: of two that changed places around a
    third, the third stayed.
    """
    rising = longest_rising(sources)
    if len(rising) == len(sources):
        return rising
    # A heaviest rising subsequence: one more thing weighs more than all kept positions together.
    weights = [len(sources) + 1 + (source == target) for source, target in zip(sources, targets, strict=True)]
    best = _Heaviest(max(sources) + 1)
    previous: list[int] = []
    for rank, source in enumerate(sources):
        weight, before = best.below(source)
        previous.append(before)
        best.put(source, weight + weights[rank], rank)
    return frozenset(_chain(previous, best.below(max(sources) + 1)[1]))


class _Heaviest:
    """The heaviest entry below a number: a Fenwick tree of maxima."""

    def __init__(self, size: int) -> None:
        self._entries = [(0, -1)] * (size + 1)

    def below(self, number: int) -> tuple[int, int]:
        """Weight and rank of the heaviest entry under a smaller number; (0, -1) when there is none."""
        found = (0, -1)
        while number > 0:
            found = max(found, self._entries[number])
            number -= number & -number
        return found

    def put(self, number: int, weight: int, rank: int) -> None:
        """Enter a weight under a number."""
        number += 1
        while number < len(self._entries):
            self._entries[number] = max(self._entries[number], (weight, rank))
            number += number & -number


def _chain(previous: list[int], last: int) -> Iterable[int]:
    while last >= 0:
        yield last
        last = previous[last]
