"""Pairs edited list items by likeness; deepdiff says which is nearest to which, and nothing else.

What differs inside a pair is found by the typed walk: deepdiff calls `[1]` and `[1.0]` equal. So an item that it does
not mention is not thereby the same; it is paired in order with what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from mlver.model.data import Data

ItemPair: TypeAlias = tuple[int, int]
"""Position before, position after."""

LEAF_PAIRS = 20_000
"""How many leaves may be held against each other in one comparison; about a second of deepdiff's time."""


class PairingBudget:
    """What is left to spend on likeness; pairing is the only part of a comparison that is worse than linear."""

    def __init__(self, leaf_pairs: int = LEAF_PAIRS) -> None:
        self._left = leaf_pairs

    def spend(self, before: list[Data], after: list[Data]) -> bool:
        """Whether these items may be paired by likeness; what that costs is then gone."""
        room = self._left // max(1, len(before))
        cost = len(before) * sum(_leaf_count(item, room) for item in after) if len(after) <= room else self._left + 1
        if cost > self._left:
            return False
        self._left -= cost
        return True


def nearest_pairs(before: list[Data], after: list[Data]) -> list[ItemPair]:
    """Every item of the shorter side with an item of the other, the likest together."""
    pairs = dict(_mentioned(before, after))
    taken = set(pairs.values())
    free = (position for position in range(len(after)) if position not in taken)
    for position in range(len(before)):
        if position not in pairs and (other := next(free, None)) is not None:
            pairs[position] = other
    return sorted(pairs.items())


def _mentioned(before: list[Data], after: list[Data]) -> Iterator[ItemPair]:
    from deepdiff import DeepDiff

    # Neither max_diffs nor significant_digits: both answer "equal" silently. The cut-offs at 1 let any two items pair.
    try:
        report = DeepDiff(
            before,
            after,
            ignore_order=True,
            threshold_to_diff_deeper=0,
            ignore_nan_inequality=True,
            cutoff_distance_for_pairs=1,
            cutoff_intersection_for_pairs=1,
            view="tree",
        )
    except Exception:  # noqa: BLE001 - deepdiff's failures (depth, text it cannot hash) are not listed; order is the fallback
        return
    seen_before: set[int] = set()
    seen_after: set[int] = set()
    for levels in report.values():
        for level in levels:
            top = level.all_up
            pair = _positions(top)
            if pair and pair[0] not in seen_before and pair[1] not in seen_after:
                seen_before.add(pair[0])
                seen_after.add(pair[1])
                yield pair


def _positions(top: object) -> ItemPair | None:
    left = getattr(getattr(top, "t1_child_rel", None), "param", None)
    right = getattr(getattr(top, "t2_child_rel", None), "param", None)
    return (left, right) if isinstance(left, int) and isinstance(right, int) else None


def _leaf_count(value: Data, limit: int) -> int:
    count = 0
    waiting = [value]
    while waiting and count <= limit:
        item = waiting.pop()
        count += 1
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return count
