"""A `.npy` array as a tensor, wherever it lies."""

from __future__ import annotations

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.number_types import KNOWN, NumberType
from mlver.formats.format import NotUnderstood
from mlver.formats.npy_header import read_header
from mlver.formats.tensor import Tensor

BY_NUMPY: dict[str, NumberType] = {kind.numpy: kind for kind in KNOWN.values() if kind.numpy[1:2] in {"f", "i", "c"}}
BY_NUMPY |= {KNOWN[name].numpy: KNOWN[name] for name in ("U64", "U32", "U16", "U8")}
BY_NUMPY |= {"<f2": KNOWN["F16"], "|b1": KNOWN["BOOL"], "?": KNOWN["BOOL"]}


def tensor_of(name: str, file: BinaryFile) -> Tensor:
    """The array of a `.npy` file. Raises NotUnderstood for records, other byte orders and what is no plain array."""
    header = read_header(file)
    if header.plain is None:
        raise NotUnderstood("an array of records among others")
    kind = BY_NUMPY.get(header.plain.dtype)
    if kind is None:
        raise NotUnderstood(f"numbers of type {header.plain.dtype} among others")
    return Tensor(
        name=name, kind=kind, shape=header.shape, file=file, offset=header.offset, is_fortran=header.is_fortran
    )
