"""What a change is consistent with, and what nobody can tell apart: never a cause."""

from __future__ import annotations

from msgspec import Struct


class Suspect(Struct, frozen=True, kw_only=True):
    """A side of the versions that differs and that results may follow from."""

    dimension: str
    """`params`, `data`, `code`, `steps`, `env`, `hardware`, `seeds`."""
    names: tuple[str, ...]
    """What of it differs, the most telling first, with its values where they are short."""


class Why(Struct, frozen=True, kw_only=True):
    """What two versions leave open."""

    suspects: tuple[Suspect, ...] = ()
    """In the order of the summary; empty: no recorded input differs."""
    unknown: tuple[str, ...] = ()
    """Dimensions that one side does not know: they are not excluded."""
    first_outputs: str | None = None
    """The first step whose outputs differ; None: none does, or digests are not known."""
    chance: bool | None = None
    """Whether chance (of seeds, or of the rows of the test set) is not ruled out; None: nothing was tested."""
    sentences: tuple[str, ...] = ()
    """The same in words, for people."""
