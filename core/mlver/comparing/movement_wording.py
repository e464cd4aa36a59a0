"""How the movement of numbers is told: in a note of a few words, and in details where there is room."""

from __future__ import annotations

from mlver.comparing.movement import BINS, Movement
from mlver.comparing.wording import grouped

_SHOWN_AS_COUNT = 10
_LEAST_SPREAD = 32
"""Sampled differences that a spread is told of."""
_EXPONENT_BIAS = 127


def movement_note(movement: Movement) -> str:
    """`81 % of 4 096 numbers, max |d| 0.0123`; nothing where none moved."""
    if not movement.changed:
        return ""
    said = f"{share(movement.changed, movement.compared)} numbers"
    if movement.largest:
        said += f", max |d| {movement.largest:.3g}"
    if movement.appeared:
        said += f", {grouped(movement.appeared)} NaN or infinite now"
    return f"{said}, {grouped(movement.vanished)} no longer NaN or infinite" if movement.vanished else said


def movement_details(movement: Movement) -> tuple[str, ...]:
    """Mean, norm, angle and spread of what moved; nothing where none did."""
    if not movement.changed or not movement.largest:
        return ()
    facts = [f"mean |d| {movement.mean:.3g}"]
    if movement.relative is not None:
        facts.append(f"relative L2 {movement.relative:.3g}")
    if movement.cosine is not None:
        facts.append(f"cosine {movement.cosine:.6f}")
    if spread := _spread(movement.histogram):
        facts.append(spread)
    return tuple(facts)


def share(part: int, whole: int) -> str:
    """A handful is told as a number, more as a share: `3 of 4 096`, `12.5 % of 4 096`, `all 4 096`."""
    if part == whole:
        return f"all {grouped(whole)}"
    if part < _SHOWN_AS_COUNT:
        return f"{part} of {grouped(whole)}"
    return f"{100 * part / whole:.3g} % of {grouped(whole)}"


def _spread(histogram: list[int]) -> str:
    """`half of |d| below 0.00098, nine tenths below 0.0039`; upper ends of powers of two, of a sample."""
    total = sum(histogram[1:])
    if total < _LEAST_SPREAD:
        return ""
    return (
        f"half of |d| below {_below(histogram, total / 2):.2g}, nine tenths below {_below(histogram, total * 0.9):.2g}"
    )


def _below(histogram: list[int], wanted: float) -> float:
    seen = 0
    for place in range(1, BINS - 1):
        seen += histogram[place]
        if seen >= wanted:
            return float(2.0 ** (place + 1 - _EXPONENT_BIAS))
    return float("inf")
