"""What can be done with charts."""

from __future__ import annotations

from functools import partial

from mlver_tui.actions.action import Action, Situation
from mlver_tui.actions.rows import CHARTS, COMPARE, MATRIX, VERSIONS, act, shown


def _needs_versions(situation: Situation) -> str:
    has_any = situation.has_version or situation.has_matrix or situation.marks > 0
    return "" if has_any else "no version here"


def _needs_chart(situation: Situation) -> str:
    return "" if situation.has_curves else "nothing is drawn here"


def _needs_lines(situation: Situation) -> str:
    return "" if situation.can_smooth else "only curves over steps, epochs or time are smoothed"


def _needs_axes(situation: Situation) -> str:
    return "" if situation.has_other_axis else "there is no other axis: the histories tell steps alone"


_drawn = partial(shown, contexts=CHARTS, why_not=_needs_chart)

CHARTS_ACTIONS: tuple[Action, ...] = (
    act(
        "charts", "c", "charts", "Charts of the marks, of a pair, or of this version", VERSIONS | COMPARE | MATRIX,
        why_not=_needs_versions,
    ),
    shown("chart-next", "n", "next", "Next metric; beside a param the next param", CHARTS, rank=1),
    shown("chart-previous", "N", "next back", "Previous metric or param", CHARTS),
    _drawn("inspect", "i", "inspect", "Show exact values under a cursor, or take it away", rank=2),
    _drawn("chart-right", "l right", "right", "The cursor to the next point"),
    _drawn("chart-left", "h left", "left", "The cursor to the point before"),
    shown(
        "chart-axis", "x", "axis", "Over steps, epochs, time, or from version to version", CHARTS, rank=3,
        why_not=_needs_axes,
    ),
    shown("smooth", "s", "smooth", "Smooth more: 0.3, 0.6, 0.9, then not", CHARTS, rank=4, why_not=_needs_lines),
    shown("smooth-less", "S", "smooth less", "Smooth less", CHARTS, why_not=_needs_lines),
    shown(
        "scatter", "p", "params", "A metric over a param of all listed versions, and back", CHARTS, rank=5,
        why_not=lambda situation: situation.no_scatter,
    ),
    _drawn("zoom-in", "=", "closer", "Half of the x axis, about the cursor", rank=6),
    _drawn("zoom-out", "-", "farther", "Twice as much of the x axis"),
    shown("chart-pick", "/", "find", "Choose a metric or a param by its name", CHARTS, rank=7),
)  # fmt: skip
