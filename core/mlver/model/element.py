"""A number of a tensor, as it lies in a file."""

from __future__ import annotations

from msgspec import Struct


class Element(Struct, frozen=True, kw_only=True):
    """What lies at a byte."""

    tensor: str
    kind: str
    """Type and shape: `f32 3×4`."""
    index: tuple[int, ...] | None
    """None: several numbers share these bytes."""
    value: str
    """Empty where numbers of this type are not read."""
