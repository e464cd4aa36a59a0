"""The filters with names: those everybody has, the user's own, and those used lately; and how many versions pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.errors import FilterInvalid
from mlver.model.filtering import Narrowed
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import count as written_count

if TYPE_CHECKING:
    from mlver_tui.view_models.choices import Choice

MOST_RECENT = 10


class Origin(StrEnum):
    """Where a filter comes from; also the heading it stands under."""

    BUILT_IN = "built in"
    SAVED = "saved for this repository"
    CONFIG = "from the config"
    RECENT = "recent"


class NamedFilter(Struct, frozen=True, kw_only=True):
    """A filter one can choose by its name."""

    name: str
    words: str
    origin: Origin = Origin.BUILT_IN


BUILT_IN_FILTERS = (
    NamedFilter(name="all", words=""),
    NamedFilter(name="better", words="is:better"),
    NamedFilter(name="worse", words="is:worse"),
    NamedFilter(name="never replayed", words="source=native -is:broken -has:verdict"),
    NamedFilter(name="not same twice", words="is:differing"),
    NamedFilter(name="dirty code", words="is:dirty"),
    NamedFilter(name="broken", words="is:broken"),
    NamedFilter(name="marked", words="is:marked"),
)


class CountedFilter(Struct, frozen=True, kw_only=True):
    """A filter and how many versions pass; None: it cannot be asked here."""

    filter: NamedFilter
    count: int | None


def offered_filters(
    saved: Mapping[str, str], configured: Mapping[str, str], recent: Iterable[str]
) -> tuple[NamedFilter, ...]:
    """All filters to choose from; what was used lately and has a name is there by its name."""
    named = (
        *BUILT_IN_FILTERS,
        *(NamedFilter(name=name, words=words, origin=Origin.SAVED) for name, words in saved.items()),
        *(NamedFilter(name=name, words=words, origin=Origin.CONFIG) for name, words in configured.items()),
    )
    known = {one.words for one in named}
    others = [words for words in recent if words not in known][:MOST_RECENT]
    return (*named, *(NamedFilter(name=words, words=words, origin=Origin.RECENT) for words in others))


def counted(filters: Iterable[NamedFilter], matching: Callable[[str], Narrowed]) -> tuple[CountedFilter, ...]:
    """How many versions pass each of the filters.

    Args:
        filters: `BUILT_IN_FILTERS`, or all that `offered_filters` gives.
        matching: the filter language, asked of the versions that are to be counted; not for the UI's thread.
    """
    return tuple(CountedFilter(filter=one, count=_count(one.words, matching)) for one in filters)


def _count(words: str, matching: Callable[[str], Narrowed]) -> int | None:
    try:
        return len(matching(words).rows)
    except FilterInvalid:
        return None


def zone_filters(
    filters: Iterable[NamedFilter], counts: Mapping[str, int | None], current: str
) -> list[tuple[str, int | None, str]]:
    """What stands beside the list, as (name, how many pass, words): nothing that goes away when it is counted.

    That is what the user named, and of the built in those that some version passes.
    """
    named = {one.words: one for one in filters}
    return [
        (one.name, counts.get(words), words)
        for words, one in named.items()
        if one.origin is not Origin.BUILT_IN or words in {"", current} or counts.get(words, 0) != 0
    ]


def filter_choices(
    filters: Sequence[NamedFilter], counts: Mapping[str, int | None], current: str, glyphs: Glyphs = UNICODE
) -> list[Choice]:
    """The filters as a dialog offers them; the key is the place in `filters`."""
    from mlver_tui.view_models.choices import Choice  # not needed before a dialog is

    return [
        Choice(
            key=str(place),
            name=glyphs.data(one.name),
            said="" if one.name == one.words else glyphs.data(one.words),
            amount=_amount(counts, one.words, glyphs),
            section=one.origin.value,
            is_on=one.words == current,
        )
        for place, one in enumerate(filters)
    ]


def _amount(counts: Mapping[str, int | None], words: str, glyphs: Glyphs) -> str:
    if words not in counts:
        return glyphs.ellipsis
    count = counts[words]
    return "not here" if count is None else written_count(count, glyphs)
