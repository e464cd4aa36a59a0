"""What a half-typed word of a filter may become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from mlver.model.filtering import Completion
from mlver.model.version import VersionRow
from mlver.query.fields import FIELDS, Field, Kind
from mlver.query.grammar import written

_LAST_WORD = re.compile(r'(?:[^\s()|"]|"[^"]*"?)*\Z')
_COMPARED = re.compile(r"(?P<field>[^:=<>!]+)(?P<sign>!=|<=|>=|[:=<>])(?P<value>.*)", re.DOTALL)
_SAMPLED = 2000
"""Rows looked at for the names of metrics: a key must not wait for a hundred thousand."""
_FIRST_SIGN = {Kind.AGE: "<", Kind.MOMENT: ">=", Kind.NUMBER: ">="}
_OF_METRICS = ("metric.", "parent.", "base.", "holder.")


def completion(typed: str, rows: Sequence[VersionRow], params: Iterable[str] = ()) -> Completion:
    """What the last word may become.

    Args:
        typed: the filter up to the cursor.
        rows: the versions whose metrics are offered.
        params: dotted names of the params that are offered.
    """
    match = _LAST_WORD.search(typed)
    word = match[0] if match else ""
    bare = word.lstrip("-")
    start = len(typed) - len(bare)
    if compared := _COMPARED.fullmatch(bare):
        head = compared["field"] + compared["sign"]
        choices = _values(compared["field"].casefold(), compared["value"], rows, params)
        return Completion(start, tuple(head + one for one in choices))
    return Completion(start, tuple(_fields(bare, rows, params, is_signed=True)))


def _values(field: str, begun: str, rows: Sequence[VersionRow], params: Iterable[str]) -> list[str]:
    if field == "has":
        return [one for one in _fields(begun, rows, params, is_signed=False) if one not in {"is", "has"}]
    known = next((one.choices for one in FIELDS if one.name == field), ())
    return [choice for choice in known if choice.startswith(begun.casefold())]


def _fields(begun: str, rows: Sequence[VersionRow], params: Iterable[str], *, is_signed: bool) -> list[str]:
    head, dot, rest = begun.partition(".")
    if not dot:
        return [_offered(field, is_signed) for field in FIELDS if field.name.startswith(begun.casefold())]
    family = next((one for one in FIELDS if f"{head.casefold()}." in {one.name, one.short}), None)
    if family is None:
        return []
    known = _metrics(rows) if family.name in _OF_METRICS else params if family.name == "param." else ()
    plain = rest.replace('"', "")
    return [f"{head}.{written(name)}" for name in known if name.startswith(plain)]


def _offered(field: Field, is_signed: bool) -> str:
    """With what most often follows: `stage:`, `age<`, `metric.`."""
    return field.name if field.is_family or not is_signed else field.name + _FIRST_SIGN.get(field.kind, ":")


def _metrics(rows: Sequence[VersionRow]) -> Iterable[str]:
    return dict.fromkeys(name for row in islice(rows, _SAMPLED) for name in row.metrics)
