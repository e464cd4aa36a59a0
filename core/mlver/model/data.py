"""Plain data as documents hold it, and places in documents."""

from __future__ import annotations

from typing import TypeAlias, Union

from msgspec import Struct

Scalar: TypeAlias = str | int | float | bool | None
"""A leaf. `1`, `1.0` and `True` are three different leaves; see `same_leaf`."""

Data: TypeAlias = Union[Scalar, "list[Data]", "dict[str, Data]"]
"""A document: keys are always text."""

Path: TypeAlias = tuple[str | int, ...]
"""Where in a document: keys as text, list positions as integers."""


class Place(Struct, frozen=True):
    """Where a value was written."""

    file: str
    """Path from the top of the repository, with `/`."""
    line: int | None = None
    """Counts from 1; None: not known."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def same_leaf(left: Scalar, right: Scalar) -> bool:
    """Typed equality: NaN equals NaN, `0.0` is not `-0.0`, `1` is neither `1.0` nor `True`."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and isinstance(right, float):
        return repr(left) == repr(right)
    return left == right


def dotted(path: Path) -> str:
    """The path as people write it: `optimiser.lr`, `layers[0].size`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


_MOST_DIGITS = 10
"""Of a position in a list; int() of thousands of them is an error of its own."""


def path_to(data: Data, dotted_key: str) -> Path:
    """The path to the value under a dotted key (`optimiser.lr`, `layers.0.size`); a key may itself hold dots.

    Raises KeyError when there is none.
    """
    if isinstance(data, dict):
        if dotted_key in data:
            return (dotted_key,)
        parts = dotted_key.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            head = ".".join(parts[:cut])
            if head in data:
                return (head, *path_to(data[head], ".".join(parts[cut:])))
    elif isinstance(data, list):
        head, dot, rest = dotted_key.partition(".")
        if head.isdecimal() and len(head) < _MOST_DIGITS and int(head) < len(data):
            return (int(head), *(path_to(data[int(head)], rest) if dot else ()))
    raise KeyError(dotted_key)


def value_at(data: Data, dotted_key: str) -> Data:
    """The value under a dotted key, as `path_to` finds it; raises KeyError when there is none."""
    for part in path_to(data, dotted_key):
        data = data[part]  # type: ignore[index]  # path_to went the same way
    return data
