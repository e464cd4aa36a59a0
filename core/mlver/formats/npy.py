"""NumPy arrays (`.npy`): shape, type, and how many numbers moved how far; of records, field by field.

A model of a few layers is often one array of one record whose fields are the layers: there a field is a tensor. Values
are read in chunks, so memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.chunk_pairs import CHUNK
from mlver.comparing.movement import Movement, are_same_numbers
from mlver.comparing.movement_wording import movement_details, movement_note
from mlver.comparing.wording import amount, grouped
from mlver.errors import Interrupted
from mlver.formats.array_types import tensor_of
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits, NotUnderstood
from mlver.formats.npy_header import MAGIC, ArrayHeader, Numbers, read_bytes, read_header
from mlver.formats.tensor import TensorPair
from mlver.formats.tensors import compare_two
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Side: TypeAlias = tuple[BinaryFile, ArrayHeader]


class NpyFormat:
    """One array in a file."""

    name = "npy"
    tells_bytes = False
    vouches = True

    def recognises(self, path: str, head: bytes) -> bool:  # noqa: ARG002 - the magic tells
        """Whether it starts with numpy's magic."""
        return head.startswith(MAGIC)

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:
        """Header first; then the numbers of a plain array, or of every field that both sides have alike."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = read_header(before), read_header(after)
            if not _can_be_paired(left, right):
                told = _turned((before, left), (after, right), TensorPair(should_stop))
                if told is None:
                    told = Change(label="", kind=Kind.CHANGED, note=_header_note(left, right))
                return replace(told, label=pair.path)
            shared = [name for name in right.fields if name in left.fields and left.whole(name) == right.whole(name)]
            movements = _movements(((before, left), (after, right)), shared, limits.elements, should_stop)
        if right.plain:
            return _Found(pair.path, right.plain, movements[""]).as_array()
        return _record_change(pair.path, left, right, movements)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Type and shape; of records, those of each field."""
        with side.open() as file:
            header = read_header(file)
        fields = () if header.plain else tuple(header.fields)
        children = tuple(Change(label=name, kind=Kind.SAME, note=str(header.whole(name))) for name in fields)
        return Change(label=path, kind=Kind.SAME, children=children, note=str(header))


def _movements(sides: tuple[Side, Side], names: list[str], most: int, should_stop: ShouldStop) -> dict[str, Movement]:
    """What is known of each field; numbers are computed with only where a field has other bytes."""
    found = {name: Movement() for name in names}
    moved: set[str] = set()
    for name, ours, theirs in _pieces(*sides, names, most):
        _check(should_stop)
        found[name].compared += len(theirs)
        if ours.tobytes() != theirs.tobytes():
            moved.add(name)
    found |= {name: Movement() for name in moved}
    for name, ours, theirs in _pieces(*sides, [name for name in names if name in moved], most):
        _check(should_stop)
        _add(found[name], ours, theirs)
    return found


def _check(should_stop: ShouldStop) -> None:
    if should_stop():
        raise Interrupted("the comparison of arrays was stopped")


def _add(movement: Movement, before: NDArray[Any], after: NDArray[Any]) -> None:
    is_float = before.dtype.kind in "fc"
    differs = ~are_same_numbers(before, after) if is_float else before != after
    movement.add(_wide(before), _wide(after), differs)
    if movement.changed and not is_float:
        # Large integers lose their last digits as floats; those that differ do so by one at least.
        movement.largest = max(movement.largest, 1.0)


def _wide(numbers: NDArray[Any]) -> NDArray[Any]:
    """As types that are computed with: integers and short floats widened, the longest left as they are."""
    import numpy as np

    kind, size = numbers.dtype.kind, numbers.dtype.itemsize
    if kind == "c":
        return numbers.astype(np.complex128, copy=False) if size <= _LONGEST_COMPLEX else numbers
    if kind != "f" or size == _LONGEST_FLOAT:
        return numbers.astype(np.float64, copy=False)
    with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
        return numbers.astype(np.float32) if size < _LONGEST_FLOAT else numbers


_LONGEST_FLOAT, _LONGEST_COMPLEX = 8, 16
"""Bytes of the longest that every machine has."""


def _can_be_paired(before: ArrayHeader, after: ArrayHeader) -> bool:
    """Whether the numbers of one stand where those of the other do: all of them, or those of some fields."""
    if before.shape != after.shape or before.is_fortran != after.is_fortran:
        return False
    return before.plain == after.plain


def _turned(before: Side, after: Side, pair: TensorPair) -> Change | None:
    """Two plain arrays of as many numbers in another shape or type, number by number; None: they are no such."""
    if not (before[1].plain and after[1].plain) or before[1].count != after[1].count:
        return None
    if before[1].is_fortran != after[1].is_fortran:
        return None
    try:
        return compare_two(tensor_of("", before[0]), tensor_of("", after[0]), pair)[0]
    except NotUnderstood:  # of a type or byte order that only this format reads
        return None


def _header_note(before: ArrayHeader, after: ArrayHeader) -> str:
    if str(before) == str(after):
        return f"{after}, rows and columns are stored in another order"
    return f"{before} → {after}"


