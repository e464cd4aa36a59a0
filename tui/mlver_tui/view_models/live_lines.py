"""A version that is being made: how far it is, its newest value, and that of another version at the same step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, metric_value, number
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, dim, join, line
from mlver_tui.view_models.version_rows import LiveCells, judgement_tone

if TYPE_CHECKING:
    from mlver.model.live import LiveValue

_SHORT = {"epoch": "ep"}


class Running(Struct, frozen=True, kw_only=True):
    """What is known of a training under way."""

    axis: str = "step"
    """What it counts: `epoch` or `step`."""
    total: int | None = None
    value: LiveValue | None = None
    """None: it has measured nothing yet."""
    against_name: str = "parent"
    """What its value is held against: `A` or `parent`."""


def place_text(running: Running) -> str:
    """How far it is: `ep 41/60`, `step 1200`; nothing before the first value."""
    if running.value is None:
        return ""
    total = f"/{running.total}" if running.total else ""
    return f"{_SHORT.get(running.axis, running.axis)} {running.value.step:g}{total}"


def value_line(running: Running, glyphs: Glyphs = UNICODE) -> Line:
    """`loss 0.162`."""
    value = running.value
    if value is None:
        return line(dim(f"nothing measured yet {glyphs.ellipsis}"))
    return line(f"{glyphs.data(value.metric)} {_written(value, value.value, glyphs)}")


def other_line(running: Running, glyphs: Glyphs = UNICODE, *, is_short: bool = False) -> Line:
    """`A here 0.221`: the other version at that step; at an older one where only that is known of both."""
    value = running.value
    if value is None or value.delta is None:
        return EMPTY
    here = "" if is_short else " here"
    where = here if _is_here(value) else f" at {value.delta_step:g}"
    return line(dim(f"{running.against_name}{where} {_written(value, value.delta.before, glyphs)}"))


def own_line(running: Running, glyphs: Glyphs = UNICODE) -> Line:
    """`at 25 0.297`: its own value that was held against the other's; nothing where that is the newest."""
    value = running.value
    if value is None or value.delta is None or _is_here(value):
        return EMPTY
    return line(dim(f"at {value.delta_step:g} {_written(value, value.delta.after, glyphs)}"))


def delta_line(running: Running, glyphs: Glyphs = UNICODE) -> Line:
    """`▲ −0.059`: from the other version to this one, judged."""
    value = running.value
    if value is None or value.delta is None:
        return EMPTY
    delta, tone = value.delta, judgement_tone(value.delta.judgement)
    amount = "" if delta.absolute is None else number(delta.absolute, _decimals(value), sign=True, glyphs=glyphs)
    return line(Span(glyphs.judgement[delta.judgement], tone), " ", Span(amount, tone))


def running_line(running: Running, glyphs: Glyphs = UNICODE) -> Line:
    """All of it in one line, what can be spared last: `ep 41/60  loss 0.162  ▲ −0.059  A here 0.221`."""
    place = line(place_text(running))
    held = (delta_line(running, glyphs), other_line(running, glyphs), own_line(running, glyphs))
    return join([place, value_line(running, glyphs), *held])


def live_cells(running: Running, primary: str | None, glyphs: Glyphs = UNICODE) -> LiveCells:
    """What the row in the list shows: the primary metric in its column, any other beside how far the training is."""
    value = running.value
    if value is None:
        return LiveCells(said=EMPTY)
    place = line(Span(place_text(running), Tone.ACCENT))
    decimals = _decimals(value)
    if value.metric == primary:
        delta = value.delta if _is_here(value) else None
        return LiveCells(said=place, value=value.value, delta=delta, decimals=decimals)
    # The delta first: where it is narrow, the rest is cut.
    written = line(glyphs.data(value.metric), dim(f" {metric_value(value.value, decimals, glyphs)}"))
    return LiveCells(said=join([place, delta_line(running, glyphs), written], " "))


def _is_here(value: LiveValue) -> bool:
    return value.delta_step == value.step


def _written(value: LiveValue, written: float | int | str | bool | None, glyphs: Glyphs) -> str:
    return metric_value(written, _decimals(value), glyphs)


def _decimals(value: LiveValue) -> int:
    return decimals_of([value.value, value.delta.before if value.delta else None])
