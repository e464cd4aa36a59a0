"""How long work tells how far it is, and asks whether to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeAlias, TypeVar

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


P = ParamSpec("P")
T = TypeVar("T")

_giving_way: ContextVar[Callable[[], None]] = ContextVar("giving_way")


def breathe() -> None:
    """Called every millisecond or so by what computes in Python: only one thread does at a time, and keys come first.

    Nothing happens unless `giving_way` says what should.
    """
    give_way = _giving_way.get(None)
    if give_way is not None:
        give_way()


@contextmanager
def giving_way(give_way: Callable[[], None]) -> Iterator[None]:
    """Whatever this thread computes inside calls `give_way` where it breathes; that may wait, and must not raise."""
    token = _giving_way.set(give_way)
    try:
        yield
    finally:
        _giving_way.reset(token)


def breathing_alike(work: Callable[P, T]) -> Callable[P, T]:
    """The work for a thread of its own: it gives way there as this thread does."""
    give_way = _giving_way.get(None)
    if give_way is None:
        return work

    def breathing(*args: P.args, **kwargs: P.kwargs) -> T:
        with giving_way(give_way):
            return work(*args, **kwargs)

    return breathing
