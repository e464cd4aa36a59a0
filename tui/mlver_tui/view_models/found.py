"""The next of the places that a search has found, and which of them it is."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Found(Struct, frozen=True, kw_only=True):
    """One of several places."""

    place: int
    number: int
    """From 1."""
    count: int

    @property
    def text(self) -> str:
        """`2 of 7`."""
        return f"{self.number} of {self.count}"


def next_found(places: Sequence[int], here: int, step: int, *, may_stay: bool = False) -> Found | None:
    """The next of these ascending places, the one before with step -1, around the ends; None: there are none.

    `may_stay`: `here` counts, too.
    """
    if not places:
        return None
    ahead = [place for place in places if (place - here) * step > 0 or (may_stay and place == here)]
    place = (ahead or places)[0 if step > 0 else -1]
    return Found(place=place, number=places.index(place) + 1, count=len(places))
