"""The version list: one line per version that reads like a story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from mlver.model.manifest import Status
from mlver.model.metric import Judgement, Metric, MetricDelta, metric_delta
from mlver.model.version import Agreement, ReplayMark, VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.ledger_lines import BADGE_WIDTH, badge
from mlver_tui.view_models.numbers import age, decimals_of, metric_value, number
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cut, padded

NAME_WIDTH, AGE_WIDTH, STRIP_WIDTH, VALUE_WIDTH, DELTA_WIDTH, REPLAY_WIDTH = 11, 3, 6, 8, 9, 3
_COLUMNS = (STRIP_WIDTH, VALUE_WIDTH, DELTA_WIDTH, REPLAY_WIDTH)
_FIXED = 3 + NAME_WIDTH + 1 + AGE_WIDTH + 1
LEAST_WHY = 12
"""The flexible column never gets narrower; columns on its right go first."""

_SAMPLED = 2000
"""Rows looked at to choose the decimals: enough to know how a metric is written."""

_TONES = {
    Judgement.BETTER: Tone.BETTER,
    Judgement.WORSE: Tone.WORSE,
    Judgement.SAME: Tone.DIM,
    Judgement.NO_GOAL: Tone.PLAIN,
    Judgement.UNKNOWN: Tone.DIM,
}

_MARK_TONES = {
    Agreement.IDENTICAL: Tone.PLAIN,
    Agreement.CONTENT: Tone.PLAIN,
    Agreement.WITHIN_TOLERANCE: Tone.PLAIN,
    Agreement.DIFFERENT: Tone.WARNING,
    Agreement.FAILED: Tone.WARNING,
    Agreement.NOT_COMPARABLE: Tone.DIM,
}


def judgement_tone(judgement: Judgement) -> Tone:
    """The tone of a judged delta."""
    return _TONES[judgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCells:
    """What the list says about one version, cell by cell; unpadded."""

    name: Span
    age: Span
    why: Line
    strip: Line
    value: Span
    delta_sign: Span
    delta: Span
    replay: Span
    stage: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTable:
    """Makes the lines of a list of versions. Cheap to make: a line is built when it is drawn."""

    find: Callable[[str], VersionRow | None]
    """A row by its key, for parents."""
    now: float
    """Seconds since the epoch."""
    base: VersionRow | None = None
    """What deltas are against; None: each row's own parent."""
    heading: str = "METRIC"
    decimals: int = 4
    has_stages: bool = False
    """A version holds a stage: the last column says which."""
    glyphs: Glyphs = UNICODE

    def head(self, width: int) -> Line:
        """The column heads."""
        against = f"{self.glyphs.delta} {'A' if self.base else 'parent'}"
        text = [padded("NAME", NAME_WIDTH), " ", "AGE", " ", padded("WHY", self._why_width(width))]
        parts = [
            " " + padded("CDPEHS", STRIP_WIDTH),
            " " + padded(cut(self.heading, VALUE_WIDTH), VALUE_WIDTH, right=True),
            " " + padded(against, DELTA_WIDTH),
            " " + padded("RE", REPLAY_WIDTH),
            " " + padded("STAGE", BADGE_WIDTH),
        ]
        text.extend(parts[: self._columns_that_fit(width)])
        return fitted((dim("   " + "".join(text)),), width)

    def line(self, row: VersionRow, width: int, *, is_marked: bool = False) -> Line:
        """The line of a version; its first three cells are the mark's."""
        cells = self.cells(row)
        parts = (
            (Span(" "), *fitted(cells.strip, STRIP_WIDTH)),
            (Span(" "), *fitted((cells.value,), VALUE_WIDTH, right=True)),
            (
                Span(" "),
                *fitted((cells.delta_sign,), 1),
                *fitted((cells.delta,), DELTA_WIDTH - 1, right=True),
            ),
            (Span(" "), *fitted((cells.replay,), REPLAY_WIDTH)),
            (Span(" "), *fitted((cells.stage,), BADGE_WIDTH)),
        )
        spans = (
            self._mark(row, is_marked=is_marked),
            *fitted((cells.name,), NAME_WIDTH),
            Span(" "),
            *fitted((cells.age,), AGE_WIDTH, right=True),
            Span(" "),
            *fitted(cells.why, self._why_width(width)),
            *(span for part in parts[: self._columns_that_fit(width)] for span in part),
        )
        return fitted(spans, width)

    def cells(self, row: VersionRow) -> VersionCells:
        """What the list says about one version."""
        metric = row.primary_metric
        delta = self.delta(row)
        sign, amount = self._delta_spans(delta)
        return VersionCells(
            name=Span(shown_name(row, self.glyphs), Tone.PLAIN if row.names else Tone.DIM),
            age=dim(age(row.created, self.now)),
            why=self._why(row),
            strip=strip_spans(row.strip, self.glyphs),
            value=Span(metric_value(metric.value, self.decimals, self.glyphs) if metric else ""),
            delta_sign=sign,
            delta=amount,
            replay=replay_span(row.replay, self.glyphs) if not row.is_broken else Span(""),
            stage=badge(row.stages, self.glyphs),
        )

    def delta(self, row: VersionRow) -> MetricDelta | None:
        """How the row's primary metric moved against the base, else against its parent; None: nothing to say."""
        metric = row.primary_metric
        other = self.base or (self.find(row.parent) if row.parent else None)
        if metric is None or row.primary is None or other is None or row.status is not Status.DONE:
            return None
        before = other.metrics.get(row.primary)
        return metric_delta(row.primary, before, metric) if before else None

    def _delta_spans(self, delta: MetricDelta | None) -> tuple[Span, Span]:
        if delta is None:
            return Span(""), Span("")
        tone = judgement_tone(delta.judgement)
        sign = Span(self.glyphs.judgement[delta.judgement], tone)
        if delta.absolute is None:
            return sign, Span("")
        amount = number(delta.absolute, self.decimals, sign=True, glyphs=self.glyphs)
        return sign, Span(amount, Tone.DIM if not delta.absolute else tone)

    def _mark(self, row: VersionRow, *, is_marked: bool) -> Span:
        if self.base and row.key == self.base.key:
            return Span(" A ", Tone.SIDE_A)
        return Span(f" {self.glyphs.mark} ", Tone.ACCENT) if is_marked else Span("   ")

    def _why(self, row: VersionRow) -> Line:
        glyphs = self.glyphs
        title = glyphs.remark(row.title) if row.title else glyphs.data(row.reason or "")
        if row.is_broken:
            return line(Span(f"{glyphs.broken} ", Tone.WARNING), glyphs.data(row.problem or "cannot be read"))
        if row.is_running:
            return line(Span(f"{glyphs.running} running ", Tone.ACCENT), title)
        if row.status is not Status.DONE:
            return self._why_not_done(row, title)
        return (bright(title),)

    def _why_not_done(self, row: VersionRow, title: str) -> Line:
        """What it was tried for, when that was said; else how it ended, which its receipt tells in any case."""
        glyphs = self.glyphs
        if row.reason:
            return line(Span(f"{glyphs.broken} ", Tone.WARNING), bright(title))
        said = glyphs.remark(row.problem or "") or title
        return line(Span(f"{glyphs.broken} {row.status.value} ", Tone.WARNING), said)

    def _why_width(self, width: int) -> int:
        """The cells left for the flexible column in a line of `width` cells."""
        shown = self._columns[: self._columns_that_fit(width)]
        return max(0, width - _FIXED - sum(column + 1 for column in shown))

    @property
    def _columns(self) -> tuple[int, ...]:
        return (*_COLUMNS, BADGE_WIDTH) if self.has_stages else _COLUMNS

    def _columns_that_fit(self, width: int) -> int:
        room = width - _FIXED - LEAST_WHY
        fit = 0
        for column in self._columns:
            room -= column + 1
            if room < 0:
                break
            fit += 1
        return fit


