"""What a run or a replay tells while it is under way: facts, in the past tense."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Phase(Struct, frozen=True):
    """Another part of the work began: `taking the snapshot`."""

    text: str


class StepStarted(Struct, frozen=True):
    """A step began."""

    name: str
    index: int
    """From 0."""
    count: int
    """How many steps there are."""


class OutputArrived(Struct, frozen=True):
    """A step wrote something."""

    data: bytes
    """Secrets already masked; breaks anywhere, in any encoding."""


class UsageSampled(Struct, frozen=True):
    """What the step and all it started use now."""

    rss_bytes: int
    cpu_s: float
    wall_s: float


class StepFinished(Struct, frozen=True):
    """A step ended."""

    name: str
    exit: int | None
    """Negative: the signal that ended it; None: it never started."""
    wall_s: float


RunEvent: TypeAlias = Phase | StepStarted | OutputArrived | UsageSampled | StepFinished
