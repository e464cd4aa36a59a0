"""How long work tells how far it is, and asks whether to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct


class Progress(Struct, frozen=True, kw_only=True):
    """How far a piece of work is."""

    doing: str
    """What is being done now, in the user's words: `reading versions`."""
    done: int = 0
    total: int | None = None
    """None: not known beforehand."""


Report: TypeAlias = Callable[[Progress], None]
"""Called from the working thread; must return quickly."""

ShouldStop: TypeAlias = Callable[[], bool]
"""True as soon as the work should end; asked between small pieces of work."""


def silent(_progress: Progress) -> None:
    """Report to nobody."""


def never() -> bool:
    """Do not stop."""
    return False
