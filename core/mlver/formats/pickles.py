"""Pickles and joblib's files: what they would make is told from their opcodes; they are never loaded."""

from __future__ import annotations

from functools import partial

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits
from mlver.formats.npy_header import read_bytes
from mlver.formats.pickle_arrays import array_of
from mlver.formats.pickle_data import plain_data_told, with_plain_data
from mlver.formats.pickle_reading import Pickled, read_pickle
from mlver.formats.pickle_values import Found, look_through
from mlver.formats.tensor import TensorPair
from mlver.formats.tensor_digests import digest_of_bytes
from mlver.formats.tensors import compare_tensors, tensors_told
from mlver.formats.zlib_stream import begins_stream, inflated
from mlver.model.change import Change
from mlver.progress import ShouldStop

_SUFFIXES = (".pkl", ".pickle", ".joblib", ".pck")
_HEAD = 8
_PROTOCOL = b"\x80"
_PROTOCOLS = range(2, 6)


class PickleFormat:
    """One pickle in a file."""

    name = "pickle"
    tells_bytes = True
    vouches = False

    def recognises(self, path: str, head: bytes) -> bool:
        """Whether it begins with a protocol that pickles have; the oldest, and compressed ones, only by their name."""
        if head.startswith(_PROTOCOL) and len(head) > 1 and head[1] in _PROTOCOLS:
            return True
        return path.lower().endswith(_SUFFIXES) and (head[:1] in {b"(", b"c", b"]", b"}"} or begins_stream(head))

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Arrays by the way to them, then other values, then the names that loading would import."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = _read(before, should_stop), _read(after, should_stop)
            change = compare_tensors(pair.path, left.found.tensors, right.found.tensors, should_stop)
            return with_plain_data(change, (left.found, left.pickled), (right.found, right.pickled))

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Type and shape of each array, then other values, then the names that loading would import."""
        with side.open() as file:
            read = _read(file, should_stop)
            return plain_data_told(tensors_told(path, read.found.tensors), read.found, read.pickled)


class _Side(Struct, frozen=True):
    pickled: Pickled
    found: Found


def _read(file: BinaryFile, should_stop: ShouldStop) -> _Side:
    if begins_stream(bytes(read_bytes(file, 0, _HEAD))):
        file = inflated(file, should_stop)
    pickled = read_pickle(file, should_stop)
    found = look_through(pickled.value, partial(array_of, file=file))
    if pickled.end < file.size:
        # An older file of torch is several pickles and the numbers behind them.
        digest = digest_of_bytes(file, pickled.end, file.size, TensorPair(should_stop))
        found.rest["after the first pickle"] = f"{file.size - pickled.end} bytes, sha256 {digest[:32]}"
    return _Side(pickled, found)
