"""Named tensors that lie in files, whatever the format, held against each other.

A format says where its tensors lie; here they are paired by name, first by bytes, and looked into only where these
differ. Both sides are read through two buffers that are used over and over, so memory stays flat.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from threading import local
from typing import TYPE_CHECKING

from mlver.comparing.bytes import CHUNK, BinaryFile
from mlver.comparing.movement import Movement, are_same_numbers
from mlver.comparing.movement_wording import movement_details, movement_note
from mlver.comparing.number_types import NumberType, Reading, are_exact, numbers_of
from mlver.comparing.renames import moved as moved_names
from mlver.comparing.wording import amount, grouped
from mlver.errors import Interrupted
from mlver.formats.format import NotUnderstood
from mlver.formats.members import Inflated
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TENSORS = 200_000

_THREADS = 2
_WORTH_THREADS = 8 << 20
"""Bytes of tensors: below, starting a thread takes longer than it saves."""
_SMALL = 1 << 16
"""Tensors of fewer bytes are compared together with their neighbours first: most files hold many of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """Where the numbers of one tensor lie, in the order of its indices."""

    name: str
    kind: NumberType
    shape: tuple[int, ...]
    file: BinaryFile
    offset: int
    is_fortran: bool = False
    """Stored with the first index running fastest."""

    @property
    def count(self) -> int:
        """How many numbers."""
        return math.prod(self.shape)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.kind.size_of(self.count)

    def __str__(self) -> str:
        return f"{self.kind.name} {'×'.join(map(str, self.shape)) or 'scalar'}"

    def is_stored_as(self, other: Tensor) -> bool:
        """Whether equal bytes are equal tensors."""
        return (self.kind, self.shape, self.is_fortran) == (other.kind, other.shape, other.is_fortran)


@dataclass(slots=True)
class TensorPair:
    """The buffers through which two sides are read."""

    should_stop: ShouldStop
    left: bytearray = field(default_factory=lambda: bytearray(CHUNK))
    right: bytearray = field(default_factory=lambda: bytearray(CHUNK))

    def chunks(self, before: Tensor, after: Tensor, size: int) -> Iterator[tuple[memoryview, memoryview, bool]]:
        """The bytes of both from their beginnings, and whether they are the same; valid until the next are asked for.

        Raises NotUnderstood when a file has become shorter, and Interrupted.
        """
        # Whole numbers in every chunk: the widest is 16 bytes, and the buffers' length is a multiple of all widths.
        for start in range(0, size, CHUNK):
            if self.should_stop():
                raise Interrupted("the comparison of tensors was stopped")
            wanted = min(CHUNK, size - start)
            ours, theirs = memoryview(self.left)[:wanted], memoryview(self.right)[:wanted]
            counts = (
                before.file.read_into(ours, before.offset + start),
                after.file.read_into(theirs, after.offset + start),
            )
            if min(counts) < wanted:
                raise NotUnderstood("a file became shorter while it was read")
            # Two bytearrays are compared by memcmp, two memoryviews item by item.
            is_same = self.left == self.right if wanted == CHUNK else bytes(ours) == bytes(theirs)
            yield ours, theirs, is_same


def tensor_changes(
    before: Mapping[str, Tensor], after: Mapping[str, Tensor], should_stop: ShouldStop
) -> tuple[tuple[Change, ...], Movement]:
    """A node for each tensor of either side, in the order of `after`, and what all that moved did together.

    A tensor that is gone and one that is new with the same bytes are one that was renamed. Raises as chunks does.
    """
    pair, total = TensorPair(should_stop), Movement()
    renamed = _renamed(before, after, pair)
    same = _same_among_small(before, after, pair)
    both = [(before[name], tensor) for name, tensor in after.items() if name in before and name not in same]
    compared = dict(zip((theirs.name for _, theirs in both), _all_compared(both, should_stop), strict=True))
    gone = set(renamed.values())
    changes = []
    for name in dict.fromkeys((*after, *before)):
        if name in gone:
            continue
        theirs = after.get(name)
        if name in renamed:
            changes.append(Change(label=name, kind=Kind.MOVED, note=f"was {renamed[name]}", details=(str(theirs),)))
        elif name in compared:
            change, movement = compared[name]
            total.take(movement)
            changes.append(change)
        elif name in same:
            changes.append(Change(label=name, kind=Kind.SAME, note=str(theirs)))
        else:
            changes.append(_alone(name, before.get(name), theirs))
    return tuple(changes), total


