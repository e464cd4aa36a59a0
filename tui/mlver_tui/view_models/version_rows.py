"""The version list: one line per version that reads like a story."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.model.attention import primary_delta
from mlver.model.metric import Judgement, Metric, MetricDelta
from mlver.model.status import Status
from mlver.model.version import Agreement, ReplayMark, VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.ledger_lines import BADGE_WIDTH, MOST_BADGE_WIDTH, badge
from mlver_tui.view_models.nesting import is_nested
from mlver_tui.view_models.numbers import age, decimals_of, metric_value, number
from mlver_tui.view_models.origin import is_recorded
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, width_of
from mlver_tui.view_models.text import cell_width, cut, padded
from mlver_tui.view_models.version_columns import USUAL, TextColumn, text_columns
from mlver_tui.view_models.version_fields import METRIC, Values

NAME_WIDTH, AGE_WIDTH, STRIP_WIDTH, VALUE_WIDTH, DELTA_WIDTH, REPLAY_WIDTH = 11, 3, 6, 8, 9, 3
MARK_CELLS = 3
_WIDTHS = {
    "strip": STRIP_WIDTH,
    METRIC: VALUE_WIDTH,
    "delta": DELTA_WIDTH,
    "replay": REPLAY_WIDTH,
    "stage": BADGE_WIDTH,
}
"""Columns of a width that nothing changes."""
_NAME_SHARE, _MODEL_SHARE = 4, 5
"""Long names get a fourth of a line at most, models a fifth: tags and experiments are called as their makers like."""
_LEAST_MODEL = 5
LEAST_WHY = 12
"""The flexible column never gets narrower; columns on its right go first."""
_CUT_WHY = 16
"""Cells of reasons that are cut in any case: what they have beyond these goes to the whole name of a stage."""

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


class VersionCells(Struct, frozen=True, kw_only=True):
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


class LiveCells(Struct, frozen=True, kw_only=True):
    """What the row of a version that is being made shows in the place of a result."""

    said: Line
    """How far it is, and what the columns have no place for."""
    value: float | None = None
    """Of the primary metric, so far."""
    delta: MetricDelta | None = None
    """Against the other version at the same step."""
    decimals: int = 0
    """What its numbers need, when that is more than the column's: they are small while it learns."""


