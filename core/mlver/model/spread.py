"""How far a metric spreads between runs that differ by their seeds alone."""

from __future__ import annotations

from msgspec import Struct


class Sample(Struct, frozen=True, kw_only=True):
    """One metric over the runs of a family."""

    n: int
    mean: float | None = None
    """None: no run has the metric as a finite number."""
    sd: float | None = None
    """The sample's standard deviation, by n − 1; None: there are fewer than two."""


class MetricSpread(Struct, frozen=True, kw_only=True):
    """One metric over the runs of A's family and of B's."""

    metric: str
    before: Sample
    after: Sample
    difference: float | None = None
    """Mean of B's runs less that of A's."""
    t: float | None = None
    """Welch's where both sides have two runs or more; where one has a single run, that of one value against many.

    None: neither side has two, or none of them spreads.
    """
    df: float | None = None
    p: float | None = None
    """Two-sided."""


class SeedSpread(Struct, frozen=True, kw_only=True):
    """The families of two versions."""

    metrics: tuple[MetricSpread, ...]
    """Those that both versions have as numbers; A's order, the primary first."""
    is_one_family: bool = False
    """A and B differ by their seeds alone: what is between them is the spread itself."""

    def of(self, metric: str) -> MetricSpread | None:
        """The spread of one metric."""
        return next((one for one in self.metrics if one.metric == metric), None)
