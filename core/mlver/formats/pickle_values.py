"""The values in what a pickle would make: tensors and arrays by the way to them, and everything else as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeAlias

from mlver.formats.format import NotUnderstood, TooMuch
from mlver.formats.pickle_reading import Unmade, Value, shown
from mlver.formats.tensor import MOST_TENSORS, Tensor

TensorOf: TypeAlias = Callable[[str, Value], Tensor | None]
"""Name and value -> the tensor that it is; None: it is none."""


_DEEPEST = 100
"""Steps of a way: what lies deeper is not gone into, so that names stay short."""
_LONGEST_STEP = 1000
"""Letters of a key that are kept; behind them a digest tells keys apart."""
_MOST_LETTERS = 64 << 20
"""Of all ways together: a long key stands in the way to everything below it."""


@dataclass(slots=True)
class Found:
    """What is in a value."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    rest: dict[str, Value] = field(default_factory=dict)
    """Way -> everything that is no tensor and has nothing below it."""


def look_through(value: Value, tensor_of: TensorOf) -> Found:
    """Names everything in a value by the way to it: `model.fc.weight`. Raises NotUnderstood.

    Without recursion, so no depth is too much; what is met again is not gone into again.
    """
    found, seen = Found(), set[int]()
    waiting: list[tuple[str, Value, int]] = [("", value, 0)]
    letters = 0
    while waiting:
        way, value, depth = waiting.pop()
        tensor = tensor_of(way or "value", value)
        if tensor is not None:
            _add(found, tensor)
            continue
        below = list(_below(value))
        if not below or id(value) in seen or depth > _DEEPEST:
            found.rest[way or "value"] = value
            continue
        seen.add(id(value))
        for key, child in reversed(below):
            waiting.append((_way(way, key), child, depth + 1))
            letters += len(waiting[-1][0])
            if letters > _MOST_LETTERS:
                raise TooMuch("the ways to its values are too long")
    return found


def _way(above: str, key: object) -> str:
    step = str(key) if isinstance(key, (str, bytes)) else shown(key)
    if len(step) > _LONGEST_STEP:
        digest = sha256(step.encode("utf-8", "surrogatepass")).hexdigest()
        step = f"{step[:_LONGEST_STEP]}…{digest[:12]}"
    return f"{above}.{step}" if above else step


def _add(found: Found, tensor: Tensor) -> None:
    if tensor.name in found.tensors:
        raise NotUnderstood("two tensors have one name")
    found.tensors[tensor.name] = tensor
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