class VersionTable(Struct, frozen=True, kw_only=True):
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
    has_replays: bool = True
    """A version was replayed, or can be."""
    longest_stage: int = BADGE_WIDTH
    longest_why: int = 0
    """Known where a stage's name is longer than a badge."""
    longest_name: int = NAME_WIDTH
    longest_model: int = 0
    """0: the versions are of one model, or under headings, and no column says of which."""
    columns: tuple[str, ...] = USUAL
    """Those on the right of WHY, in their order; where it is narrow the last go first."""
    texts: Mapping[str, TextColumn] = field(default_factory=dict)
    """Those of the columns that show a text."""
    live: Mapping[str, LiveCells] = field(default_factory=dict)
    """Of versions being made, by key: what was seen of them, which changes while the table is shown."""
    glyphs: Glyphs = UNICODE

    def head(self, width: int) -> Line:
        """The column heads."""
        against = f"{self.glyphs.delta} {'A' if self.base else 'parent'}"
        heads = {
            **{
                name: padded(cut(one.head, one.width), one.width, right=one.is_right)
                for name, one in self.texts.items()
            },
            "strip": padded("CDPEHS", STRIP_WIDTH),
            METRIC: padded(cut(self.heading, VALUE_WIDTH), VALUE_WIDTH, right=True),
            "delta": padded(against, DELTA_WIDTH),
            "replay": padded("RE", REPLAY_WIDTH),
            "stage": padded("STAGE", self.stage_width(width)),
        }
        model = padded("MODEL", self.model_width(width)) + " " if self.longest_model else ""
        name = padded("NAME", self.name_width(width))
        text = [model, name, " ", "AGE", " ", padded("WHY", self._why_width(width))]
        text.extend(f" {heads[column]}" for column in self._shown_columns(width))
        return fitted((dim(" " * MARK_CELLS + "".join(text)),), width)

    def line(self, row: VersionRow, width: int, *, is_marked: bool = False) -> Line:
        """The line of a version; its first MARK_CELLS are the mark's."""
        stage_width = self.stage_width(width)
        cells = self.cells(row, stage_width)
        parts: dict[str, Line] = {
            "strip": fitted(cells.strip, STRIP_WIDTH),
            METRIC: fitted((cells.value,), VALUE_WIDTH, right=True),
            "delta": (*fitted((cells.delta_sign,), 1), *fitted((cells.delta,), DELTA_WIDTH - 1, right=True)),
            "replay": fitted((cells.replay,), REPLAY_WIDTH),
            "stage": fitted((cells.stage,), stage_width),
            **{name: fitted((one.cell(row),), one.width, right=one.is_right) for name, one in self.texts.items()},
        }
        model = fitted((dim(self.glyphs.data(row.model)),), self.model_width(width)) if self.longest_model else ()
        spans = (
            self._mark(row, is_marked=is_marked),
            *((*model, Span(" ")) if model else ()),
            *fitted((cells.name,), self.name_width(width)),
            Span(" "),
            *fitted((cells.age,), AGE_WIDTH, right=True),
            Span(" "),
            *fitted(cells.why, self._why_width(width)),
            *(span for column in self._shown_columns(width) for span in (Span(" "), *parts[column])),
        )
        return fitted(spans, width)

    def cells(self, row: VersionRow, stage_width: int = BADGE_WIDTH) -> VersionCells:
        """What the list says about one version."""
        metric, live = row.primary_metric, self.live.get(row.key)
        value = live.value if live else metric.value if metric else None
        decimals = max(self.decimals, live.decimals) if live else self.decimals
        sign, amount = self._delta_spans(live.delta if live else self.delta(row), decimals)
        return VersionCells(
            name=Span(_listed_name(row, self.glyphs), Tone.PLAIN if row.names else Tone.DIM),
            age=dim(age(row.created, self.now)),
            why=self.why(row),
            strip=strip_spans(row.strip, self.glyphs),
            value=Span(metric_value(value, decimals, self.glyphs)),
            delta_sign=sign,
            delta=amount,
            replay=self._replay(row),
            stage=badge(row.stages, self.glyphs, stage_width),
        )

    def _replay(self, row: VersionRow) -> Span:
        is_replayable = row.replay or (is_recorded(row) and not row.is_broken)
        return replay_span(row.replay, self.glyphs) if is_replayable else Span("")

    def delta(self, row: VersionRow) -> MetricDelta | None:
        """How the row's primary metric moved against the base, else against its parent; None: nothing to say."""
        return primary_delta(row, self.base or (self.find(row.parent) if row.parent else None))

    def _delta_spans(self, delta: MetricDelta | None, decimals: int) -> tuple[Span, Span]:
        if delta is None:
            return Span(""), Span("")
        tone = judgement_tone(delta.judgement)
        sign = Span(self.glyphs.judgement[delta.judgement], tone)
        if delta.absolute is None:
            return sign, Span("")
        amount = number(delta.absolute, decimals, sign=True, glyphs=self.glyphs)
        return sign, Span(amount, Tone.DIM if not delta.absolute else tone)

    def _mark(self, row: VersionRow, *, is_marked: bool) -> Span:
        if self.base and row.key == self.base.key:
            return Span(" A ", Tone.SIDE_A)
        return Span(f" {self.glyphs.mark} ", Tone.ACCENT) if is_marked else Span("   ")

    def why(self, row: VersionRow) -> Line:
        """What was changed, or why it has no result."""
        glyphs = self.glyphs
        title = glyphs.remark(row.title) if row.title else glyphs.data(row.reason or "")
        if row.is_broken:
            return line(Span(f"{glyphs.broken} ", Tone.WARNING), glyphs.data(row.problem or "cannot be read"))
        if row.is_running or row.status is Status.RUNNING:
            return self._why_running(row, title)
        if row.status is not Status.DONE:
            return self._why_not_done(row, title)
        # A version of another tool of which something could not be read: its receipt says what.
        return line(Span(f"{glyphs.warning} ", Tone.WARNING), bright(title)) if row.problem else (bright(title),)

    def _why_running(self, row: VersionRow, title: str) -> Line:
        """How far it is, once something was seen of it; a store says of a process that died that it is running."""
        since = "running" if row.is_running else f"running since {age(row.created, self.now)}"
        live = self.live.get(row.key)
        said = live.said if live and live.said else line(dim(since))
        tone = Tone.ACCENT if row.is_running else Tone.DIM
        return line(Span(f"{self.glyphs.running} ", tone), *said, "  ", bright(title))

    def _why_not_done(self, row: VersionRow, title: str) -> Line:
        """What it was tried for, when that was said; else how it ended, which its receipt tells in any case."""
        glyphs = self.glyphs
        sign = glyphs.incomplete if row.status is Status.INTERRUPTED else glyphs.broken
        if row.reason:
            return line(Span(f"{sign} ", Tone.WARNING), bright(title))
        said = (is_recorded(row) and glyphs.remark(row.problem or "")) or title
        return line(Span(f"{sign} {row.status.value} ", Tone.WARNING), said)

    def name_width(self, width: int) -> int:
        """The cells of the names in a line of `width` cells."""
        return max(NAME_WIDTH, min(self.longest_name, width // _NAME_SHARE))

    def name_end(self, width: int) -> int:
        """The cells before those that say something about the version: its mark, its model and its name."""
        model = self.model_width(width) + 1 if self.longest_model else 0
        return MARK_CELLS + model + self.name_width(width) + 1

    def model_width(self, width: int) -> int:
        """The cells of the models' names, where they are shown."""
        return max(_LEAST_MODEL, min(self.longest_model, width // _MODEL_SHARE))

    def stage_width(self, width: int) -> int:
        """The cells of the stages: more than a badge has where the reasons are whole all the same, or cut anyhow."""
        room = self._why_beside_badges(width)
        free = max(0, room - (self.longest_why if self.longest_why <= room else _CUT_WHY))
        return max(BADGE_WIDTH, min(self.longest_stage, MOST_BADGE_WIDTH, BADGE_WIDTH + free))

    def _why_width(self, width: int) -> int:
        """The cells left for the flexible column in a line of `width` cells."""
        more = self.stage_width(width) - BADGE_WIDTH if "stage" in self._shown_columns(width) else 0
        return max(0, self._why_beside_badges(width) - more)

    def _why_beside_badges(self, width: int) -> int:
        return max(0, self._room(width) - sum(self._cells_of(column) + 1 for column in self._shown_columns(width)))

    def _room(self, width: int) -> int:
        """The cells on the right of name and age."""
        return width - self.name_end(width) - AGE_WIDTH - 1

    @property
    def told_columns(self) -> list[str]:
        """The columns that say something of some version."""
        tells = {"replay": self.has_replays, "stage": self.has_stages}
        return [column for column in self.columns if tells.get(column, True)]

    def _shown_columns(self, width: int) -> list[str]:
        """Those that there is room for."""
        room = self._room(width) - LEAST_WHY
        shown = []
        for column in self.told_columns:
            room -= self._cells_of(column) + 1
            if room < 0:
                break
            shown.append(column)
        return shown

    def _cells_of(self, column: str) -> int:
        return self.texts[column].width if column in self.texts else _WIDTHS[column]


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
    table = VersionTable(
        find=find,
        now=now,
        base=base,
        heading=heading,
        decimals=decimals,
        has_stages=any(row.stages for row in rows),
        has_replays=any(row.replay or is_recorded(row) for row in rows) or not rows,
        longest_name=max((cell_width(_listed_name(row, glyphs)) for row in islice(rows, _SAMPLED)), default=0),
        longest_model=_longest_model(rows, glyphs),
        glyphs=glyphs,
    )
    staged = [cell_width(badge(row.stages, glyphs, MOST_BADGE_WIDTH).text) for row in rows if row.stages]
    if max(staged, default=0) <= BADGE_WIDTH:
        return table
    longest_why = max(width_of(table.why(row)) for row in islice(rows, _SAMPLED))
    return replace(table, longest_stage=max(staged), longest_why=longest_why)


def with_columns(
    table: VersionTable, columns: Sequence[str], rows: Sequence[VersionRow], values: Values
) -> VersionTable:
    """The table with these columns on the right of WHY; params must be among the values to be seen."""
    texts = text_columns(columns, rows, values, table.glyphs)
    longest_model = 0 if "model" in columns else table.longest_model
    return replace(table, columns=tuple(columns), texts=texts, longest_model=longest_model)


def _longest_model(rows: Sequence[VersionRow], glyphs: Glyphs) -> int:
    models = {row.model for row in rows}
    return max(cell_width(glyphs.data(model)) for model in models) if len(models) > 1 else 0


def shown_name(row: VersionRow, glyphs: Glyphs = UNICODE) -> str:
    """What people call the version, safe to show."""
    return glyphs.data(row.name or row.run or row.commit[:10])


def _listed_name(row: VersionRow, glyphs: Glyphs) -> str:
    """In the list a run that was started inside another has a sign before its name."""
    return f"{glyphs.nested} {shown_name(row, glyphs)}" if is_nested(row) else shown_name(row, glyphs)


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
