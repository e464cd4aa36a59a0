from __future__ import annotations

import math
import time

import pytest

from mlver.comparing.configs import compare_data
from mlver.comparing.places import Places, Source
from mlver.model.change import MISSING, Kind
from mlver.model.data import Data, Place
from tests.support.changes import path_leaves


def changes(before: Data, after: Data, **more: object) -> dict[str, tuple[Kind, str]]:
    """Dotted path -> kind and note of every leaf that is not the same."""
    change = compare_data(before, after, label="top", **more)  # type: ignore[arg-type]  # what a test passes on
    leaves = ((leaf.dotted, leaf.change) for leaf in path_leaves(change))
    return {path: (leaf.kind, leaf.note) for path, leaf in leaves if leaf.kind is not Kind.SAME}


def test_notes_say_how_far_a_value_moved() -> None:
    before: Data = {"optimiser": {"lr": 0.1}, "train": {"epochs": 40, "decay": 0.5, "drop": 0.50}, "seed": 42}
    after: Data = {
        "optimiser": {"lr": 0.03, "momentum": 0.9},
        "train": {"epochs": 60, "decay": 1.0, "drop": 0.51},
    }

    assert changes(before, after) == {
        "optimiser.lr": (Kind.CHANGED, "÷ 3.33"),
        "optimiser.momentum": (Kind.ADDED, "new"),
        "train.epochs": (Kind.CHANGED, "+20"),
        "train.decay": (Kind.CHANGED, "× 2"),
        "train.drop": (Kind.CHANGED, "+0.01"),
        "seed": (Kind.REMOVED, "gone"),
    }


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (1, 1.0, "int → float"),
        (1, True, "number → true/false"),
        ("1e-4", 1e-4, "text → number"),
        (None, "x", "null → text"),
        ({}, [], "mapping → list"),
        ({"a": 1}, 3, "mapping → number"),
        (0.0, -0.0, "sign of zero"),
        (1.0, math.nan, ""),
        pytest.param(10**5000, 1, "", id="huge"),
        (1e-320, 1e300, "+1e+300"),
        (-0.1, -0.2, "× 2"),
        (-0.1, 0.1, "+0.2"),
        (60, 40, "−20"),
        (1000, 3500, "+2\N{THIN SPACE}500"),
    ],
)
def test_every_pair_of_types_has_its_note(before: Data, after: Data, note: str) -> None:
    assert changes({"k": before}, {"k": after}) == {"k": (Kind.CHANGED, note)}


@pytest.mark.parametrize(
    "same", [math.nan, -0.0, math.inf, pytest.param(10**5000, id="huge"), "", None, [], {}, [[]], [{}]]
)
def test_a_value_is_the_same_as_its_copy(same: Data) -> None:
    copy = float(repr(same)) if isinstance(same, float) else same

    assert changes({"k": same, "l": [same, {"m": same}]}, {"k": copy, "l": [copy, {"m": copy}]}) == {}


@pytest.mark.parametrize(("empty", "note"), [({}, "new"), ([], "new"), (None, "new")])
def test_an_empty_value_is_not_a_missing_one(empty: Data, note: str) -> None:
    assert changes({}, {"k": empty}) == {"k": (Kind.ADDED, note)}


def test_removed_keys_stand_where_they_stood() -> None:
    change = compare_data({"a": 1, "b": 2, "c": 3, "d": 4}, {"d": 4, "e": 5, "a": 1}, label="top")

    assert [child.label for child in change.children] == ["d", "e", "a", "b", "c"]


def test_equal_parts_are_one_node_unless_their_leaves_are_wanted() -> None:
    before: Data = {"same": {"a": 1, "b": {"c": 2}}, "x": 1}
    after: Data = {"same": {"a": 1, "b": {"c": 2}}, "x": 2}

    pruned = compare_data(before, after, label="top")
    whole = compare_data(before, after, label="top", same_leaves=100)

    assert [leaf.dotted for leaf in path_leaves(pruned)] == ["same", "x"]
    assert [leaf.dotted for leaf in path_leaves(whole)] == ["same.a", "same.b.c", "x"]
    assert pruned.children[0].after == {"a": 1, "b": {"c": 2}}


def test_items_with_names_are_aligned_by_them() -> None:
    before: Data = {"layers": [{"name": "in", "n": 1}, {"name": "mid", "n": 2}, {"name": "out", "n": 3}]}
    after: Data = {"layers": [{"name": "out", "n": 3}, {"name": "in", "n": 9}, {"name": "mid", "n": 2}, {"name": "x"}]}

    assert changes(before, after) == {
        "layers[name=out]": (Kind.MOVED, "2 → 0"),
        "layers[name=in].n": (Kind.CHANGED, "+8"),
        "layers[name=x].name": (Kind.ADDED, "new"),
    }


