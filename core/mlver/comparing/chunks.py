"""What was inserted and removed between two files of bytes, whatever moved because of it.

Held against each other at equal offsets, ten bytes put in at the front make everything differ. So both are cut where
their content says (content-defined chunking by a gear hash, as in FastCDC: a cut is where a hash over the last 16 bytes
has its highest bits zero), chunks that are the same are paired in their order, and what lies between is trimmed to the
bytes that really differ.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.chunk_pairs import CHUNK
from mlver.errors import Interrupted
from mlver.progress import ShouldStop, never

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_BYTES = 256 << 20
"""Larger files are not cut: it reads a few hundred MB in a second, and keeps a digest for every 8 kB."""

_WINDOW = 16
"""As many bytes as the hash has bits: older ones are shifted out of it."""
_CUT_BELOW = 8
"""A hash of 16 bits is below it once in 8 192 bytes."""
_LEAST, _MOST = 2 << 10, 64 << 10
_BLOCK = 32 << 10


class Region(Struct, frozen=True):
    """Bytes of one side that stand in the place of bytes of the other; either may be none."""

    before: range
    after: range


class Alignment(Struct, frozen=True):
    """Where two files differ when what both have is laid beside each other."""

    regions: tuple[Region, ...]
    removed: int
    """Bytes of the regions on the side before."""
    added: int
    """Bytes of the regions on the side after."""


def align(before: BinaryFile, after: BinaryFile, should_stop: ShouldStop = never) -> Alignment | None:
    """What was inserted, removed and replaced; None: a file is too large, or became shorter. Raises Interrupted."""
    if max(before.size, after.size) > MOST_BYTES:
        return None
    left, right = (_chunks(side, should_stop) for side in (before, after))
    if left is None or right is None:
        return None
    regions = []
    for ours, theirs in _gaps(left, right):
        region = _trimmed(before, after, ours, theirs)
        if region is None:
            return None
        if region.before or region.after:
            regions.append(region)
    return Alignment(
        regions=tuple(regions),
        removed=sum(len(region.before) for region in regions),
        added=sum(len(region.after) for region in regions),
    )


class _Cut(Struct, frozen=True):
    """The chunks of a file: where each ends, and its digest."""

    ends: list[int]
    digests: list[bytes]

    def span(self, first: int, last: int) -> range:
        """The bytes of the chunks from `first` to before `last`."""
        return range(self.ends[first - 1] if first else 0, self.ends[last - 1] if last else 0)


def _chunks(file: BinaryFile, should_stop: ShouldStop) -> _Cut | None:
    ends: list[int] = []
    digests: list[bytes] = []
    rest, start = b"", 0
    for offset in range(0, file.size, CHUNK):
        if should_stop():
            raise Interrupted("the comparison of bytes was stopped")
        buffer = bytearray(min(CHUNK, file.size - offset))
        if file.read_into(memoryview(buffer), offset) < len(buffer):
            return None
        content = rest + bytes(buffer)
        is_last = offset + len(buffer) == file.size
        place = 0
        for end in _cuts(content, is_last=is_last):
            digests.append(blake2b(memoryview(content)[place:end], digest_size=16).digest())
            ends.append(start + end)
            place = end
        rest, start = content[place:], start + place
    return _Cut(ends, digests)


def _cuts(content: bytes, *, is_last: bool) -> Iterator[int]:
    """Ends of the chunks in some bytes; what follows the last of them waits for more bytes."""
    import numpy as np

    whole = np.frombuffer(content, np.uint8)
    table, found = _table(), [np.zeros(0, np.int64)]
    # Block by block, for what fits the processor's cache is several times quicker.
    for start in range(0, len(whole), _BLOCK):
        first = max(0, start - _WINDOW)
        is_cut = _gear(whole[first : start + _BLOCK], table)[start - first :] < _CUT_BELOW
        found.append(np.flatnonzero(is_cut) + (start + 1))
    candidates = np.concatenate(found)
    places: list[int] = candidates.tolist()
    start = 0
    while True:
        index = bisect_left(places, start + _LEAST)
        end = places[index] if index < len(places) else len(content) + 1
        if end - start > _MOST:
            end = start + _MOST
        if end > len(content):
            break
        yield end
        start = end
    if is_last and start < len(content):
        yield len(content)


def _gear(content: NDArray[np.uint8], table: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """At each byte a hash of the last 16: sums of shifted random numbers, made by doubling the window four times."""
    import numpy as np

    hashes: NDArray[Any] = table[content]
    width = 1
    while width < _WINDOW:
        shifted = hashes[:-width] << np.uint16(width)
        hashes[width:] += shifted
        width *= 2
    return hashes


@cache
def _table() -> NDArray[np.uint16]:
    """A number for each byte, the same on every machine and for ever."""
    import numpy as np

    made = b"".join(blake2b(bytes([byte]), digest_size=2, person=b"mlver gear").digest() for byte in range(256))
    return np.frombuffer(made, "<u2")


def _gaps(before: _Cut, after: _Cut) -> Iterator[tuple[range, range]]:
    """What lies between chunks that are the same, in the order of both."""
    ours = theirs = 0
    for one, other in (*_paired(before.digests, after.digests), (len(before.digests), len(after.digests))):
        if one > ours or other > theirs:
            yield before.span(ours, one), after.span(theirs, other)
        ours, theirs = one + 1, other + 1


def _paired(before: Sequence[bytes], after: Sequence[bytes]) -> list[tuple[int, int]]:
    """Indices of chunks that are the same, rising on both sides.

    First those that are unique on both, as far as they stand in one order (the longest rising row of them); then, going
    out from these, the neighbours that are the same too.
    """
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    pairs = [(index, index) for index in range(start)]
    anchors = _anchors(before, after, start)
    for one, other in (*anchors, (len(before), len(after))):
        last_one, last_other = pairs[-1] if pairs else (-1, -1)
        if one <= last_one or other <= last_other:
            continue  # paired already, going on from an earlier one
        behind = []
        while one - 1 > last_one and other - 1 > last_other and before[one - 1] == after[other - 1]:
            one, other = one - 1, other - 1  # noqa: PLW2901 - goes back from the anchor
            behind.append((one, other))
        pairs.extend(reversed(behind))
        first = one + len(behind), other + len(behind)
        if first[0] < len(before) and first[1] < len(after) and before[first[0]] == after[first[1]]:
            pairs.append(first)
            _go_on(pairs, before, after)
    return pairs


def _go_on(pairs: list[tuple[int, int]], before: Sequence[bytes], after: Sequence[bytes]) -> None:
    one, other = pairs[-1]
    while one + 1 < len(before) and other + 1 < len(after) and before[one + 1] == after[other + 1]:
        one, other = one + 1, other + 1
        pairs.append((one, other))


def _anchors(before: Sequence[bytes], after: Sequence[bytes], start: int) -> list[tuple[int, int]]:
    """Chunks that are unique on both sides, as many as stand in one order."""
    counts = [Counter(side[start:]) for side in (before, after)]
    places = {digest: index for index, digest in enumerate(after) if index >= start}
    found = [
        (index, places[digest])
        for index, digest in enumerate(before)
        if index >= start and counts[0][digest] == counts[1][digest] == 1
    ]
    return _longest_rising(found)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part whose second numbers rise (patience sorting)."""
    tops: list[int] = []
    top_pairs: list[int] = []
    previous = [-1] * len(pairs)
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        previous[index] = top_pairs[pile - 1] if pile else -1
        tops[pile : pile + 1] = [place]
        top_pairs[pile : pile + 1] = [index]
    found = []
    index = top_pairs[-1] if top_pairs else -1
    while index >= 0:
        found.append(pairs[index])
        index = previous[index]
    return found[::-1]


def _trimmed(before: BinaryFile, after: BinaryFile, ours: range, theirs: range) -> Region | None:
    """A gap without the bytes that both begin and end with; a long one as it is. None: a file became shorter."""
    if max(len(ours), len(theirs)) > CHUNK:
        return Region(ours, theirs)
    left, right = _read(before, ours), _read(after, theirs)
    if left is None or right is None:
        return None
    head = _shared(left, right)
    tail = _shared(left[head:][::-1], right[head:][::-1])
    return Region(
        range(ours.start + head, ours.stop - tail),
        range(theirs.start + head, theirs.stop - tail),
    )


def _read(file: BinaryFile, span: range) -> bytes | None:
    buffer = bytearray(len(span))
    count = file.read_into(memoryview(buffer), span.start)
    return bytes(buffer) if count == len(buffer) else None


def _shared(left: bytes, right: bytes) -> int:
    """How many bytes both begin with."""
    import numpy as np

    length = min(len(left), len(right))
    differs = np.frombuffer(left, np.uint8, length) != np.frombuffer(right, np.uint8, length)
    return int(differs.argmax()) if differs.any() else length
