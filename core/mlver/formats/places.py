"""What lies at a place of a file: the tensor and the element, where its format says so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.number_types import NumberType, Reading, numbers_of
from mlver.formats.array_types import BY_NUMPY, tensor_of
from mlver.formats.format import NotUnderstood
from mlver.formats.gguf import MAGIC as GGUF
from mlver.formats.gguf import read_gguf
from mlver.formats.npy_header import MAGIC as NPY
from mlver.formats.npy_header import read_header
from mlver.formats.safetensors import SafetensorsFormat, read_safetensors
from mlver.formats.tensor import Tensor
from mlver.model.element import Element


@dataclass(frozen=True, slots=True)
class Places:
    """The tensors of a file in the order of their bytes; none where the format does not say where they lie."""

    file: BinaryFile
    tensors: tuple[Tensor, ...]
    starts: tuple[int, ...]

    def at(self, offset: int) -> Element | None:
        """What lies at a byte; None: a header, padding, or it is not known."""
        place = bisect_right(self.starts, offset) - 1
        if place < 0 or offset >= self.starts[place] + self.tensors[place].size:
            return None
        tensor = self.tensors[place]
        return _element(tensor, offset - tensor.offset)

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
    for recognises, read in _READERS:
        if recognises(bytes(head)):
            try:
                tensors = read(file)
            except NotUnderstood:
                continue
            break
    tensors.sort(key=lambda tensor: tensor.offset)
    return Places(file, tuple(tensors), tuple(tensor.offset for tensor in tensors))


def _of_array(file: BinaryFile) -> list[Tensor]:
    """The array of a `.npy` file; of one record its fields, for a model of a few layers is often such."""
    header = read_header(file)
    if header.plain is not None:
        return [tensor_of("array", file)]
    if header.count != 1:
        raise NotUnderstood("many records: the fields of each lie apart")
    fields = ((name, start, numbers, BY_NUMPY.get(numbers.dtype)) for name, (start, numbers) in header.fields.items())
    return [
        Tensor(name=name, kind=kind, shape=numbers.shape, file=file, offset=header.offset + start)
        for name, start, numbers, kind in fields
        if kind is not None
    ]


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryFile], list[Tensor]]], ...] = (
    (lambda head: head.startswith(NPY), _of_array),
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
