"""What a format is."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from mlver.comparing.bytes import EVERYTHING, ByteLimits
from mlver.formats.blob import Blob, Pair
from mlver.model.change import Change
from mlver.progress import ShouldStop


class Limits(Struct, frozen=True, kw_only=True):
    """How much a format may read or keep."""

    bytes: ByteLimits = EVERYTHING
    text_bytes: int = 4 << 20
    """A larger text, config or table is compared as bytes."""
    table_bytes: int = 256 << 20
    """A larger table is compared as text or bytes."""
    table_columns: int = 10_000
    table_cells: int = 1 << 27
    """A table with more of either is compared as text or bytes: a few bytes can stand for many."""
    shown_ranges: int = 100
    """Byte ranges that become children of a change."""
    elements: int = 1 << 28
    """Numbers of an array that are held against each other."""
    trial_s: float = 30
    """Seconds that a reader may take which is tried out in a process of its own, beside those for the file's size."""


USUAL = Limits()


class NotUnderstood(Exception):  # an answer between formats, never seen outside: not an MlverError
    """The file is not what it looked like; the next format is asked."""


class TooMuch(NotUnderstood):
    """The file is what it looks like, but larger than is looked at: what the next format says is not all there is."""


class Format(Protocol):
    """A format: recognises files by name and first bytes, compares two of its kind."""

    @property
    def name(self) -> str:
        """What artifacts of this format are called: `npy`."""

    def recognises(self, path: str, head: bytes) -> bool:
        """Whether a file looks like one; cheap, may be wrong."""

    tells_bytes: bool
    """What it says of files that differ leaves nothing to say of their bytes: these are not counted beside it."""

    vouches: bool
    """It looks at everything that matters: what it calls the same may be called so though the bytes differ."""

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:
        """What differs. Raises NotUnderstood, and the MlverErrors of reading."""

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change | None:
        """What a file alone says of itself, nothing of it changed; None: it is a text, which is told by its lines.

        Raises as `compare` does.
        """
