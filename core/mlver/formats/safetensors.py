"""safetensors: named tensors behind a JSON header.

By the published format: eight bytes of little-endian length, that many bytes of JSON (name -> dtype, shape,
data_offsets; `__metadata__` with texts), then the numbers without gaps. The header is believed only as far as it was
checked: inside the file, no name twice, type x shape == bytes in integers that do not overflow, no gap, no overlap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.number_types import KNOWN
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits, NotUnderstood, TooMuch
from mlver.formats.metadata import with_metadata
from mlver.formats.tensor import MOST_TENSORS, Tensor
from mlver.formats.tensors import compare_tensors, tensors_told
from mlver.model.change import Change
from mlver.progress import ShouldStop

_LENGTH = 8
_LONGEST_HEADER = 8 << 20
_USUAL_ENTRY, _LONGEST_ENTRY, _LONGEST_METADATA = 1 << 10, 1 << 16, 1 << 20
"""Bytes of what is said of one tensor, and of all metadata: as lists and dicts they take many times as much."""
_LONGEST_KNOWN = 100_000_000
"""Of the format's own library; what is longer is no header."""
_MOST_DIMENSIONS = 64
_METADATA = "__metadata__"


class SafetensorsFile(Struct, frozen=True):
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
        begins = head[_LENGTH : _LENGTH + 1] == b"{" and 2 <= length <= _LONGEST_KNOWN  # noqa: PLR2004 - `{}`
        return begins and (path.endswith(".safetensors") or head[_LENGTH : _LENGTH + 2] in {b'{"', b"{}"})

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Tensors by name, then the metadata."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = read_safetensors(before), read_safetensors(after)
            is_ordered = list(left.tensors) == list(right.tensors) or left.tensors.keys() != right.tensors.keys()
            details = () if is_ordered else ("the tensors stand in another order",)
            change = compare_tensors(pair.path, left.tensors, right.tensors, should_stop, details)
        return with_metadata(change, left.metadata, right.metadata)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Type and shape of each tensor, then the metadata."""
        with side.open() as file:
            said = read_safetensors(file)
        return with_metadata(tensors_told(path, said.tensors), said.metadata, said.metadata)


def read_safetensors(file: BinaryFile) -> SafetensorsFile:
    """The header of a file. Raises NotUnderstood for anything that cannot be trusted."""
    text, start = _header_text(file)
    metadata: dict[str, str] = {}
    tensors: list[Tensor] = []
    names: set[str] = set()
    for name, said in _entries(text):
        if name in names:
            raise NotUnderstood("a name stands twice in the header")
        names.add(name)
        if name == _METADATA:
            metadata = _texts(said)
            continue
        tensors.append(_tensor(name, said, file, start))
        if len(tensors) > MOST_TENSORS:
            raise TooMuch(f"more than {MOST_TENSORS} tensors")
    tensors.sort(key=lambda tensor: tensor.offset)
    _check_layout(tensors, start, file.size)
    return SafetensorsFile({tensor.name: tensor for tensor in tensors}, metadata)


def _header_text(file: BinaryFile) -> tuple[str, int]:
    prefix = bytearray(_LENGTH)
    if file.read_into(memoryview(prefix), 0) < _LENGTH:
        raise NotUnderstood("the file is shorter than a header")
    length = int.from_bytes(prefix, "little")
    if length > file.size - _LENGTH:
        raise NotUnderstood("the header is longer than the file")
    if length > _LONGEST_HEADER:
        raise TooMuch(f"a header of more than {_LONGEST_HEADER >> 20} MiB")
    text = bytearray(length)
    if file.read_into(memoryview(text), _LENGTH) < length:
        raise NotUnderstood("the header is cut")
    try:
        return text.decode(), _LENGTH + length
    except UnicodeDecodeError as error:
        raise NotUnderstood("the header is no UTF-8") from error


def _entries(text: str) -> Iterator[tuple[str, object]]:
    """Names and what is said of each, one at a time: never is the whole header in memory as lists and dicts."""
    decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refused, parse_float=_refused)
    place, wanted = _after(text, 0, "{"), "}"
    while text[place : place + 1] != "}":
        if wanted == ",":
            place = _after(text, place, ",")
        name, place = _decoded(decoder, text, place, _LONGEST_ENTRY)
        if not isinstance(name, str):
            raise NotUnderstood("the header is no JSON: a name that is no text")
        place = _after(text, place, ":")
        said, place = _decoded(decoder, text, place, _LONGEST_METADATA if name == _METADATA else _LONGEST_ENTRY)
        yield name, said
        place, wanted = _after(text, place, ""), ","
    if _after(text, place, "}") < len(text):
        raise NotUnderstood("the header is no JSON: something follows it")


def _after(text: str, place: int, sign: str) -> int:
    """The place behind a sign and the spaces around it."""
    place = _SPACES.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing too
    if not text.startswith(sign, place):
        raise NotUnderstood(f"the header is no JSON: no {sign} where one should be")
    return _SPACES.match(text, place + len(sign)).end()  # type: ignore[union-attr]


_SPACES = re.compile(r"[ \t\n\r]*")


def _decoded(decoder: json.JSONDecoder, text: str, place: int, most: int) -> tuple[object, int]:
    """A value and the place behind it. Raises NotUnderstood."""
    part = text[place : place + _USUAL_ENTRY]
    try:
        value, length = decoder.raw_decode(part)
    except (ValueError, RecursionError) as error:
        if len(part) < _USUAL_ENTRY:
            raise NotUnderstood(f"the header is no JSON: {error}") from error
        value, length = _decoded_long(decoder, text[place : place + most], most)
    return value, place + length


def _decoded_long(decoder: json.JSONDecoder, part: str, most: int) -> tuple[object, int]:
    try:
        return decoder.raw_decode(part)
    except (ValueError, RecursionError) as error:
        if len(part) == most:
            raise TooMuch(f"more than {most >> 10} KiB are said of one thing in the header") from error
        raise NotUnderstood(f"the header is no JSON: {error}") from error


def _texts(said: object) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise NotUnderstood("the metadata are not texts")
    return said


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
