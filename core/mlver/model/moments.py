"""Moments as manifests and records write them."""

from __future__ import annotations

from datetime import UTC, datetime

LAST_SECOND = 253_402_300_799
"""The end of the year 9999, where calendars end."""


def moment(seconds: float) -> str:
    """Seconds since the epoch as text: UTC, to the millisecond, so that runs within one second have an order."""
    at = datetime.fromtimestamp(seconds, tz=UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def seconds_of(moment_text: str | None) -> float | None:
    """A moment as seconds since the epoch; None where it is none."""
    try:
        return datetime.fromisoformat(moment_text).timestamp() if moment_text else None
    except (ValueError, OverflowError):
        return None