def test_an_item_that_moved_and_changed_shows_both() -> None:
    before: Data = [{"id": 1, "n": 1}, {"id": 2, "n": 2}, {"id": 3, "n": 3}]
    after: Data = [{"id": 3, "n": 4}, {"id": 1, "n": 1}, {"id": 2, "n": 2}]

    change = compare_data(before, after, label="top")

    moved = change.children[0]
    assert (moved.label, moved.kind, moved.note) == ("[id=3]", Kind.CHANGED, "moved 2 → 0")
    assert [child.kind for child in moved.children] == [Kind.SAME, Kind.CHANGED]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([{"units": 64}, {"units": 32}], [{"units": 128}, {"units": 32}], {"[0].units"}, id="sizes"),
        pytest.param([{"op": "conv"}], [{"op": "pool"}], {"[0].op"}, id="one item edited"),
        pytest.param(
            [{"op": "conv", "k": 1}, {"op": "pool", "k": 2}],
            [{"op": "pool", "k": 3}, {"op": "conv", "k": 1}],
            {"[op=pool].k", "[op=conv]"},
            id="names under another key",
        ),
        pytest.param(
            [{"name": "a"}, {"name": "a"}], [{"name": "a"}, {"name": "b"}], {"[1].name"}, id="names that repeat"
        ),
    ],
)
def test_only_what_clearly_names_an_item_is_its_identity(before: Data, after: Data, expected: set[str]) -> None:
    assert set(changes(before, after)) <= expected
    assert changes(before, after)


def test_an_item_inserted_among_unnamed_ones_is_one_addition() -> None:
    before: Data = [{"u": 1, "f": "relu"}, {"u": 2, "f": "relu"}, {"u": 3, "f": "tanh"}]
    after: Data = [{"u": 1, "f": "relu"}, {"u": 9, "f": "gelu"}, {"u": 2, "f": "tanh"}, {"u": 3, "f": "tanh"}]

    assert changes(before, after) == {
        "[1].u": (Kind.ADDED, "new"),
        "[1].f": (Kind.ADDED, "new"),
        "[2].f": (Kind.CHANGED, ""),
    }


def test_nested_lists_are_aligned_and_keep_their_types() -> None:
    assert changes([[1, 2], [3, 4]], [[9, 9, 9], [1, 2], [3.0, 4]]) == {
        "[0][0]": (Kind.ADDED, "new"),
        "[0][1]": (Kind.ADDED, "new"),
        "[0][2]": (Kind.ADDED, "new"),
        "[2][0]": (Kind.CHANGED, "int → float"),
    }


@pytest.mark.parametrize(("left", "right"), [(1, 1.0), (1, True), (0.0, -0.0), (3e-4, 1e-4), (1e-9, 2e-9)])
def test_lists_that_deepdiff_calls_equal_are_not(left: Data, right: Data) -> None:
    assert changes([left], [right])
    assert changes([[left]], [[right]])
    assert changes([[left], [5]], [[5], [right], [6]])
    assert changes([{"a": left}, {"a": 7}], [{"a": right}, {"a": 7}, {"a": 8}])


def test_numbers_in_a_list_of_one_length_keep_their_positions() -> None:
    assert changes({"betas": [0.9, 0.999]}, {"betas": [0.999, 0.9]}) == {
        "betas[0]": (Kind.CHANGED, "× 1.11"),
        "betas[1]": (Kind.CHANGED, "÷ 1.11"),
    }


def test_words_in_a_list_move() -> None:
    assert changes(["a", "b", "c"], ["c", "a", "b"]) == {"[0]": (Kind.MOVED, "2 → 0")}


def test_of_two_that_changed_places_the_third_stayed() -> None:
    assert changes(["a", "b", "c"], ["c", "b", "a"]) == {"[0]": (Kind.MOVED, "2 → 0"), "[2]": (Kind.MOVED, "0 → 2")}


def test_noise_is_marked_and_does_not_make_its_parent_changed() -> None:
    before: Data = {"run_name": "a", "log": {"run_name": "a", "dir": {"x": 1}}, "lr": 1}
    after: Data = {"run_name": "b", "log": {"run_name": "b", "dir": {"x": 2}}, "lr": 1}

    change = compare_data(before, after, label="top", ignore=("**.run_name", "log.dir"))

    assert change.kind is Kind.SAME
    assert change.count().noise == 3
    assert change.count().total == 0


@pytest.mark.parametrize(
    ("pattern", "is_noise"),
    [
        ("a.b", True), ("a.*", True), ("*.b", True), ("**", True), ("**.b", True), ("a.**", True), ("a", True),
        ("**.**.b", True), ("a.**.b", True), ("b", False), ("a.b.c", False), ("", False), ("A.b", False), ("a.?", True),
    ],
)  # fmt: skip
def test_patterns_match_dotted_paths(pattern: str, is_noise: bool) -> None:
    change = compare_data({"a": {"b": 1}}, {"a": {"b": 2}}, label="top", ignore=(pattern,))

    assert next(change.leaves()).is_noise is is_noise


