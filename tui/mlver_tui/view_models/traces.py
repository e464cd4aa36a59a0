"""What a chart is drawn from: lines and points with the letter and the hue of whose they are."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from mlver.model.curve import Curve
from mlver_tui.view_models.spans import Tone

LETTERS = "ABCDEFGHIJKL"
"""Versions that one chart shows, and what each is called in it: A and B are those of every screen."""

_HUES = (
    Tone.SIDE_A, Tone.SIDE_B, Tone.SIDE_C, Tone.SIDE_D, Tone.SIDE_E, Tone.SIDE_F, Tone.SIDE_G, Tone.SIDE_H,
)  # fmt: skip


class TraceKind(Enum):
    """How a trace is drawn."""

    LINE = "line"
    RAW = "raw"
    """A line behind its smoothed self."""
    POINTS = "points"


class Trace(Struct, frozen=True, kw_only=True):
    """Something drawn: its places on the x axis stand in the curve's steps."""

    curve: Curve
    tone: Tone = Tone.PLAIN
    sign: str = ""
    """One cell: stands on a line here and there, or is each of the points; none: dots."""
    kind: TraceKind = TraceKind.LINE


class Axes(Struct, frozen=True, kw_only=True):
    """The axes of a chart."""

    log_x: bool = False
    log_y: bool = False
    x_range: tuple[float, float] | None = None
    """The part of the x axis that is shown; None: all."""
    x_labels: tuple[str, ...] = ()
    """The names of places 0, 1, 2, ...; none: the axis is of numbers. Safe to show."""


def hue_of(index: int) -> Tone:
    """The hue of the n-th version, from 0; after eight they begin anew, and letters alone tell."""
    return _HUES[index % len(_HUES)]