def _pieces(before: Side, after: Side, names: list[str], most: int) -> Iterator[tuple[str, NDArray[Any], NDArray[Any]]]:
    """The numbers of the fields in chunks, as far as both files give them."""
    size = max(before[1].record_size, after[1].record_size)
    if not names or not size:
        return
    if size <= CHUNK:
        yield from _small_records(before, after, names, most)
        return
    for record in range(after[1].count):
        for name in names:
            numbers = after[1].fields[name][1]
            starts = tuple(
                header.offset + record * header.record_size + header.fields[name][0] for _, header in (before, after)
            )
            for ours, theirs in _block((before[0], after[0]), starts, numbers, most):
                most -= len(theirs)
                yield name, ours, theirs


def _small_records(
    before: Side, after: Side, names: list[str], most: int
) -> Iterator[tuple[str, NDArray[Any], NDArray[Any]]]:
    """Many records at a time."""
    import numpy as np

    headers = (before[1], after[1])
    dtypes = [_record_type(header) for header in headers]
    numbers = max(1, sum(after[1].fields[name][1].count for name in names))
    per_chunk = max(1, CHUNK // max(header.record_size for header in headers))
    done, end = 0, min(after[1].count, most // numbers)
    while done < end:
        count = min(per_chunk, end - done)
        parts = [
            read_bytes(file, header.offset + done * header.record_size, count * header.record_size)
            for file, header in (before, after)
        ]
        whole = min(len(part) // header.record_size for part, header in zip(parts, headers, strict=True))
        ours, theirs = (np.frombuffer(part, dtype, whole) for part, dtype in zip(parts, dtypes, strict=True))
        for name in names:
            yield (name, *((side[name].reshape(-1) if name else side) for side in (ours, theirs)))  # type: ignore[misc]  # two sides
        if whole < count:
            return
        done += count


def _record_type(header: ArrayHeader) -> np.dtype[Any]:
    import numpy as np

    plain = header.plain
    if plain:
        return np.dtype(plain.dtype)
    return np.dtype([(name, numbers.dtype, (numbers.count,)) for name, (_, numbers) in header.fields.items()])


def _block(
    files: tuple[BinaryFile, ...], starts: tuple[int, ...], numbers: Numbers, most: int
) -> Iterator[tuple[NDArray[Any], ...]]:
    """The numbers that lie one after another from a place in each file."""
    import numpy as np

    per_chunk = max(1, CHUNK // numbers.itemsize)
    done, end = 0, min(numbers.count, most)
    while done < end:
        count = min(per_chunk, end - done)
        parts = [
            read_bytes(file, start + done * numbers.itemsize, count * numbers.itemsize)
            for file, start in zip(files, starts, strict=True)
        ]
        whole = min(map(len, parts)) // numbers.itemsize
        yield tuple(np.frombuffer(part, numbers.dtype, whole) for part in parts)
        if whole < count:
            return
        done += count


class _Found(Struct, frozen=True):
    """What was found in a block of numbers that both sides have."""

    label: str
    numbers: Numbers
    movement: Movement

    @property
    def is_whole(self) -> bool:
        return self.movement.compared == self.numbers.count

    def as_array(self) -> Change:
        """Number by number: what moved is the news, type and shape are known."""
        return self._change(movement_note(self.movement), (str(self.numbers),))

    def as_field(self) -> Change:
        """Among others of their own types and shapes."""
        return self._change(", ".join(filter(None, (str(self.numbers), movement_note(self.movement)))), ())

    def _change(self, note: str, details: tuple[str, ...]) -> Change:
        kind = Kind.CHANGED if self.movement.changed else Kind.SAME if self.is_whole else Kind.UNKNOWN
        details = (*details, *movement_details(self.movement))
        if not self.is_whole:
            details = (*details, f"only the first {grouped(self.movement.compared)} numbers were compared")
        return Change(label=self.label, kind=kind, note=note, details=details, complete=self.is_whole)


def _record_change(label: str, before: ArrayHeader, after: ArrayHeader, movements: dict[str, Movement]) -> Change:
    """`4 of 4 tensors`, every field a child, in the order of `after`."""
    names = list(dict.fromkeys((*after.fields, *before.fields)))
    children = tuple(_field_change(name, before, after, movements) for name in names)
    differing = [child for child in children if child.kind not in {Kind.SAME, Kind.UNKNOWN}]
    total = Movement()
    for movement in movements.values():
        total.take(movement)
    is_whole = all(child.complete for child in children)
    details = [movement_note(total)] if total.changed else []
    if not is_whole:
        details.append(f"only {grouped(total.compared)} numbers were compared")
    is_written_alike = list(before.fields) == list(after.fields)
    if not differing and not is_written_alike:
        details.append("the tensors stand in another order")
    return Change(
        label=label,
        kind=Kind.CHANGED if differing else Kind.SAME if is_whole else Kind.UNKNOWN,
        children=children,
        note=f"{len(differing)} of {amount(len(names), 'tensor')}" if differing else "",
        details=tuple(details),
        complete=is_whole,
    )


def _field_change(name: str, before: ArrayHeader, after: ArrayHeader, movements: dict[str, Movement]) -> Change:
    if name in movements:
        return _Found(name, after.whole(name), movements[name]).as_field()
    if name not in before.fields:
        return Change(label=name, kind=Kind.ADDED, note=f"{after.whole(name)}, new")
    if name not in after.fields:
        return Change(label=name, kind=Kind.REMOVED, note=f"{before.whole(name)}, gone")
    return Change(label=name, kind=Kind.CHANGED, note=f"{before.whole(name)} → {after.whole(name)}")
