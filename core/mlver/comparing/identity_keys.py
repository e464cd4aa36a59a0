"""Which key names the items of a list: `name`, `id`, `key`, `path`, or a text key that is clearly one."""

from __future__ import annotations

from collections.abc import Hashable

from mlver.model.data import Data

NAMING_KEYS = ("name", "id", "key", "path")
"""Keys that name an item wherever they are unique, in order of preference."""


def identity_key(before: list[Data], after: list[Data]) -> str | None:
    """The key by which items of both lists are the same item; None: they have none.

    It must be in every item of both lists, hold text or an integer, and be unique on each side. A key outside
    NAMING_KEYS is taken only when it holds text and most names are on both sides: a wrong guess tears an edited item
    into a removed and an added one, so sizes and rates never name an item.
    """
    items = before + after
    if not before or not after or not all(isinstance(item, dict) for item in items):
        return None
    for key in NAMING_KEYS:
        if _names(before, key, (str, int)) and _names(after, key, (str, int)):
            return key
    return next((key for key in _keys(after[0]) if _is_clearly_a_name(before, after, key)), None)


def identities(items: list[Data], key: str) -> list[Hashable]:
    """The name of each item, text and number told apart by being different values."""
    return [name for item in items if isinstance(item, dict) and isinstance(name := item[key], (str, int))]


def _keys(item: Data) -> list[str]:
    return list(item) if isinstance(item, dict) else []


def _is_clearly_a_name(before: list[Data], after: list[Data], key: str) -> bool:
    left, right = _names(before, key, (str,)), _names(after, key, (str,))
    return bool(left and right) and 2 * len(left & right) > min(len(left), len(right))


def _names(items: list[Data], key: str, types: tuple[type, ...]) -> frozenset[Hashable]:
    """All names when every item has one of its own, else nothing."""
    names: set[Hashable] = set()
    for item in items:
        value = item.get(key) if isinstance(item, dict) else None
        if isinstance(value, bool) or not isinstance(value, (str, int)) or not isinstance(value, types):
            return frozenset()
        names.add(value)
    return frozenset(names) if len(names) == len(items) else frozenset()
