"""PyTorch files (`.pt`, `.pth`): a zip archive of a pickle and the storages it speaks of; tensors are found by name.

By the layout that `torch.save` writes since 1.6: one folder in the archive with `data.pkl`, and `data/<key>` for each
storage as raw little-endian bytes. The pickle is followed, never run: a tensor is where it would call one of torch's
own rebuilding functions on a storage; its name is the way to it through dicts, lists and the state of objects.
Everything else in it is compared as plain data. A tensor that is no contiguous part of its storage is compared by the
storage's numbers from its first to its last. A storage that stands by itself or in a tensor made otherwise, as
quantised ones are, is compared whole. All other members (code of TorchScript, storages that nothing speaks of) are held
against each other by their bytes, so that nothing goes unseen.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.number_types import KNOWN, NumberType
from mlver.comparing.wording import amount
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits, NotUnderstood
from mlver.formats.members import MOST_OF_TENSORS, ZIP_MAGIC, Member, read_members
from mlver.formats.metadata import with_metadata
from mlver.formats.npy_header import read_bytes
from mlver.formats.pickle_data import plain_data_told, with_plain_data
from mlver.formats.pickle_reading import Global, Persistent, Pickled, Unmade, Value, read_pickle
from mlver.formats.pickle_values import Found, look_through
from mlver.formats.tensor import Tensor, TensorPair
from mlver.formats.tensor_digests import digest_of_bytes
from mlver.formats.tensors import compare_tensors, tensors_told
from mlver.formats.window import Window
from mlver.model.change import Change, Kind
from mlver.model.data import Data
from mlver.progress import ShouldStop, never

_PICKLE = "data.pkl"
_LITTLE = b"little"
_STORAGES = {
    "FloatStorage": "F32", "DoubleStorage": "F64", "HalfStorage": "F16", "BFloat16Storage": "BF16",
    "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8",
    "BoolStorage": "BOOL", "ComplexFloatStorage": "C64", "ComplexDoubleStorage": "C128", "UntypedStorage": "U8",
    "QInt8Storage": "I8", "QUInt8Storage": "U8", "QInt32Storage": "I32",
}  # fmt: skip
"""Those that begin with Q hold quantised numbers: compared as the integers they are stored as."""
_TYPES = {
    "float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
    "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL", "complex64": "C64", "complex128": "C128",
    "uint16": "U16", "uint32": "U32", "uint64": "U64", "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
    "float8_e8m0fnu": "F8_E8M0",
}  # fmt: skip
_TENSOR_MAKERS = {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"}
_WRAPPERS = {"_rebuild_parameter", "_rebuild_parameter_with_state"}
_MODULE = "torch._utils"
_FIRST_ARGUMENT = ".argument 0"
"""The way from a tensor that is made otherwise to its storage."""
_STORAGE_PARTS = 3
"""The word 'storage', its type, its key; more may follow."""
_OTHERS = "files inside"
_SERIAL_NUMBER = ".data/serialization_id"
"""Made anew by every `torch.save`: it says nothing of the content."""


class PytorchFormat:
    """What `torch.save` writes."""

    name = "pytorch"
    tells_bytes = True
    vouches = True

    def recognises(self, path: str, head: bytes) -> bool:
        """Whether the archive's first member is torch's pickle; older files are pickles."""
        name_length = int.from_bytes(head[26:28], "little")
        first = head[30 : 30 + name_length]
        is_called_so = path.endswith((".pt", ".pth", ".ckpt", ".bin"))
        return head.startswith(ZIP_MAGIC) and (first.endswith(b"/" + _PICKLE.encode()) or is_called_so)

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Tensors by name, then what else the pickles hold, then the names that loading would import."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = read_pytorch(before, should_stop), read_pytorch(after, should_stop)
            change = compare_tensors(pair.path, left.found.tensors, right.found.tensors, should_stop)
            buffers = TensorPair(should_stop)
            others = [_told(side.others, buffers) for side in (left, right)]
            change = with_plain_data(change, (left.found, left.pickled), (right.found, right.pickled))
        if others[0] != others[1]:
            change = with_metadata(change, *others, label=_OTHERS)
        if change.kind is Kind.SAME and left.pickle != right.pickle:
            return replace(change, kind=Kind.CHANGED, note="other pickles; all that was followed is the same")
        return change

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Type and shape of each tensor, then what else the pickles hold, and the other files inside."""
        with side.open() as file:
            read = read_pytorch(file, should_stop)
            others = _told(read.others, TensorPair(should_stop))
            told = plain_data_told(tensors_told(path, read.found.tensors), read.found, read.pickled)
        return with_metadata(told, others, others, label=_OTHERS)


class PytorchFile(Struct, frozen=True):
    """What a file says it holds."""

    found: Found
    pickle: str
    """Its digest."""
    pickled: Pickled
    others: dict[str, Member]
    """By their names below the archive's folder: what is neither the pickle nor the storage of a tensor."""


