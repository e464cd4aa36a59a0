"""Documents side by side against a slow, plain reference: same leaves, same groups, no difference lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from mlver.comparing.side_by_side import SharedLeaf, Side, groups_of, shared_leaves
from mlver.comparing.tokens import Tokens
from mlver.model.change import MISSING, Missing
from mlver.model.data import Data
from tests.support.data import unhurried

KEYS = st.sampled_from(["a", "b", "c", "lr", "x.y", "", "[0]"])
SCALARS = st.sampled_from([0, 1, 1.0, True, False, 0.0, -0.0, float("nan"), None, "", "1", "a"])
NAMES = st.sampled_from(["a", "b", "c", 1, "1"])


def _named_items(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    item = st.fixed_dictionaries({"name": NAMES}, optional={"a": inner})
    return st.lists(item, max_size=3, unique_by=lambda found: repr(found["name"]))


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3) | _named_items(inner)


DOCUMENTS = st.lists(
    st.dictionaries(KEYS, st.recursive(SCALARS, _nested, max_leaves=8), max_size=4), min_size=1, max_size=5
)


@unhurried
@given(documents=DOCUMENTS)
def test_two_documents_are_the_same_exactly_where_all_their_leaves_are(documents: list[Data]) -> None:
    tokens = Tokens()
    groups = [groups_of(leaf.sides, tokens) for leaf in shared_leaves(documents)]

    for left, right in combinations(range(len(documents)), 2):
        assert all(row[left] == row[right] for row in groups) == same(documents[left], documents[right])


@unhurried
@given(documents=DOCUMENTS)
def test_cells_share_a_group_exactly_when_their_values_are_the_same(documents: list[Data]) -> None:
    for leaf in shared_leaves(documents):
        groups = groups_of(leaf.sides, Tokens())
        for left, right in combinations(range(len(documents)), 2):
            assert (groups[left] == groups[right]) == same(leaf.sides[left], leaf.sides[right])


MAPPINGS = st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)
WITHOUT_LISTS = st.lists(st.dictionaries(KEYS, MAPPINGS, max_size=4), min_size=1, max_size=6)
WITH_NAMES = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=2),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3) | _named_items(inner),
    max_leaves=8,
)
PAIRS = st.lists(st.dictionaries(KEYS, WITH_NAMES, max_size=4), min_size=1, max_size=2)
"""With three lists and more there may be an order of their items that the walk does not look for; those stay whole."""


@unhurried
@given(documents=WITHOUT_LISTS | PAIRS)
def test_leaves_are_those_of_the_plain_walk(documents: list[Data]) -> None:
    found = {leaf.labels: list(leaf.sides) for leaf in shared_leaves(documents)}
    assume(not any(" at " in label for labels in found for label in labels))

    plain = dict(plain_leaves(documents))

    assert found.keys() == plain.keys()
    assert all(
        same(ours, theirs) for labels in plain for ours, theirs in zip(found[labels], plain[labels], strict=True)
    )


def plain_leaves(sides: Sequence[Side], labels: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Side]]]:
    """The rules once more, by recursion; names of items are those whose key is `name`, as these documents have them."""
    there = [side for side in sides if not isinstance(side, Missing)]
    if not labels or (there and all(isinstance(side, dict) and side for side in there)):
        keys = {key for side in there if isinstance(side, dict) for key in side}
        for key in keys:
            inner = [side.get(key, MISSING) if isinstance(side, dict) else MISSING for side in sides]
            yield from plain_leaves(inner, (*labels, key))
    elif there and all(is_named(side) for side in there) and is_in_one_order(there):
        for name in {name_of(item) for side in there for item in side}:  # type: ignore[union-attr]  # lists
            yield from plain_leaves([item_named(side, name) for side in sides], (*labels, f"[name={name[1]}]"))
    else:
        yield labels, list(sides)


def is_named(side: Side) -> bool:
    names = [name_of(item) for item in side] if isinstance(side, list) else []
    return bool(names) and None not in names and len(set(names)) == len(names)


def name_of(item: Data) -> Any:
    name = item.get("name") if isinstance(item, dict) else None
    return (type(name), name) if isinstance(name, (str, int)) and not isinstance(name, bool) else None


def item_named(side: Side, name: Any) -> Side:
    return next((item for item in side if name_of(item) == name), MISSING) if isinstance(side, list) else MISSING


def is_in_one_order(lists: Sequence[Any]) -> bool:
    return all(
        [name for name in names if name in others] == [name for name in others if name in names]
        for names, others in combinations([[name_of(item) for item in one] for one in lists], 2)
    )


def same(left: Side, right: Side) -> bool:
    """Typed equality, leaf by leaf."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return repr(left) == repr(right)


def labels(*documents: Data) -> list[str]:
    return ["/".join(leaf.labels) for leaf in shared_leaves(documents)]


def test_what_only_others_have_stands_where_it_stood() -> None:
    assert labels({"a": 1, "d": 4}, {"a": 1, "b": 2, "d": 4}, {"c": 3, "d": 4}) == ["c", "a", "b", "d"]


def test_named_items_are_told_apart_and_reordered_lists_stay_whole() -> None:
    first: Data = {"layers": [{"name": "in", "size": 1}, {"name": "out", "size": 2}]}
    other: Data = {"layers": [{"name": "in", "size": 3}]}
    turned: Data = {"layers": [{"name": "out", "size": 2}, {"name": "in", "size": 1}]}

    assert labels(first, other)[1] == "layers/[name=in]/size"
    assert labels(first, turned) == ["layers"]


def test_the_text_and_the_number_of_one_name_are_two_items() -> None:
    assert labels({"layers": [{"id": 1, "size": 2}, {"id": "1", "size": 3}]}) == [
        "layers/[id=1]/id",
        "layers/[id=1]/size",
        "layers/[id=1 at 1]/id",
        "layers/[id=1 at 1]/size",
    ]


def test_a_mapping_here_and_a_number_there_is_one_leaf() -> None:
    leaf = next(shared_leaves([{"a": {"b": 1}}, {"a": 1}, {}]))

    assert leaf == SharedLeaf(("a",), ("a",), ({"b": 1}, 1, MISSING))


def test_no_depth_is_too_much() -> None:
    deep: Data = 1
    for _ in range(3_000):
        deep = {"a": deep}

    assert len(next(shared_leaves([deep, deep])).labels) == 3_000
