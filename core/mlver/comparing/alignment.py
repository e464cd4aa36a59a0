"""Which item of one list is which item of the other."""

from __future__ import annotations

from msgspec import Struct

from mlver.comparing.identity_keys import identities, identity_key
from mlver.comparing.matching import Block, equal_items, unique_pairs
from mlver.comparing.ordering import in_document_order, steadiest
from mlver.comparing.pairing import Pairing
from mlver.comparing.tokens import Tokens
from mlver.comparing.wording import scalar_text
from mlver.model.data import Data

BY_POSITION = "compared by position: too long to align"


class AlignedItem(Struct, frozen=True):
    """An item of either list, or of both."""

    label: str
    before: int | None
    """Its position, None: not there."""
    after: int | None
    is_moved: bool = False

    @property
    def part_before(self) -> int:
        """Its position in a path of the side before; on the side where it is not, the other's."""
        return (self.after or 0) if self.before is None else self.before

    @property
    def part_after(self) -> int:
        """The same for the side after."""
        return (self.before or 0) if self.after is None else self.after


class Alignment(Struct, frozen=True):
    """Every item of both lists once, in document order."""

    items: list[AlignedItem]
    note: str = ""
    """BY_POSITION when a limit was met; every difference is there all the same."""


class Aligner:
    """Aligns the lists of one comparison: by identity key, else by equal items, else by likeness."""

    def __init__(self) -> None:
        self._tokens = Tokens()
        self._pairing = Pairing(self._tokens)

    def align(self, before: list[Data], after: list[Data]) -> Alignment:
        """The alignment of two lists that are not known to be equal."""
        if not before or not after:
            return Alignment(_items(len(before), len(after), {}))
        key = identity_key(before, after)
        if key is not None:
            return _by_identity(before, after, key)
        if len(before) == len(after) and all(_has_place_for_meaning(item) for item in (*before, *after)):
            matches = {position: position for position in range(len(after))}
            return Alignment(_items(len(before), len(after), matches))
        return self._by_content(before, after)

    def _by_content(self, before: list[Data], after: list[Data]) -> Alignment:
        left = [self._tokens.of(item) for item in before]
        right = [self._tokens.of(item) for item in after]
        matches, blocks, was_cut = equal_items(left, right)
        _match_moved(left, right, matches)
        for block in blocks:
            was_cut |= not self._pair_block(before, after, block, matches)
        return Alignment(_items(len(before), len(after), matches), BY_POSITION if was_cut else "")

    def _pair_block(self, before: list[Data], after: list[Data], block: Block, matches: dict[int, int]) -> bool:
        """Pair what is left of a block; False when likeness was too costly and order decided."""
        taken = set(matches)
        sources = set(matches.values())
        is_whole = True
        for shape in (dict, list, None):
            left = [i for i in block.before if i not in sources and _shape(before[i]) is shape]
            right = [j for j in block.after if j not in taken and _shape(after[j]) is shape]
            pairs: list[tuple[int, int]] = list(zip(left, right, strict=False))
            is_choice = bool(left and right) and len(left) + len(right) > len(pairs) + 1
            if shape is not None and is_choice:
                nearest = self._pairing.nearest_pairs([before[i] for i in left], [after[j] for j in right])
                is_whole &= nearest is not None
                pairs = pairs if nearest is None else [(left[i], right[j]) for i, j in nearest]
            matches.update((j, i) for i, j in pairs)
        return is_whole


def _by_identity(before: list[Data], after: list[Data], key: str) -> Alignment:
    left, right = identities(before, key), identities(after, key)
    source = {name: position for position, name in enumerate(left)}
    matches = {position: source[name] for position, name in enumerate(right) if name in source}
    items = [
        AlignedItem(f"[{key}={_name(before, after, item, key)}]", item.before, item.after, item.is_moved)
        for item in _items(len(before), len(after), matches)
    ]
    return Alignment(items)


def _name(before: list[Data], after: list[Data], item: AlignedItem, key: str) -> str:
    holder = before[item.part_before] if item.after is None else after[item.after]
    name = holder[key] if isinstance(holder, dict) else None
    return scalar_text(name) if isinstance(name, (str, int)) else ""


def _items(count_before: int, count_after: int, matches: dict[int, int]) -> list[AlignedItem]:
    """Items in document order from `matches`: position after -> position before."""
    paired = sorted(matches)
    sources = [matches[position] for position in paired]
    stayed = steadiest(sources, paired)
    moved = {position for rank, position in enumerate(paired) if rank not in stayed}
    target = {source: position for position, source in matches.items()}
    # A removed item gets a negative key of its own: position after is the key of all others. It stands behind an item
    # that stayed, for where a moved one is now says nothing of where it stood.
    keys = [target.get(position, -1 - position) for position in range(count_before)]
    unmoved = [key for key in keys if key not in moved]
    return [
        AlignedItem(f"[{-1 - key}]", -1 - key, None)
        if key < 0
        else AlignedItem(f"[{key}]", matches.get(key), key, key in moved)
        for key in in_document_order(unmoved, range(count_after))
    ]


def _match_moved(left: list[int], right: list[int], matches: dict[int, int]) -> None:
    """Match equal items that stand elsewhere, where it is clear which went where."""
    sources = set(matches.values())
    lone_left = {i: token for i, token in enumerate(left) if i not in sources}
    lone_right = {j: token for j, token in enumerate(right) if j not in matches}
    matches.update((j, i) for i, j in unique_pairs(lone_left, lone_right))


def _has_place_for_meaning(item: Data) -> bool:
    """Numbers in a list of fixed length mean something by their position: betas, layer sizes."""
    return item is None or isinstance(item, (bool, int, float))


def _shape(item: Data) -> type | None:
    return type(item) if isinstance(item, (dict, list)) else None
