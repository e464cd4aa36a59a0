"""How far the numbers of a tensor moved, found chunk by chunk: memory stays flat whatever the tensor's size.

Sums are kept in double precision over blocks that are summed in the numbers' own; so the shares below are right to
about six digits, the counts and the largest difference exactly.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

from mlver.comparing.scratch import room

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = 256
"""Powers of two, as the exponent of a float32 counts them: bin 127 holds what is at least 1 and below 2."""
SAMPLED = 64
"""One number in so many goes into the histogram: to count all would take longer than all the rest."""

BLOCK = 1 << 18
"""Numbers that are looked at at once. Fewer would stay in the cache, but two threads would wait for each other."""
_EXPONENT_BITS = 23
_LEAST = 1e-26
"""A sum of squares in float32 that is larger has lost nothing that counts to squares that are too small for it."""
_SMALLEST = 1e-290
"""Sums of squares that are smaller have lost digits even in double precision."""
_ALIKE = 16.0
"""Squares of two norms are alike when neither is so many times the other."""


class Movement:
    """What is known of the numbers of two tensors of one length."""

    def __init__(self) -> None:
        self.compared = 0
        self.changed = 0
        """Numbers whose bits differ; one NaN is as good as another."""
        self.largest = 0.0
        """Of the absolute differences between finite numbers."""
        self.appeared = self.vanished = 0
        """Numbers that became NaN or infinite, and that are it no longer; these are in no sum."""
        self._bins: NDArray[np.intp] | None = None
        self._sum = self._before = self._after = self._moved = self._product = 0.0

    @property
    def histogram(self) -> list[int]:
        """How many of the sampled differences have which power of two; bin 0 holds those that are zero."""
        return [0] * BINS if self._bins is None else self._bins.tolist()

    @property
    def mean(self) -> float:
        """Of the absolute differences over all numbers, changed or not."""
        return self._sum / self.compared if self.compared else 0.0

    @property
    def relative(self) -> float | None:
        """|after - before| / |before|, by the Euclidean norm.

        None where before is nothing but zeros, or where squares are larger or smaller than numbers can be.
        """
        if not _SMALLEST < self._before < math.inf or not math.isfinite(self._moved):
            return None
        return math.sqrt(self._moved) / math.sqrt(self._before)

    @property
    def cosine(self) -> float | None:
        """Of the angle between both, as vectors; None as for `relative`, also where after is nothing but zeros."""
        if min(self._before, self._after) <= _SMALLEST or not math.isfinite(self._before + self._after + self._product):
            return None
        lengths = math.sqrt(self._before) * math.sqrt(self._after)
        return max(-1.0, min(1.0, self._product / lengths))

    def add_same(self, numbers: NDArray[Any]) -> None:
        """Numbers that are bit for bit the same on both sides."""
        self.compared += len(numbers)
        for start in range(0, len(numbers), BLOCK):
            norm = squared_norm(_finite(numbers[start : start + BLOCK]))
            self._before += norm
            self._after += norm
            self._product += norm

    def add(self, before: NDArray[Any], after: NDArray[Any], differs: NDArray[np.bool_]) -> None:
        """Numbers of both sides, and which of them have other bits."""
        import numpy as np

        with np.errstate(all="ignore"):
            for start in range(0, len(after), BLOCK):
                place = slice(start, start + BLOCK)
                self.add_block(before[place], after[place], differs[place])

    def add_block(
        self,
        before: NDArray[Any],
        after: NDArray[Any],
        differs: NDArray[np.bool_],
        norms: tuple[float, float] | None = None,
    ) -> None:
        """At most BLOCK numbers of both sides, and which of them have other bits.

        `norms` are the squares of both sides' norms, where they are known. Where all numbers and all differences are
        finite, only how many have other bits counts, not which. numpy's errors are to be ignored around it.
        """
        import numpy as np

        self.compared += len(after)
        distance = room("distance", after.dtype.str, len(after))
        np.subtract(after, before, out=distance)
        moved = squared_norm(distance)
        if not math.isfinite(moved):
            before, after, distance, differs = self._without_non_numbers(before, after, differs)
            norms, moved = None, squared_norm(distance)
        self.changed += int(np.count_nonzero(differs))
        self._add_norms(before, after, moved, norms)
        size = np.abs(distance, out=None if distance.dtype.kind == "c" else distance)
        if len(size):
            self.largest = max(self.largest, float(size.max()))
            self._sum += _total(size)
            self._count(size[::SAMPLED])

    def _add_norms(
        self, before: NDArray[Any], after: NDArray[Any], moved: float, norms: tuple[float, float] | None
    ) -> None:
        ours, theirs = norms or (squared_norm(before), squared_norm(after))
        self._moved += moved
        self._before += ours
        self._after += theirs
        # Three norms give the product for nothing, and exactly where both are nearly the same; not where one is so much
        # the longer that the other is lost in its last digits.
        is_alike = ours < _ALIKE * theirs and theirs < _ALIKE * ours
        self._product += (ours + theirs - moved) / 2 if is_alike else _dot(before, after)

    def _without_non_numbers(
        self, before: NDArray[Any], after: NDArray[Any], differs: NDArray[np.bool_]
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
        """The block without NaN and infinities, which are counted; in double precision, as squares may overflow."""
        import numpy as np

        ours, theirs = np.isfinite(before), np.isfinite(after)
        differs = differs & ~are_same_numbers(before, after)
        self.appeared += int(np.count_nonzero(differs & ours & ~theirs))
        self.vanished += int(np.count_nonzero(differs & ~ours & theirs))
        both = ours & theirs
        self.changed += int(np.count_nonzero(differs & ~both))
        wide = np.complex128 if before.dtype.kind == "c" else np.float64
        left, right = before[both].astype(wide), after[both].astype(wide)
        return left, right, right - left, differs[both]

    def _count(self, size: NDArray[Any]) -> None:
        import numpy as np

        exponents = np.ascontiguousarray(size, np.float32).view(np.uint32) >> _EXPONENT_BITS
        self._take_bins(np.bincount(exponents, minlength=BINS))

    def _take_bins(self, counted: NDArray[np.intp] | None) -> None:
        """Add counts; as arrays, for this is done for every block."""
        if counted is not None:
            self._bins = counted if self._bins is None else self._bins + counted

    def take(self, other: Movement) -> None:
        """Add what another one found."""
        self.compared += other.compared
        self.changed += other.changed
        self.largest = max(self.largest, other.largest)
        self.appeared += other.appeared
        self.vanished += other.vanished
        self._take_bins(other._bins)
        self._sum += other._sum
        self._before += other._before
        self._after += other._after
        self._moved += other._moved
        self._product += other._product


def are_same_numbers(before: NDArray[Any], after: NDArray[Any]) -> NDArray[np.bool_]:
    """Where both are the same number, or NaN; -0.0 is not 0.0. Of complex numbers both parts are."""
    import numpy as np

    if before.dtype.kind == "c":
        return are_same_numbers(before.real, after.real) & are_same_numbers(before.imag, after.imag)
    same: NDArray[np.bool_] = before == after
    same &= np.signbit(before) == np.signbit(after)
    same |= np.isnan(before) & np.isnan(after)
    return same


@cache
def _ones(dtype: str) -> NDArray[Any]:
    import numpy as np

    return np.ones(BLOCK, dtype)


def squared_norm(numbers: NDArray[Any]) -> float:
    """The square of the Euclidean norm."""
    return _dot(numbers, numbers)


def _dot(before: NDArray[Any], after: NDArray[Any]) -> float:
    """The sum of products; once more in double precision where float32 has no room for it, or no digits."""
    import numpy as np

    if before.dtype.kind == "c":
        return float(np.vdot(before, after).real)
    product = float(before.dot(after))
    if before.dtype == np.float32 and not _LEAST < abs(product) < math.inf:
        return float(before.astype(np.float64).dot(after.astype(np.float64)))
    return product


def _total(sizes: NDArray[Any]) -> float:
    """By the dot product, which is twice as quick as a sum."""
    total = float(sizes.dot(_ones(sizes.dtype.str)[: len(sizes)]))
    return total if math.isfinite(total) else float(sizes.astype("f8").sum())


def _finite(numbers: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    is_finite = np.isfinite(numbers)
    return numbers if is_finite.all() else numbers[is_finite]
