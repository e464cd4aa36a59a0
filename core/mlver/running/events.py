"""What a run or a replay tells while it is under way: facts, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Phase:
    """Another part of the work began: `taking the snapshot`."""

    text: str


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step began."""

    name: str
    index: int
    """From 0."""
    count: int
    """How many steps there are."""


@dataclass(frozen=True, slots=True)
class OutputArrived:
    """A step wrote something."""

    data: bytes
    """Secrets already masked; breaks anywhere, in any encoding."""


@dataclass(frozen=True, slots=True)
class UsageSampled:
    """What the step and all it started use now."""

    rss_bytes: int
    cpu_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step ended."""

    name: str
    exit: int | None
    """Negative: the signal that ended it; None: it never started."""
    wall_s: float


RunEvent: TypeAlias = Phase | StepStarted | OutputArrived | UsageSampled | StepFinished
