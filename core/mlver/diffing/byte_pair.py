"""Two files that are looked at byte by byte: windows of both, the next difference, what lies where.

Nothing is read before it is asked for, so files larger than memory are opened at once.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile, ByteLimits, compare_bytes
from mlver.comparing.chunk_pairs import CHUNK
from mlver.errors import Interrupted
from mlver.formats.blob import Blob
from mlver.formats.places import Places, places_of
from mlver.model.comparison import ByteComparison
from mlver.model.element import Element
from mlver.progress import ShouldStop, never

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GAP = 16
"""Bytes that are the same between two stretches that differ: fewer belong to one, as in `compare_bytes`."""
KEPT_RANGES = 100_000
"""Of the ranges that differ; counted they all are."""


class BytePair(Struct, dict=True):
    """Both files, open; whoever opened them closes them."""

    _before: BinaryFile
    _after: BinaryFile
    _stack: ExitStack

    @classmethod
    def open(cls, before: Blob, after: Blob) -> Self:
        """Open both. Raises ObjectMissing, RepositoryDamaged."""
        with ExitStack() as stack:
            ours, theirs = (stack.enter_context(side.open()) for side in (before, after))
            return cls(ours, theirs, stack.pop_all())

    def close(self) -> None:
        """Give back the open files."""
        self._stack.close()

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes of both."""
        return self._before.size, self._after.size

    def read(self, offset: int, count: int) -> tuple[bytes, bytes]:
        """The bytes of both at a place; fewer, or none, where a file ends."""
        return _read(self._before, offset, count), _read(self._after, offset, count)

    def next_difference(self, offset: int, should_stop: ShouldStop = never) -> int | None:
        """The first byte at or behind a place that differs; None: none does. Raises Interrupted."""
        end = max(self.sizes)
        while offset < end:
            if should_stop():
                raise Interrupted("the search for a difference was stopped")
            left, right = self.read(offset, CHUNK)
            if left != right:
                return offset + _first_difference(left, right)
            offset += CHUNK
        return None

    def previous_difference(self, offset: int, should_stop: ShouldStop = never) -> int | None:
        """The last byte before a place that differs; None: none does. Raises Interrupted."""
        while offset > 0:
            if should_stop():
                raise Interrupted("the search for a difference was stopped")
            start = max(0, offset - CHUNK)
            left, right = self.read(start, offset - start)
            if left != right:
                return start + _last_difference(left, right)
            offset = start
        return None

    def next_stretch(self, offset: int, should_stop: ShouldStop = never) -> int | None:
        """Where the next stretch of differing bytes begins, behind the one at a place. Raises Interrupted."""
        left, right = self.read(offset, 1)
        if left == right:  # in none: what differs next is not part of one, however near it is
            return self.next_difference(offset, should_stop)
        same = self._next_same(offset, should_stop)
        return None if same is None else self.next_difference(same, should_stop)

    def previous_stretch(self, offset: int, should_stop: ShouldStop = never) -> int | None:
        """Where the stretch of differing bytes begins that ends before a place. Raises Interrupted."""
        last = self.previous_difference(offset, should_stop)
        return None if last is None else self._stretch_start(last, should_stop)

    def _next_same(self, offset: int, should_stop: ShouldStop) -> int | None:
        """The first place at or behind this one from which on enough bytes are the same to end a stretch."""
        import numpy as np

        end = max(self.sizes)
        while offset < end:
            if should_stop():
                raise Interrupted("the search for a difference was stopped")
            left, right = self.read(offset, CHUNK)
            places = _differing(left, right)
            if not len(places) or places[0] >= _GAP:
                return offset
            wide = np.flatnonzero(np.diff(places) > _GAP)
            if len(wide):
                return offset + int(places[wide[0]]) + 1
            offset += int(places[-1]) + 1
        return None

    def _stretch_start(self, place: int, should_stop: ShouldStop) -> int:
        import numpy as np

        while place > 0:
            if should_stop():
                raise Interrupted("the search for a difference was stopped")
            start = max(0, place - CHUNK)
            left, right = self.read(start, place - start)
            places = _differing(left, right)
            if not len(places) or place - start - int(places[-1]) > _GAP:
                return place
            wide = np.flatnonzero(np.diff(places) > _GAP)
            if len(wide):
                return start + int(places[wide[-1] + 1])
            place = start + int(places[0])
        return place

    def compare(self, should_stop: ShouldStop = never) -> ByteComparison:
        """How many bytes differ and in which ranges, of the whole. Raises Interrupted."""
        limits = ByteLimits(max_ranges=KEPT_RANGES)
        return compare_bytes(self._before, self._after, limits=limits, should_stop=should_stop)

    def elements_at(self, offset: int) -> tuple[Element | None, Element | None]:
        """The tensor and the number that lie at a byte, of both sides."""
        before, after = self._places
        return before.at(offset), after.at(offset)

    def start_of(self, name: str) -> int | None:
        """Where a tensor begins: by its whole name, else by a part of it; None: there is none."""
        before, after = self._places
        found = after.start_of(name)
        return before.start_of(name) if found is None else found

    @cached_property
    def _places(self) -> tuple[Places, Places]:
        return places_of(self._before), places_of(self._after)


def _read(file: BinaryFile, offset: int, count: int) -> bytes:
    buffer = bytearray(max(0, min(count, file.size - offset)))
    filled = file.read_into(memoryview(buffer), offset) if buffer else 0
    return bytes(buffer[:filled])


def _first_difference(left: bytes, right: bytes) -> int:
    return int(_differing(left, right)[0])


def _last_difference(left: bytes, right: bytes) -> int:
    return int(_differing(left, right)[-1])


def _differing(left: bytes, right: bytes) -> NDArray[np.intp]:
    """The places that differ; those that one side does not have do."""
    import numpy as np

    shared, longest = sorted((len(left), len(right)))
    places = np.flatnonzero(np.frombuffer(left, np.uint8, shared) != np.frombuffer(right, np.uint8, shared))
    return np.concatenate((places, np.arange(shared, longest))) if longest > shared else places
