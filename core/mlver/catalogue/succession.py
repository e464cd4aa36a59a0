"""The order of the list: the newest first, and a child above its parent where both were made in the same second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from mlver.catalogue.stored import Facts, Listed

Pair = tuple[Listed, Facts]


def newest_first(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs in the order in which they are shown: the same one whoever gathered them."""
    ordered = sorted(pairs, key=lambda pair: (-_second(pair), pair[0].key))
    found: list[Pair] = []
    for _, group in groupby(ordered, _second):  # git counts seconds, and a script makes many commits in one
        tied = list(group)
        found += _descendants_first(tied) if len(tied) > 1 else tied
    return found


def _second(pair: Pair) -> float:
    return pair[0].created or 0.0


def _descendants_first(tied: Sequence[Pair]) -> Sequence[Pair]:
    parents = {listed.key: listed.parent or "" for listed, _ in tied}
    if parents.keys().isdisjoint(parents.values()):
        return tied
    depths: dict[str, int] = {}
    for listed, _ in tied:
        line: dict[str, None] = {}
        key = listed.key
        while key in parents and key not in depths and key not in line:  # the parents of a store may go in a circle
            line[key] = None
            key = parents[key]
        depth = depths.get(key, 0)
        for one in reversed(line):
            depth += 1
            depths[one] = depth
    return sorted(tied, key=lambda pair: -depths[pair[0].key])
