from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.model.ledger import Move
from mlver.model.tag_names import TagName, parse_name, precedence


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("digits@v1.2.0", TagName(move=Move.REGISTERED, model="digits", version="v1.2.0")),
        ("digits@v1.2.0#3", TagName(move=Move.REGISTERED, model="digits", version="v1.2.0", number=3)),
        ("digits@v1.2.0!", TagName(move=Move.DEREGISTERED, model="digits", version="v1.2.0")),
        ("digits@v1.2.0!#7", TagName(move=Move.DEREGISTERED, model="digits", version="v1.2.0", number=7)),
        ("digits@v1.0.0-rc.1+b.5", TagName(move=Move.REGISTERED, model="digits", version="v1.0.0-rc.1+b.5")),
        ("digits#production", TagName(move=Move.ASSIGNED, model="digits", stage="production")),
        ("digits#production#2", TagName(move=Move.ASSIGNED, model="digits", stage="production", number=2)),
        ("digits#production!", TagName(move=Move.UNASSIGNED, model="digits", stage="production")),
        ("digits#production!#12", TagName(move=Move.UNASSIGNED, model="digits", stage="production", number=12)),
        ("digits@deprecated", TagName(move=Move.DEPRECATED, model="digits")),
        ("digits@deprecated#4", TagName(move=Move.DEPRECATED, model="digits", number=4)),
        ("digits@created#1", TagName(move=Move.CREATED, model="digits", number=1)),
        ("src/nets=digits@v1.0.0", TagName(move=Move.REGISTERED, model="src/nets:digits", version="v1.0.0")),
        ("team/Digits_2@v0.0.1", TagName(move=Move.REGISTERED, model="team/Digits_2", version="v0.0.1")),
        ("digits#eu/prod-1#1", TagName(move=Move.ASSIGNED, model="digits", stage="eu/prod-1", number=1)),
    ],
)
def test_names_of_events_are_understood(name: str, said: TagName) -> None:
    assert parse_name(name) == said


@pytest.mark.parametrize(
    "name",
    [
        "v1.0.0",
        "release-2026",
        "digits@1.0.0",
        "digits@v1.0",
        "digits@v01.0.0",
        "digits@v1.0.0!!",
        "digits@v1.0.0#",
        "digits@v1.0.0#x",
        "digits@latest",
        "digits#",
        "digits#prod#1#2",
        "#prod",
        "@v1.0.0",
        "-digits@v1.0.0",
        "digits-@v1.0.0",
        "a=b=c=@v1.0.0",
        "issue#12!?",
        "user@example.org",
        "digits@v1.0.0\n",
        "digïts@v1.0.0",
        "digits@v1.0.0#" + "9" * 30,
        "a" * 5_000 + "@v1.0.0",
    ],
)
def test_other_tags_are_none(name: str) -> None:
    assert parse_name(name) is None


@given(st.text("a1=/@#!.v-", max_size=900))
def test_no_name_takes_long_or_breaks_the_parser(name: str) -> None:
    started = time.perf_counter()
    parse_name(name)
    assert time.perf_counter() - started < 10


def test_the_highest_release_is_the_one_of_semantic_versioning() -> None:
    rising = [
        "v0.1.0", "v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-alpha.beta", "v1.0.0-beta.2", "v1.0.0-beta.11",
        "v1.0.0-rc.1", "v1.0.0", "v1.9.0", "v1.10.0", "v2.0.0-0", "v2.0.0",
    ]  # fmt: skip

    assert sorted(random.Random(1).sample(rising, len(rising)), key=precedence) == rising


def test_digits_without_end_have_their_place() -> None:
    assert precedence(f"v{'9' * 10_000}.0.0") > precedence("v2.0.0")
