"""What goes into a filter beside its words, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from mlver.model.attention import Company
    from mlver.model.data import Data
    from mlver.model.note import Note
    from mlver.model.version import Version, VersionRow


class Around(Struct, frozen=True, kw_only=True):
    """The list and the moment in which a filter is asked."""

    now: float
    """Seconds since the epoch; ages are against it."""
    find: Callable[[str], VersionRow | None]
    """The row with a key: whose parent one is."""
    base: VersionRow | None = None
    """The version that deltas are against; None: nobody chose one."""
    marked: Collection[str] | None = None
    """Keys of the marked rows; None: nobody marks rows here."""
    params: Callable[[str], Mapping[str, Data] | None] = lambda _key: None
    """Key of a row -> its params; None: they cannot be read."""
    version: Callable[[VersionRow], Version | None] = lambda _row: None
    """The version whole; None: it cannot be read."""
    holders: Mapping[str, VersionRow] = field(default_factory=dict)
    """Model -> its version in production; of those among the rows that are asked about."""
    company: Company | None = None
    """All versions, for what is claimed of one among them; None: the rows that are asked about."""
    notes: Callable[[VersionRow], tuple[Note, ...]] = lambda _row: ()
    """What was written about a version."""
    searched: Callable[[VersionRow], str] | None = None
    """What bare words are looked for in; None: it is made of the row."""


class Narrowed(Struct, frozen=True):
    """What came of a filter."""

    rows: tuple[VersionRow, ...]
    """In the order they came in."""
    unread: int = 0
    """How many versions could not be read, so that nobody knows whether they are meant."""


class Completion(Struct, frozen=True):
    """What a half-typed word may become."""

    start: int
    """Where the word begins in what was typed."""
    choices: tuple[str, ...]
    """Whole words in their order; none: nothing begins so."""

    @property
    def shared(self) -> str:
        """What all of them begin with."""
        first, last = min(self.choices, default=""), max(self.choices, default="")
        same = next((place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)
        return first[:same]