def read_pytorch(file: BinaryFile, should_stop: ShouldStop = never) -> PytorchFile:
    """The tensors of a file, and the rest. Raises NotUnderstood."""
    members = read_members(file, MOST_OF_TENSORS)
    place = next((name for name in members if name.endswith("/" + _PICKLE)), None)
    if place is None:
        raise NotUnderstood("the archive holds no pickle of torch")
    top = place.removesuffix(_PICKLE)
    order = members.get(f"{top}byteorder")
    if order is not None and read_bytes(order.file, 0, len(_LITTLE) + 1) != _LITTLE:
        raise NotUnderstood("the numbers are not little-endian")
    pickle = members[place].file
    pickled = read_pickle(pickle, should_stop)
    storages = _Storages(top, members)
    found = look_through(pickled.value, storages.tensor_of)
    followed = {place, f"{top}{_SERIAL_NUMBER}", *storages.met}
    others = {name.removeprefix(top): member for name, member in members.items() if name not in followed}
    digest = digest_of_bytes(pickle, 0, pickle.size, TensorPair(should_stop))
    return PytorchFile(found, digest, pickled, others)


def _told(members: Mapping[str, Member], buffers: TensorPair) -> dict[str, Data]:
    """Size and digest of members by name."""
    return {
        name: f"{amount(member.file.size, 'byte')}, sha256 "
        f"{digest_of_bytes(member.file, 0, member.file.size, buffers)[:_DIGITS]}"
        for name, member in members.items()
    }


_DIGITS = 32
"""Of a digest: with fewer, two contents with the same ones could be made on purpose."""


class _Storages(Struct, frozen=True):
    """Where the numbers of tensors lie: the archive's members."""

    top: str
    members: Mapping[str, Member]
    met: set[str] = field(default_factory=set)
    """Members that a tensor lies in."""

    def tensor_of(self, name: str, value: Value) -> Tensor | None:
        """The tensor that a value would be; None: it is none. Raises NotUnderstood."""
        if isinstance(value, Persistent):
            return self._as_stored(name, value.id)
        while isinstance(value, Unmade) and _is_of(value.made_by, _WRAPPERS) and value.arguments:
            value = value.arguments[0]
        if not isinstance(value, Unmade) or not _is_of(value.made_by, _TENSOR_MAKERS):
            return None
        arguments = value.arguments
        if not isinstance(arguments, tuple) or len(arguments) < 4 or not isinstance(arguments[0], Persistent):  # noqa: PLR2004
            raise NotUnderstood(f"the tensor {name} is made in a way that is not known")
        storage, offset, shape, strides = arguments[:4]
        dtype = arguments[6] if getattr(value.made_by, "name", "") == "_rebuild_tensor_v3" else None
        return self._placed(name, storage.id, offset, (shape, strides), dtype)

    def _as_stored(self, name: str, storage: Value) -> Tensor | None:
        """A storage that no known function makes a tensor of: quantised ones keep scale and zero point beside it."""
        if (
            not isinstance(storage, tuple)
            or len(storage) < _STORAGE_PARTS
            or (kind := _storage_kind(storage[1])) is None
        ):
            return None
        member = self.members.get(place := f"{self.top}data/{storage[2]}")
        if member is None or member.file.size % kind.itemsize:
            return None
        self.met.add(place)
        if name.endswith(_FIRST_ARGUMENT):
            name = f"{name.removesuffix(_FIRST_ARGUMENT)}.storage"
        return Tensor(name=name, kind=kind, shape=(member.file.size // kind.itemsize,), file=member.file, offset=0)

    def _placed(self, name: str, storage: Value, offset: Value, layout: tuple[Value, Value], dtype: Value) -> Tensor:
        if not isinstance(storage, tuple) or len(storage) < _STORAGE_PARTS:
            raise NotUnderstood(f"the storage of {name} is named in a way that is not known")
        kind = _kind(dtype) if dtype is not None else _storage_kind(storage[1])
        place = f"{self.top}data/{storage[2]}"
        member = self.members.get(place)
        shape, strides = (_lengths(part) for part in layout)
        if kind is None or member is None or type(offset) is not int or offset < 0:
            raise NotUnderstood(f"the numbers of {name} are not in the file, or of a type that is not known")
        self.met.add(place)
        whole = member.file
        if not _is_contiguous(shape, strides):
            shape = (_span(shape, strides),)
        tensor = Tensor(name=name, kind=kind, shape=shape, file=whole, offset=offset * kind.itemsize)
        if tensor.offset + tensor.size > whole.size:
            raise NotUnderstood(f"{name} is longer than its storage")
        if isinstance(whole, Window):  # neighbours in one file can then be read together
            return replace(tensor, file=whole.file, offset=whole.start + tensor.offset)
        return tensor


def _is_of(made_by: Value, names: set[str]) -> bool:
    return isinstance(made_by, Global) and made_by.module == _MODULE and made_by.name in names


def _storage_kind(storage: Value) -> NumberType | None:
    return KNOWN.get(_STORAGES.get(storage.name, "")) if isinstance(storage, Global) else None


def _kind(dtype: Value) -> NumberType | None:
    return KNOWN.get(_TYPES.get(dtype.name, "")) if isinstance(dtype, Global) else None


def _lengths(said: Value) -> tuple[int, ...]:
    if not isinstance(said, tuple) or not all(type(one) is int and one >= 0 for one in said):
        raise NotUnderstood("a shape that is no shape")
    return said


def _span(shape: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """Numbers from the first of a view to its last."""
    return 1 + sum((length - 1) * stride for length, stride in zip(shape, strides, strict=True))


def _is_contiguous(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    if len(shape) != len(strides):
        raise NotUnderstood("a shape without its strides")
    wanted = 1
    for length, stride in zip(reversed(shape), reversed(strides), strict=True):
        if length != 1 and stride != wanted:
            return 0 in shape
        wanted *= length
    return True