def test_a_hostile_pattern_takes_no_time() -> None:
    deep: Data = 1
    other: Data = 2
    for _ in range(200):
        deep, other = {"a": deep}, {"a": other}
    started = time.monotonic()

    compare_data(deep, other, label="top", ignore=(".".join(["**", "*a*a*a*"] * 30) + ".z",))

    assert time.monotonic() - started < 30


def test_places_name_the_file_and_line_of_both_sides() -> None:
    places_before = Places(
        sources=(Source(file="a.yaml", lines={("x",): 3}), Source(file="b.yaml", lines={("y", 0, "z"): 7}))
    )
    places_after = Places(sources=(Source(file="a.yaml", lines={("x",): 4, ("y", 1, "z"): 9}),))

    change = compare_data(
        {"x": 1, "y": [{"z": 1, "name": "n"}]},
        {"x": 2, "y": [{"name": "m"}, {"z": 2, "name": "n"}]},
        label="params",
        places_before=places_before,
        places_after=places_after,
    )

    found = {leaf.dotted: (leaf.change.place_before, leaf.change.place_after) for leaf in path_leaves(change)}
    assert found["x"] == (Place("a.yaml", 3), Place("a.yaml", 4))
    assert found["y[name=n].z"] == (Place("b.yaml", 7), Place("a.yaml", 9))
    assert found["y[name=m].name"] == (None, None)


@pytest.mark.parametrize("is_list", [True, False])
def test_nesting_two_thousand_deep_is_compared(is_list: bool) -> None:
    before, after = nested(2000, 1, is_list=is_list), nested(2000, 2, is_list=is_list)

    assert compare_data(before, nested(2000, 1, is_list=is_list), label="top").kind is Kind.SAME
    assert [leaf.change.after for leaf in path_leaves(compare_data(before, after, label="top"))] == [2]
    assert compare_data(MISSING, after, label="top").count().added == 1


def test_deep_lists_that_deepdiff_cannot_follow_are_still_aligned() -> None:
    before: Data = [nested(600, 1, is_list=True), nested(600, 2, is_list=True)]
    after: Data = [nested(600, 3, is_list=True), nested(600, 4, is_list=True), nested(600, 2, is_list=True)]

    found = compare_data(before, after, label="top").count()

    assert (found.changed, found.added, found.removed) == (1, 1, 0)


def test_long_unnamed_lists_fall_back_to_position_and_say_so() -> None:
    before: Data = [{"u": n, "v": 0} for n in range(600)]
    after: Data = [{"u": n, "v": 1} for n in range(599)]

    change = compare_data(before, after, label="top")

    assert change.note == "compared by position: too long to align"
    assert change.complete
    assert change.count().changed == 599
    assert change.count().removed == 2


def test_lists_inside_edited_items_take_no_quadratic_time() -> None:
    before, after = (
        [{"n": n, "rows": [{"a": i, "n": n} for i in range(300)]} for n in ns] for ns in ((1, 2), (3, 4, 5))
    )
    started = time.monotonic()

    change = compare_data(before, after, label="top")  # type: ignore[arg-type]  # a list of mappings is data

    assert change.count().changed == 602
    assert time.monotonic() - started < 30


def test_ten_thousand_equal_looking_items_take_no_quadratic_time() -> None:
    before: Data = [{"u": n % 7} for n in range(10_000)]
    after: Data = [{"u": (n + 1) % 5} for n in range(10_001)]
    started = time.monotonic()

    change = compare_data(before, after, label="top")

    assert change.kind is Kind.CHANGED
    assert time.monotonic() - started < 30


def test_ten_thousand_words_with_one_inserted_are_one_addition() -> None:
    before: Data = [f"feature {n}" for n in range(10_000)]

    assert changes(before, ["new", *(f"feature {n}" for n in range(10_000))]) == {"[0]": (Kind.ADDED, "new")}


def test_huge_numbers_can_be_names() -> None:
    before: Data = [{"id": 10**5000, "a": 1}, {"id": 2, "a": 1}]

    assert list(changes(before, [{"id": 10**5000, "a": 2}, {"id": 2, "a": 1}])) == ["[id=16610-bit integer].a"]


def test_text_that_cannot_be_encoded_is_compared() -> None:
    before: Data = [{"a": "\ud800", "b": 1}, {"a": "x", "b": 1}]
    after: Data = [{"a": "\ud800", "b": 2}, {"a": "y", "b": 1}, {"a": "x", "b": 3}]

    assert compare_data(before, after, label="top").kind is Kind.CHANGED


def nested(depth: int, leaf: Data, *, is_list: bool) -> Data:
    data = leaf
    for _ in range(depth):
        data = [data] if is_list else {"k": data}
    return data


def test_an_item_of_another_value_is_changed_wherever_it_stands() -> None:
    change = compare_data([[0, [], [1], 0, 0]], [[0, 1, [1], 0, 1]], label="top", same_leaves=1000)

    for leaf in change.leaves():
        assert leaf.kind is not Kind.MOVED or leaf.before == leaf.after
