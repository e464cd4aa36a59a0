"""Which keys a person may have meant who wrote one that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from mlver.model.data import Data

_MOST_SEARCHED = 10_000
"""A comparison of words is slow; nobody waits for the nearest of a million."""
_MOST_NAMED = 3


def dotted_keys(data: Data, head: str = "") -> Iterator[str]:
    """Every key of a document, those that hold mappings too, as people write it: `optimiser`, `optimiser.lr`."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield f"{head}{key}"
            yield from dotted_keys(value, f"{head}{key}.")


def nearest_keys(key: str, known: Iterable[str]) -> tuple[str, ...]:
    """The dotted keys that may be meant, at most three.

    Those that end so, else the one spelled most alike, else those that begin so.
    """
    from difflib import get_close_matches

    keys = list(dict.fromkeys(islice(known, _MOST_SEARCHED)))
    if ends := [one for one in keys if one.endswith(f".{key}")]:
        return tuple(ends[:_MOST_NAMED])
    if alike := get_close_matches(key, keys, n=1):
        return tuple(alike)
    if begin := [one for one in keys if one.startswith(key) or _last(one).startswith(key)]:
        return tuple(begin[:_MOST_NAMED])
    last = get_close_matches(_last(key), {_last(one) for one in keys}, n=1)
    return tuple(one for one in keys if _last(one) in last)[:_MOST_NAMED]


def did_you_mean(near: Iterable[str]) -> str:
    """`did you mean a, b or c?`; empty where nothing is near."""
    *most, last = ("", *near)
    before = ", ".join(one for one in most if one)
    if not last:
        return ""
    return f"did you mean {before} or {last}?" if before else f"did you mean {last}?"


def _last(key: str) -> str:
    return key.rpartition(".")[2]
