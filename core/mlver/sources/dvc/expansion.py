"""Steps that a `foreach` or a `matrix` of `dvc.yaml` generates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any

from msgspec import Struct

from mlver.model.data import Data
from mlver.sources.dvc.templates import Alias, Context, Names, Unresolved, as_text

MOST_GENERATED = 5_000
"""Steps of one group; a matrix of matrices may mean millions."""


class Template(Struct, frozen=True, kw_only=True):
    """What one step is made of."""

    name: str
    definition: Data
    names: Names


def templates(name: str, definition: Data, context: Context) -> Iterator[Template]:
    """The step itself, or those its group generates. Raises Unresolved."""
    if not isinstance(definition, dict) or not ({"matrix", "foreach"} & definition.keys()):
        yield Template(name=name, definition=definition, names={})
        return
    if "matrix" in definition:
        inner: Data = {key: value for key, value in definition.items() if key != "matrix"}
        generated = _matrix(context.fill(definition["matrix"], {}, "matrix", keep_alias=True), context)
    else:
        inner = definition.get("do")
        generated = _foreach(context.fill(definition["foreach"], {}, "foreach", keep_alias=True), context)
    made = dict(islice(generated, MOST_GENERATED + 1))
    if len(made) > MOST_GENERATED:
        raise Unresolved(f"generates more than {MOST_GENERATED} steps")
    for key, names in made.items():
        yield Template(name=f"{name}@{key}", definition=inner, names=names)


def _foreach(values: Any, context: Context) -> Iterator[tuple[str, Names]]:
    entries = _entries(values, context)
    if isinstance(context.deref(values), dict):
        yield from ((str(key), {"item": value, "key": str(key)}) for key, value in entries)
        return
    pairs = list(entries)
    if any(_is_collection(value, context) for _, value in pairs):
        yield from ((str(index), {"item": value}) for index, value in pairs)
    else:
        yield from ((_word(value, context), {"item": value}) for _, value in pairs)


def _matrix(axes: Any, context: Context) -> Iterator[tuple[str, Names]]:
    named = [(str(axis), list(_entries(values, context))) for axis, values in _entries(axes, context)]
    for combination in product(*(values for _, values in named)):
        item = {axis: value for (axis, _), (_, value) in zip(named, combination, strict=True)}
        words = (
            f"{axis}{index}" if _is_collection(value, context) else _word(value, context)
            for (axis, _), (index, value) in zip(named, combination, strict=True)
        )
        key = "-".join(words)
        yield key, {"item": item, "key": key}


def _entries(values: Any, context: Context) -> Iterable[tuple[str | int, Any]]:
    """Keys or positions, and values; aliases into the context where the values stand there."""
    inner = context.deref(values)
    if isinstance(inner, dict):
        pairs: Iterable[tuple[str | int, Any]] = inner.items()
    elif isinstance(inner, list):
        pairs = enumerate(inner)
    else:
        raise Unresolved("should name a list or a mapping")
    if isinstance(values, Alias):
        return [(key, Alias((*values.place, str(key)))) for key, _ in pairs]
    return pairs


def _is_collection(value: Any, context: Context) -> bool:
    return isinstance(context.deref(value), (dict, list))


def _word(value: Any, context: Context) -> str:
    """DVC writes a flag of a params file as Python does, one of dvc.yaml itself as YAML does."""
    return str(context.deref(value)) if isinstance(value, Alias) else as_text(value)
