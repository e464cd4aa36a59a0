"""A named tensor that lies in a file, whatever the format, and the buffers through which two of them are read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.chunk_pairs import CHUNK
from mlver.comparing.number_types import NumberType
from mlver.comparing.wording import amount, grouped
from mlver.errors import Interrupted
from mlver.formats.format import NotUnderstood
from mlver.progress import ShouldStop, breathe

MOST_TENSORS = 40_000
"""Of a file: what is told of each takes memory too."""


class Tensor(Struct, frozen=True, kw_only=True):
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

    @property
    def is_packed(self) -> bool:
        """Whether its bytes come out of a compression, which is read in order by one reader."""
        return self.file.is_packed

    def __str__(self) -> str:
        return f"{self.kind.name} {'×'.join(map(str, self.shape)) or 'scalar'}"

    def is_stored_as(self, other: Tensor) -> bool:
        """Whether equal bytes are equal tensors."""
        return (self.kind, self.shape, self.is_fortran) == (other.kind, other.shape, other.is_fortran)


class TensorPair(Struct):
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
            breathe()
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


def in_reading_order(tensors: Iterable[Tensor]) -> list[Tensor]:
    """File by file, each from its beginning: out of a compression nothing else is quick."""
    files: dict[int, int] = {}
    return sorted(tensors, key=lambda one: (files.setdefault(id(one.file), len(files)), one.offset))


def turned(before: Tensor, after: Tensor) -> str:
    """What became of two tensors that are not stored alike."""
    if before.kind == after.kind:
        return "reshaped"
    return "retyped" if before.shape == after.shape else "reshaped, retyped"


def described(tensors: Mapping[str, Tensor]) -> str:
    """`120 tensors, 1 234 567 numbers`."""
    count = sum(tensor.count for tensor in tensors.values())
    return f"{amount(len(tensors), 'tensor')}, {grouped(count)} numbers"
