"""Which rows a filter means, held against a slow reading of the same filter."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mlver.errors import FilterInvalid
from mlver.model.filtering import Around, Narrowed
from mlver.model.metric import Metric
from mlver.model.version import Version
from mlver.query.fields import Asks
from mlver.query.narrowing import asked_by, narrow
from tests.support.explorer import NOW, broken_row, digits_rows, failed_row, parity_rows, version_of
from tests.support.filter_reference import Reference

_NAN = {"accuracy": Metric(value=float("nan")), "kind": Metric(value="mlp"), "loss": Metric(value=0.5)}

STORY = digits_rows()
ROWS = (
    replace(STORY[0], tags={"team": "vision", "gpu": True}, reason="Ein Versuch", metrics=_NAN),
    replace(STORY[1], tags={"team": "nlp"}, created=None),
    *STORY[2:],
    *parity_rows(),
    broken_row(),
    failed_row(),
)
PARAMS: dict[str, Any] = {
    row.key: {"optimiser": {"lr": 0.1 * (number % 3), "name": "adam" if number % 2 else "SGD"}, "cold": number == 2}
    for number, row in enumerate(ROWS)
    if not row.is_broken
}
BY_KEY = {row.key: row for row in ROWS}
MARKED = {ROWS[0].key, ROWS[3].key}


def read(row: Any) -> Version | None:
    return None if row.is_broken else version_of(row)


AROUND = Around(
    now=NOW,
    find=BY_KEY.get,
    base=STORY[4],
    marked=MARKED,
    params=PARAMS.get,
    version=read,
)


def names(text: str, around: Around = AROUND) -> list[str]:
    return [row.name for row in narrow(ROWS, text, around).rows]


def test_words_are_looked_for_in_all_that_is_said_of_a_version() -> None:
    assert names("LR 0.3") == ["6e02c7aa.1"]
    assert names('"team=nlp"') == ["e07b3a51.1"]
    assert names("versuch") == ["e07b3a51.2"]
    assert len(names("parity")) == 3


def test_versions_without_a_metric_match_neither_side() -> None:
    above, below = names("metric.loss>=0.15"), names("metric.loss<0.15")

    assert not set(above) & set(below)
    assert len(above) + len(below) == len(names("has:metric.loss")) < len(ROWS)
    assert len(names("-metric.loss>=0.15")) == len(ROWS) - len(above)
    assert "0badcafe.1" not in names("metric.loss!=0.5")


def test_nan_is_equal_to_nan_alone() -> None:
    assert names("metric.accuracy=nan") == ["e07b3a51.2"]
    assert "e07b3a51.2" in names("metric.accuracy!=0.5")
    assert "e07b3a51.2" not in names("metric.accuracy<2") + names("metric.accuracy>=0")
    with pytest.raises(FilterInvalid, match="nothing is less or more than nan"):
        names("metric.accuracy<nan")


def test_deltas_are_against_the_parent_or_the_base() -> None:
    assert names("parent.accuracy>=0.04") == ["v1.4.0"]
    assert names("base.loss<0") == ["5c9f20d4.1"]


def test_a_day_is_all_of_its_seconds() -> None:
    row = replace(STORY[0], created=1_795_046_400.0)  # the first second of 2026-11-19
    rows = (row, replace(row, created=row.created + 86_399.5), replace(row, created=row.created + 86_400))  # type: ignore[operator]

    counts = {
        sign: len(narrow(rows, f"created{sign}2026-11-19", AROUND).rows) for sign in ("<", "<=", "=", ">=", ">", "!=")
    }

    assert counts == {"<": 0, "<=": 2, "=": 2, ">=": 3, ">": 1, "!=": 1}
    assert len(narrow(rows, "created=2026-11", AROUND).rows) == 3
    assert len(narrow(rows, "created=2026-11-19T00:00Z", AROUND).rows) == 1


def test_the_files_of_versions_are_read_only_where_they_are_asked_for() -> None:
    asked: list[str] = []
    around = replace(AROUND, version=lambda row: asked.append(row.name) or read(row))  # type: ignore[func-returns-value]

    assert narrow(ROWS, "is:broken artifact:weights", around) == Narrowed((), unread=1)
    assert asked == ["eeeeeeee"]
    assert asked_by("artifact:weights") == {Asks.VERSION}
    assert len(names("artifact:weights.npy")) == len(ROWS) - 1
    assert len(names("data=eval")) == len(ROWS) - 1
    assert len(names("package.NumPy=1.26.4")) == len(ROWS) - 1


def test_what_cannot_be_read_is_counted_unless_another_part_decides() -> None:
    assert narrow(ROWS, "param.optimiser.lr>=0", AROUND).unread == 1
    assert narrow(ROWS, "-param.optimiser.lr>=0", AROUND).unread == 1
    assert narrow(ROWS, "param.optimiser.lr>=0 or is:broken", AROUND).unread == 0
    assert narrow(ROWS, "param.optimiser.lr>=0 -is:broken", AROUND).unread == 0


@pytest.mark.parametrize(
    ("text", "problem", "hint", "marked"),
    [
        (
            "x metrc.accuracy>1",
            "no field is called 'metrc.accuracy'",
            "did you mean metric.accuracy?",
            "metrc.accuracy",
        ),
        ("stag:production", "no field is called 'stag'", "did you mean stage", "stag"),
        ("accuracy>0.9", "no field is called 'accuracy'", "metric.NAME and param.NAME ask about", "accuracy"),
        ("metric.acc>0.9", "no version has a metric called 'acc'", "did you mean metric.accuracy?", "metric.acc"),
        ("metric.zz>0.9", "no version has a metric called 'zz'", "there are metric.", "metric.zz"),
        ("metric.acuracy>0.9", "no version has a metric called 'acuracy'", "metric.accuracy?", "metric.acuracy"),
        ("p.lr=0.1", "no version has a param called 'lr'", "p.optimiser.lr?", "p.lr"),
        ("metric>1", "metric needs a name behind a dot", "metric.accuracy>=0.9", "metric"),
        ("name<b", "name knows no <", "it knows : = !=", "<"),
        ("age<7", "'7' is not an age", "", "7"),
        ("created>2026-13", "'2026-13' is not a date", "", "2026-13"),
        ("created>9999", "'9999' is not a date", "", "9999"),
        ("confirmed>=two", "'two' is not a number", "", "two"),
        ("param.cold>true", "'true' is not a number", "", "true"),
        ("status=dne", "status is never 'dne'", "did you mean done?", "dne"),
        ("is:wroth", "no claim is called 'wroth'", "did you mean worth?", "wroth"),
        ("verdict at least not-comparable", "neither better nor worse", "", "not-comparable"),
        ("has:is", "is: is no thing to have", "", "is"),
        ("has:nothing", "no field is called 'nothing'", "", "nothing"),
        ("integrity=ok", "integrity", "is:broken", "integrity"),
    ],
)
def test_a_wrong_word_is_named_where_it_is_with_the_nearest_right_one(
    text: str, problem: str, hint: str, marked: str
) -> None:
    with pytest.raises(FilterInvalid) as caught:
        names(text)

    assert problem in caught.value.problem
    assert hint in caught.value.hint
    assert text[caught.value.start : caught.value.end] == marked


def test_deltas_are_against_what_is_in_production_of_the_same_model() -> None:
    assert set(names("holder.accuracy>0")) == {"5c9f20d4.1"}
    assert set(names("holder.accuracy=0")) == {"7d18e6b0.1", "v1.4.0"}
    assert names("has:holder.f1") == []

    without = tuple(replace(row, stages=()) for row in ROWS)
    assert narrow(without, "has:holder.accuracy", AROUND).rows == ()
    with pytest.raises(FilterInvalid, match="no version here is in production") as caught:
        narrow(without, "holder.accuracy>0", AROUND)
    assert (caught.value.start, caught.value.end) == (0, 15)


def test_better_worse_and_not_the_same_twice_are_claims() -> None:
    alone = Around(now=NOW, find=BY_KEY.get)

    assert [row.name for row in narrow(STORY, "is:better", alone).rows] == [
        "v1.4.0", "v1.3.0", "20f8d1b9.1", "6e02c7aa.1", "v1.1.0",
    ]  # fmt: skip
    assert [row.name for row in narrow(STORY, "is:worse", alone).rows] == ["e07b3a51.1", "91be44c7.1", "b8471f3d.1"]
    assert [row.name for row in narrow(STORY, "is:better", replace(alone, base=STORY[4])).rows] == []
    assert [row.name for row in narrow(STORY, "is:differing", alone).rows] == ["e07b3a51.2"]
    calm = tuple(replace(row, replay=None) for row in STORY)
    assert [row.name for row in narrow(calm, "is:differing", alone).rows] == ["e07b3a51.2"]
    assert narrow(tuple(replace(row, result="same") for row in calm), "is:differing", alone).rows == ()


def test_what_only_the_explorer_knows_is_refused_elsewhere() -> None:
    alone = Around(now=NOW, find=BY_KEY.get)

    for text in ("is:marked", "base.loss<0", "has:base.loss"):
        with pytest.raises(FilterInvalid, match=r"nothing is marked|there is no base"):
            names(text, alone)


def test_a_filter_of_no_words_means_every_row() -> None:
    assert narrow(ROWS, "  ", AROUND).rows == ROWS
    assert narrow((), "metric.anything>1", AROUND).rows == ()


_TEXTS = {
    "name": ["v1", "v1.4.0", "e07b3a51.2", "x"],
    "model": ["digits", "PARITY"],
    "tag": ["team", "team=vision", "gpu"],
    "author": ["dev1", "dev2"],
    "title": ["lr", "rewrite"],
    "stage": ["production", "stag"],
    "status": ["done", "failed"],
    "source": ["native", "dvc"],
    "recipe": ["e07b3a51", "sha256:e07b"],
}
_NUMBERS = {
    "metric.accuracy": ["0.95", "0.9583333333333334", "nan", "inf"],
    "metric.kind": ["mlp", "0.5"],
    "metric.f1": ["0.7"],
    "param.optimiser.lr": ["0.1", "0", "0.2"],
    "param.optimiser.name": ["adam", "sgd"],
    "param.cold": ["true"],
    "parent.accuracy": ["0", "-0.01"],
    "base.loss": ["0"],
    "holder.accuracy": ["0", "-0.01"],
    "created": ["2026-11-17", "2026-11-18"],
    "confirmed": ["0", "1", "2"],
}
_ORDERS = ["<", "<=", ">", ">="]


def _leaf(chosen: random.Random) -> Any:
    kind = chosen.randrange(5)
    if kind == 0:
        return chosen.choice(["lr", "V1", "dev1", "nothing", "0.1", "digits"])
    if kind == 1:
        field = chosen.choice(list(_TEXTS))
        return field, chosen.choice([":", "=", "!="]), chosen.choice(_TEXTS[field])
    if kind == 2:
        return chosen.choice(
            [("is", ":", "dirty"), ("is", ":", "marked"), ("is", ":", "promoted"), ("is", ":", "broken"),
             ("verdict", "at least", "content"), ("verdict", "=", "within-tolerance"), ("verdict", "!=", "identical"),
             ("age", "<", "3d"), ("age", ">=", "2.5h"), ("age", "<=", "1w")]
        )  # fmt: skip
    field = chosen.choice(list(_NUMBERS))
    value = chosen.choice(_NUMBERS[field])
    is_ordered = value not in {"nan", "mlp", "adam", "sgd", "true"}
    return field, chosen.choice([":", "=", "!=", *(_ORDERS if is_ordered else [])]), value


def _tree(chosen: random.Random, depth: int) -> Any:
    if depth == 0 or chosen.random() < 0.3:
        return _leaf(chosen)
    if chosen.random() < 0.25:
        return "not", _tree(chosen, depth - 1)
    parts = [_tree(chosen, depth - 1) for _ in range(chosen.randint(2, 3))]
    return chosen.choice(["and", "or"]), *parts


def _written(tree: Any, chosen: random.Random) -> str:
    """The tree as somebody might write it."""
    match tree:
        case ("not", inner):
            return chosen.choice(["-", "not "]) + _grouped(inner, chosen)
        case ("and" | "or" as joint, *parts):
            joints = [" ", " and ", "  AND "] if joint == "and" else [" or ", "|", " | "]
            return chosen.choice(joints).join(_grouped(part, chosen) for part in parts)
        case (field, operator, value):
            sign = f" {operator} " if operator == "at least" or chosen.random() < 0.3 else operator
            return f"{field}{sign}{_quoted(value, chosen)}"
        case word:
            return _quoted(word, chosen)


def _quoted(word: str, chosen: random.Random) -> str:
    return chosen.choice([word, f'"{word}"', f"'{word}'"])


def _grouped(tree: Any, chosen: random.Random) -> str:
    is_compound = isinstance(tree, tuple) and tree[0] in {"and", "or"}
    return f"({_written(tree, chosen)})" if is_compound or chosen.random() < 0.1 else _written(tree, chosen)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 1 << 40))
def test_rows_are_those_of_a_slow_reading(seed: int) -> None:
    chosen = random.Random(seed)
    tree = _tree(chosen, 3)
    text = _written(tree, chosen)
    slow = Reference(ROWS, PARAMS, NOW, STORY[4], MARKED)

    narrowed = narrow(ROWS, text, AROUND)

    answers = {row.key: slow.answer(tree, row) for row in ROWS}
    assert [row.key for row in narrowed.rows] == [key for key, answer in answers.items() if answer], text
    assert narrowed.unread == sum(answer is None for answer in answers.values()), text
