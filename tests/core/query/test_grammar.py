"""What a filter is read as, and what is said of one that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.errors import FilterInvalid
from mlver.query.grammar import MOST_CHARACTERS, MOST_LEVELS, parse
from mlver.query.syntax import Comparison, Either, Every, Extent, Negation, Node, Word


def shape(node: Node | None) -> object:
    """The tree without places, as nested tuples."""
    match node:
        case Word():
            return node.text
        case Comparison():
            return node.field.text, node.operator, node.value.text
        case Negation():
            return "not", shape(node.of)
        case Every() | Either():
            return "and" if isinstance(node, Every) else "or", *map(shape, node.parts)
    return None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        (" \t", None),
        ("lr 0.3", ("and", "lr", "0.3")),
        ("lr and 0.3", ("and", "lr", "0.3")),
        ("a b|c d OR e", ("or", ("and", "a", "b"), ("and", "c", "d"), "e")),
        ("a (b or c)", ("and", "a", ("or", "b", "c"))),
        ("-a not (b)", ("and", ("not", "a"), ("not", "b"))),
        ("--a", "a"),
        ("not -not a", ("not", "a")),
        ("orange android nothing", ("and", "orange", "android", "nothing")),
        ("metric.accuracy >= 0.9", ("metric.accuracy", ">=", "0.9")),
        ("parent.loss<-0.1 -x", ("and", ("parent.loss", "<", "-0.1"), ("not", "x"))),
        ("stage:a|b", ("or", ("stage", ":", "a"), "b")),
        ("ref:refs/x:y", ("ref", ":", "refs/x:y")),
        ("tag=team=vision", ("tag", "=", "team=vision")),
        ("a!=b c! !d", ("and", ("a", "!=", "b"), "c!", "!d")),
        ("verdict  at   least content", ("verdict", "at least", "content")),
        ("look at least", ("and", "look", "at", "least")),
        ('"a b" author:"Ada Example"', ("and", "a b", ("author", ":", "Ada Example"))),
        ("'say \"no\"' don't", ("and", 'say "no"', "don't")),
        ('metric."val loss">0', ("metric.val loss", ">", "0")),
        ('"and" "-" title:"(x)"', ("and", "and", "-", ("title", ":", "(x)"))),
        ('reason=""', ("reason", "=", "")),
    ],
)
def test_a_filter_is_read_as_people_mean_it(text: str, expected: object) -> None:
    assert shape(parse(text)) == expected


def test_places_are_those_of_the_text() -> None:
    assert parse(' not tag:"a b"') == Negation(
        Comparison(Word("tag", Extent(5, 8)), ":", Word("a b", Extent(9, 14))),
    )


@pytest.mark.parametrize(
    ("text", "problem", "start", "end"),
    [
        ("metric.f1 >", "a value is missing here", 11, 12),
        ("(stage: )", "a value is missing here", 8, 9),
        ("verdict at least", "a value is missing here", 16, 17),
        ("a or", "something to look for is missing here", 4, 5),
        ("a -", "something to look for is missing here", 3, 4),
        ("((a) b", "this parenthesis is not closed", 0, 1),
        ("a)", "this parenthesis closes nothing", 1, 2),
        ("a ()", "nothing stands in these parentheses", 3, 4),
        ("(a|)", "something must stand before this parenthesis", 3, 4),
        ('a "b c', "this quote is not closed", 2, 6),
        ("a | | b", "something must stand before '|'", 4, 5),
    ],
)
def test_a_mistake_is_named_where_it_is(text: str, problem: str, start: int, end: int) -> None:
    with pytest.raises(FilterInvalid) as caught:
        parse(text)

    assert (caught.value.problem, caught.value.start, caught.value.end) == (problem, start, end)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("metric.f1>=", "like 0.9, 7d or 2026-01-01"),
        ("(age < )", "like 0.9, 7d or 2026-01-01"),
        ("stage:", '"" is the empty text'),
        ("param.lr!= ", '"" is the empty text'),
        ("verdict at least", "like within-tolerance"),
    ],
)
def test_a_missing_value_is_told_by_one_that_could_stand_there(text: str, hint: str) -> None:
    with pytest.raises(FilterInvalid) as caught:
        parse(text)

    assert caught.value.hint == hint


def test_the_mark_stands_under_the_mistake_whatever_blanks_there_are() -> None:
    with pytest.raises(FilterInvalid) as caught:
        parse("a\n\tmetric.f1>")

    assert caught.value.message.split("\n") == ["a value is missing here", "a  metric.f1>", "             ^"]


@pytest.mark.parametrize("text", ["(" * 2000 + "a" + ")" * 2000, "a " * MOST_CHARACTERS, "(" * (MOST_LEVELS + 1)])
def test_what_nobody_writes_is_refused_at_once(text: str) -> None:
    with pytest.raises(FilterInvalid, match=r"more than|longer than"):
        parse(text)


def test_many_signs_before_a_word_are_no_depth() -> None:
    assert shape(parse("-" * 3999 + "a")) == ("not", "a")


_PIECES = st.sampled_from(
    ["a", "metric.f1", " ", ">=", "=", ":", "!=", "!", "(", ")", "|", "or", "and", "not ", "-", '"', "'", "0.9", "is:",
     "has:", "verdict at least ", "\t", "é", "\x00", "\u202e"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map("".join) | st.text(max_size=30))
def test_any_text_is_a_filter_or_a_mistake_with_a_place_in_it(text: str) -> None:
    mistake = mistake_of(text)

    if mistake is not None:
        assert 0 <= mistake.start <= len(text)
        assert mistake.start < mistake.end <= len(text) + 1
        assert mistake.problem


def mistake_of(text: str) -> FilterInvalid | None:
    try:
        parse(text)
    except FilterInvalid as error:
        return error
    return None
