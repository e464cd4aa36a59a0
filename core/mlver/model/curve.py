"""Curves: the history of a metric over steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One metric of one version over time."""

    metric: str
    context: str = ""
    """`train`, `eval`, or nothing."""
    steps: tuple[float, ...]
    values: tuple[float, ...]
    """As long as `steps`; NaN and infinities are kept."""
    skipped: int = 0
    """Rows of the history that held no number."""
    complete: bool = True
    """False: the history was larger than the reading limit."""
