"""The first tab of Compare: did it help, what changed, where it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlver.model.comparison import Comparison
from mlver.model.metric import MetricDelta
from mlver.model.version import VersionRow
from mlver_tui.view_models.compared import ComparedView
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.helped import helped_lines
from mlver_tui.view_models.metric_rows import (
    RESOURCES,
    metric_columns,
    metric_head,
    metric_line,
    metric_name,
    metric_texts,
)
from mlver_tui.view_models.numbers import age, percent
from mlver_tui.view_models.section_lines import section_lines
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, spread
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import cell_width
from mlver_tui.view_models.told import Told, told_line
from mlver_tui.view_models.version_rows import NAME_WIDTH, replay_span, shown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """The two lines that always name A and B."""

    before: VersionRow
    after: VersionRow
    now: float
    right: tuple[str, str] = ("", "")
    """What stands at the right edges."""
    glyphs: Glyphs = UNICODE

    def lines(self, width: int) -> list[Line]:
        """A over B."""
        longest = max(cell_width(shown_name(row, self.glyphs)) for row in (self.before, self.after))
        name_width = max(NAME_WIDTH, min(longest, width // 3))
        return [
            self._line(line(Span(" A ", Tone.SIDE_A), *self._name(self.before, name_width)), self.before, 0, width),
            self._line(line(Span(" B ", Tone.SIDE_B), *self._name(self.after, name_width)), self.after, 1, width),
        ]

    def _name(self, row: VersionRow, width: int) -> Line:
        return fitted((bright(shown_name(row, self.glyphs)),), width)

    def _line(self, start: Line, row: VersionRow, side: int, width: int) -> Line:
        glyphs, end = self.glyphs, self.right[side]
        left = line(
            *start,
            " ",
            glyphs.remark(row.title) if row.title else glyphs.data(row.reason or ""),
            dim(f"  {age(row.created, self.now)}  {glyphs.data(row.author)}  "),
            # Under no head a lone `?` says nothing.
            replay_span(row.replay, glyphs) if row.replay else "",
        )
        return spread(left, line(dim(f"{end} ")) if end else EMPTY, width)


def summary_lines(view: ComparedView, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The whole tab."""
    comparison = view.comparison
    lines = [*_helped_lines(comparison, width, glyphs), EMPTY]
    measured = [delta for delta in comparison.metrics if delta.name not in RESOURCES]
    if measured:
        columns = metric_columns(measured, width - 2, glyphs)
        lines.append(line(" ", *metric_head(columns, width - 2, glyphs)))
        lines += [line(" ", *metric_line(delta, columns, width - 2, glyphs)) for delta in measured]
    used = [delta for delta in comparison.metrics if delta.name in RESOURCES]
    if used:
        lines.append(_used_line(used, width, glyphs))
    lines += [EMPTY, line(bright(" WHAT CHANGED"))]
    lines += section_lines(view.sections, width, glyphs)
    lines.append(_first_step(comparison, width, glyphs))
    lines += [
        line(Span(f" {part}", Tone.WARNING))
        for note in comparison.notes
        for part in wrapped(f"! {glyphs.remark(note)}", width - 1)
    ]
    if not comparison.complete:
        lines.append(line(Span(f" {glyphs.incomplete} incomplete: a limit was hit", Tone.WARNING)))
    return [fitted(one, width) for one in lines]


_HEAD_CELLS = 15


def _helped_lines(comparison: Comparison, width: int, glyphs: Glyphs) -> list[Line]:
    first, *rest = helped_lines(comparison, max(20, width - _HEAD_CELLS - 1), glyphs)
    return [line(bright(" DID IT HELP   "), first), *(line(" " * _HEAD_CELLS, part) for part in rest)]


def _used_line(deltas: Sequence[MetricDelta], width: int, glyphs: Glyphs) -> Line:
    """What the runs used, on one line: nobody decides by it, and the tab of metrics has it as rows."""
    told = []
    for delta in deltas:
        before, after, _ = metric_texts(delta, glyphs)
        sides = after if before == after else f"{before or 'none'} {glyphs.arrow} {after or 'none'}"
        relative = percent(delta.relative, glyphs) if delta.absolute else ""
        name = line(f"{metric_name(delta.name, glyphs)} ", sides)
        told.append(Told(name=name, said=line(dim(f" {relative}")) if relative else EMPTY))
    return line(dim(f" {glyphs.dot} used  "), *told_line(told, 0, max(1, width - 10), glyphs.dot))


def _first_step(comparison: Comparison, width: int, glyphs: Glyphs) -> Line:
    if comparison.first_step is None:
        return fitted(line(dim(" no step differs, or it is not known")), width)
    why = f" ({glyphs.remark(comparison.first_step_why)})" if comparison.first_step_why else ""
    return fitted(line(" first step that differs: ", bright(glyphs.data(comparison.first_step)), why), width)
