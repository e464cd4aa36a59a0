"""safetensors: named tensors behind a JSON header.

By the published format: eight bytes of little-endian length, that many bytes of JSON (name -> dtype, shape,
data_offsets; `__metadata__` with texts), then the numbers without gaps. The header is believed only as far as it was
checked: inside the file, no name twice, type x shape == bytes in integers that do not overflow, no gap, no overlap.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.number_types import KNOWN
from mlver.formats.blob import Pair
from mlver.formats.format import Limits, NotUnderstood, TooMuch
from mlver.formats.metadata import with_metadata
from mlver.formats.tensor import MOST_TENSORS, Tensor
from mlver.formats.tensors import compare_tensors
from mlver.model.change import Change
from mlver.progress import ShouldStop

_LENGTH = 8
_LONGEST_HEADER = 100_000_000
_MOST_DIMENSIONS = 64
_METADATA = "__metadata__"


@dataclass(frozen=True, slots=True)
class SafetensorsFile:
    """What a file says it holds."""

    tensors: dict[str, Tensor]
    metadata: dict[str, str]


class SafetensorsFormat:
    """A file of named tensors."""

    name = "safetensors"
    tells_bytes = True
    vouches = True

    def recognises(self, path: str, head: bytes) -> bool:
        """Whether a JSON object follows a length that may be a header's."""
        length = int.from_bytes(head[:_LENGTH], "little")
        begins = head[_LENGTH : _LENGTH + 1] == b"{" and 2 <= length <= _LONGEST_HEADER  # noqa: PLR2004 - `{}`
        return begins and (path.endswith(".safetensors") or head[_LENGTH : _LENGTH + 2] in {b'{"', b"{}"})

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Tensors by name, then the metadata."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = read_safetensors(before), read_safetensors(after)
            is_ordered = list(left.tensors) == list(right.tensors) or left.tensors.keys() != right.tensors.keys()
            details = () if is_ordered else ("the tensors stand in another order",)
            change = compare_tensors(pair.path, left.tensors, right.tensors, should_stop, details)
        return with_metadata(change, left.metadata, right.metadata)


def read_safetensors(file: BinaryFile) -> SafetensorsFile:
    """The header of a file. Raises NotUnderstood for anything that cannot be trusted."""
    text, start = _header_text(file)
    header = _parsed(text)
    metadata = header.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise NotUnderstood("the metadata are not texts")
    if len(header) > MOST_TENSORS:
        raise TooMuch(f"{len(header)} tensors, more than {MOST_TENSORS}")
    tensors = [_tensor(name, said, file, start) for name, said in header.items()]
    tensors.sort(key=lambda tensor: tensor.offset)
    _check_layout(tensors, start, file.size)
    return SafetensorsFile({tensor.name: tensor for tensor in tensors}, metadata)


def _header_text(file: BinaryFile) -> tuple[bytes, int]:
    prefix = bytearray(_LENGTH)
    if file.read_into(memoryview(prefix), 0) < _LENGTH:
        raise NotUnderstood("the file is shorter than a header")
    length = int.from_bytes(prefix, "little")
    if length > min(_LONGEST_HEADER, file.size - _LENGTH):
        raise NotUnderstood("the header is longer than the file, or than headers are")
    text = bytearray(length)
    if file.read_into(memoryview(text), _LENGTH) < length:
        raise NotUnderstood("the header is cut")
    return bytes(text), _LENGTH + length


def _parsed(text: bytes) -> dict[str, object]:
    try:
        header = json.loads(text, object_pairs_hook=_once, parse_constant=_refused, parse_float=_refused)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(f"the header is no JSON: {error}") from error
    if not isinstance(header, dict):
        raise NotUnderstood("the header is no object")
    return header


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise NotUnderstood("a name stands twice in the header")
        found[key] = value
    return found


def _refused(text: str) -> object:
    raise NotUnderstood(f"{text[:20]} is no length and no offset")


def _tensor(name: str, said: object, file: BinaryFile, start: int) -> Tensor:
    if not isinstance(said, dict):
        raise NotUnderstood("a tensor is not described")
    kind = KNOWN.get(dtype) if isinstance(dtype := said.get("dtype"), str) else None
    if kind is None:
        raise NotUnderstood("a tensor has no type that is known")
    shape, offsets = _lengths(said.get("shape"), file.size), _lengths(said.get("data_offsets"), file.size)
    if len(offsets) != 2:  # noqa: PLR2004 - begin and end
        raise NotUnderstood("a tensor has no two offsets")
    tensor = Tensor(name=name, kind=kind, shape=shape, file=file, offset=start + offsets[0])
    if tensor.size != offsets[1] - offsets[0]:
        raise NotUnderstood("a tensor's type and shape are not those of its bytes")
    return tensor


def _lengths(said: object, most: int) -> tuple[int, ...]:
    if not isinstance(said, list) or len(said) > _MOST_DIMENSIONS:
        raise NotUnderstood("a shape or offset is no list of lengths")
    for length in said:
        if type(length) is not int or not 0 <= length <= max(most, 1):
            raise NotUnderstood("a length is not one that the file could hold")
    return tuple(said)


def _check_layout(tensors: list[Tensor], start: int, end: int) -> None:
    place = start
    for tensor in tensors:
        if tensor.offset != place:
            raise NotUnderstood("tensors overlap, or have gaps between them")
        place += tensor.size
    if place != end:
        raise NotUnderstood("the tensors do not end where the file does")