def version_table(
    rows: Sequence[VersionRow],
    *,
    find: Callable[[str], VersionRow | None],
    now: float,
    base: VersionRow | None = None,
    glyphs: Glyphs = UNICODE,
) -> VersionTable:
    """The table for these rows: the metric they share heads the column and gives its decimals."""
    sample = [row for row in islice(rows, _SAMPLED) if row.primary]
    primaries = {row.primary for row in sample}
    heading = glyphs.data(str(primaries.pop())).upper() if len(primaries) == 1 else "METRIC"
    metrics: list[Metric] = [metric for row in sample if (metric := row.primary_metric)]
    decimals = decimals_of(metric.value for metric in metrics)
    has_stages = any(row.stages for row in rows)
    return VersionTable(
        find=find, now=now, base=base, heading=heading, decimals=decimals, has_stages=has_stages, glyphs=glyphs
    )


def shown_name(row: VersionRow, glyphs: Glyphs = UNICODE) -> str:
    """What people call the version, safe to show."""
    return glyphs.data(row.name or row.run or row.commit[:10])


def strip_spans(strip: str, glyphs: Glyphs = UNICODE) -> Line:
    """The strip with its changed letters bright; `·` becomes the set's own dot."""
    spans = []
    for character in glyphs.remark(strip):
        if character in "·.":
            spans.append(dim(glyphs.dot))
        elif character in "*!":
            spans.append(Span(character, Tone.WARNING))
        else:
            spans.append(dim(character) if character == "?" else bright(character))
    return tuple(spans)


def replay_span(mark: ReplayMark | None, glyphs: Glyphs = UNICODE) -> Span:
    """The replay mark with its count: `≡3`; `?` for a version that was never replayed."""
    if mark is None:
        return dim(glyphs.never)
    counted = min(mark.count, 99)
    shown = str(counted) if mark.agreement in _COUNTED and counted else ""
    return Span(glyphs.agreement[mark.agreement] + shown, _MARK_TONES[mark.agreement])


_COUNTED = {Agreement.IDENTICAL, Agreement.CONTENT, Agreement.WITHIN_TOLERANCE}
"""A verdict that confirms is worth counting; one disagreement is enough."""


def searched_text(row: VersionRow) -> str:
    """What the words of a filter are looked for in, in lower case."""
    parts = [row.name, *row.names, *row.stages, row.title, row.reason or "", row.author, row.run or "", row.commit[:12]]
    parts += [f"{name} {value}" for name, value in row.tags.items()]
    return "\n".join(parts).casefold()


def matches(row: VersionRow, words: Sequence[str]) -> bool:
    """Whether every word occurs somewhere in what the filter searches."""
    text = searched_text(row)
    return all(word in text for word in words)


def filter_words(typed: str) -> tuple[str, ...]:
    """The words of a filter as typed."""
    return tuple(typed.casefold().split())
