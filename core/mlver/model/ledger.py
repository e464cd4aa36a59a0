"""The ledger of a model: which version was released, which one holds a stage, since when, and who decided it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from mlver.model.person import Person

PRODUCTION = "production"
"""The stage that users see."""


class Move(StrEnum):
    """What an event of the ledger did."""

    REGISTERED = "registered"
    """A version got its release name."""
    DEREGISTERED = "deregistered"
    ASSIGNED = "assigned"
    """A version was put in a stage."""
    UNASSIGNED = "unassigned"
    CREATED = "created"
    """The model got its name, without a release."""
    DEPRECATED = "deprecated"
    """The model as a whole is not to be used any more."""


class LedgerEvent(Struct, frozen=True, kw_only=True):
    """One entry: made once, never changed."""

    move: Move
    model: str
    version: str | None = None
    """Release name (`v1.2.0`), where the entry speaks of one or the version had one."""
    stage: str | None = None
    number: int | None = None
    """The count at the end of the tag; None: the tag has none."""
    place: str
    """The commit, or the run id in an MLflow store; empty: not known."""
    tag: str
    """The ref or the store's entry that says it, as the user can look it up."""
    made: float | None = None
    """Seconds since the epoch, UTC; None: not known."""
    author: Person = Person()
    message: str = ""
    """Unsanitised."""
    source: str = "tags"
    """`tags` or `mlflow`."""
    store: str = ""
    """The MLflow store that says it; empty: git does."""


class Ledger(Struct, frozen=True, kw_only=True):
    """All events, and what follows from them."""

    events: tuple[LedgerEvent, ...] = ()
    """In the order they count, the oldest first."""
    problems: tuple[str, ...] = ()
    """Tags that look like events and cannot be read, and why."""
    releases: tuple[LedgerEvent, ...] = ()
    """The registrations that stand: neither deregistered nor replaced, highest version first within a model."""
    holders: tuple[LedgerEvent, ...] = ()
    """The assignments that stand: per model and stage the one that counts now."""
    deprecated: tuple[LedgerEvent, ...] = ()
    """Deprecations that nothing followed: their models are not to be used any more."""
