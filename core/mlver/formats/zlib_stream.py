"""A file that is one zlib stream, as joblib writes with `compress=3`; never unpacked to disk or into memory."""

from __future__ import annotations

import zlib

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.chunk_pairs import CHUNK
from mlver.errors import Interrupted
from mlver.formats.format import NotUnderstood, TooMuch
from mlver.formats.members import Inflated
from mlver.formats.window import Window
from mlver.progress import ShouldStop

_HEADER = 2
_METHOD, _CHECK = 0x78, 31
"""Of the header: deflate with the usual window; both bytes together are a multiple of that number."""
MOST_INFLATED = 512 << 20
"""Bytes, for they are inflated once only to know how many they are, and again where they are not read in order."""


def begins_stream(head: bytes) -> bool:
    """Whether a file's first bytes are those of a stream."""
    return len(head) > _HEADER and head[0] == _METHOD and int.from_bytes(head[:_HEADER], "big") % _CHECK == 0


def inflated(file: BinaryFile, should_stop: ShouldStop) -> BinaryFile:
    """What is in the stream. Raises NotUnderstood, Interrupted; TooMuch for more than is looked at."""
    packed = Window(file, _HEADER, file.size - _HEADER)
    return Inflated(packed, _size(packed, should_stop), [])


def _size(packed: Window, should_stop: ShouldStop) -> int:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    buffer = bytearray(CHUNK)
    size = taken = 0
    while not inflater.eof:
        fed = inflater.unconsumed_tail
        if not fed:
            count = packed.read_into(memoryview(buffer), taken)
            taken += count
            fed = bytes(memoryview(buffer)[:count])
        try:
            made = len(inflater.decompress(fed, CHUNK))
        except zlib.error as error:
            raise NotUnderstood(f"it is damaged: {error}") from error
        size += made
        if not fed and not made and not inflater.eof:
            raise NotUnderstood("the stream is cut")
        if size > MOST_INFLATED:
            raise TooMuch(f"a stream of more than {MOST_INFLATED >> 20} MiB")
        if should_stop():
            raise Interrupted("the comparison of pickles was stopped")
    return size
