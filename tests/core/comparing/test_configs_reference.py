"""The config walk against a slow, plain walker on random data: same paths, same kinds, nothing missed."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing.configs import compare_data
from mlver.model.change import MISSING, Change, Kind, Missing
from mlver.model.data import Data
from tests.support.changes import path_leaves

KEYS = st.sampled_from(["a", "b", "c", "lr", "x.y", "", "[0]"])
SCALARS = st.sampled_from([0, 1, 1.0, True, False, 0.0, -0.0, math.nan, math.inf, None, "", "1", "a", "b"])
MAPPINGS = st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=15)
NAMES = st.sampled_from(["a", "b", "c", 1, True, "1"])


def named_items(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists whose items mostly have names, mostly of their own."""
    item = st.fixed_dictionaries({"name": NAMES}, optional={"a": inner, "b": inner})
    return st.lists(item, max_size=5, unique_by=lambda found: repr(found["name"])) | st.lists(item, max_size=3)


ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=4) | named_items(inner),
    max_leaves=15,
)


@given(before=MAPPINGS, after=MAPPINGS)
def test_mappings_have_the_kinds_of_the_plain_walker(before: Data, after: Data) -> None:
    change = compare_data(before, after, label="top", same_leaves=1000)

    assert kinds_of(change) == dict(plain_kinds(before, after))


@given(before=ANYTHING, after=ANYTHING)
def test_the_tree_accounts_for_every_value_of_both_sides(before: Data, after: Data) -> None:
    for same_leaves in (0, 1000):
        check(compare_data(before, after, label="top", same_leaves=same_leaves), before, after)


@given(before=ANYTHING, after=ANYTHING)
def test_same_is_said_exactly_of_what_is_the_same(before: Data, after: Data) -> None:
    change = compare_data(before, after, label="top")

    assert (change.kind is Kind.SAME) == plainly_same(before, after)
    assert (change.count().total == 0) == plainly_same(before, after)
    assert change.complete


@given(data=ANYTHING)
def test_a_copy_is_the_same(data: Data) -> None:
    assert compare_data(data, copy.deepcopy(data), label="top").kind is Kind.SAME


@given(data=ANYTHING, changes=st.lists(st.tuples(st.integers(0, 50), SCALARS), min_size=1, max_size=3))
def test_an_edited_copy_differs_where_it_was_edited(data: Data, changes: list[tuple[int, Data]]) -> None:
    edited = copy.deepcopy(data)
    for position, value in changes:
        edited = with_leaf(edited, position, value)

    change = compare_data(data, edited, label="top", same_leaves=1000)

    assert (change.kind is Kind.SAME) == plainly_same(data, edited)
    check(change, data, edited)


def kinds_of(change: Change) -> dict[tuple[str, ...], Kind]:
    return {leaf.keys: leaf.change.kind for leaf in path_leaves(change)}


def plain_kinds(
    before: Data | Missing, after: Data | Missing, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Kind]]:
    """The rules once more, by recursion and without any cleverness."""
    sides = [side for side in (before, after) if side is not MISSING]
    mappings = [side for side in sides if isinstance(side, dict)]
    keys = {key for mapping in mappings for key in mapping}
    if len(mappings) == len(sides) and keys:
        for key in keys:
            left = before.get(key, MISSING) if isinstance(before, dict) else MISSING
            right = after.get(key, MISSING) if isinstance(after, dict) else MISSING
            yield from plain_kinds(left, right, (*path, key))
    elif before is MISSING:
        yield path, Kind.ADDED
    elif after is MISSING:
        yield path, Kind.REMOVED
    else:
        yield path, Kind.SAME if spelled(before) == spelled(after) else Kind.CHANGED


def plainly_same(before: object, after: object) -> bool:
    return spelled(before) == spelled(after)


def spelled(data: object) -> str:
    """Text that differs wherever type or value does; the order of keys does not matter."""
    if isinstance(data, dict):
        return "{" + ",".join(sorted(f"{key!r}:{spelled(value)}" for key, value in data.items())) + "}"
    if isinstance(data, list):
        return "[" + ",".join(map(spelled, data)) + "]"
    return f"{type(data).__name__} {data!r}"


def check(change: Change, before: Data | Missing, after: Data | Missing) -> None:
    """That a node says of its two values what is true of them, and so on down to the leaves."""
    if not change.children:
        assert change.kind is leaf_kind(change, before, after)
        assert plainly_same(change.before, before)
        assert plainly_same(change.after, after)
        return
    assert (change.kind is Kind.SAME) == plainly_same(before, after)
    if isinstance(before, dict) or isinstance(after, dict):
        check_mapping(change, before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {})
    else:
        check_list(change, before if isinstance(before, list) else [], after if isinstance(after, list) else [])


def leaf_kind(change: Change, before: Data | Missing, after: Data | Missing) -> Kind:
    if before is MISSING or after is MISSING:
        return Kind.ADDED if before is MISSING else Kind.REMOVED
    if not plainly_same(before, after):
        return Kind.CHANGED
    return Kind.MOVED if "→" in change.note else Kind.SAME


def check_mapping(change: Change, before: dict[str, Data], after: dict[str, Data]) -> None:
    labels = [child.label for child in change.children]
    assert len(labels) == len(set(labels))
    assert set(labels) == before.keys() | after.keys()
    assert [label for label in labels if label in after] == list(after)
    assert [label for label in labels if label not in after] == [key for key in before if key not in after]
    for child in change.children:
        check(child, before.get(child.label, MISSING), after.get(child.label, MISSING))


def check_list(change: Change, before: list[Data], after: list[Data]) -> None:
    """Items stand in the order of `after`; those that did not move stand in the order of `before` too."""
    origins = {id(child): moved_from(child) for child in change.children}
    free_before = iter([place for place in range(len(before)) if place not in origins.values()])
    free_after = iter(range(len(after)))
    for child in change.children:
        origin = origins[id(child)]
        source = None if child.kind is Kind.ADDED else next(free_before) if origin is None else origin
        target = None if child.kind is Kind.REMOVED else next(free_after)
        check(child, MISSING if source is None else before[source], MISSING if target is None else after[target])
    assert next(free_before, None) is None
    assert next(free_after, None) is None


def moved_from(child: Change) -> int | None:
    found = re.fullmatch(r"(?:moved )?(\d+) → \d+", child.note)
    return int(found[1]) if found else None


def with_leaf(data: Data, position: int, value: Data) -> Data:
    """The data with the leaf at that position, counted in order, replaced."""
    if isinstance(data, dict) and data:
        key = list(data)[position % len(data)]
        return data | {key: with_leaf(data[key], position // len(data), value)}
    if isinstance(data, list) and data:
        place = position % len(data)
        return [*data[:place], with_leaf(data[place], position // len(data), value), *data[place + 1 :]]
    return value
