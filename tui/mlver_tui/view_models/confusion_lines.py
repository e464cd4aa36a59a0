"""Which class is taken for which: the matrices of A and of B, and how they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlver.model.predictions import Confusion
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import count, number
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, width_of
from mlver_tui.view_models.text import cell_width, cut, padded

_WIDEST_LABEL = 10
_GAP = 3
_MOST_PAIRS = 20

Matrix = Sequence[Sequence[int]]


def confusion_lines(confusion: Confusion, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Both matrices and their difference, beside each other as far as there is room; else the pairs that moved most."""
    labels = [cut(glyphs.data(label), _WIDEST_LABEL) for label in confusion.labels]

    def counted(value: int, *, is_right: bool) -> Span:
        tone = Tone.DIM if not value else Tone.PLAIN if is_right else Tone.BRIGHT
        return Span(count(value, glyphs) if value else glyphs.dot, tone)

    def moved(value: int, *, is_right: bool) -> Span:
        tone = Tone.DIM if not value else Tone.BETTER if (value > 0) is is_right else Tone.WORSE
        return Span(number(value, 0, sign=True, glyphs=glyphs) if value else glyphs.dot, tone)

    blocks = [
        _block("A", labels, confusion.before, counted),
        _block("B", labels, confusion.after, counted),
        _block(f"B {glyphs.minus} A", labels, _difference(confusion), moved),
    ]
    cells = max(width_of(one) for block in blocks for one in block)
    if cells > width:
        return _pairs(confusion, glyphs)
    beside = min(len(blocks), (width + _GAP) // (cells + _GAP))
    lines: list[Line] = []
    for start in range(0, len(blocks), beside):
        lines += [EMPTY] if lines else []
        rows = zip(*blocks[start : start + beside], strict=True)
        # The gap is before each but the first: at the end of a line it would be cut where there is no room for it.
        lines += [tuple(span for one in row for span in (Span(" " * _GAP), *fitted(one, cells)))[1:] for row in rows]
    return lines


def _difference(confusion: Confusion) -> list[list[int]]:
    return [
        [after - before for before, after in zip(*rows, strict=True)]
        for rows in zip(confusion.before, confusion.after, strict=True)
    ]


def _block(title: str, labels: Sequence[str], matrix: Matrix, write: Callable[..., Span]) -> list[Line]:
    """A matrix under its labels."""
    written = [
        [write(value, is_right=row == column) for column, value in enumerate(values)]
        for row, values in enumerate(matrix)
    ]
    cells = max(cell_width(text) for text in (*labels, *(span.text for row in written for span in row))) + 1
    names = max(cell_width(text) for text in (title, *labels))
    head = line("  ", bright(padded(title, names)), dim("".join(padded(label, cells, right=True) for label in labels)))
    rows = [
        line("  ", dim(padded(label, names)), *(Span(padded(span.text, cells, right=True), span.tone) for span in row))
        for label, row in zip(labels, written, strict=True)
    ]
    return [head, *rows]


def _pairs(confusion: Confusion, glyphs: Glyphs) -> list[Line]:
    """What is most often taken for something else, where a matrix has no room."""
    names = [glyphs.data(label) for label in confusion.labels]
    wrong = [
        (max(before, after), truth, said, before, after)
        for truth, rows in enumerate(zip(confusion.before, confusion.after, strict=True))
        for said, (before, after) in enumerate(zip(*rows, strict=True))
        if truth != said and (before or after)
    ]
    wrong.sort(key=lambda one: (-one[0], one[1:]))
    lines = [
        line(
            "  ", bright(names[truth]), dim(" said to be "), bright(names[said]), "  ",
            f"{count(before, glyphs)} {glyphs.arrow} ",
            Span(count(after, glyphs), Tone.BETTER if after < before else Tone.WORSE if after > before else Tone.PLAIN),
        )
        for _, truth, said, before, after in wrong[:_MOST_PAIRS]
    ]  # fmt: skip
    if len(wrong) > _MOST_PAIRS:
        lines.append(line(dim(f"  +{count(len(wrong) - _MOST_PAIRS, glyphs)} more")))
    return lines or [line(dim("  nothing is taken for anything else"))]
