"""What is suggested to a person who wrote a key that is not there."""

from __future__ import annotations

import pytest

from mlver.model.nearest import did_you_mean, dotted_keys, nearest_keys

KEYS = tuple(dotted_keys({"optimiser": {"lr": 1, "batch": 2}, "schedule": {"lr": {"from": 1}}, "seed": 0, "a": [1]}))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lr", ("optimiser.lr", "schedule.lr")),
        ("lr.from", ("schedule.lr.from",)),
        ("optimizer.lr", ("optimiser.lr",)),
        ("sed", ("seed",)),
        ("bach", ("optimiser.batch",)),
        ("train.bacth", ("optimiser.batch",)),
        ("opt", ("optimiser", "optimiser.lr", "optimiser.batch")),
        ("zzz", ()),
    ],
)
def test_a_key_is_answered_with_those_that_may_be_meant(written: str, meant: tuple[str, ...]) -> None:
    assert nearest_keys(written, KEYS) == meant


def test_keys_of_mappings_are_keys_too() -> None:
    assert KEYS == (
        "optimiser", "optimiser.lr", "optimiser.batch", "schedule", "schedule.lr", "schedule.lr.from", "seed", "a",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("near", "words"),
    [
        ((), ""),
        (("a",), "did you mean a?"),
        (("a", "b"), "did you mean a or b?"),
        (("a", "b", "c"), "did you mean a, b or c?"),
    ],
)
def test_the_question_names_them_all(near: tuple[str, ...], words: str) -> None:
    assert did_you_mean(near) == words
