"""Typed tokens: two values get the same number exactly when they are the same, leaf by leaf and type by type."""

from __future__ import annotations

from collections.abc import Hashable

from mlver.model.data import Data, Scalar


class Tokens:
    """Numbers for values; valid among values of one instance, as long as those values live.

    Works without recursion, in time linear in the values: a container met twice is looked up, not walked again.
    The order of a mapping's keys does not matter.
    """

    def __init__(self) -> None:
        self._by_shape: dict[Hashable, int] = {}
        self._by_object: dict[int, int] = {}

    def of(self, value: Data) -> int:
        """The token of `value`."""
        if not isinstance(value, (dict, list)):
            return self._number(_leaf_shape(value))
        known = self._by_object.get(id(value))
        return self._walk(value) if known is None else known

    def _walk(self, top: Data) -> int:
        waiting: list[tuple[Data, bool]] = [(top, False)]
        while waiting:
            value, is_ready = waiting.pop()
            if not isinstance(value, (dict, list)) or id(value) in self._by_object:
                continue
            if is_ready:
                self._by_object[id(value)] = self._number(self._shape(value))
                continue
            waiting.append((value, True))
            items = value.values() if isinstance(value, dict) else value
            waiting.extend((item, False) for item in items if isinstance(item, (dict, list)))
        return self._by_object[id(top)]

    def _shape(self, value: dict[str, Data] | list[Data]) -> Hashable:
        if isinstance(value, dict):
            return "mapping", frozenset((key, self.of(item)) for key, item in value.items())
        return "list", tuple(self.of(item) for item in value)

    def _number(self, shape: Hashable) -> int:
        return self._by_shape.setdefault(shape, len(self._by_shape))


def _leaf_shape(value: Scalar) -> Hashable:
    # A float's text tells -0.0 from 0.0 and makes NaN equal to itself, as model.data.same_leaf does.
    return type(value), repr(value) if isinstance(value, float) else value
