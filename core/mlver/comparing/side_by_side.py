"""Several documents side by side: every leaf of any of them, with its value in each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from msgspec import Struct

from mlver.comparing.identity_keys import identities, identity_key
from mlver.comparing.ordering import in_document_order
from mlver.comparing.tokens import Tokens
from mlver.comparing.wording import scalar_text
from mlver.model.change import MISSING, Missing
from mlver.model.data import Data

Side: TypeAlias = Data | Missing


class SharedLeaf(Struct, frozen=True):
    """One leaf in every document."""

    labels: tuple[str, ...]
    """From the top: `("layers", "[name=dense]", "size")`."""
    parts: tuple[str, ...]
    """The same as noise patterns see it: list items by their position, where they were first met."""
    sides: tuple[Side, ...]


_Key = TypeVar("_Key", bound=Hashable)

_ABSENT = -2
"""The group of the sides that have no value; tokens count from 0."""

_Node: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], list[Side]]


def shared_leaves(documents: Sequence[Side]) -> Iterator[SharedLeaf]:
    """The leaves of all documents, in the order of the first one; what only others have stands where it stood there.

    Mappings go by key, list items by a name that is theirs in every document (identity_keys.py). A list without such
    names is one leaf, whole, for there is no telling which item is which; so is one whose items changed places, and
    what holds a mapping here and another value there. So two documents are the same exactly when all their leaves are.
    Works without recursion, so no depth of nesting is too much.
    """
    waiting: list[_Node] = [((label,), (part,), sides) for label, part, sides in reversed(_of_mappings(documents))]
    while waiting:
        labels, parts, sides = waiting.pop()
        children = _children(sides)
        if children is None:
            yield SharedLeaf(labels, parts, tuple(sides))
            continue
        waiting.extend(((*labels, label), (*parts, part), inner) for label, part, inner in reversed(children))


def groups_of(sides: Sequence[Side], tokens: Tokens) -> tuple[int, ...]:
    """A number for each side: the same one exactly where the values are the same, leaf by leaf and type by type."""
    if _are_plainly_same(sides):
        return (0,) * len(sides)
    if not any(isinstance(side, (dict, list)) for side in sides):
        # Tokens tell leaves apart likewise, but as values of all rows; most differing rows end here.
        seen: dict[Hashable, int] = {}
        return tuple(seen.setdefault(_leaf(side), len(seen)) for side in sides)
    return tuple(_ABSENT if isinstance(side, Missing) else tokens.of(side) for side in sides)


def _leaf(side: Side) -> Hashable:
    """Typed, as model.data.same_leaf has it: a float's text tells -0.0 from 0.0 and makes NaN equal to itself."""
    kind = type(side)
    return kind, repr(side) if kind is float else side


def _are_plainly_same(sides: Sequence[Side]) -> bool:
    """Whether all are one scalar; False where it takes more than this look to tell. Most rows of a matrix end here."""
    first = sides[0]
    kind = type(first)
    if kind in {dict, list} or first != first or (kind is float and not first):  # noqa: PLR0124 - NaN; 0.0 == -0.0
        return False
    return all(type(side) is kind and side == first for side in sides)


_Child: TypeAlias = tuple[str, str, list[Side]]


def _children(sides: Sequence[Side]) -> list[_Child] | None:
    """What stands below a place: label, part, sides; None: it is a leaf."""
    there = [side for side in sides if not isinstance(side, Missing)]
    if there and all(isinstance(side, dict) and side for side in there):
        return _of_mappings(sides)
    lists = [side for side in there if isinstance(side, list) and side]
    if lists and len(lists) == len(there):
        return _of_named_items(sides, lists)
    return None


def _of_mappings(sides: Sequence[Side]) -> list[_Child]:
    maps = [side if isinstance(side, dict) else {} for side in sides]
    order = _order([list(one) for one in maps])
    return [(key, key, [one.get(key, MISSING) for one in maps]) for key in order]


def _order(keys: Sequence[Sequence[_Key]]) -> list[_Key]:
    """The keys of every document: in the order of the first, what only others have behind what it stood behind."""
    order = list(keys[0]) if keys else []
    known = set(order)
    for others in keys[1:]:
        if not known.issuperset(others):
            order = in_document_order(others, order)
            known.update(others)
    return order


def _of_named_items(sides: Sequence[Side], lists: Sequence[list[Data]]) -> list[_Child] | None:
    """The items by name, when one key names the items of every list and none stands elsewhere than in the others."""
    keys = {identity_key(lists[0], other) for other in lists[1:] or lists}
    key = keys.pop() if len(keys) == 1 else None
    if key is None:
        return None
    named = [
        dict(zip(identities(side, key), enumerate(side), strict=True)) if isinstance(side, list) else {}
        for side in sides
    ]
    order = _order([list(one) for one in named])
    if any([name for name in order if name in one] != list(one) for one in named):
        return None
    found: dict[str, _Child] = {}
    for place, name in enumerate(order):
        items = [one.get(name) for one in named]
        position = next(item[0] for item in items if item)
        label = f"[{key}={_name_text(name)}]"
        if label in found:  # the text "1" and the number 1, or two numbers too long to write
            label = f"[{key}={_name_text(name)} at {place}]"
        found[label] = label, str(position), [item[1] if item else MISSING for item in items]
    return list(found.values())


def _name_text(name: Hashable) -> str:
    return scalar_text(name) if isinstance(name, (str, int)) else ""
