"""Two files read chunk by chunk at equal offsets; long ones in stretches, by two threads that seldom meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from mlver.errors import Interrupted
from mlver.progress import ShouldStop, breathe, breathing_alike

if TYPE_CHECKING:
    from mlver.comparing.bytes import BinaryFile

T = TypeVar("T")

CHUNK = 1 << 20
"""Bytes that are read at once; two such buffers are used over and over, so memory stays flat."""

_STRETCH = 16 << 20
"""Bytes that one thread compares before it tells of them: to tell takes as long as to read a tenth of a megabyte."""
_THREADS = 2
_AT_ONCE = 8 * _THREADS


def chunk_pairs(
    before: BinaryFile, after: BinaryFile, start: int, end: int, should_stop: ShouldStop
) -> Iterator[tuple[int, bytearray, bytearray]]:
    """Offset and the bytes of both sides, until the end or until a side gives fewer bytes than it had.

    They are valid until the next are asked for. Raises Interrupted.
    """
    left, right = bytearray(min(CHUNK, end - start)), bytearray(min(CHUNK, end - start))
    offset = start
    while offset < end:
        breathe()
        wanted = min(CHUNK, end - offset)
        if wanted < len(left):
            left, right = bytearray(wanted), bytearray(wanted)
        count = min(before.read_into(memoryview(left), offset), after.read_into(memoryview(right), offset))
        if should_stop():
            raise Interrupted("the comparison of bytes was stopped")
        yield offset, left[:count] if count < wanted else left, right[:count] if count < wanted else right
        if count < wanted:
            return
        offset += count


def in_stretches(work: Callable[[int, int], T], before: BinaryFile, after: BinaryFile, end: int) -> Iterator[T]:
    """What `work` says of each stretch from its start to its end, in order; by two threads where that is quicker."""
    stretches = [(start, min(start + _STRETCH, end)) for start in range(0, end, _STRETCH)]
    if len(stretches) < _THREADS or before.is_packed or after.is_packed:
        yield from (work(*stretch) for stretch in stretches)
        return
    from concurrent.futures import ThreadPoolExecutor

    pool, alike = ThreadPoolExecutor(_THREADS), breathing_alike(work)
    try:
        for first in range(0, len(stretches), _AT_ONCE):
            yield from pool.map(lambda stretch: alike(*stretch), stretches[first : first + _AT_ONCE])
    finally:
        pool.shutdown(cancel_futures=True)
