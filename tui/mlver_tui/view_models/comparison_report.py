"""A comparison as lines without columns of a fixed width: what `mlver diff` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from mlver.model.between import Between
from mlver.model.change import Change, Counts, Kind
from mlver.model.comparison import Comparison
from mlver.model.metric import MetricDelta
from mlver.model.version import VersionRow
from mlver_tui.view_models.answer_lines import predictions_lines
from mlver_tui.view_models.banner import ONE_VERSION, between_words
from mlver_tui.view_models.belief import evidence
from mlver_tui.view_models.change_entries import (
    FILE_SECTIONS,
    PARTS,
    Entry,
    entries_of,
    entry_note,
    entry_values,
    is_told_by_lines,
    left_out,
    sections_of,
)
from mlver_tui.view_models.change_rows import KIND_TONES, is_folder
from mlver_tui.view_models.doubt_lines import doubts
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.helped import helped_lines
from mlver_tui.view_models.metric_rows import judged_word, metric_name, metric_texts, slice_lines
from mlver_tui.view_models.numbers import age, amount, percent
from mlver_tui.view_models.section_lines import section_lines
from mlver_tui.view_models.sections import Section
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.spread_lines import spread_lines
from mlver_tui.view_models.tables import aligned, wrapped
from mlver_tui.view_models.version_rows import judgement_tone, shown_name
from mlver_tui.view_models.why_lines import why_lines

_SHOWN_INSIDE = 20
"""Of what differs inside a file."""

_DOUBT_CELLS = 9
_COUNTED_LINE = 400
"""Cells for the line that counts a section; more than any terminal has."""


class Report(Struct, frozen=True, kw_only=True):
    """What of a comparison is wanted, and how."""

    comparison: Comparison
    now: float
    """Seconds since the epoch."""
    parts: frozenset[str] = frozenset(PARTS)
    everything: bool = False
    is_short: bool = False
    """Counts instead of lists."""
    width: int | None = None
    """Cells of a line; None: nothing is cut."""
    glyphs: Glyphs = UNICODE
    between: Between | None = None
    """What lies between the two; None: that is not known."""

    def lines(self) -> Iterator[Line]:
        """The report: who is compared, did it help, what changed, what must be known about it."""
        comparison, glyphs = self.comparison, self.glyphs
        yield self._side("A", Tone.SIDE_A, comparison.before.row)
        yield self._side("B", Tone.SIDE_B, comparison.after.row)
        if comparison.is_of_one_version:
            yield line(f"  {ONE_VERSION}")
        elif said := between_words(self.between, glyphs):
            yield line(dim(f"  {said}"))
        if "metrics" in self.parts:
            yield EMPTY
            yield from (line(bright(part)) for part in helped_lines(comparison, self.width, glyphs))
            yield from self._metrics()
            yield from self._evidence()
            yield from self._doubts()
            yield from self._where()
        sections = sections_of(comparison, self.parts)
        if sections:
            yield EMPTY
        if self.is_short:
            yield from section_lines(sections, self.width or _COUNTED_LINE, glyphs)
        for section in () if self.is_short else sections:
            yield from self._section(section)
        if "code" in self.parts:
            yield from self._uncommitted()
        yield from self._end()

    def _side(self, name: str, tone: Tone, row: VersionRow) -> Line:
        glyphs = self.glyphs
        why = glyphs.remark(row.title) if row.title else glyphs.data(row.reason or "")
        made = f"  {age(row.created, self.now)}  {glyphs.data(row.author)}"
        return line(Span(f"{name} ", tone), bright(shown_name(row, glyphs)), f"  {why}" if why else "", dim(made))

    def _metrics(self) -> Iterator[Line]:
        deltas = self.comparison.metrics
        if not deltas:
            return
        delta = "diff" if self.glyphs.is_ascii else "Δ"
        head = [line(dim(text)) for text in ("  METRIC", "A", "B", delta, f"{delta} %", "JUDGED")]
        rows = [head, *(self._metric(one) for one in deltas)]
        yield from aligned(rows, right={1, 2, 3, 4}, flexible=0, width=self.width)

    def _doubts(self) -> Iterator[Line]:
        for doubt in doubts(self.comparison, self.glyphs):
            head = f"{doubt.name:<{_DOUBT_CELLS}}"
            for part in wrapped(doubt.said, self.width and max(20, self.width - _DOUBT_CELLS)):
                yield line(dim(head), part)
                head = " " * _DOUBT_CELLS

    def _where(self) -> Iterator[Line]:
        """Slices, seeds, classes, confusion and calibration, where metrics alone or all is wanted."""
        if self.is_short or not (self.everything or self.parts == {"metrics"}):
            return
        width, glyphs = self.width or _COUNTED_LINE, self.glyphs
        slices = slice_lines(self.comparison.slices, width, glyphs)
        yield from [EMPTY, *slices] if slices else []
        yield from spread_lines(self.comparison, width, glyphs)
        yield from predictions_lines(self.comparison.predictions, width, glyphs)

    def _evidence(self) -> Iterator[Line]:
        """What speaks for or against the difference, as Compare has it; that both were measured alike is said above."""
        for one in evidence(self.comparison, self.glyphs):
            if one.name != "data":
                # Without the word beside it: no question stands above them here that "yes" would answer.
                yield line(dim(f"{one.name:<{_DOUBT_CELLS}}"), *one.said)

    def _metric(self, delta: MetricDelta) -> list[Line]:
        glyphs = self.glyphs
        tone = judgement_tone(delta.judgement)
        before, after, absolute = metric_texts(delta, glyphs, with_unit=True)
        star = f" {glyphs.star}" if delta.meaning.primary else ""
        from_zero = "from 0" if delta.relative is None and delta.absolute else ""
        return [
            line(Span(f"{glyphs.judgement[delta.judgement]} ", tone), bright(metric_name(delta.name, glyphs)), star),
            line(before or dim("none")),
            line(after or dim("none")),
            line(Span(absolute, tone if delta.absolute else Tone.DIM)),
            line(dim(from_zero or percent(delta.relative, glyphs))),
            line(Span(judged_word(delta), tone)),
        ]

    def _section(self, section: Section) -> Iterator[Line]:
        total = section.count
        aside = left_out(section)
        if not total:
            said = unchanged(section)
            yield line(dim(f"{section.name:<9} {said}"), dim(f"  ({aside})") if "noise" in aside else "")
        else:
            hidden = "" if self.everything or not aside else f"  ({aside}; -a shows)"
            yield line(bright(f"{section.name:<9}"), f" {counted(section.counts)}", dim(hidden))
        rows = []
        for entry in entries_of(section, everything=self.everything):
            rows.append(self._entry(entry))
            if entry.is_file and (self.everything or self.parts == {"data"}):
                rows += self._inside(entry.node)
        # Digests are short and what is said about a file is long; with params it is the other way round.
        flexible = 2 if section.name in FILE_SECTIONS else 1
        yield from aligned(rows, flexible=flexible, width=self.width)

    def _uncommitted(self) -> Iterator[Line]:
        """What of each side's code was in no commit: no difference between the two, so it is counted in no section."""
        for tree in self.comparison.uncommitted:
            if tree is not None:
                yield line(bright(tree.label), f"  {amount(len(tree.children), 'file', self.glyphs)}")
                entries = (Entry(path=(one.label,), node=one, is_file=True, is_code=True) for one in tree.children)
                rows = [] if self.is_short else [self._entry(entry) for entry in entries]
                yield from aligned(rows, flexible=2, width=self.width)

    def _inside(self, node: Change) -> Iterator[list[Line]]:
        """What differs inside a file: its tensors, keys or columns, and which bytes; of very many the first.

        What is the same is told by one line each, and what is below it only where everything is wanted.
        """
        glyphs = self.glyphs
        below = {fact for child in node.children for fact in child.note.split(", ")}
        details = [glyphs.remark(detail) for detail in node.details if detail not in below]
        if details:
            yield [EMPTY, EMPTY, line(dim(", ".join(details)))]
        are_files = is_folder(node)
        waiting = _first(1, node.children)
        while waiting:
            depth, child = waiting.pop()
            if isinstance(child, int):
                yield [line(dim(f"{'  ' * (depth + 1)}+{child}"))]
                continue
            name, *cells = self._entry(Entry(path=(child.label,), node=child, is_file=are_files))
            yield [(Span("  " * depth), *name), *cells]
            wanted = [part for part in child.children if self.everything or part.is_change]
            waiting += _first(depth + 1, wanted)

    def _entry(self, entry: Entry) -> list[Line]:
        node, glyphs = entry.node, self.glyphs
        tone = Tone.DIM if node.is_noise else KIND_TONES[node.kind]
        name = line(
            Span(f"  {glyphs.kind[node.kind]} ", tone),
            Span(glyphs.data(entry.key), Tone.DIM if tone is Tone.DIM else Tone.PLAIN),
        )
        before, after = entry_values(entry, glyphs)
        if is_told_by_lines(entry):
            values = EMPTY
        elif before == after or not (before and after):
            values = line(Span(after or before, tone))
        else:
            values = line(dim(f"{before} {glyphs.arrow} "), bright(after))
        place = node.place_after or node.place_before
        return [name, values, line(dim(entry_note(entry, glyphs))), line(dim(glyphs.data(str(place)) if place else ""))]

    def _end(self) -> Iterator[Line]:
        comparison, glyphs = self.comparison, self.glyphs
        told: list[Line] = []
        if comparison.first_step is not None:
            why = f" ({glyphs.remark(comparison.first_step_why)})" if comparison.first_step_why else ""
            told.append(line("first step that differs: ", bright(glyphs.data(comparison.first_step)), why))
        if self.parts == set(PARTS):
            told += why_lines(comparison.why, self.width, glyphs)
        for note in comparison.notes:
            told += [line(Span(part, Tone.WARNING)) for part in wrapped(f"! {glyphs.remark(note)}", self.width)]
        if not comparison.complete:
            told.append(line(Span(f"{glyphs.incomplete} incomplete: a limit was hit", Tone.WARNING)))
        if told:
            yield EMPTY
        yield from told


def _first(depth: int, nodes: Sequence[Change]) -> list[tuple[int, Change | int]]:
    """The first of the nodes in a stack's order, and how many more there are."""
    more = len(nodes) - _SHOWN_INSIDE
    below: list[tuple[int, Change | int]] = [(depth, more)] if more > 0 else []
    return below + [(depth, node) for node in reversed(nodes[:_SHOWN_INSIDE])]


def counted(counts: Counts) -> str:
    """`2 changed, 1 not known`: what nobody knows is not said to differ."""
    changed = counts.total - counts.unknown
    words = ((changed, "changed"), (counts.unknown, "not known"))
    return ", ".join(f"{number} {word}" for number, word in words if number)


def unchanged(section: Section) -> str:
    """What to say of a side where no difference is known."""
    if section.tree.kind is not Kind.UNKNOWN:
        return "same"
    return section.unknown or "not known on one side"
