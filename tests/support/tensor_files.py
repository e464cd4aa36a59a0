"""Files of tensors, written by hand from what the formats say, so that tests do not trust the readers' own ideas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Stored = tuple[str, tuple[int, ...], bytes]
"""Type, shape and bytes of a tensor, as safetensors names them."""

_TYPES = {"f4": "F32", "f8": "F64", "f2": "F16", "i8": "I64", "i4": "I32", "u1": "U8", "b1": "BOOL", "c8": "C64"}


def stored(array: NDArray[Any]) -> Stored:
    """A numpy array as it is stored."""
    return _TYPES[array.dtype.str[1:]], array.shape, array.tobytes()


def safetensors(tensors: Mapping[str, Stored | NDArray[Any]], metadata: Mapping[str, str] | None = None) -> bytes:
    """A whole file."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata is not None else {}
    content = b""
    for name, tensor in tensors.items():
        dtype, shape, part = stored(tensor) if isinstance(tensor, np.ndarray) else tensor
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [len(content), len(content) + len(part)]}
        content += part
    return safetensors_of(json.dumps(header), content)


def safetensors_of(header: str, content: bytes = b"") -> bytes:
    """A file with a header as a test wants it to be."""
    text = header.encode()
    return len(text).to_bytes(8, "little") + text + content
