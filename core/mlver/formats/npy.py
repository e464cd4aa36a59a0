"""NumPy arrays (`.npy`): shape, type, and how many numbers moved how far; of records, field by field.

A model of a few layers is often one array of one record whose fields are the layers: there a field is a tensor. Values
are read in chunks, so memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from mlver.comparing.bytes import CHUNK, BinaryFile
from mlver.comparing.wording import amount, grouped
from mlver.errors import Interrupted
from mlver.formats.blob import Pair
from mlver.formats.format import Limits
from mlver.formats.npy_header import MAGIC, ArrayHeader, Numbers, read_bytes, read_header
from mlver.formats.tally import Tally
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
                return Change(label=pair.path, kind=Kind.CHANGED, note=_header_note(left, right))
            shared = [name for name in right.fields if name in left.fields and left.whole(name) == right.whole(name)]
            tallies = {name: Tally() for name in shared}
            for name, ours, theirs in _pieces((before, left), (after, right), shared, limits.elements):
                if should_stop():
                    raise Interrupted("the comparison of arrays was stopped")
                tallies[name].add(ours, theirs)
        if right.plain:
            return _Found(pair.path, right.plain, tallies[""]).as_array()
        return _record_change(pair.path, left, right, tallies)


def _can_be_paired(before: ArrayHeader, after: ArrayHeader) -> bool:
    """Whether the numbers of one stand where those of the other do: all of them, or those of some fields."""
    if before.shape != after.shape or before.is_fortran != after.is_fortran:
        return False
    return before.plain == after.plain


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
    tally: Tally

    @property
    def is_whole(self) -> bool:
        return self.tally.compared == self.numbers.count

    def as_array(self) -> Change:
        """Number by number: what moved is the news, type and shape are known."""
        return self._change(str(self.tally), (str(self.numbers),))

    def as_field(self) -> Change:
        """Among others of their own types and shapes."""
        return self._change(", ".join(filter(None, (str(self.numbers), str(self.tally)))), ())

    def _change(self, note: str, details: tuple[str, ...]) -> Change:
        kind = Kind.CHANGED if self.tally.differing else Kind.SAME if self.is_whole else Kind.UNKNOWN
        if not self.is_whole:
            details = (*details, f"only the first {grouped(self.tally.compared)} numbers were compared")
        return Change(label=self.label, kind=kind, note=note, details=details, complete=self.is_whole)


def _record_change(label: str, before: ArrayHeader, after: ArrayHeader, tallies: dict[str, Tally]) -> Change:
    """`4 of 4 tensors`, every field a child, in the order of `after`."""
    names = list(dict.fromkeys((*after.fields, *before.fields)))
    children = tuple(_field_change(name, before, after, tallies) for name in names)
    differing = [child for child in children if child.kind not in {Kind.SAME, Kind.UNKNOWN}]
    total = Tally()
    for tally in tallies.values():
        total.take(tally)
    is_whole = all(child.complete for child in children)
    details = [str(total)] if total.differing else []
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


def _field_change(name: str, before: ArrayHeader, after: ArrayHeader, tallies: dict[str, Tally]) -> Change:
    if name in tallies:
        return _Found(name, after.whole(name), tallies[name]).as_field()
    if name not in before.fields:
        return Change(label=name, kind=Kind.ADDED, note=f"{after.whole(name)}, new")
    if name not in after.fields:
        return Change(label=name, kind=Kind.REMOVED, note=f"{before.whole(name)}, gone")
    return Change(label=name, kind=Kind.CHANGED, note=f"{before.whole(name)} → {after.whole(name)}")
