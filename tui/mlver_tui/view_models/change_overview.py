"""All that differs in one tree: what went in, and below a dashed line what came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.change import Change, Kind, branch
from mlver.model.comparison import Comparison
from mlver.model.data import same_leaf
from mlver.model.metric import Judgement, MetricDelta
from mlver_tui.view_models.change_lines import ChangeTable
from mlver_tui.view_models.change_rows import KIND_TONES, ChangeRow, TreeOutline, joined
from mlver_tui.view_models.compare_tabs import CompareTab
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import RESOURCES, metric_name, metric_texts
from mlver_tui.view_models.numbers import percent
from mlver_tui.view_models.sections import Section
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, spread, width_of
from mlver_tui.view_models.text import padded
from mlver_tui.view_models.version_rows import judgement_tone

OUTCOMES = "what came out"
"""The line between causes and effects: no row to stand on."""

_METRICS = "metrics"
_OUTCOME_SECTIONS = frozenset({"files"})


def overview_outline(comparison: Comparison, made: Sequence[Section]) -> TreeOutline:
    """The tree of everything; things such as files are leaves of it, whose own tabs tell more."""
    inputs = [_section(section) for section in made if section.name not in _OUTCOME_SECTIONS]
    outcomes = [_section(section) for section in made if section.name in _OUTCOME_SECTIONS]
    measured = tuple(_metric(delta) for delta in comparison.metrics if delta.name not in RESOURCES)
    divider = Change(label=OUTCOMES, kind=Kind.SAME)
    return TreeOutline(
        branch("", (*inputs, divider, branch(_METRICS, measured), *outcomes)),
        keeps_top=True,
    )


def _section(section: Section) -> Change:
    tree = section.tree
    if section.by_thing:
        tree = replace(tree, children=tuple(replace(child, children=()) for child in tree.children))
    return replace(tree, label=section.name, note="" if tree.children else tree.note)


def _metric(delta: MetricDelta) -> Change:
    kind = Kind.SAME if same_leaf(delta.before, delta.after) else Kind.CHANGED
    return Change(label=delta.name, kind=kind, before=delta.before, after=delta.after)


def tab_of(row: ChangeRow, made: Sequence[Section]) -> tuple[CompareTab, str]:
    """Where the tab stands that tells more of a row, and the row's dotted name there; empty: the tab's top."""
    first, *below = row.path
    if first == _METRICS:
        return CompareTab.METRICS, ""
    section = next(section for section in made if section.name == first)
    tab = CompareTab(section.tab)
    # Env is made of three trees, each under its own name.
    labels = [section.tree.label, *below] if tab is CompareTab.ENV else below
    return tab, joined(labels)


class OverviewTable(Struct, frozen=True, kw_only=True):
    """Makes the lines of the tree: one column of values, and of metrics how they moved."""

    inner: ChangeTable
    deltas: Mapping[str, MetricDelta]
    counted: tuple[int, int]
    """How much differs, and of how much."""
    glyphs: Glyphs = UNICODE

    def is_heading(self, row: ChangeRow) -> bool:
        """Whether no cursor stops there."""
        return row.path == (OUTCOMES,)

    def head(self, width: int) -> Line:
        """`WHAT CHANGED                      16 of 74`."""
        differing, total = self.counted
        return spread(line(bright(" WHAT CHANGED")), line(dim(f"{differing} of {total}")), width)

    def line(self, row: ChangeRow, width: int) -> Line:
        """One row."""
        if self.is_heading(row):
            return self._divider(width)
        if row.path[0] == _METRICS:
            return self._metrics(row, width)
        if row.tally is None and row.depth == 0:
            return self._empty(row, width)
        return self.inner.line(row, width)

    def _divider(self, width: int) -> Line:
        rule = self.glyphs.rule * max(0, (width - len(OUTCOMES) - 4) // 2)
        return fitted(line("  ", dim(f"{rule[1:]} {OUTCOMES} {rule}")), width)

    def _empty(self, row: ChangeRow, width: int) -> Line:
        """A part with nothing below it: the same, or not known."""
        kind, glyphs = row.node.kind, self.glyphs
        said = "same" if kind is Kind.SAME else glyphs.remark(row.node.note) or "not known"
        left = line(Span(f" {glyphs.kind[kind]} ", KIND_TONES[kind]), dim(glyphs.data(row.node.label)))
        return spread(left, line(dim(said)), width)

    def _metrics(self, row: ChangeRow, width: int) -> Line:
        if row.tally is not None:
            fold = self.glyphs.opened if row.is_open else self.glyphs.closed
            return spread(line(f" {fold} ", bright(_METRICS)), self._judged(), width)
        if row.depth == 0 or (delta := self.deltas.get(row.node.label)) is None:
            return self._empty(row, width)
        glyphs, tone = self.glyphs, judgement_tone(delta.judgement)
        star = f" {glyphs.star}" if delta.meaning.primary else ""
        _before, _after, moved = metric_texts(delta, glyphs)
        share = padded(percent(delta.relative, glyphs) if delta.absolute else "", 9, right=True)
        right = line(Span(moved, tone if delta.absolute else Tone.DIM), dim(share))
        left = line(Span(f" {glyphs.judgement[delta.judgement]} ", tone), "  ", metric_name(delta.name, glyphs), star)
        room = max(0, width - width_of(right) - 1)
        return fitted((*fitted(left, room), Span(" "), *right), width)

    def _judged(self) -> Line:
        """`▲3 ▼1 ·1`."""
        glyphs = self.glyphs
        counts = Counter(delta.judgement for delta in self.deltas.values())
        spans: list[Span] = []
        for judgement in Judgement:
            if counts[judgement]:
                said = f"{glyphs.judgement[judgement]}{counts[judgement]}"
                spans += (
                    [Span(" "), Span(said, judgement_tone(judgement))]
                    if spans
                    else [Span(said, judgement_tone(judgement))]
                )
        return tuple(spans)