def _all_compared(both: Sequence[tuple[Tensor, Tensor]], should_stop: ShouldStop) -> list[tuple[Change, Movement]]:
    """Several at a time where they are large: numpy lets other threads go on while it counts."""
    if sum(theirs.size for _, theirs in both) < _WORTH_THREADS or any(_is_packed(side) for two in both for side in two):
        pair = TensorPair(should_stop)
        return [_compared(*two, pair) for two in both]
    pairs = local()

    def compared(two: tuple[Tensor, Tensor]) -> tuple[Change, Movement]:
        if not hasattr(pairs, "of_thread"):
            pairs.of_thread = TensorPair(should_stop)
        return _compared(*two, pairs.of_thread)

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(compared, both))


def _is_packed(tensor: Tensor) -> bool:
    """Whether its bytes come out of a compression, which is read in order by one reader."""
    return isinstance(tensor.file, Inflated)


def tensors_change(label: str, children: tuple[Change, ...], total: Movement, details: tuple[str, ...] = ()) -> Change:
    """A file of tensors: `3 of 120 tensors`, the tensors below it."""
    differing = [child for child in children if child.kind is not Kind.SAME]
    said = [movement_note(total)] if total.changed and len(differing) > 1 else []
    counted = f"{len(differing)} of {amount(len(children), 'tensor')}" if differing else ""
    return Change(
        label=label,
        kind=Kind.CHANGED if differing else Kind.SAME,
        children=children,
        note=counted,
        details=(*said, *details),
        complete=all(child.complete for child in children),
    )


def _alone(name: str, before: Tensor | None, after: Tensor | None) -> Change:
    if after is not None:
        return Change(label=name, kind=Kind.ADDED, note=f"{after}, new")
    return Change(label=name, kind=Kind.REMOVED, note=f"{before}, gone")


def _compared(before: Tensor, after: Tensor, pair: TensorPair) -> tuple[Change, Movement]:
    """Two tensors of one name."""
    if before.count != after.count or before.is_fortran != after.is_fortran:
        return Change(label=after.name, kind=Kind.CHANGED, note=f"{before} → {after}"), Movement()
    if not (_is_read(before) and _is_read(after)):
        return _by_bytes(before, after, pair), Movement()
    movement = moved(before, after, pair)
    details = movement_details(movement)
    if before.is_stored_as(after):
        if not movement.changed:
            return Change(label=after.name, kind=Kind.SAME, note=str(after)), movement
        note = f"{after}, {movement_note(movement)}"
        return Change(label=after.name, kind=Kind.CHANGED, note=note, details=details), movement
    what = (
        "reshaped" if before.kind == after.kind else "retyped" if before.shape == after.shape else "reshaped, retyped"
    )
    note = f"{before} → {after}, {what}, {movement_note(movement) or 'the same numbers'}"
    return Change(label=after.name, kind=Kind.CHANGED, note=note, details=details), movement


def _is_read(tensor: Tensor) -> bool:
    return tensor.kind.reading is not Reading.NONE


def _by_bytes(before: Tensor, after: Tensor, pair: TensorPair) -> Change:
    """Of numbers whose type is not read: whether the bytes are the same."""
    if before.kind != after.kind:
        return Change(label=after.name, kind=Kind.CHANGED, note=f"{before} → {after}")
    is_same = all(same for _, _, same in pair.chunks(before, after, after.size))
    if is_same and before.shape == after.shape:
        return Change(label=after.name, kind=Kind.SAME, note=str(after))
    note = f"{before} → {after}, the same bytes" if is_same else f"{after}, other bytes"
    return Change(label=after.name, kind=Kind.CHANGED, note=note, details=("numbers of this type are not read",))


