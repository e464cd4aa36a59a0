"""Bytes held against each other at equal offsets: how many differ, and where."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from mlver.comparing.chunk_pairs import chunk_pairs, in_stretches
from mlver.model.comparison import ByteComparison, ByteRange
from mlver.progress import ShouldStop, never

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD = 8
_FEW = 64
"""Words that differ are few where there are no more than one in so many bytes."""
_MANY = 1 << 16
"""Places."""

BECAME_SHORTER = "a file became shorter while it was read"


class BinaryFile(Protocol):
    """Bytes at offsets. Unlike a mapped file, one that is cut while it is read gives fewer bytes, not a signal."""

    @property
    def size(self) -> int:
        """Bytes, as known when it was opened."""

    @property
    def is_packed(self) -> bool:
        """Whether its bytes come out of a compression, which is read in order by one reader."""

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from `offset`; gives how many bytes there were, fewer only at the end."""


class OpenFile(Struct, frozen=True):
    """An open regular file; whoever opened it closes it."""

    descriptor: int
    size: int

    @classmethod
    def of(cls, descriptor: int) -> OpenFile:
        """The file behind a descriptor, with its size of now."""
        return cls(descriptor, os.fstat(descriptor).st_size)

    @property
    def is_packed(self) -> bool:
        """They lie there as they are."""
        return False

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from `offset`; OSError is the caller's to translate."""
        filled = 0
        while filled < len(buffer):
            count = os.preadv(self.descriptor, [buffer[filled:]], offset + filled)
            if count == 0:
                break
            filled += count
        return filled


