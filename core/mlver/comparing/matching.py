"""Finds what two sequences have in common, in order: list items by their tokens, texts by their lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from msgspec import Struct

from mlver.comparing.ordering import longest_rising

_MATCHER_CELLS = 250_000
"""Items x items that are handed to difflib at once; it is quadratic where items repeat."""


class Block(Struct, frozen=True):
    """Neighbouring items without an equal on the other side."""

    before: range
    after: range


def equal_items(left: list[int], right: list[int]) -> tuple[dict[int, int], list[Block], bool]:
    """Matches of equal items in order, the blocks between them, and whether a block was too large to look into."""
    matches: dict[int, int] = {}
    blocks: list[Block] = []
    was_cut = False
    start_left = start_right = 0
    for i, j in (*_anchors(left, right), (len(left), len(right))):
        gap = Block(range(start_left, i), range(start_right, j))
        if len(gap.before) * len(gap.after) > _MATCHER_CELLS:
            was_cut = True
            blocks.append(gap)
        else:
            blocks.extend(_matched_gap(left, right, gap, matches))
        if i < len(left) and j < len(right):
            matches[j] = i
        start_left, start_right = i + 1, j + 1
    return matches, blocks, was_cut


def _matched_gap(left: list[int], right: list[int], gap: Block, matches: dict[int, int]) -> Iterator[Block]:
    ours, theirs = left[gap.before.start : gap.before.stop], right[gap.after.start : gap.after.stop]
    if set(ours).isdisjoint(theirs):
        # Most gaps: a changed line between two that are the same. A matcher for each is what a long text waited for.
        if ours or theirs:
            yield gap
        return
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            matches.update((gap.after.start + j + k, gap.before.start + i + k) for k in range(i_end - i))
        else:
            yield Block(
                range(gap.before.start + i, gap.before.start + i_end),
                range(gap.after.start + j, gap.after.start + j_end),
            )


def _anchors(left: list[int], right: list[int]) -> list[tuple[int, int]]:
    """Equal head and tail, and items that are unique on both sides and in the same order: cheap at any length."""
    head = 0
    while head < min(len(left), len(right)) and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < min(len(left), len(right)) - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    ends = [(i, i) for i in range(head)]
    tails = [(len(left) - k, len(right) - k) for k in range(tail, 0, -1)]
    middle = unique_pairs(
        {i: left[i] for i in range(head, len(left) - tail)}, {j: right[j] for j in range(head, len(right) - tail)}
    )
    rising = longest_rising([i for i, _ in middle])
    return [*ends, *(pair for rank, pair in enumerate(middle) if rank in rising), *tails]


def unique_pairs(left: dict[int, int], right: dict[int, int]) -> list[tuple[int, int]]:
    """(before, after) of tokens that occur once on each side, in the order of `right`."""
    counts_left, counts_right = Counter(left.values()), Counter(right.values())
    source = {token: i for i, token in left.items() if counts_left[token] == 1}
    return [(source[token], j) for j, token in right.items() if counts_right[token] == 1 and token in source]
