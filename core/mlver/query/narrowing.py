"""Rows -> the rows a filter means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from msgspec.structs import replace

from mlver.model.attention import Company
from mlver.model.filtering import Around, Narrowed
from mlver.model.ledger import PRODUCTION
from mlver.model.nearest import did_you_mean, dotted_keys, nearest_keys
from mlver.model.version import VersionRow
from mlver.progress import ShouldStop, never
from mlver.query.fields import Asks
from mlver.query.finding_fields import Named, field_of, mistake
from mlver.query.grammar import parse, written
from mlver.query.predicates import predicate_of
from mlver.query.syntax import Comparison, Node, Word, leaves
from mlver.query.unread import Unread

_BATCH = 64
"""Rows between two questions whether to stop; reading as many versions takes a part of a second."""
_MOST_NAMED = 5
"""Of those there are, where none is near."""
_ON_METRICS = frozenset({"metric.", "parent.", "base.", "holder."})


def asked_by(text: str) -> frozenset[Asks]:
    """What must be at hand to answer a filter, beside the rows.

    Raises:
        FilterInvalid: it cannot be read, or asks about a field that is none.
    """
    tree = parse(text)
    if tree is None:
        return frozenset()
    by_words = {Asks.NOTES} if any(isinstance(leaf, Word) for leaf in leaves(tree)) else set()
    return frozenset(by_words | {named.field.asks for _, named in _named(tree, text)})


def narrow(rows: Sequence[VersionRow], text: str, around: Around, should_stop: ShouldStop = never) -> Narrowed:
    """The rows that pass; stopped early, those found until then.

    Raises:
        FilterInvalid: it cannot be read, nobody can answer it here, or no version has the metric or param it names.
    """
    tree = parse(text)
    if tree is None:
        return Narrowed(tuple(rows))
    holders = {row.model: row for row in rows if PRODUCTION in row.stages}
    around = replace(around, company=around.company or Company(rows), holders=around.holders or holders)
    passes = predicate_of(tree, text, around)
    _check_names(tree, text, rows, around)
    passed, unread = [], 0
    for place, row in enumerate(rows):
        if place % _BATCH == 0 and should_stop():
            break
        try:
            if passes(row):
                passed.append(row)
        except Unread:
            unread += 1
    return Narrowed(tuple(passed), unread)


def _named(tree: Node, text: str) -> Iterable[tuple[Comparison, Named]]:
    comparisons = [leaf for leaf in leaves(tree) if isinstance(leaf, Comparison)]
    for leaf in comparisons:
        named = field_of(leaf.field, text)
        yield leaf, named
        if named.field.name == "has":
            yield leaf, field_of(leaf.value, text)


def _check_names(tree: Node, text: str, rows: Sequence[VersionRow], around: Around) -> None:
    """A metric that no version has is a slip of the pen: no rows at all would look like an answer."""
    for leaf, named in _named(tree, text):
        family, name = named.field.name, named.rest
        if leaf.field.text.casefold() == "has" or not rows:
            continue
        if family == "holder." and not around.holders:
            raise mistake("no version here is in production", leaf.field, text, "parent.<metric> needs none that is")
        if family in _ON_METRICS and not any(name in row.metrics for row in rows):
            _refuse(leaf, text, "metric", name, lambda: (one for row in rows for one in row.metrics))
        if family == "param.":
            read = [row for row in rows if around.params(row.key) is not None]
            if read and not any(tuple(named.field.read(row, around, name)) for row in read):
                _refuse(leaf, text, "param", name, partial(_param_names, read, around))


def _refuse(leaf: Comparison, text: str, what: str, name: str, known: Callable[[], Iterable[str]]) -> None:
    head, names = leaf.field.text.partition(".")[0], tuple(dict.fromkeys(known()))
    near = did_you_mean(f"{head}.{written(one)}" for one in nearest_keys(name, names))
    there_are = ", ".join(f"{head}.{written(one)}" for one in names[:_MOST_NAMED]) or "none"
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    raise mistake(f"no version has a {what} called {name!r}", leaf.field, text, near or f"there are {there_are}{more}")


def _param_names(rows: Iterable[VersionRow], around: Around) -> Iterable[str]:
    return (key for row in rows for key in dotted_keys(dict(around.params(row.key) or {})))
