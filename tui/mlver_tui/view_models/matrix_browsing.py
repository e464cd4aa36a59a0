"""Moving about in a matrix: where `n` stops, what a search finds, and what the lines around the table say."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from mlver.model.matrix import Matrix, MatrixRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.matrix_table import AreaHead, Entry, column_name, numbered
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line, spread
from mlver_tui.view_models.tables import wrapped


def entry_key(entry: Entry) -> Hashable:
    """What stays the same about a row when others come and go."""
    return (entry.area,) if isinstance(entry, AreaHead) else (entry.area, entry.path)


def is_stop(entry: Entry) -> bool:
    """Whether `n` stops at it: a row that differs and is no noise."""
    return isinstance(entry, MatrixRow) and entry.is_different and not entry.is_noise


def is_match(entry: Entry, words: str) -> bool:
    """Whether a row's name has all the words, large or small."""
    return isinstance(entry, MatrixRow) and all(word in entry.name.casefold() for word in words.casefold().split())


def title_line(matrix: Matrix | None, said: str, width: int) -> Line:
    """`5 versions side by side ... only what differs (a: all 17 rows)`."""
    count = f"{len(matrix.columns)} versions side by side" if matrix else "versions side by side"
    return spread(line(" ", bright(count)), line(dim(f"{said} ")), width)


def shown_sentence(matrix: Matrix, *, everything: bool, key: str) -> str:
    """What is shown, and the key that shows more or less."""
    if everything:
        return f"all {len(matrix.rows)} rows ({key}: only what differs)"
    return f"only what differs ({key}: all {len(matrix.rows)} rows)"


def position_line(matrix: Matrix, column: int, shown: Sequence[int], search: str, glyphs: Glyphs = UNICODE) -> Line:
    """`A v1.0.0 · on v1.1.0 · versions 2 to 4 of 6 beside A · search: lr`: where the cursor is, sideways."""
    said = line(" ", Span(f"A {column_name(matrix.columns[0], glyphs)}", Tone.SIDE_A))
    if column < len(matrix.columns):
        said += line(dim(f" {glyphs.dot} on "), bright(column_name(matrix.columns[column], glyphs)))
    if len(shown) < len(matrix.columns) - 1:
        said += line(dim(f" {glyphs.dot} {numbered(shown)} of {len(matrix.columns)} beside A"))
    return said + (line(dim(f" {glyphs.dot} search: "), glyphs.data(search)) if search else ())


def note_lines(matrix: Matrix, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Which versions cannot be read, and which limits were hit."""
    return [
        line(" ", Span(part, Tone.WARNING))
        for note in matrix.notes
        for part in wrapped(f"! {glyphs.remark(note)}", width - 2)
    ]
