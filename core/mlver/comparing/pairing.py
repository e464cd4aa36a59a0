"""Pairs edited list items by likeness; deepdiff says which is nearest to which, and nothing else.

What differs inside a pair is found by the typed walk: deepdiff calls `[1]` and `[1.0]` equal. It is given outlines,
flat mappings of path -> leaf, because it is recursive, not typed, and worse than quadratic in lists inside the items:
two items with a hundred rows each took twenty seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from mlver.comparing.tokens import Tokens
from mlver.model.data import Data

ItemPair: TypeAlias = tuple[int, int]
"""Position before, position after."""

Outline: TypeAlias = dict[str, str]
"""Path of a leaf inside an item -> what stands for its value and type."""

LEAF_PAIRS = 10_000
"""How many leaves (and items) may be held against each other in one comparison; about a second of deepdiff's time."""


class Pairing:
    """Pairs items by likeness as long as the budget lasts; it is the only part of a comparison worse than linear."""

    def __init__(self, tokens: Tokens, leaf_pairs: int = LEAF_PAIRS) -> None:
        self._tokens = tokens
        self._left = leaf_pairs

    def nearest_pairs(self, before: list[Data], after: list[Data]) -> list[ItemPair] | None:
        """Every item of the shorter side with one of the other, the likest together; None: that would take too long."""
        if len(before) * len(after) > self._left:
            return None
        # A leaf of one side meets every item of the other.
        left = self._outlines(before, self._left // len(after))
        right = self._outlines(after, self._left // len(before))
        if left is None or right is None:
            return None
        self._left -= max(len(after) * _size(left), len(before) * _size(right))
        return _completed(_nearest(left, right), len(before), len(after))

    def _outlines(self, items: list[Data], most_leaves: int) -> list[Outline] | None:
        """The outlines of items with at most so many leaves together, each item counting as one more."""
        outlines = []
        for item in items:
            outline = self._outline(item, most_leaves)
            most_leaves -= len(outline) + 1
            if most_leaves < 0:
                return None
            outlines.append(outline)
        return outlines

    def _outline(self, item: Data, most_leaves: int) -> Outline:
        """The outline, one leaf too long when the item has more than `most_leaves`."""
        outline: Outline = {}
        waiting: list[tuple[str, Data]] = [("", item)]
        while waiting and len(outline) <= most_leaves:
            path, value = waiting.pop()
            if isinstance(value, dict) and value:
                waiting.extend((f"{path}.{key!a}", inner) for key, inner in value.items())
            elif isinstance(value, list) and value:
                waiting.extend((f"{path}[{position}]", inner) for position, inner in enumerate(value))
            else:
                outline[path] = str(self._tokens.of(value))
        return outline


def _nearest(before: list[Outline], after: list[Outline]) -> dict[int, int]:
    """Position before -> position after, as far as deepdiff tells; equal items it does not mention."""
    from deepdiff import DeepDiff

    # Neither max_diffs nor significant_digits: both answer "equal" silently. The cut-offs at 1 let any two items pair.
    report = DeepDiff(
        before,
        after,
        ignore_order=True,
        threshold_to_diff_deeper=0,
        cutoff_distance_for_pairs=1,
        cutoff_intersection_for_pairs=1,
        view="tree",
    )
    pairs: dict[int, int] = {}
    for pair in (_positions(level.all_up) for levels in report.values() for level in levels):
        if pair and pair[0] not in pairs and pair[1] not in pairs.values():
            pairs[pair[0]] = pair[1]
    return pairs


def _size(outlines: list[Outline]) -> int:
    return len(outlines) + sum(map(len, outlines))


def _positions(top: object) -> ItemPair | None:
    left = getattr(getattr(top, "t1_child_rel", None), "param", None)
    right = getattr(getattr(top, "t2_child_rel", None), "param", None)
    return (left, right) if isinstance(left, int) and isinstance(right, int) else None


def _completed(pairs: dict[int, int], count_before: int, count_after: int) -> list[ItemPair]:
    """The pairs, and in order those that are left over."""
    taken = set(pairs.values())
    free: Iterator[int] = (position for position in range(count_after) if position not in taken)
    for position in range(count_before):
        if position not in pairs and (other := next(free, None)) is not None:
            pairs[position] = other
    return sorted(pairs.items())
