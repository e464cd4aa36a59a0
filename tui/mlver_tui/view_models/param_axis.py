"""Params that can be the axis of a chart: those that differ between versions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from mlver.model.change import Missing
from mlver.model.data import Data, Scalar

_MOST_CATEGORIES = 20
"""A text that is another one in more versions says nothing as an axis: a run's name, a time."""
_DECADES = 30.0
"""An axis from the least to the greatest of that ratio, or a greater one, is logarithmic."""


class Param(Struct, frozen=True, kw_only=True):
    """A param that differs between versions."""

    name: str
    """Its dotted name."""
    values: Mapping[str, Scalar]
    """By the versions' keys; one where it is not set is missing."""
    is_number: bool

    @property
    def is_logarithmic(self) -> bool:
        """Whether its values spread over decades."""
        numbers = [number for value in self.values.values() if (number := number_of(value)) is not None]
        return self.is_number and min(numbers) > 0 and max(numbers) >= _DECADES * min(numbers)


def params_that_differ(params: Mapping[str, Mapping[str, Data]]) -> tuple[Param, ...]:
    """The params worth an axis, numbers first, else by name. A list is none; neither is a text of many values."""
    found: dict[str, dict[str, Scalar]] = defaultdict(dict)
    for key, tree in params.items():
        for name, value in _leaves(tree):
            found[name][key] = value
    made = [_param(name, values, is_everywhere=len(values) == len(params)) for name, values in found.items()]
    return tuple(sorted((one for one in made if one), key=lambda one: (not one.is_number, one.name)))


def _leaves(tree: Mapping[str, Data], above: str = "") -> Iterator[tuple[str, Scalar]]:
    for key, value in tree.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            yield from _leaves(value, name)
        elif not isinstance(value, list):
            yield name, value


def _param(name: str, values: dict[str, Scalar], *, is_everywhere: bool) -> Param | None:
    different = {(type(value).__name__, value) for value in values.values()}
    is_number = all(number_of(value) is not None for value in values.values())
    if len(different) + (not is_everywhere and not is_number) < 2:  # noqa: PLR2004 - one value is no axis
        return None
    if not is_number and len(different) > _MOST_CATEGORIES:
        return None
    return Param(name=name, values=values, is_number=is_number)


def number_of(value: Scalar | Missing) -> float | None:
    """The value as a place on an axis of numbers; None: it has none there."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
