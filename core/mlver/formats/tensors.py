"""Named tensors that lie in files, whatever the format, held against each other.

A format says where its tensors lie; here they are paired by name, first by bytes, and looked into only where these
differ. Both sides are read through two buffers that are used over and over, so memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local

from mlver.comparing.chunk_pairs import CHUNK
from mlver.comparing.movement import Movement
from mlver.comparing.movement_wording import movement_details, movement_note
from mlver.comparing.renames import moved as moved_names
from mlver.comparing.wording import amount
from mlver.formats.format import TooMuch
from mlver.formats.tensor import Tensor, TensorPair, described, in_reading_order, turned
from mlver.formats.tensor_blocks import compared_blocks, is_in_blocks
from mlver.formats.tensor_digests import content_digest, digest_of
from mlver.formats.tensor_numbers import moved
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop, breathing_alike

_THREADS = 2
_AT_ONCE = 64
"""Pairs of tensors that wait for a thread; one that waits takes memory."""
_WORTH_THREADS = 8 << 20
"""Bytes of tensors: below, starting a thread takes longer than it saves."""
_SMALL = 1 << 16
"""Tensors of fewer bytes are compared together with their neighbours first: most files hold many of them."""
_LAYERS = 16
"""How often, on average, a byte may be part of a tensor: those of one storage can lie over each other."""


def compare_tensors(
    label: str,
    before: Mapping[str, Tensor],
    after: Mapping[str, Tensor],
    should_stop: ShouldStop,
    details: tuple[str, ...] = (),
) -> Change:
    """A file of tensors: `3 of 120 tensors`, a node for each tensor of either side, in the order of `after`.

    A tensor that is gone and one that is new with the same bytes are one that was renamed. Where all are the same, the
    digest of what both files hold is among the details. Raises as chunks does.
    """
    for side in (before, after):
        _check_layers(side.values())
    children, total = _changes(before, after, should_stop)
    differing = sum(child.kind is not Kind.SAME for child in children)
    note = f"{differing} of {amount(len(children), 'tensor')}" if differing else ""
    said = [movement_note(total)] if total.changed and differing > 1 else []
    if children and not differing and (digest := _shared_digest(before, after, should_stop)):
        note = "same tensors"
        said = [f"tensors sha256:{digest}"]
    said += [described(after)] if after else []
    return Change(
        label=label,
        kind=Kind.CHANGED if differing else Kind.SAME,
        children=children,
        note=note,
        details=(*said, *details),
    )


def tensors_told(label: str, tensors: Mapping[str, Tensor]) -> Change:
    """A file of tensors by itself: a node for each, with its type and shape."""
    children = tuple(Change(label=name, kind=Kind.SAME, note=str(tensor)) for name, tensor in tensors.items())
    return Change(label=label, kind=Kind.SAME, children=children, note=described(tensors))


def _check_layers(tensors: Iterable[Tensor]) -> None:
    """A few bytes could otherwise stand for tensors without end."""
    held, files = 0, {}
    for tensor in tensors:
        held += tensor.size
        files[id(tensor.file)] = tensor.file.size
    if held > _LAYERS * sum(files.values()):
        raise TooMuch("its tensors lie over each other more often than is looked at")


def _shared_digest(before: Mapping[str, Tensor], after: Mapping[str, Tensor], should_stop: ShouldStop) -> str | None:
    """The content digest of both; None where they are the same but for the bits of a NaN."""
    digest = content_digest(after, should_stop)
    return digest if content_digest(before, should_stop) == digest else None


def _changes(
    before: Mapping[str, Tensor], after: Mapping[str, Tensor], should_stop: ShouldStop
) -> tuple[tuple[Change, ...], Movement]:
    pair, total = TensorPair(should_stop), Movement()
    renamed = _renamed(before, after, pair)
    same = _same_among_small(before, after, pair)
    shared = in_reading_order(one for name, one in after.items() if name in before and name not in same)
    compared: dict[str, Change] = {}
    for change, movement in _all_compared([(before[one.name], one) for one in shared], should_stop):
        compared[change.label] = change
        total.take(movement)
    gone = set(renamed.values())
    changes = []
    for name in dict.fromkeys((*after, *before)):
        if name in gone:
            continue
        theirs = after.get(name)
        if name in renamed:
            changes.append(Change(label=name, kind=Kind.MOVED, note=f"was {renamed[name]}", details=(str(theirs),)))
        elif name in compared:
            changes.append(compared[name])
        elif name in same:
            changes.append(Change(label=name, kind=Kind.SAME, note=str(theirs)))
        else:
            changes.append(_alone(name, before.get(name), theirs))
    return tuple(changes), total


def _all_compared(both: Sequence[tuple[Tensor, Tensor]], should_stop: ShouldStop) -> Iterator[tuple[Change, Movement]]:
    """Several at a time where they are large: numpy lets other threads go on while it counts."""
    if sum(theirs.size for _, theirs in both) < _WORTH_THREADS or any(side.is_packed for two in both for side in two):
        pair = TensorPair(should_stop)
        for two in both:
            yield compare_two(*two, pair)
        return
    pairs = local()

    def compared(two: tuple[Tensor, Tensor]) -> tuple[Change, Movement]:
        if not hasattr(pairs, "of_thread"):
            pairs.of_thread = TensorPair(should_stop)
        return compare_two(*two, pairs.of_thread)

    with ThreadPoolExecutor(_THREADS) as pool:
        for start in range(0, len(both), _AT_ONCE):
            yield from pool.map(breathing_alike(compared), both[start : start + _AT_ONCE])


def _alone(name: str, before: Tensor | None, after: Tensor | None) -> Change:
    if after is not None:
        return Change(label=name, kind=Kind.ADDED, note=f"{after}, new")
    return Change(label=name, kind=Kind.REMOVED, note=f"{before}, gone")


def compare_two(before: Tensor, after: Tensor, pair: TensorPair) -> tuple[Change, Movement]:
    """Two tensors of one name. Raises as chunks does."""
    if before.count != after.count or before.is_fortran != after.is_fortran:
        return Change(label=after.name, kind=Kind.CHANGED, note=f"{before} → {after}"), Movement()
    if is_in_blocks(before) or is_in_blocks(after):
        return compared_blocks(before, after, pair)
    movement = moved(before, after, pair)
    details = movement_details(movement)
    if before.is_stored_as(after):
        if not movement.changed:
            return Change(label=after.name, kind=Kind.SAME, note=str(after)), movement
        note = f"{after}, {movement_note(movement)}"
        return Change(label=after.name, kind=Kind.CHANGED, note=note, details=details), movement
    note = f"{before} → {after}, {turned(before, after)}, {movement_note(movement) or 'the same numbers'}"
    return Change(label=after.name, kind=Kind.CHANGED, note=note, details=details), movement


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
    for theirs in in_reading_order(after.values()):
        name, ours = theirs.name, before.get(theirs.name)
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
    return {
        tensor.name: f"{tensor} {tensor.is_fortran} {digest_of(tensor, pair)}" for tensor in in_reading_order(tensors)
    }