class BytesInMemory(Struct, frozen=True):
    """Bytes that are already here."""

    content: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @property
    def is_packed(self) -> bool:
        """They lie there as they are."""
        return False

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from `offset`."""
        part = self.content[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        return len(part)


class ByteLimits(Struct, frozen=True, kw_only=True):
    """How much is compared and how much is kept."""

    max_bytes: int | None = None
    """Bytes from the start; None: all."""
    max_ranges: int = 1000
    """Ranges that are kept; counted they all are."""
    gap: int = 16
    """Differing bytes with fewer equal bytes than this between them are one range."""


EVERYTHING = ByteLimits()


def compare_bytes(
    before: BinaryFile, after: BinaryFile, *, limits: ByteLimits = EVERYTHING, should_stop: ShouldStop = never
) -> ByteComparison:
    """The bytes that differ. What one side has beyond the other's end differs, as one range.

    Counts are exact whatever number of ranges is kept. Only bytes really read are compared: when a file shrinks
    underneath, the answer is incomplete and says so. Raises Interrupted.
    """
    common = min(before.size, after.size)
    end = common if limits.max_bytes is None else min(common, limits.max_bytes)
    found = _Ranges(limits.max_ranges, limits.gap)
    reached = 0

    def compared(start: int, stop: int) -> tuple[_Ranges, int, bool]:
        ranges = _Ranges(max(1, limits.max_ranges), limits.gap)  # the first may go on with the one before
        for offset, left, right in chunk_pairs(before, after, start, stop, should_stop):
            if left != right:
                ranges.add_chunk(left, right, offset)
            start = offset + len(left)
        ranges.settle()
        return ranges, start, start == stop

    for ranges, stopped, is_whole in in_stretches(compared, before, after, end):
        found.take(ranges)
        reached = stopped
        if not is_whole:
            break
    reason = BECAME_SHORTER if reached < end else f"only the first {end} bytes were compared" if end < common else ""
    if not reason and before.size != after.size:
        found.add(common, max(before.size, after.size))
        found.differing += max(before.size, after.size) - common
    found.finish()
    return ByteComparison(
        size_before=before.size, size_after=after.size, differing=found.differing, ranges=tuple(found.kept),
        range_count=found.count, complete=not reason, reason=reason,
    )  # fmt: skip


def are_equal(before: BinaryFile, after: BinaryFile, should_stop: ShouldStop = never) -> bool:
    """Whether both hold the same bytes; looks no further than the first that differ. Raises Interrupted.

    Of files that become shorter while they are read it is not known: they are not called equal.
    """
    if before.size != after.size:
        return False

    def is_same(start: int, stop: int) -> bool:
        for offset, left, right in chunk_pairs(before, after, start, stop, should_stop):
            if left != right:
                return False
            start = offset + len(left)
        return start == stop

    return all(in_stretches(is_same, before, after, before.size))


class _Ranges(Struct):
    """Ranges as they are found; the last one stays open, for the next chunk may go on with it."""

    most: int
    gap: int
    kept: list[ByteRange] = field(default_factory=list)
    count: int = 0
    differing: int = 0
    start: int = -1
    end: int = -1
    waiting: list[NDArray[np.intp]] = field(default_factory=list)
    """Places that are known to differ and in no range yet."""
    waiting_count: int = 0

    def add_chunk(self, left: bytearray, right: bytearray, offset: int) -> None:
        """Count and locate what differs in two chunks of equal length."""
        positions = _differing(left, right) + offset
        self.differing += len(positions)
        self.waiting.append(positions)
        self.waiting_count += len(positions)
        if self.waiting_count > _MANY:
            self.settle()

    def settle(self) -> None:
        """Make ranges of what was found; of few places chunk by chunk it would take longer than to find them."""
        import numpy as np

        if not self.waiting_count:
            return
        starts, ends = _runs(np.concatenate(self.waiting), self.gap)
        self.waiting, self.waiting_count = [], 0
        # Beyond the kept ones only the first and the last matter: they may touch a neighbouring chunk's.
        room = self.most - len(self.kept) + 2
        inner = len(starts) - 1
        for start, end in zip(starts[:room].tolist(), ends[:room].tolist(), strict=True):
            self.add(start, end)
        if inner >= room:
            self.finish()
            self.count += inner - room
            self.start, self.end = int(starts[-1]), int(ends[-1])

    def add(self, start: int, end: int) -> None:
        """A range behind the last one."""
        if self.end >= 0 and start - self.end < self.gap:
            self.end = end
            return
        self.finish()
        self.start, self.end = start, end

    def take(self, later: _Ranges) -> None:
        """What was found behind it, the last range still open."""
        self.differing += later.differing
        for one in later.kept:
            self.add(one.start, one.end)
        if unseen := later.count - len(later.kept):
            self.finish()
            self.count += unseen
        if later.end >= 0:
            self.add(later.start, later.end)

    def finish(self) -> None:
        """Close the open range."""
        if self.end < 0:
            return
        self.count += 1
        if len(self.kept) < self.most:
            self.kept.append(ByteRange(start=self.start, end=self.end))
        self.start = self.end = -1


def _differing(left: bytearray, right: bytearray) -> NDArray[np.intp]:
    """Where two chunks of equal length differ: word by word, then by bytes in the words that do, if they are few."""
    import numpy as np

    ours, theirs = np.frombuffer(left, np.uint8), np.frombuffer(right, np.uint8)
    if len(left) % _WORD == 0:
        words = np.flatnonzero(ours.view(np.uint64) != theirs.view(np.uint64))
        if len(words) * _FEW < len(left):
            rows, columns = np.nonzero(ours.reshape(-1, _WORD)[words] != theirs.reshape(-1, _WORD)[words])
            return words[rows] * _WORD + columns
    return np.flatnonzero(ours != theirs)


def _runs(positions: NDArray[np.intp], gap: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and behind-last position of every run; a run goes on over fewer than `gap` others."""
    import numpy as np

    breaks = np.flatnonzero(np.diff(positions) > gap)
    starts = positions[np.concatenate(([0], breaks + 1))]
    ends = positions[np.concatenate((breaks, [len(positions) - 1]))] + 1
    return starts, ends
