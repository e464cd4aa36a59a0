"""What the tests of the explorer share: the pilot looks every few milliseconds whether a key was dealt with."""

from __future__ import annotations

from textual import _wait

# Thousands of keys are pressed; for each the pilot sleeps twice, and as long again while anything is under way.
_wait.SLEEP_GRANULARITY = 0.004
_wait.SLEEP_IDLE = 0.0008
