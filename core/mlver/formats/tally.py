"""Numbers held against each other, chunk by chunk: how many differ, and how far they moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlver.comparing.movement import are_same_numbers
from mlver.comparing.movement_wording import share
from mlver.comparing.wording import grouped

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Tally:
    """What was found so far in one block of numbers."""

    def __init__(self) -> None:
        self.compared = 0
        self.differing = 0
        self.largest = 0.0
        self.not_numbers = 0
        """Pairs of which one is finite and the other is not, or which are different non-numbers."""

    def add(self, before: NDArray[Any], after: NDArray[Any]) -> None:
        """Count one chunk of both; NaN equals NaN, as everywhere, and -0.0 is not 0.0."""
        import numpy as np

        self.compared += len(after)
        if before.tobytes() == after.tobytes():
            return
        with np.errstate(invalid="ignore"):
            differs = ~(are_same_numbers(before, after) if before.dtype.kind in "fc" else before == after)
        count = int(np.count_nonzero(differs))
        if not count:
            return
        self.differing += count
        with np.errstate(all="ignore"):  # a signalling NaN becomes a quiet one
            ours, theirs = _wide(before[differs]), _wide(after[differs])
            distance = np.abs(theirs - ours)
        # By themselves: two finite numbers can be further apart than any number is large.
        finite = np.isfinite(ours) & np.isfinite(theirs)
        self.not_numbers += count - int(np.count_nonzero(finite))
        if finite.any():
            # Large integers lose their last digits as floats; those that differ do so by one at least.
            least = 0.0 if before.dtype.kind in "fc" else 1.0
            self.largest = max(self.largest, float(distance[finite].max()), least)

    def take(self, other: Tally) -> None:
        """Add what another one found."""
        self.compared += other.compared
        self.differing += other.differing
        self.not_numbers += other.not_numbers
        self.largest = max(self.largest, other.largest)

    def __str__(self) -> str:
        if not self.differing:
            return ""
        said = f"{share(self.differing, self.compared)} numbers, max |d| {self.largest:.3g}"
        return f"{said}, {grouped(self.not_numbers)} became NaN, infinite or finite" if self.not_numbers else said


def _wide(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers that can be subtracted without overflow."""
    import numpy as np

    if values.dtype.kind == "c":
        return values.astype(np.complex128)
    return values.astype(np.float64) if values.dtype.itemsize <= 8 or values.dtype.kind != "f" else values  # noqa: PLR2004
