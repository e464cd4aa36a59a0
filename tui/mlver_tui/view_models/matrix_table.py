"""Versions side by side as a table: the base pinned, the other columns as many as fit, rows under their areas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from mlver.model.change import Kind, Missing
from mlver.model.matrix import UNREAD, Area, Matrix, MatrixColumn, MatrixRow
from mlver.model.metric import Judgement
from mlver_tui.view_models.change_rows import KIND_TONES
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import Measured, measured_texts, metric_name
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, width_of
from mlver_tui.view_models.text import cell_width, cut, cut_start, padded
from mlver_tui.view_models.values import value_text
from mlver_tui.view_models.version_rows import judgement_tone, shown_name

GAP = "  "
_SIGN = 2
"""A sign and a space before every value."""
_CELL_LEAST, _CELL_MOST = 10, 24
_NAME_LEAST, _NAME_SHARE = 10, 0.36
_NAMED_COLUMNS = 3
_MEASURED_ROWS = 300
"""Rows that decide how wide the columns are; what is wider in those below is cut, with an ellipsis."""


class AreaHead(Struct, frozen=True, kw_only=True):
    """The line over the rows of one area."""

    area: Area
    differing: int
    total: int
    noise: int
    elsewhere: tuple[MatrixColumn, ...] = ()
    """Of metrics: the versions that were measured on other data than the base."""
    unknown: tuple[MatrixColumn, ...] = ()
    """Those of which that is not known."""

    @property
    def said(self) -> str:
        """`3 of 11 differ, 1 ignored as noise`."""
        counted = f"{self.differing} of {self.total} differ"
        return f"{counted}, {self.noise} ignored as noise" if self.noise else counted

    def test_sets(self, glyphs: Glyphs = UNICODE) -> str:
        """`another test set than A: v1.4.0`; of metrics alone."""
        if self.area is not Area.METRICS:
            return ""
        told = (("another test set than A", self.elsewhere), ("whether on A's test set is not known", self.unknown))
        said = [f"{what}: {_named(columns, glyphs)}" for what, columns in told if columns]
        return ", ".join(said) or "all on the same test set"


def _named(columns: Sequence[MatrixColumn], glyphs: Glyphs) -> str:
    names = [column_name(column, glyphs) for column in columns[:_NAMED_COLUMNS]]
    more = len(columns) - len(names)
    return ", ".join([*names, *([f"+{more}"] if more else [])])


Entry: TypeAlias = AreaHead | MatrixRow


def matrix_entries(matrix: Matrix, *, everything: bool) -> tuple[Entry, ...]:
    """The rows to show, each area under its head; an area without rows is left out."""
    entries: list[Entry] = []
    for area in Area:
        rows = [row for row in matrix.rows if row.area is area]
        if not rows:
            continue
        noise = sum(row.is_noise for row in rows)
        differing = sum(row.is_different for row in rows) - noise
        entries.append(
            AreaHead(
                area=area, differing=differing, total=len(rows), noise=noise,
                elsewhere=_measured(matrix, alike=False), unknown=_measured(matrix, alike=None),
            )
        )  # fmt: skip
        entries += rows if everything else [row for row in rows if row.is_different and not row.is_noise]
    return tuple(entries)


def _measured(matrix: Matrix, *, alike: bool | None) -> tuple[MatrixColumn, ...]:
    """The versions beside the base of which that is known, or not, of the data they were measured on."""
    columns = enumerate(matrix.columns)
    return tuple(one for place, one in columns if place and matrix.is_measured_alike(place) is alike)


def cell_spans(
    row: MatrixRow, glyphs: Glyphs = UNICODE, *, limit: int | None = 2 * _CELL_MOST
) -> list[tuple[Span, Span]]:
    """For each column the sign against the base and the value, whole up to `limit` characters."""
    if row.metrics:
        return _outcome_spans(row, glyphs)
    return [
        (_kind_sign(row, column, glyphs), _value_span(row, column, glyphs, limit)) for column in range(len(row.values))
    ]


def _kind_sign(row: MatrixRow, column: int, glyphs: Glyphs) -> Span:
    kind = row.kind(column)
    return dim(" ") if kind in {Kind.SAME, Kind.UNKNOWN} else Span(glyphs.kind[kind], KIND_TONES[kind])


def _value_span(row: MatrixRow, column: int, glyphs: Glyphs, limit: int | None) -> Span:
    if row.groups[column] == UNREAD:
        return Span("?", Tone.WARNING)
    value = row.values[column]
    is_quiet = isinstance(value, Missing) or (column > 0 and row.kind(column) is Kind.SAME)
    return Span(value_text(value, glyphs, limit=limit), Tone.DIM if is_quiet else Tone.PLAIN)


def _outcome_spans(row: MatrixRow, glyphs: Glyphs) -> list[tuple[Span, Span]]:
    values: list[Measured] = [metric.value if metric else None for metric in row.metrics]
    spans = []
    for column, text in enumerate(measured_texts(row.name, values, glyphs)):
        delta = row.delta(column)
        if row.groups[column] == UNREAD:
            spans.append((dim(" "), Span("?", Tone.WARNING)))
        elif row.metrics[column] is None:
            spans.append((dim(" "), dim("none")))
        elif column == 0 or delta is None:
            spans.append((dim(" "), Span(text or "null")))
        elif delta.judgement is Judgement.UNKNOWN:
            spans.append((_kind_sign(row, column, glyphs), Span(text or "null")))
        else:
            tone = judgement_tone(delta.judgement)
            spans.append((Span(glyphs.judgement[delta.judgement], tone), Span(text or "null", tone)))
    return spans


def row_name(row: MatrixRow, glyphs: Glyphs = UNICODE) -> str:
    """What a row is called; the primary metric has its star, and what is ignored says so."""
    if row.area is Area.PARAMS:
        return glyphs.data(row.name) + (" (noise)" if row.is_noise else "")
    is_primary = any(metric and metric.meaning.primary for metric in row.metrics)
    return metric_name(row.name, glyphs) + (f" {glyphs.star}" if is_primary else "")


def column_name(column: MatrixColumn, glyphs: Glyphs = UNICODE) -> str:
    """What a version is called over its column."""
    return shown_name(column.row, glyphs)


def area_line(head: AreaHead, glyphs: Glyphs = UNICODE) -> Line:
    """`─ params  3 of 11 differ `: what stands over the rows of an area."""
    tested = head.test_sets(glyphs)
    tone = Tone.WARNING if head.elsewhere or head.unknown else Tone.DIM
    said = (Span(f"{glyphs.dot} {tested} ", tone),) if tested else ()
    return line(dim(f"{glyphs.rule} "), bright(head.area.value), dim(f"  {head.said} "), *said)


class MatrixTable(Struct, frozen=True, kw_only=True):
    """Makes the lines of a matrix. A line is built when it is drawn."""

    matrix: Matrix
    entries: tuple[Entry, ...]
    longest_name: int
    natural: tuple[int, ...]
    """The cells that each column asks for, its sign included."""
    glyphs: Glyphs = UNICODE

    def name_width(self, width: int) -> int:
        """Cells for the names of rows; the end of a longer name is kept, the telling part of a dotted one."""
        return max(_NAME_LEAST, min(self.longest_name, int(width * _NAME_SHARE)))

    def fitting(self, first: int, width: int) -> tuple[int, ...]:
        """Which of the other columns stand beside the base, from number `first` on: as many as fit, one at least."""
        room = width - 1 - self.name_width(width) - len(GAP) - self._width_of(0, width)
        shown: list[int] = []
        for column in range(max(1, first), len(self.matrix.columns)):
            room -= len(GAP) + self._width_of(column, width)
            if room < 0 and shown:
                break
            shown.append(column)
        return tuple(shown)

    def _width_of(self, column: int, width: int) -> int:
        # The base and one more must fit into the narrowest terminal.
        most = (width - 1 - self.name_width(width) - 2 * len(GAP)) // 2
        return max(4, min(self.natural[column], most, self._most_cells(width)))

    def _most_cells(self, width: int) -> int:
        """What a column has at most, unless all of them fit whole."""
        whole = 1 + self.name_width(width) + sum(len(GAP) + cells for cells in self.natural)
        return width if whole <= width else _CELL_MOST

    def head(self, shown: Sequence[int], width: int, *, at: int | None = None) -> Line:
        """The names of the versions; the base is A, the column `at` has the cursor."""
        glyphs, columns = self.glyphs, self.matrix.columns
        spans = [dim(padded("", 1 + self.name_width(width)))]
        for column in (0, *shown):
            cells = self._width_of(column, width)
            name = padded(cut(column_name(columns[column], glyphs), cells - _SIGN), cells - _SIGN)
            sign = "A" if column == 0 else glyphs.cursor if column == at else " "
            tone = Tone.SIDE_A if column == 0 else Tone.ACCENT if column == at else Tone.BRIGHT
            spans += [Span(GAP), Span(f"{sign} {name}", tone)]
        return fitted(tuple(spans), width)

    def line(self, entry: Entry, shown: Sequence[int], width: int) -> Line:
        """A row, or the head of an area."""
        if isinstance(entry, AreaHead):
            start = area_line(entry, self.glyphs)
            return fitted((*start, dim(self.glyphs.rule * max(0, width - width_of(start)))), width)
        cells = self.name_width(width)
        name = padded(cut_start(row_name(entry, self.glyphs), cells), cells)
        spans = [Span(" "), Span(name, Tone.DIM if entry.is_noise else Tone.PLAIN)]
        found = cell_spans(entry, self.glyphs)
        for column in (0, *shown):
            sign, value = found[column]
            text = padded(value.text, self._width_of(column, width) - _SIGN)
            spans += [Span(GAP), sign, Span(" "), Span(text, value.tone)]
        return fitted(tuple(spans), width)


def matrix_table(matrix: Matrix, *, everything: bool, glyphs: Glyphs = UNICODE) -> MatrixTable:
    """The table of what differs, or of everything."""
    entries = matrix_entries(matrix, everything=everything)
    rows = [entry for entry in entries if isinstance(entry, MatrixRow)]
    natural = [max(_CELL_LEAST, _SIGN + cell_width(column_name(column, glyphs))) for column in matrix.columns]
    for row in rows[:_MEASURED_ROWS]:
        for column, (_, value) in enumerate(cell_spans(row, glyphs)):
            natural[column] = max(natural[column], _SIGN + cell_width(value.text))
    return MatrixTable(
        matrix=matrix,
        entries=entries,
        longest_name=max((cell_width(row_name(row, glyphs)) for row in rows), default=0),
        natural=tuple(natural),
        glyphs=glyphs,
    )


def blocks(table: MatrixTable, width: int) -> Iterator[tuple[int, ...]]:
    """The other columns in groups that fit beside the base, all of them once."""
    first, count = 1, len(table.matrix.columns)
    while first < count:
        shown = table.fitting(first, width)
        yield shown
        first = shown[-1] + 1


def numbered(shown: Sequence[int]) -> str:
    """`versions 2 to 4`: which of the columns stand beside the base, the base being number 1."""
    if not shown:
        return "none"
    first, last = shown[0] + 1, shown[-1] + 1
    return f"version {first}" if first == last else f"versions {first} to {last}"
