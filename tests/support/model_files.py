"""GGUF and ONNX files, written by hand from what the formats say."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

_GGUF_TYPES = {"f4": 0, "f2": 1, "i8": 27}
_ONNX_TYPES = {"f4": 1, "i8": 7, "f2": 10, "f8": 11}

Quantised = tuple[int, tuple[int, ...], bytes]
"""Number of the type, shape, bytes."""


def gguf(tensors: Mapping[str, NDArray[Any] | Quantised], metadata: Mapping[str, Any] | None = None) -> bytes:
    """A whole file of version 3."""
    metadata = metadata or {}
    header = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    header += b"".join(_text(key) + _value(value) for key, value in metadata.items())
    content = b""
    for name, tensor in tensors.items():
        kind, shape, part = _gguf_tensor(tensor)
        content += b"\0" * (-len(content) % 32)
        dimensions = struct.pack(f"<I{len(shape)}Q", len(shape), *reversed(shape))
        header += _text(name) + dimensions + struct.pack("<IQ", kind, len(content))
        content += part
    return header + b"\0" * (-len(header) % 32) + content


def _gguf_tensor(tensor: NDArray[Any] | Quantised) -> Quantised:
    if isinstance(tensor, tuple):
        return tensor
    return _GGUF_TYPES[tensor.dtype.str[1:]], tensor.shape, tensor.tobytes()


def _text(text: str) -> bytes:
    content = text.encode(errors="surrogateescape")
    return struct.pack("<Q", len(content)) + content


def _value(value: Any) -> bytes:
    if isinstance(value, bytes):  # as it stands in the file, with its type
        return value
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<Iq", 11, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_text, value))


def onnx(
    tensors: Mapping[str, NDArray[Any]],
    nodes: Sequence[tuple[str, Sequence[str], str]] = (),
    metadata: Mapping[str, str] | None = None,
    *,
    more: bytes = b"",
) -> bytes:
    """A whole model; a node is operator, inputs and output; `more` are further fields."""
    graph = b"".join(onnx_field(1, _node(*node)) for node in nodes)
    graph += b"".join(onnx_field(5, _initialiser(name, array)) for name, array in tensors.items())
    properties = b"".join(
        onnx_field(14, onnx_field(1, key.encode()) + onnx_field(2, value.encode()))
        for key, value in (metadata or {}).items()
    )
    return b"\x08\x08" + onnx_field(2, b"test") + onnx_field(7, graph) + properties + more


def _node(operator: str, inputs: Sequence[str], output: str) -> bytes:
    named = b"".join(onnx_field(1, name.encode()) for name in inputs)
    return named + onnx_field(2, output.encode()) + onnx_field(4, operator.encode())


def _initialiser(name: str, array: NDArray[Any]) -> bytes:
    dimensions = b"".join(b"\x08" + _varint(length) for length in array.shape)
    kind = b"\x10" + _varint(_ONNX_TYPES[array.dtype.str[1:]])
    return dimensions + kind + onnx_field(8, name.encode()) + onnx_field(9, array.tobytes())


def onnx_field(number: int, content: bytes) -> bytes:
    """A field of bytes, a text or a message."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    made = b""
    while value >= 0x80:
        made += bytes([value & 0x7F | 0x80])
        value >>= 7
    return made + bytes([value])
