"""numpy's arrays inside pickles: as numpy pickles them, in one buffer, and as joblib lays them beside the opcodes."""

from __future__ import annotations

import math

from mlver.comparing.bytes import BinaryFile, BytesInMemory
from mlver.comparing.number_types import NumberType
from mlver.formats.array_types import BY_NUMPY
from mlver.formats.pickle_reading import Global, Unmade, Value, numpy_type
from mlver.formats.tensor import Tensor
from mlver.formats.window import Window

_MODULES = {
    "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric",
    "joblib.numpy_pickle",
}  # fmt: skip
_STATE_PARTS = 5
"""Version, shape, type, whether the first index runs fastest, bytes."""
_BUFFER_PARTS = 4
"""Bytes, type, shape, order."""


_RECORD_BYTES = NumberType("record bytes", 1, "|u1")
"""Arrays of records are held against each other byte by byte: trees of a forest are such."""


def array_of(name: str, value: Value, file: BinaryFile) -> Tensor | None:
    """The array that a value would be; None: it is none, or one of objects, texts or dates."""
    if not isinstance(value, Unmade) or not isinstance(value.made_by, Global) or value.made_by.module not in _MODULES:
        return None
    made_by, state, arguments = value.made_by.name, value.state, value.arguments
    if made_by == "_reconstruct" and isinstance(state, tuple) and len(state) == _STATE_PARTS:
        _, shape, dtype, is_fortran, content = state
        return _tensor(name, (shape, dtype, is_fortran is True), _file_of(content))
    if made_by == "_frombuffer" and isinstance(arguments, tuple) and len(arguments) == _BUFFER_PARTS:
        content, dtype, shape, order = arguments
        return _tensor(name, (shape, dtype, order == "F"), _file_of(content))
    if made_by == "NumpyArrayWrapper" and value.place is not None and isinstance(state, dict):
        layout = (state.get("shape"), state.get("dtype"), state.get("order") == "F")
        return _tensor(name, layout, file, value.place)
    return None


def _file_of(content: Value) -> BinaryFile | None:
    """Bytes of a pickle as a file; long ones were left in it."""
    if isinstance(content, bytes):
        return BytesInMemory(content)
    return content if isinstance(content, Window) else None


def _tensor(name: str, layout: tuple[Value, Value, bool], file: BinaryFile | None, offset: int = 0) -> Tensor | None:
    shape, dtype, is_fortran = layout
    type_name = numpy_type(dtype) or ""
    is_records = type_name[1:2] == "V"
    kind = _RECORD_BYTES if is_records else BY_NUMPY.get(type_name)
    if kind is None or file is None or not isinstance(shape, tuple):
        return None
    if not all(type(length) is int and length >= 0 for length in shape):
        return None
    if is_records:
        shape = (*shape, int(type_name[2:]))
    if offset + math.prod(shape) * kind.itemsize > file.size:
        return None
    is_fortran = is_fortran and len(shape) > 1
    return Tensor(name=name, kind=kind, shape=shape, file=file, offset=offset, is_fortran=is_fortran)
