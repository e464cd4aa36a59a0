"""Dotted keys, typed equality and the counts of a change tree."""

from __future__ import annotations

import math

import pytest

from mlver.model.change import Change, Counts, Kind, branch
from mlver.model.data import Data, Path, Place, Scalar, dotted, path_to, same_leaf, value_at
from mlver.model.manifest import Manifest
from mlver.model.metric import Metric, MetricMeaning
from mlver.model.moments import moment, seconds_of

TREE: Data = {"a": {"b": [{"c": 1}, 2]}, "x.y": {"z": 3}, "x": {"y": 4}, "": {"": 5}}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("a.b.0.c", ("a", "b", 0, "c")),
        ("a.b.1", ("a", "b", 1)),
        ("x.y.z", ("x.y", "z")),
        ("x.y", ("x.y",)),
        ("", ("",)),
    ],
)
def test_a_dotted_key_leads_to_a_value(key: str, path: Path) -> None:
    found: Data = TREE
    for part in path:
        found = found[part]  # type: ignore[index]  # the paths above fit the tree

    assert path_to(TREE, key) == path
    assert value_at(TREE, key) is found


@pytest.mark.parametrize(
    "key", ["b", "a.c", "a.b.2", "a.b.-1", "a.b.c", "a.b.0.c.d", "x.z", "a.", "a.b.1.", "a.b." + "9" * 5000]
)
def test_a_key_that_is_not_there_is_a_key_error(key: str) -> None:
    with pytest.raises(KeyError):
        value_at(TREE, key)


def test_a_path_is_written_as_people_write_it() -> None:
    assert dotted(("a", "b", 0, "c", 1)) == "a.b[0].c[1]"
    assert dotted((0, "a")) == "[0].a"
    assert dotted(()) == ""


def test_a_place_names_file_and_line() -> None:
    assert str(Place("a.yaml", 3)) == "a.yaml:3"
    assert str(Place("a.yaml")) == "a.yaml"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        (0.0, -0.0, False),
        (math.nan, math.nan, True),
        (math.inf, -math.inf, False),
        (0.1, 0.1, True),
        (None, None, True),
        (None, False, False),
        ("1", 1, False),
        ("a", "a", True),
    ],
)
def test_leaves_are_the_same_when_value_and_type_are(left: Scalar, right: Scalar, same: bool) -> None:
    assert same_leaf(left, right) is same
    assert same_leaf(right, left) is same


def leaf(kind: Kind, *, is_noise: bool = False, complete: bool = True) -> Change:
    return Change(label=kind.value, kind=kind, is_noise=is_noise, complete=complete)


def test_counts_are_of_leaves_by_kind() -> None:
    tree = branch(
        "params",
        (
            branch("model", (leaf(Kind.CHANGED), leaf(Kind.SAME), leaf(Kind.ADDED))),
            leaf(Kind.REMOVED),
            leaf(Kind.MOVED),
            leaf(Kind.UNKNOWN),
            leaf(Kind.CHANGED, is_noise=True),
            leaf(Kind.SAME, is_noise=True),
        ),
    )

    counts = tree.count()

    assert counts == Counts(changed=1, added=1, removed=1, moved=1, unknown=1, same=2, noise=1)
    assert counts.total == 5


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ([], Kind.SAME),
        ([Kind.SAME, Kind.SAME], Kind.SAME),
        ([Kind.SAME, Kind.UNKNOWN], Kind.UNKNOWN),
        ([Kind.UNKNOWN, Kind.ADDED], Kind.CHANGED),
        ([Kind.SAME, Kind.MOVED], Kind.CHANGED),
    ],
)
def test_a_branch_is_what_its_children_make_it(kinds: list[Kind], kind: Kind) -> None:
    assert branch("b", tuple(leaf(one) for one in kinds)).kind is kind


def test_noise_makes_no_branch_changed() -> None:
    tree = branch("b", (leaf(Kind.CHANGED, is_noise=True), leaf(Kind.SAME)))

    assert tree.kind is Kind.SAME
    assert not tree.is_change


def test_a_limit_below_makes_the_branch_incomplete() -> None:
    assert not branch("b", (leaf(Kind.SAME), leaf(Kind.SAME, complete=False))).complete


def test_a_deep_tree_is_counted() -> None:
    tree = leaf(Kind.CHANGED)
    for _ in range(5000):
        tree = Change(label="b", kind=Kind.CHANGED, children=(tree,))

    assert tree.count().changed == 1


def test_the_primary_metric_is_the_marked_one_else_the_first() -> None:
    loss = Metric(value=1.0)
    accuracy = Metric(value=0.9, meaning=MetricMeaning(primary=True))

    assert Manifest(model="m", metrics={"loss": loss, "accuracy": accuracy}).primary_metric == "accuracy"
    assert Manifest(model="m", metrics={"loss": loss}).primary_metric == "loss"
    assert Manifest(model="m").primary_metric is None


def test_a_moment_is_text_and_comes_back() -> None:
    text = moment(1_795_000_000.25)

    assert text == "2026-11-18T11:06:40.250Z"
    assert seconds_of(text) == 1_795_000_000.25
    assert seconds_of("yesterday") is None
    assert seconds_of(None) is None
