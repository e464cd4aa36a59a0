"""The shapes data may have: small readers, put together the way the data is.

A reader takes a value and where it stands, gives what the model wants, and raises Misshapen when the value is not
what it should be. Where it stands is a chain of (chain before, key): made in passing, spelled out only in an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any, TypeAlias, TypeVar

from mlver.model.data import Data, Path, Scalar
from mlver.model.nearest import did_you_mean, nearest_keys

T = TypeVar("T")

At: TypeAlias = tuple[Any, Any]
"""(where the collection stands, key or position); the root is (None, the Strangers of the document)."""

Reader: TypeAlias = Callable[[Data, At], T]


class Misshapen(Exception):
    """A value is not what it should be; becomes an error with file and line where the document is known."""

    def __init__(self, problem: str, at: At, *, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path_of(at)
        self.hint = hint


class Strangers(list[tuple[Path, Data, Iterable[str]]]):
    """Keys no reader knows: path, value, and the keys known there."""


def root(strangers: Strangers) -> At:
    """The place of a whole document; unknown keys are entered in `strangers`."""
    return (None, strangers)


def path_of(at: At) -> Path:
    """The chain as a path."""
    parts: list[str | int] = []
    while at[0] is not None:
        at, part = at
        parts.append(part)
    return tuple(reversed(parts))


def text(value: Data, at: At) -> str:
    """Text, empty text among it."""
    if value.__class__ is not str:
        raise _wrong("text", value, at)
    return value


def filled_text(value: Data, at: At) -> str:
    """Text that says something."""
    found = text(value, at)
    if not found.strip():
        raise Misshapen("must not be empty", at)
    return found


def whole(value: Data, at: At) -> int:
    """A whole number."""
    if value.__class__ is not int:
        raise _wrong("a whole number", value, at)
    return value


def count(value: Data, at: At) -> int:
    """A whole number, not below zero."""
    found = whole(value, at)
    if found < 0:
        raise Misshapen("must not be negative", at)
    return found


def number(value: Data, at: At) -> float:
    """A number as float; NaN and infinities are numbers."""
    if value.__class__ is int or value.__class__ is float:
        try:
            return float(value)
        except OverflowError as error:
            raise Misshapen("is too large a number", at) from error
    raise _wrong("a number", value, at)


def flag(value: Data, at: At) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise _wrong("true or false", value, at)
    return value


def scalar(value: Data, at: At) -> Scalar:
    """Text, a number, true, false or null."""
    if isinstance(value, (list, dict)):
        raise _wrong("a single value", value, at)
    return value


def anything(value: Data, _at: At) -> Data:
    """Any data."""
    return value


def mapping(value: Data, at: At) -> dict[str, Data]:
    """A mapping of anything."""
    if not isinstance(value, dict):
        raise _wrong("a mapping", value, at)
    return value


def list_of(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list whose items have one shape."""

    def read(value: Data, at: At) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise _wrong("a list", value, at)
        return tuple([reader(item, (at, index)) for index, item in enumerate(value)])

    return read


def mapping_of(reader: Reader[T], key: Reader[str] = text) -> Reader[dict[str, T]]:
    """A mapping whose keys and values have one shape each."""

    def read(value: Data, at: At) -> dict[str, T]:
        return {key(name, (at, name)): reader(inner, (at, name)) for name, inner in mapping(value, at).items()}

    return read


def named(reader: Callable[[str, Data, At], T], key: Reader[str]) -> Reader[tuple[T, ...]]:
    """A mapping of name -> entry as the entries in order; each is told its name."""

    def read(value: Data, at: At) -> tuple[T, ...]:
        entries = mapping(value, at).items()
        return tuple([reader(key(name, (at, name)), inner, (at, name)) for name, inner in entries])

    return read


def record(
    make: Callable[..., T],
    fields: Mapping[str, Reader[Any]],
    *,
    required: Iterable[str] = (),
    nullable: Iterable[str] = (),
) -> Reader[T]:
    """A mapping with known keys, given to `make` by their names; null counts as not given, save for `nullable`.

    Unknown keys are entered among the strangers of the document.
    """
    needed, or_null = frozenset(required), frozenset(nullable)

    def read(value: Data, at: At) -> T:
        if not isinstance(value, dict):
            raise _wrong("a mapping", value, at)
        found: dict[str, Any] = {}
        for key, inner in value.items():
            reader = fields.get(key)
            if reader is None:
                _meet_stranger(inner, (at, key), fields)
            elif inner is not None:
                found[key] = reader(inner, (at, key))
            elif key in or_null:
                found[key] = None
        if not needed <= found.keys():
            raise _without(needed - found.keys(), value, at, fields)
        return make(**found)

    return read


def one_of(words: Mapping[str, T]) -> Reader[T]:
    """One of several words, each standing for a value."""

    def read(value: Data, at: At) -> T:
        if not isinstance(value, str) or value not in words:
            raise Misshapen(f"must be one of {', '.join(words)}, here it is {shown(value)}", at)
        return words[value]

    return read


def missing(keys: Iterable[str]) -> str:
    """The sentence for keys that have to be there."""
    names = sorted(keys)
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} missing"


def _without(needed: Set[str], value: Mapping[str, Data], at: At, fields: Mapping[str, Reader[Any]]) -> Misshapen:
    """The error for keys that are not there; at the misspelt one, where one of them is."""
    for key in value:
        if key not in fields and set(nearest_keys(key, fields)) & needed:
            return misspelt((at, key), fields)
    return Misshapen(missing(needed), at)


def misspelt(at: At, known: Iterable[str]) -> Misshapen:
    """The error for a key that is none, with the nearest that is one."""
    return Misshapen("is no key mlver knows", at, hint=did_you_mean(nearest_keys(str(at[1]), known)))


def _meet_stranger(value: Data, at: At, known: Iterable[str]) -> None:
    path = path_of(at)
    while at[0] is not None:
        at = at[0]
    at[1].append((path, value, known))


def _wrong(wanted: str, value: Data, at: At) -> Misshapen:
    return Misshapen(f"must be {wanted}, here it is {shown(value)}", at)


_LONGEST_SHOWN = 40


def shown(value: Data) -> str:
    """A value as messages name it, cut where it is long."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    shown = repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
