"""How far the numbers of a tensor moved, found chunk by chunk: memory stays flat whatever the tensor's size.

Sums are kept in double precision over blocks that are summed in the numbers' own; so the shares below are right to
about six digits, the counts and the largest difference exactly.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = 256
"""Powers of two, as the exponent of a float32 counts them: bin 127 holds what is at least 1 and below 2."""
SAMPLED = 64
"""One number in so many goes into the histogram: to count all would take longer than all the rest."""

_BLOCK = 1 << 16
_EXPONENT_BITS = 23


class Movement:
    """What is known of the numbers of two tensors of one length."""

    def __init__(self) -> None:
        self.compared = 0
        self.changed = 0
        """Numbers whose bits differ; one NaN is as good as another."""
        self.largest = 0.0
        """Of the absolute differences between finite numbers."""
        self.not_finite_before = self.not_finite_after = 0
        """NaN and infinities among the numbers that changed; they are in no sum."""
        self.histogram: list[int] = [0] * BINS
        """How many of the sampled differences have which power of two; bin 0 holds those that are zero."""
        self._sum = self._before = self._after = self._moved = 0.0

    @property
    def mean(self) -> float:
        """Of the absolute differences over all numbers, changed or not."""
        return self._sum / self.compared if self.compared else 0.0

    @property
    def relative(self) -> float | None:
        """|after - before| / |before|, by the Euclidean norm; None where before is nothing but zeros."""
        return math.sqrt(self._moved / self._before) if self._before else None

    @property
    def cosine(self) -> float | None:
        """Of the angle between both, as vectors; None where one is nothing but zeros."""
        product = self._before * self._after
        if not product:
            return None
        return max(-1.0, min(1.0, (self._before + self._after - self._moved) / 2 / math.sqrt(product)))

    def add_same(self, numbers: NDArray[Any]) -> None:
        """Numbers that are bit for bit the same on both sides."""
        self.compared += len(numbers)
        for start in range(0, len(numbers), _BLOCK):
            norm = _norm(_finite(numbers[start : start + _BLOCK]))
            self._before += norm
            self._after += norm

    def add(self, before: NDArray[Any], after: NDArray[Any], differs: NDArray[np.bool_]) -> None:
        """Numbers of both sides, and which of them have other bits."""
        import numpy as np

        self.compared += len(after)
        with np.errstate(all="ignore"):
            for start in range(0, len(after), _BLOCK):
                place = slice(start, start + _BLOCK)
                self._add_block(before[place], after[place], differs[place])

    def _add_block(self, before: NDArray[Any], after: NDArray[Any], differs: NDArray[np.bool_]) -> None:
        import numpy as np

        distance = after - before
        moved = _norm(distance)
        if not math.isfinite(moved):
            before, after, distance, differs = self._without_non_numbers(before, after, differs)
            moved = _norm(distance)
        self.changed += int(np.count_nonzero(differs))
        self._moved += moved
        self._before += _norm(before)
        self._after += _norm(after)
        size = np.abs(distance)
        if len(size):
            self.largest = max(self.largest, float(size.max()))
            # By the dot product, which is twice as quick as a sum.
            self._sum += float(np.dot(size, _ones(size.dtype.str)[: len(size)]))
            self._count(size[::SAMPLED])

    def _without_non_numbers(
        self, before: NDArray[Any], after: NDArray[Any], differs: NDArray[np.bool_]
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
        """The block without NaN and infinities, which are counted; in double precision, as squares may overflow."""
        import numpy as np

        ours, theirs = np.isfinite(before), np.isfinite(after)
        differs = differs & ~(np.isnan(before) & np.isnan(after))
        self.not_finite_before += int(np.count_nonzero(differs & ~ours))
        self.not_finite_after += int(np.count_nonzero(differs & ~theirs))
        both = ours & theirs
        self.changed += int(np.count_nonzero(differs & ~both))
        wide = np.complex128 if before.dtype.kind == "c" else np.float64
        left, right = before[both].astype(wide), after[both].astype(wide)
        return left, right, right - left, differs[both]

    def _count(self, size: NDArray[Any]) -> None:
        import numpy as np

        exponents = np.ascontiguousarray(size, np.float32).view(np.uint32) >> _EXPONENT_BITS
        counted = np.bincount(exponents, minlength=BINS)
        self.histogram = [seen + more for seen, more in zip(self.histogram, counted.tolist(), strict=True)]

    def take(self, other: Movement) -> None:
        """Add what another one found."""
        self.compared += other.compared
        self.changed += other.changed
        self.largest = max(self.largest, other.largest)
        self.not_finite_before += other.not_finite_before
        self.not_finite_after += other.not_finite_after
        self.histogram = [ours + theirs for ours, theirs in zip(self.histogram, other.histogram, strict=True)]
        self._sum += other._sum
        self._before += other._before
        self._after += other._after
        self._moved += other._moved


@cache
def _ones(dtype: str) -> NDArray[Any]:
    import numpy as np

    return np.ones(_BLOCK, dtype)


def _norm(numbers: NDArray[Any]) -> float:
    """The square of the Euclidean norm."""
    import numpy as np

    return float(np.vdot(numbers, numbers).real)


def _finite(numbers: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    is_finite = np.isfinite(numbers)
    return numbers if is_finite.all() else numbers[is_finite]
