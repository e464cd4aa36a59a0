"""The field that a word names, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from mlver.errors import FieldUnknown, FilterInvalid
from mlver.model.nearest import nearest_keys
from mlver.query.fields import FIELDS, REFUSED, Field
from mlver.query.grammar import written
from mlver.query.syntax import Word


class Named(Struct, frozen=True):
    """A field, and what stands behind the dot of a family."""

    field: Field
    rest: str = ""


_BY_NAME = {name: field for field in FIELDS for name in (field.name, field.short) if name}


def field_of(word: Word, text: str) -> Named:
    """The field a word of the filter `text` names.

    Raises:
        FilterInvalid: none; the hint names the nearest.
    """
    head, dot, rest = word.text.partition(".")
    called = head.casefold() + dot
    if called in REFUSED or (called + ".") in REFUSED:
        problem, hint = REFUSED.get(called) or REFUSED[called + "."]
        raise mistake(problem, word, text, hint)
    field = _BY_NAME.get(called)
    if field is not None and bool(rest) == field.is_family:
        return Named(field, rest)
    family = _BY_NAME.get(head.casefold() + ".")
    if family is not None:
        raise mistake(f"{head} needs a name behind a dot", word, text, f"like {family.example}")
    behind = f".{rest}" if rest else ""
    near = tuple(f"{name}{behind}" for name in nearest_keys(head.casefold(), _names(is_family=bool(rest))))
    raise FieldUnknown(word.text, text=text, start=word.at.start, end=word.at.end, near=near)


def among(unknown: FieldUnknown, metrics: Iterable[str], params: Iterable[str]) -> FieldUnknown:
    """The same mistake by one who knows what there is: a metric or param of that name was meant, or one like it."""
    fields: dict[str, list[str]] = {}
    for family, names in (("metric", metrics), ("param", params)):
        for name in dict.fromkeys(names):
            fields.setdefault(name, []).append(f"{family}.{written(name)}")
    near = fields.get(unknown.name) or unknown.near or _all_of(fields, nearest_keys(unknown.name, fields))
    return FieldUnknown(unknown.name, text=unknown.text, start=unknown.start, end=unknown.end, near=tuple(near))


def _all_of(fields: Mapping[str, list[str]], names: Iterable[str]) -> list[str]:
    return [field for name in names for field in fields[name]]


def _names(*, is_family: bool) -> Iterator[str]:
    return (field.name.removesuffix(".") for field in FIELDS if field.is_family is is_family)


def mistake(problem: str, word: Word, text: str, hint: str = "") -> FilterInvalid:
    """A mistake in a word of a filter."""
    return FilterInvalid(problem, text=text, start=word.at.start, end=word.at.end, hint=hint)
