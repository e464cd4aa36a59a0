"""Digests of tensors, and of what a file of them holds whatever its layout."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.chunk_pairs import CHUNK
from mlver.errors import Interrupted
from mlver.formats.format import NotUnderstood
from mlver.formats.tensor import Tensor, TensorPair, in_reading_order
from mlver.progress import ShouldStop


def digest_of(tensor: Tensor, pair: TensorPair) -> str:
    """sha256 of a tensor's bytes. Raises as chunks does."""
    return digest_of_bytes(tensor.file, tensor.offset, tensor.offset + tensor.size, pair)


def digest_of_bytes(file: BinaryFile, start: int, end: int, pair: TensorPair) -> str:
    """sha256 of a part of a file. Raises as chunks does."""
    taken = sha256()
    for place in range(start, end, CHUNK):
        if pair.should_stop():
            raise Interrupted("the comparison of tensors was stopped")
        part = memoryview(pair.left)[: min(CHUNK, end - place)]
        if file.read_into(part, place) < len(part):
            raise NotUnderstood("a file became shorter while it was read")
        taken.update(part)
    return taken.hexdigest()


def content_digest(tensors: Mapping[str, Tensor], should_stop: ShouldStop) -> str:
    """A digest of what a file of tensors holds, whatever their order, padding and metadata: sha256 in hex.

    Of the lines `name NUL type NUL shape NUL sha256-of-the-bytes LF`, sorted by name; a shape is `2,3`, and `2,3 F`
    where the first index runs fastest.
    """
    pair = TensorPair(should_stop)
    digests = {tensor.name: digest_of(tensor, pair) for tensor in in_reading_order(tensors.values())}
    taken = sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        shape = ",".join(map(str, tensor.shape)) + (" F" if tensor.is_fortran else "")
        taken.update(f"{name}\0{tensor.kind.name}\0{shape}\0{digests[name]}\n".encode("utf-8", "surrogatepass"))
    return taken.hexdigest()
