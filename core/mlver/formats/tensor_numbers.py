"""How the numbers of two tensors of one length moved, read in chunks."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING, Any

from mlver.comparing.chunk_pairs import CHUNK
from mlver.comparing.movement import BLOCK, Movement, are_same_numbers, squared_norm
from mlver.comparing.number_types import NumberType, Reading, are_exact, numbers_of
from mlver.comparing.quantised import numbers_of_blocks
from mlver.comparing.quick_numbers import are_beyond, quick_numbers
from mlver.comparing.scratch import room
from mlver.errors import Interrupted
from mlver.formats.format import NotUnderstood
from mlver.formats.tensor import Tensor, TensorPair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def moved(before: Tensor, after: Tensor, pair: TensorPair) -> Movement:
    """How the numbers of two tensors of one length moved; quick where their bytes are the same.

    Raises as chunks does.
    """
    if before.kind == after.kind:
        return _moved_alike(before, after, pair)
    return moved_between_types(before, after, pair)


def _moved_alike(before: Tensor, after: Tensor, pair: TensorPair) -> Movement:
    movement, kind, skipped = Movement(), after.kind, 0
    for ours, theirs, is_same in pair.chunks(before, after, after.size):
        if is_same and not movement.compared and not after.is_packed:  # to read it again is to inflate it again
            skipped += len(theirs)
        elif is_same:
            _add_same(movement, kind, theirs)
        else:
            _add_blocks(movement, kind, ours, theirs)
    if not movement.changed:
        movement.compared += skipped // kind.itemsize
        return movement
    # What was the same before the first difference belongs into the norms: read again, and only here.
    for ours, _, _ in pair.chunks(before, after, skipped):
        _add_same(movement, kind, ours)
    if not kind.is_float:
        # Large integers lose their last digits as floats; those that differ do so by one at least.
        movement.largest = max(movement.largest, 1.0)
    return movement


def _add_same(movement: Movement, kind: NumberType, content: memoryview) -> None:
    import numpy as np

    with np.errstate(all="ignore"):
        numbers = quick_numbers(kind, content, "same")
        if kind.reading in {Reading.FLOAT16, Reading.BFLOAT16} and are_beyond(kind, squared_norm(numbers)):
            numbers = numbers_of(kind, content)
        movement.add_same(numbers)


def _add_blocks(movement: Movement, kind: NumberType, ours: memoryview, theirs: memoryview) -> None:
    """Block by block, for what is made of one takes several times its room."""
    import numpy as np

    step = BLOCK * kind.itemsize
    with np.errstate(all="ignore"):
        for start in range(0, len(theirs), step):
            left, right = ours[start : start + step], theirs[start : start + step]
            before, after = quick_numbers(kind, left, "before"), quick_numbers(kind, right, "after")
            norms = squared_norm(before), squared_norm(after)
            differs = _other_bits(kind, left, right)
            if any(are_beyond(kind, norm) for norm in norms):
                movement.add_block(numbers_of(kind, left), numbers_of(kind, right), differs)
            else:
                movement.add_block(before, after, differs, norms)


def _other_bits(kind: NumberType, before: memoryview, after: memoryview) -> NDArray[np.bool_]:
    """Which numbers are not bit for bit the same."""
    import numpy as np

    integer = f"u{min(kind.itemsize, _WIDEST_INTEGER)}"
    ours, theirs = np.frombuffer(before, integer), np.frombuffer(after, integer)
    differs: NDArray[np.bool_] = np.not_equal(ours, theirs, out=room("differs", "|b1", len(ours)))
    return differs if kind.itemsize <= _WIDEST_INTEGER else np.logical_or(differs[::2], differs[1::2])


_WIDEST_INTEGER = 8
"""Bytes of numpy's widest; a complex number of 16 is two of them."""


def moved_between_types(before: Tensor, after: Tensor, pair: TensorPair) -> Movement:
    """By values, where the bytes cannot be held against each other. Raises as chunks does."""
    import numpy as np

    movement = Movement()
    blocks = lcm(before.kind.block, after.kind.block)
    per_chunk = CHUNK // max(side.kind.size_of(blocks) for side in (before, after)) * blocks
    for start in range(0, after.count, per_chunk):
        if pair.should_stop():
            raise Interrupted("the comparison of tensors was stopped")
        count = min(per_chunk, after.count - start)
        ours, theirs = (
            bytes_at(side, start, count, buffer) for side, buffer in ((before, pair.left), (after, pair.right))
        )
        left, right = _read(before.kind, ours)[:count], _read(after.kind, theirs)[:count]
        with np.errstate(all="ignore"):
            wide = np.result_type(left, right)
            left, right = left.astype(wide, copy=False), right.astype(wide, copy=False)
        # As floats, large integers that differ can be equal.
        differs = ~(
            are_same_numbers(left, right) & are_exact(before.kind, ours, left) & are_exact(after.kind, theirs, right)
        )
        movement.add(left, right, differs)
    return movement


def _read(kind: NumberType, content: memoryview) -> NDArray[Any]:
    return numbers_of_blocks(kind, content) if kind.reading is Reading.NONE else numbers_of(kind, content)


def bytes_at(tensor: Tensor, start: int, count: int, buffer: bytearray) -> memoryview:
    """So many numbers from one on that begins a block. Raises NotUnderstood when the file has become shorter."""
    kind = tensor.kind
    part = memoryview(buffer)[: kind.size_of(count)]
    if tensor.file.read_into(part, tensor.offset + kind.size_of(start)) < len(part):
        raise NotUnderstood("a file became shorter while it was read")
    return part