def moved(before: Tensor, after: Tensor, pair: TensorPair) -> Movement:
    """How the numbers of two tensors of one length moved; quick where their bytes are the same.

    Raises as chunks does.
    """
    if before.kind == after.kind:
        return _moved_alike(before, after, pair)
    return _moved_between_types(before, after, pair)


def _moved_alike(before: Tensor, after: Tensor, pair: TensorPair) -> Movement:
    movement, kind, skipped = Movement(), after.kind, 0
    for ours, theirs, is_same in pair.chunks(before, after, after.size):
        if is_same and not movement.compared:
            skipped += len(theirs)
        elif is_same:
            movement.add_same(numbers_of(kind, theirs))
        else:
            movement.add(numbers_of(kind, ours), numbers_of(kind, theirs), _other_bits(kind, ours, theirs))
    if not movement.changed:
        movement.compared += skipped // kind.itemsize
        return movement
    # What was the same before the first difference belongs into the norms: read again, and only here.
    for ours, _, _ in pair.chunks(before, after, skipped):
        movement.add_same(numbers_of(kind, ours))
    if not kind.is_float:
        # Large integers lose their last digits as floats; those that differ do so by one at least.
        movement.largest = max(movement.largest, 1.0)
    return movement


def _other_bits(kind: NumberType, before: memoryview, after: memoryview) -> NDArray[np.bool_]:
    """Which numbers are not bit for bit the same."""
    import numpy as np

    integer = f"u{min(kind.itemsize, _WIDEST_INTEGER)}"
    differs: NDArray[np.bool_] = np.frombuffer(before, integer) != np.frombuffer(after, integer)
    return differs if kind.itemsize <= _WIDEST_INTEGER else np.logical_or(differs[::2], differs[1::2])


_WIDEST_INTEGER = 8
"""Bytes of numpy's widest; a complex number of 16 is two of them."""


def _moved_between_types(before: Tensor, after: Tensor, pair: TensorPair) -> Movement:
    """By values, where the bytes cannot be held against each other."""
    import numpy as np

    movement = Movement()
    per_chunk = CHUNK // max(before.kind.itemsize, after.kind.itemsize)
    for start in range(0, after.count, per_chunk):
        if pair.should_stop():
            raise Interrupted("the comparison of tensors was stopped")
        count = min(per_chunk, after.count - start)
        ours, theirs = (
            _bytes_at(side, start, count, buffer) for side, buffer in ((before, pair.left), (after, pair.right))
        )
        left, right = numbers_of(before.kind, ours), numbers_of(after.kind, theirs)
        with np.errstate(all="ignore"):
            wide = np.result_type(left, right)
            left, right = left.astype(wide, copy=False), right.astype(wide, copy=False)
        # As floats, large integers that differ can be equal.
        differs = ~(
            are_same_numbers(left, right) & are_exact(before.kind, ours, left) & are_exact(after.kind, theirs, right)
        )
        movement.add(left, right, differs)
    return movement


def _bytes_at(tensor: Tensor, start: int, count: int, buffer: bytearray) -> memoryview:
    width = tensor.kind.itemsize
    part = memoryview(buffer)[: count * width]
    if tensor.file.read_into(part, tensor.offset + start * width) < len(part):
        raise NotUnderstood("a file became shorter while it was read")
    return part


def _same_among_small(before: Mapping[str, Tensor], after: Mapping[str, Tensor], pair: TensorPair) -> set[str]:
    """The names of small tensors that are the same, found in long reads over many of them at once.

    Neighbours of one layout on both sides are one stretch of bytes; where a stretch differs, its tensors are compared
    one by one later.
    """
    same: set[str] = set()
    for stretch in _stretches(before, after):
        first, last = stretch[0], stretch[-1]
        size = after[last].offset + after[last].size - after[first].offset
        if all(is_same for _, _, is_same in pair.chunks(before[first], after[first], size)):
            same.update(stretch)
    return same


