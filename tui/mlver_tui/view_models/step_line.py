"""The first step that differs, on the line of all steps."""

from __future__ import annotations

from mlver.model.change import Kind
from mlver.model.comparison import Comparison
from mlver_tui.view_models.change_rows import KIND_TONES
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import EMPTY, Line, Span, bright, dim, fitted, line
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import cell_width


def step_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """`prepare ── train ── evaluate`, under each whether it differs, and why the first one does."""
    lines = [EMPTY, line(bright(" FIRST STEP THAT DIFFERS"))]
    if comparison.first_step is None:
        return [*lines, line(dim(" none does, or it is not known"))]
    steps = [step.name for step in comparison.after.manifest.steps]
    if len(steps) > 1 and comparison.first_step in steps:
        lines += _way(comparison, steps, width, glyphs)
    else:
        lines.append(line(bright(f" {glyphs.data(comparison.first_step)}")))
    return lines + [line(f" {part}") for part in wrapped(glyphs.remark(comparison.first_step_why), width - 2)]


def _way(comparison: Comparison, steps: list[str], width: int, glyphs: Glyphs) -> list[Line]:
    """Names with rules between them, and their signs; those before the first that differs go where room is short."""
    first = steps.index(comparison.first_step or "")
    names = [glyphs.data(name) for name in steps]
    while first > 0 and sum(map(cell_width, names)) + 4 * len(names) > width:
        del names[0], steps[0]
        first -= 1
    rule = f" {glyphs.rule * 2} "
    above: list[Span] = []
    below: list[Span] = []
    for place, (step, name) in enumerate(zip(steps, names, strict=True)):
        differs = step in comparison.differing_steps or place == first
        kind = Kind.CHANGED if differs else Kind.SAME
        above += [dim(rule) if place else Span(" "), bright(name) if place == first else Span(name)]
        size = cell_width(name)
        sign = " " * ((size - 1) // 2) + glyphs.kind[kind]
        below += [Span(" " * (len(rule) if place else 1)), Span(sign + " " * (size - len(sign)), KIND_TONES[kind])]
    return [fitted(tuple(above), width), fitted(tuple(below), width)]
