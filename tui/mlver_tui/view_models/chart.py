"""What every kind of chart tells the screen that shows it."""

from __future__ import annotations

from typing import Protocol

from mlver_tui.view_models.chart_places import Stops
from mlver_tui.view_models.spans import Line
from mlver_tui.view_models.traces import Axes, Trace


class Chart(Protocol):
    """Traces on axes, and in words what they are."""

    @property
    def traces(self) -> tuple[Trace, ...]:
        """What is drawn, the later over the earlier."""

    @property
    def axes(self) -> Axes:
        """All of both axes."""

    @property
    def stops(self) -> Stops:
        """Where the cursor can stand."""

    def head(self) -> Line:
        """What is shown, over which axis, and how."""

    def lines(self, cursor: float | None, width: int | None) -> list[Line]:
        """The legend; with a cursor the exact values there. Without a width nothing is cut."""


def prepare(chart: Chart) -> None:
    """Make what a key asks for, so that no key waits for it."""
    _made = chart.traces, chart.axes, chart.stops, chart.lines(None, None)
