"""Syntax tree -> a question about one row. All that is wrong with a filter itself is found while it is made."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from mlver.errors import FilterInvalid
from mlver.model.data import Data
from mlver.model.filtering import Around
from mlver.model.nearest import did_you_mean, nearest_keys
from mlver.model.version import VersionRow
from mlver.query.claims import CLAIMS
from mlver.query.fields import LADDER, Asks, Kind, verdict_word
from mlver.query.finding_fields import Named, field_of, mistake
from mlver.query.searched import searched_text
from mlver.query.syntax import Comparison, Either, Every, Negation, Node, Word
from mlver.query.unread import Unread
from mlver.query.values import (
    Range,
    age_range,
    data_test,
    data_text,
    moment_range,
    number_of,
    number_range,
    number_test,
    text_test,
)

Predicate: TypeAlias = Callable[[VersionRow], bool]
"""Raises Unread when neither yes nor no is true."""

_RANGES: dict[Kind, tuple[Callable[[str], Range | None], str]] = {
    Kind.NUMBER: (number_range, "a number, like 0.9"),
    Kind.AGE: (age_range, "an age, like 30m, 12h, 7d, 2w or 1y"),
    Kind.MOMENT: (moment_range, "a date, like 2026-01-31 or 2026-01-31T10:00"),
}


def predicate_of(node: Node, text: str, around: Around) -> Predicate:
    """The question a filter asks.

    Args:
        node: the tree of the filter.
        text: the filter as written, for what is said of mistakes.
        around: what is asked beside the row.

    Raises:
        FilterInvalid: an unknown field, a value that is none for it, or nobody can answer here.
    """
    match node:
        case Word():
            return _searches([node], around)
        case Comparison():
            return _compares(node, text, around)
        case Negation():
            inner = predicate_of(node.of, text, around)
            return lambda row: not inner(row)
        case Every():
            words = [part for part in node.parts if isinstance(part, Word)]
            others = [predicate_of(part, text, around) for part in node.parts if not isinstance(part, Word)]
            searches = [_searches(words, around)] if words else []
            return _joined([*searches, *others], decisive=False)
        case Either():
            return _joined([predicate_of(part, text, around) for part in node.parts], decisive=True)


def _joined(parts: list[Predicate], *, decisive: bool) -> Predicate:
    """One decisive answer is enough, whatever cannot be read."""
    if len(parts) == 1:
        return parts[0]

    def asks(row: VersionRow) -> bool:
        is_unread = False
        for part in parts:
            try:
                if part(row) is decisive:
                    return decisive
            except Unread:
                is_unread = True
        if is_unread:
            raise Unread
        return not decisive

    return asks


def _searches(words: list[Word], around: Around) -> Predicate:
    """All words in one look at a row: among thousands of rows each look is what a key waits for."""
    first, *others = (word.text.casefold() for word in words)
    searched = around.searched or searched_text

    def has(row: VersionRow) -> bool:
        text = searched(row)
        return first in text and all(other in text for other in others)

    return has


def _compares(node: Comparison, text: str, around: Around) -> Predicate:
    named = field_of(node.field, text)
    if node.operator not in named.field.understood:
        known = " ".join(named.field.understood)
        raise FilterInvalid(
            f"{node.field.text} knows no {node.operator}",
            text=text, start=node.field.at.end, end=node.value.at.start, hint=f"it knows {known}",
        )  # fmt: skip
    _check_answerable(named, node, text, around)
    match named.field.kind:
        case Kind.CLAIM:
            return _claims(_chosen(named, node.value, text), node.value, text, around)
        case Kind.PRESENCE:
            return _has(node.value, text, around)
        case Kind.TEXT | Kind.CHOICE | Kind.VERDICT:
            return _words(named, node, text, around)
        case _:
            return _numbers(named, node, text, around)


def _check_answerable(named: Named, node: Comparison, text: str, around: Around) -> None:
    if named.field.asks is Asks.BASE and around.base is None:
        raise mistake("there is no base", node.field, text, "b makes one in the explorer; parent.<metric> needs none")


def _values(named: Named, around: Around) -> Callable[[VersionRow], tuple[Data, ...]]:
    read, rest = named.field.read, named.rest
    return lambda row: tuple(read(row, around, rest))


def _words(named: Named, node: Comparison, text: str, around: Around) -> Predicate:
    """Any of its texts passes; `!=` is the contrary of `=`."""
    operator, wanted, values = node.operator, node.value.text, _values(named, around)
    if named.field.choices:
        wanted = _chosen(named, node.value, text)
        operator = "=" if operator == ":" else operator
    if operator == "at least":
        rank = _ranked(node.value, wanted, text)
        passing = {verdict_word(one) for one in LADDER[rank:]}
        return lambda row: any(value in passing for value in values(row))
    test = text_test("=" if operator == "!=" else operator, wanted)
    if operator == "!=":
        return lambda row: not any(test(data_text(value)) for value in values(row))
    return lambda row: any(test(data_text(value)) for value in values(row))


def _ranked(value: Word, wanted: str, text: str) -> int:
    ranks = [verdict_word(one) for one in LADDER]
    if wanted not in ranks:
        raise mistake(
            f"{wanted} is neither better nor worse than others", value, text, "verdict:not-comparable asks it"
        )
    return ranks.index(wanted)


def _chosen(named: Named, value: Word, text: str) -> str:
    wanted = value.text.casefold().replace(" ", "-")
    choices = named.field.choices
    if wanted in choices:
        return wanted
    near = did_you_mean(nearest_keys(wanted, choices))
    hint = near or f"one of {', '.join(choices)}"
    is_claim = named.field.kind is Kind.CLAIM
    problem = f"no claim is called {value.text!r}" if is_claim else f"{named.field.name} is never {value.text!r}"
    raise mistake(problem, value, text, hint)


def _numbers(named: Named, node: Comparison, text: str, around: Around) -> Predicate:
    """A version without the value matches neither side."""
    values, test = _values(named, around), _test(named.field.kind, node, text)
    return lambda row: any(test(value) for value in values(row))


def _test(kind: Kind, node: Comparison, text: str) -> Callable[[Data], bool]:
    is_order = node.operator in {"<", "<=", ">", ">="}
    range_of, like = _RANGES.get(kind, _RANGES[Kind.NUMBER])
    wanted = range_of(node.value.text)
    if wanted is None and (is_order or kind is not Kind.DATA):
        raise mistake(f"{node.value.text!r} is not {like}", node.value, text)
    if wanted and is_order and math.isnan(wanted.low):
        raise mistake("nothing is less or more than nan", node.value, text, f"{node.field.text}=nan finds it")
    if kind is Kind.DATA or wanted is None:
        return data_test(node.operator, node.value.text)
    test = number_test(node.operator, wanted)
    return lambda value: (number := number_of(value)) is not None and test(number)


def _has(value: Word, text: str, around: Around) -> Predicate:
    named = field_of(value, text)
    if named.field.kind in {Kind.CLAIM, Kind.PRESENCE}:
        raise mistake(f"{named.field.name}: is no thing to have", value, text, "like has:stage or has:metric.accuracy")
    if named.field.asks is Asks.BASE and around.base is None:
        raise mistake("there is no base", value, text, "b makes one in the explorer")
    values = _values(named, around)
    return lambda row: bool(values(row))


def _claims(claim: str, word: Word, text: str, around: Around) -> Predicate:
    if claim == "marked" and around.marked is None:
        raise mistake("nothing is marked here", word, text, "marks are of the explorer: space sets them")
    holds = CLAIMS[claim].holds
    return lambda row: holds(row, around)
