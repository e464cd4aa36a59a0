"""The rows of the test set that became right or wrong, one a line; a line is made when it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct

from mlver.model.predictions import Fate, Flip, Flips
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cell_width, cut, padded

_TONES = {Fate.FIXED: Tone.BETTER, Fate.BROKEN: Tone.WORSE}
_WIDEST = 32
"""Cells of a key; a longer one is cut, and copied whole."""
_WIDEST_LABEL = 20
_GAP = "  "


def chosen_flips(flips: Flips, label: str | None = None, fate: Fate | None = None) -> list[Flip]:
    """The rows listed whose truth is that class, and which were that; None: all."""
    return [row for row in flips.rows if (label is None or row.truth == label) and (fate is None or row.fate is fate)]


def chosen_words(label: str | None, fate: Fate | None, count: int, glyphs: Glyphs = UNICODE) -> str:
    """`4 rows broken whose truth is 3`, `all 15 rows`."""
    if label is None and fate is None:
        return f"all {amount(count, 'row', glyphs)} fixed or broken"
    which = "fixed or broken" if fate is None else fate.value
    return f"{amount(count, 'row', glyphs)} {which}" + (
        "" if label is None else f" whose truth is {glyphs.data(label)}"
    )


def flip_sentences(rows: Sequence[Flip], glyphs: Glyphs = UNICODE) -> list[Line]:
    """`+ row  17  is 8  said 1 → 8`: for a few rows, where there is no room for a table."""
    keys = [cut(glyphs.data(row.key), _WIDEST_LABEL) for row in rows]
    truths = [cut(glyphs.data(row.truth), _WIDEST_LABEL) for row in rows]
    cells = [_widest(keys), _widest(truths)]
    return [
        line(
            Span("+ " if row.fate is Fate.FIXED else f"{glyphs.minus} ", _TONES[row.fate]),
            dim("row "), bright(padded(key, cells[0], right=True)), dim("  is "), padded(truth, cells[1]),
            dim("  said "), glyphs.data(row.before), dim(f" {glyphs.arrow} "), glyphs.data(row.after),
        )
        for row, key, truth in zip(rows, keys, truths, strict=True)
    ]  # fmt: skip


class FlipTable(Struct, frozen=True, dict=True):
    """Columns wide enough for all these rows."""

    rows: Sequence[Flip]
    glyphs: Glyphs = UNICODE

    @cached_property
    def _widths(self) -> tuple[int, int, int, int]:
        """Of key, truth, and what was said on both sides."""
        data = self.glyphs.data
        columns = (
            [data(row.key) for row in self.rows],
            [data(row.truth) for row in self.rows],
            [data(row.before) for row in self.rows],
            [data(row.after) for row in self.rows],
        )
        heads = ("ROW", "TRUTH", "A SAID", "B SAID")
        most = (_WIDEST, _WIDEST_LABEL, _WIDEST_LABEL, _WIDEST_LABEL)
        key, truth, before, after = (
            min(limit, max(_widest(column), len(head)))
            for column, head, limit in zip(columns, heads, most, strict=True)
        )
        return key, truth, before, after

    def head(self, width: int | None) -> Line:
        """The heads of the columns."""
        key, truth, before, after = self._widths
        heads = ((f"  {'ROW':<{key}}"), f"{'TRUTH':<{truth}}", f"{'A SAID':<{before}}", f"  {'B SAID':<{after}}")
        return _whole_or_cut(line(dim(_GAP.join(heads))), width)

    def line(self, row: Flip, width: int | None) -> Line:
        """Sign, key, truth, what was said before and after, what that is, slices."""
        glyphs, tone, is_fixed = self.glyphs, _TONES[row.fate], row.fate is Fate.FIXED
        key, truth, before, after = (
            padded(cut(glyphs.data(text), cells), cells)
            for text, cells in zip((row.key, row.truth, row.before, row.after), self._widths, strict=True)
        )
        part = glyphs.data(", ".join(f"{name} {value}" for name, value in row.part.items()))
        spans = line(
            Span(f"{'+' if is_fixed else glyphs.minus} ", tone), bright(key), _GAP, truth, _GAP,
            Span(before, Tone.DIM if is_fixed else Tone.PLAIN), dim(f" {glyphs.arrow}{_GAP}"),
            Span(after, Tone.PLAIN if is_fixed else tone), _GAP, Span(f"{row.fate.value:<6}", tone), dim(_GAP + part),
        )  # fmt: skip
        return _whole_or_cut(spans, width)

    def lines(self, width: int | None) -> Iterable[Line]:
        """The heads and every row."""
        yield self.head(width)
        for row in self.rows:
            yield self.line(row, width)


def _widest(texts: Sequence[str]) -> int:
    return max(map(cell_width, texts), default=0)


def _whole_or_cut(spans: Line, width: int | None) -> Line:
    return spans if width is None else fitted(spans, width)
