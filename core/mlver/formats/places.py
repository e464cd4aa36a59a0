"""What lies at a place of a file: the tensor and the element, where its format says so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.number_types import NumberType, Reading, numbers_of
from mlver.formats.array_types import BY_NUMPY, tensor_of
from mlver.formats.format import NotUnderstood
from mlver.formats.gguf import MAGIC as GGUF
from mlver.formats.gguf import read_gguf
from mlver.formats.npy_header import MAGIC as NPY
from mlver.formats.npy_header import ArrayHeader, read_header
from mlver.formats.safetensors import SafetensorsFormat, read_safetensors
from mlver.formats.tensor import Tensor
from mlver.model.element import Element


class Places(Struct, frozen=True):
    """The tensors of a file in the order of their bytes; none where the format does not say where they lie."""

    file: BinaryFile
    tensors: tuple[Tensor, ...]
    starts: tuple[int, ...]
    records: ArrayHeader | None = None
    """Of an array of records: the tensors are the fields of the first, and lie in each of the others likewise."""

    def at(self, offset: int) -> Element | None:
        """What lies at a byte; None: a header, padding, or it is not known."""
        number = 0
        if self.records is not None and offset >= self.records.offset:
            number, inside = divmod(offset - self.records.offset, self.records.record_size)
            if number >= self.records.count:
                return None
            offset = self.records.offset + inside
        place = bisect_right(self.starts, offset) - 1
        if place < 0 or offset >= self.starts[place] + self.tensors[place].size:
            return None
        tensor = self.tensors[place]
        inside = offset - tensor.offset
        return _element(tensor, inside) if self.records is None else _of_record(tensor, inside, self.records, number)

    def start_of(self, name: str) -> int | None:
        """Where a tensor begins; the first that the name is in, when none is called so."""
        exact = next((tensor.offset for tensor in self.tensors if tensor.name == name), None)
        if exact is not None:
            return exact
        return next((tensor.offset for tensor in self.tensors if name in tensor.name), None)


def places_of(file: BinaryFile) -> Places:
    """Where the tensors of a file lie, of the formats whose tensors lie in it as they are."""
    head = bytearray(min(file.size, 64))
    file.read_into(memoryview(head), 0)
    tensors: list[Tensor] = []
    records: ArrayHeader | None = None
    for recognises, read in _READERS:
        if recognises(bytes(head)):
            try:
                tensors = read(file)
                records = _records(file) if recognises is _is_npy else None
            except NotUnderstood:
                continue
            break
    tensors.sort(key=lambda tensor: tensor.offset)
    return Places(file, tuple(tensors), tuple(tensor.offset for tensor in tensors), records)


def _of_array(file: BinaryFile) -> list[Tensor]:
    """The array of a `.npy` file; of records the fields of the first, for a model of a few layers is often one such."""
    header = read_header(file)
    if header.plain is not None:
        return [tensor_of("array", file)]
    fields = ((name, start, numbers, BY_NUMPY.get(numbers.dtype)) for name, (start, numbers) in header.fields.items())
    return [
        Tensor(name=name, kind=kind, shape=numbers.shape, file=file, offset=header.offset + start)
        for name, start, numbers, kind in fields
        if kind is not None
    ]


def _records(file: BinaryFile) -> ArrayHeader | None:
    header = read_header(file)
    return None if header.plain is not None or not header.record_size else header


def _is_npy(head: bytes) -> bool:
    return head.startswith(NPY)


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryFile], list[Tensor]]], ...] = (
    (_is_npy, _of_array),
    (lambda head: head.startswith(GGUF), lambda file: list(read_gguf(file).tensors.values())),
    (
        lambda head: SafetensorsFormat().recognises("", head),
        lambda file: list(read_safetensors(file).tensors.values()),
    ),
)


def _element(tensor: Tensor, inside: int) -> Element:
    kind = tensor.kind
    if kind.block != 1:
        return Element(tensor=tensor.name, kind=str(tensor), index=None, value="")
    number = inside // kind.itemsize
    value = ""
    if kind.reading is not Reading.NONE:
        buffer = bytearray(kind.itemsize)
        filled = tensor.file.read_into(memoryview(buffer), tensor.offset + number * kind.itemsize)
        value = _written(kind, buffer) if filled == len(buffer) else ""  # the file became shorter
    return Element(tensor=tensor.name, kind=str(tensor), index=_index(tensor, number), value=value)


def _of_record(tensor: Tensor, inside: int, records: ArrayHeader, number: int) -> Element:
    """As of one tensor of all records together; in an array of one record just as of its field."""
    shift = number * records.record_size
    element = _element(replace(tensor, offset=tensor.offset + shift), inside)
    record = _index(replace(tensor, shape=records.shape, is_fortran=records.is_fortran), number)
    whole = replace(tensor, shape=(*records.shape, *tensor.shape))
    return replace(element, kind=str(whole), index=(*record, *(element.index or ())))


def _written(kind: NumberType, content: bytearray) -> str:
    """A number in as many digits as tell it from its neighbours."""
    if not kind.is_float:
        return str(int.from_bytes(content, "little", signed=kind.numpy[1] == "i"))
    digits = 17 if kind.numpy in {"<f8", "<c16"} else 9
    return f"{numbers_of(kind, content)[0]:.{digits}g}"


def _index(tensor: Tensor, number: int) -> tuple[int, ...]:
    index: list[int] = []
    for length in tensor.shape if tensor.is_fortran else reversed(tensor.shape):
        number, place = divmod(number, max(1, length))
        index.append(place)
    return tuple(index) if tensor.is_fortran else tuple(reversed(index))
