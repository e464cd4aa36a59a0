"""Tensors whose numbers are stored in blocks: held against each other block by block, and number by number where known.

A block is what is stored together: 32 quantised numbers with their scale, two numbers of four bits in a byte. That
blocks differ is exact; how far their numbers moved is told of the types that `quantised` reads.
"""

from __future__ import annotations

from mlver.comparing.chunk_pairs import CHUNK
from mlver.comparing.movement import Movement
from mlver.comparing.movement_wording import movement_details, movement_note, share
from mlver.comparing.number_types import Reading
from mlver.comparing.quantised import are_read, numbers_of_blocks
from mlver.errors import Interrupted
from mlver.formats.tensor import Tensor, TensorPair, turned
from mlver.formats.tensor_numbers import bytes_at, moved_between_types
from mlver.model.change import Change, Kind


def is_in_blocks(tensor: Tensor) -> bool:
    """Whether its bytes are no row of numbers that are read one by one."""
    return tensor.kind.reading is Reading.NONE


def compared_blocks(before: Tensor, after: Tensor, pair: TensorPair) -> tuple[Change, Movement]:
    """Two tensors of one name and as many numbers. Raises as chunks does."""
    if before.kind != after.kind:
        return _of_other_types(before, after, pair)
    differing, movement = _moved_blocks(before, after, pair)
    look = str(after) if before.shape == after.shape else f"{before} → {after}, reshaped"
    if not differing:
        same = before.shape == after.shape
        note = look if same else f"{look}, the same blocks"
        return Change(label=after.name, kind=Kind.SAME if same else Kind.CHANGED, note=note), movement
    note = f"{look}, {share(differing, _blocks(after))} {_called(after)}"
    if not are_read(after.kind):
        details: tuple[str, ...] = ("compared by their bytes: numbers of this type are not read",)
    else:
        note += f", {movement_note(movement) or 'the same numbers'}"
        details = movement_details(movement)
    return Change(label=after.name, kind=Kind.CHANGED, note=note, details=details), movement


def _of_other_types(before: Tensor, after: Tensor, pair: TensorPair) -> tuple[Change, Movement]:
    """By values where both types are read, as of weights that were quantised."""
    note = f"{before} → {after}"
    if any(is_in_blocks(side) and not are_read(side.kind) for side in (before, after)):
        return Change(label=after.name, kind=Kind.CHANGED, note=note), Movement()
    movement = moved_between_types(before, after, pair)
    note = f"{note}, {turned(before, after)}, {movement_note(movement) or 'the same numbers'}"
    return Change(label=after.name, kind=Kind.CHANGED, note=note, details=movement_details(movement)), movement


def _moved_blocks(before: Tensor, after: Tensor, pair: TensorPair) -> tuple[int, Movement]:
    """How many blocks differ, and how their numbers moved where these are read."""
    import numpy as np

    kind, differing, movement = after.kind, 0, Movement()
    per_chunk = CHUNK // kind.itemsize * kind.block
    for start in range(0, after.count, per_chunk):
        if pair.should_stop():
            raise Interrupted("the comparison of tensors was stopped")
        count = min(per_chunk, after.count - start)
        parts = [bytes_at(side, start, count, buffer) for side, buffer in ((before, pair.left), (after, pair.right))]
        ours, theirs = (np.frombuffer(part, np.uint8).reshape(-1, kind.itemsize) for part in parts)
        differing += int(np.count_nonzero((ours != theirs).any(axis=1)))
        if are_read(kind):
            left, right = (numbers_of_blocks(kind, part)[:count] for part in parts)
            movement.add(left, right, left.view(np.uint32) != right.view(np.uint32))
    return differing, movement


def _blocks(tensor: Tensor) -> int:
    return tensor.size // tensor.kind.itemsize


def _called(tensor: Tensor) -> str:
    return "numbers" if tensor.kind.block == 1 else f"blocks of {tensor.kind.block}"
