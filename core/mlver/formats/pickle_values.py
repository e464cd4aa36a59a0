"""The values in what a pickle would make: tensors and arrays by the way to them, and everything else as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import TypeAlias

from msgspec import Struct, field

from mlver.formats.format import NotUnderstood, TooMuch
from mlver.formats.pickle_reading import Unmade, Value, shown
from mlver.formats.tensor import MOST_TENSORS, Tensor

TensorOf: TypeAlias = Callable[[str, Value], Tensor | None]
"""Name and value -> the tensor that it is; None: it is none."""


DEEPEST = 100
"""Steps of a way: what lies deeper is not gone into, so that names stay short; that is said."""
_LONGEST_STEP = 1000
"""Letters of a key that are kept; behind them a digest tells keys apart."""
_MOST_LETTERS = 64 << 20
"""Of all ways together: a long key stands in the way to everything below it."""
_MOST_KEPT = 8 << 20
"""Letters of those that lead to something that is kept."""


class Found(Struct):
    """What is in a value."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    rest: dict[str, Value] = field(default_factory=dict)
    """Way -> everything that is no tensor and has nothing below it."""
    is_whole: bool = True
    """False: something lies deeper than is gone into."""
    kept: int = 0

    def keep(self, way: str) -> str:
        """The name of what is kept. Raises TooMuch for more than is looked at."""
        self.kept += len(way)
        if self.kept > _MOST_KEPT:
            raise TooMuch(_TOO_LONG)
        return way or "value"


_TOO_LONG = "the ways to its values are too long"


def look_through(value: Value, tensor_of: TensorOf) -> Found:
    """Names everything in a value by the way to it: `model.fc.weight`. Raises NotUnderstood.

    Without recursion, so no depth is too much; what is met again is not gone into again.
    """
    found, seen = Found(), set[int]()
    # One iterator for each step of the way: of a dict of many keys no list is made.
    waiting: list[Iterator[tuple[str, Value]]] = [iter([("", value)])]
    letters = 0
    while waiting:
        way, value = next(waiting[-1], (None, None))
        if way is None:
            waiting.pop()
            continue
        letters += len(way)
        if letters > _MOST_LETTERS:
            raise TooMuch(_TOO_LONG)
        if (tensor := tensor_of(way or "value", value)) is not None:
            _add(found, tensor)
        elif not _has_below(value) or id(value) in seen:
            found.rest[found.keep(way)] = value
        elif len(waiting) > DEEPEST:
            found.is_whole = False
            found.rest[found.keep(way)] = value
        else:
            seen.add(id(value))
            waiting.append(_ways(way, value))
    return found


def _has_below(value: Value) -> bool:
    return next(_below(value), None) is not None


def _ways(way: str, value: Value) -> Iterator[tuple[str, Value]]:
    return ((_way(way, key), child) for key, child in _below(value))


def _way(above: str, key: object) -> str:
    step = str(key) if isinstance(key, (str, bytes)) else shown(key)
    if len(step) > _LONGEST_STEP:
        digest = sha256(step.encode("utf-8", "surrogatepass")).hexdigest()
        step = f"{step[:_LONGEST_STEP]}…{digest[:12]}"
    return f"{above}.{step}" if above else step


def _add(found: Found, tensor: Tensor) -> None:
    if tensor.name in found.tensors:
        raise NotUnderstood("two tensors have one name")
    found.tensors[found.keep(tensor.name)] = tensor
    if len(found.tensors) > MOST_TENSORS:
        raise TooMuch(f"more than {MOST_TENSORS} tensors")


def _below(value: Value) -> Iterator[tuple[object, Value]]:
    """The values in a value, by key."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, (list, tuple)):
        yield from enumerate(value)
    elif isinstance(value, Unmade):
        yield from value.items
        yield from enumerate(value.members)
        yield from _state(value.state)
        if isinstance(value.arguments, tuple):
            yield from ((f"argument {number}", one) for number, one in enumerate(value.arguments))


def _state(state: Value) -> Iterator[tuple[object, Value]]:
    if isinstance(state, dict):
        yield from state.items()
    elif state is not None:
        yield "state", state
