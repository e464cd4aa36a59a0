"""Moving over a chart: where its cursor can stand, and which part of the x axis is shown."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

Stretch: TypeAlias = tuple[float, float]
"""A part of the x axis."""

_TENTHS = 10
_ZOOM = 2.0
_DEEPEST = 1e-6
"""Of the whole axis: nobody wants to see less."""


class Stops(Struct, frozen=True):
    """The places of all points on the x axis. Not put into one list: of five long curves that would take a while."""

    parts: tuple[Sequence[float], ...]
    """Ascending, none empty."""

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def whole(self) -> Stretch:
        """From the first place to the last."""
        return min(part[0] for part in self.parts), max(part[-1] for part in self.parts)

    def after(self, x: float) -> float:
        """The next place; the last one has none after it."""
        found = [part[place] for part in self.parts if (place := bisect_right(part, x)) < len(part)]
        return min(found, default=self.whole[1])

    def before(self, x: float) -> float:
        """The place before; the first one has none before it."""
        found = [part[place - 1] for part in self.parts if (place := bisect_left(part, x))]
        return max(found, default=self.whole[0])

    def nearest(self, x: float) -> float:
        """The place closest to x."""
        later = [part[min(bisect_left(part, x), len(part) - 1)] for part in self.parts]
        earlier = [part[max(bisect_left(part, x) - 1, 0)] for part in self.parts]
        return min((*later, *earlier), key=lambda place: (abs(place - x), place))

    def tenth(self, x: float, shown: Stretch, tenths: int) -> float:
        """The place nearest to so many tenths of what is shown away; at least the next one."""
        low, high = shown
        there = self.nearest(x + (high - low) / _TENTHS * tenths)
        if tenths > 0:
            return max(there, self.after(x))
        return min(there, self.before(x))


def zoomed(shown: Stretch | None, whole: Stretch, about: float, *, closer: bool) -> Stretch | None:
    """Half of what is shown or twice as much, with the place it is about staying where it is; None: everything."""
    low, high = shown or whole
    span = high - low
    wanted = span / _ZOOM if closer else span * _ZOOM
    if wanted >= whole[1] - whole[0]:
        return None
    if wanted < (whole[1] - whole[0]) * _DEEPEST:
        return shown
    about = min(max(about, low), high)
    return _inside(about - (about - low) / span * wanted, wanted, whole)


def followed(shown: Stretch | None, whole: Stretch, x: float) -> Stretch | None:
    """What is shown, moved as far as it must be for a place to be seen."""
    if shown is None or shown[0] <= x <= shown[1]:
        return shown
    span = shown[1] - shown[0]
    return _inside(x - span / 2, span, whole)


def _inside(low: float, span: float, whole: Stretch) -> Stretch:
    low = max(whole[0], min(low, whole[1] - span))
    return low, low + span
