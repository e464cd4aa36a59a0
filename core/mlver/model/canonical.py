"""Canonical JSON: the same data always gives the same bytes, on every machine.

The rules, which never change for `mlver: 1` (docs/format.md has vectors): UTF-8, keys sorted by code point, no
spaces, integers as written, floats as Python's `repr` (always with `.` or `e`), NaN and infinities as
`{"$float": "nan"}`, strings unchanged.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias, Union

from mlver.model.data import Scalar

Canonical: TypeAlias = Union[Scalar, "Sequence[Canonical]", "Mapping[str, Canonical]"]


def canonical_json(data: Canonical) -> bytes:
    """The canonical bytes. A lone surrogate, which has no UTF-8, raises UnicodeEncodeError."""
    try:
        return _written(data)
    except (ValueError, TypeError):  # NaN, or a mapping that is no dict: rare, and a copy of everything is slow
        return _written(_spelled(data))


def digest(data: Canonical) -> str:
    """`sha256:` and the hexadecimal digest of the canonical bytes."""
    return "sha256:" + sha256(canonical_json(data)).hexdigest()


def _written(data: Canonical) -> bytes:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _spelled(data: Canonical) -> Canonical:
    if isinstance(data, float) and not math.isfinite(data):
        return {"$float": "nan" if math.isnan(data) else "inf" if data > 0 else "-inf"}
    if isinstance(data, Mapping):
        return {key: _spelled(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_spelled(item) for item in data]
    return data