def _stretches(before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> Iterator[list[str]]:
    """Names of small tensors that lie one after another alike on both sides, a chunk's worth at a time."""
    stretch: list[str] = []
    ends = (0, 0)
    for name, theirs in after.items():
        ours = before.get(name)
        if ours is None or not ours.is_stored_as(theirs) or theirs.size >= _SMALL:
            if stretch:
                yield stretch
            stretch = []
            continue
        first = stretch[0] if stretch else name
        follows = (ours.offset, theirs.offset) == ends and ours.file is before[first].file
        follows = follows and theirs.file is after[first].file and ends[1] - after[first].offset < CHUNK
        if stretch and not follows:
            yield stretch
            stretch = []
        stretch.append(name)
        ends = ours.offset + ours.size, theirs.offset + theirs.size
    if stretch:
        yield stretch


def _renamed(before: Mapping[str, Tensor], after: Mapping[str, Tensor], pair: TensorPair) -> dict[str, str]:
    """New name -> old name of tensors whose bytes are the same; where several could be meant, none is."""
    gone = _by_look(before, after)
    new = _by_look(after, before)
    shared = gone.keys() & new.keys()
    return moved_names(*(_contents([tensor for look in shared for tensor in side[look]], pair) for side in (gone, new)))


def _by_look(
    tensors: Mapping[str, Tensor], others: Mapping[str, Tensor]
) -> dict[tuple[str, tuple[int, ...]], list[Tensor]]:
    found: dict[tuple[str, tuple[int, ...]], list[Tensor]] = {}
    for name, tensor in tensors.items():
        if name not in others and tensor.count:
            found.setdefault((tensor.kind.name, tensor.shape), []).append(tensor)
    return found


def _contents(tensors: list[Tensor], pair: TensorPair) -> dict[str, str]:
    """Name -> look and digest."""
    return {tensor.name: f"{tensor} {tensor.is_fortran} {digest_of(tensor, pair)}" for tensor in tensors}


def digest_of(tensor: Tensor, pair: TensorPair) -> str:
    """sha256 of a tensor's bytes. Raises as chunks does."""
    return digest_of_bytes(tensor.file, tensor.offset, tensor.offset + tensor.size, pair)


def digest_of_bytes(file: BinaryFile, start: int, end: int, pair: TensorPair) -> str:
    """sha256 of a part of a file. Raises as chunks does."""
    taken = sha256()
    for place in range(start, end, CHUNK):
        if pair.should_stop():
            raise Interrupted("the comparison of tensors was stopped")
        part = memoryview(pair.left)[: min(CHUNK, end - place)]
        if file.read_into(part, place) < len(part):
            raise NotUnderstood("a file became shorter while it was read")
        taken.update(part)
    return taken.hexdigest()


def content_digest(tensors: Mapping[str, Tensor], should_stop: ShouldStop) -> str:
    """A digest of what a file of tensors holds, whatever their order, padding and metadata: sha256 in hex.

    Of the lines `name NUL type NUL shape NUL sha256-of-the-bytes LF`, sorted by name.
    """
    pair = TensorPair(should_stop)
    taken = sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        shape = ",".join(map(str, tensor.shape))
        taken.update(
            f"{name}\0{tensor.kind.name}\0{shape}\0{digest_of(tensor, pair)}\n".encode("utf-8", "surrogatepass")
        )
    return taken.hexdigest()


def described(tensors: Mapping[str, Tensor]) -> str:
    """`120 tensors, 1 234 567 numbers`."""
    count = sum(tensor.count for tensor in tensors.values())
    return f"{amount(len(tensors), 'tensor')}, {grouped(count)} numbers"
