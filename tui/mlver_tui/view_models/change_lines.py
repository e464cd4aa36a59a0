"""The rows of a change tree as lines: both values, what changed, where it was written."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mlver.model.change import MISSING, Change, Kind, Missing
from mlver.model.data import Data
from mlver_tui.view_models.change_rows import KIND_TONES, ChangeRow, ChangeRows, Tally
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.remarks import said_once
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, spread, width_of
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import cell_width, cut_start, padded
from mlver_tui.view_models.values import change_note, is_digest, short_digest, type_name, value_span

_USUAL_NOTE, _LEAST_SIDE, _LEAST_KEY = 11, 9, 16
_NOTE_FROM = 50
_NOTE_HEAD = 6
_WIDE = 80
"""A table gets wider only for what it has to show: values far from their keys are hard to follow."""
_SAMPLED = 500
"""Rows looked at to choose the widths."""


class ChangeTable(Struct, frozen=True, kw_only=True):
    """Makes the lines of a tree. Its columns have the usual widths unless the rows' notes need more."""

    longest_note: int = 0
    longest_value: int = 0
    longest_key: int = 0
    """With its indent."""
    is_flat: bool = False
    is_inline: bool = False
    """Both values in one column: `0.1 → 0.03`."""
    glyphs: Glyphs = UNICODE

    def head(self, width: int) -> Line:
        """The column heads."""
        if self.is_inline:
            head = padded("   KEY", self._inline_key(width)) + f"A {self.glyphs.arrow} B"
            return fitted((dim(head),), width)
        key, side, note = self._columns(width)
        head = padded("   KEY", key) + padded("A", side) + padded("B", side)
        return fitted((dim(head + padded("CHANGE" if note else "", note, right=True)),), width)

    def line(self, row: ChangeRow, width: int) -> Line:
        """One row; its first cell is the cursor's."""
        used = self._used(width)
        if row.tally is not None:
            return fitted(self._branch(row, row.tally, used), width)
        return fitted(self._inline(row, used) if self.is_inline else self._leaf(row, used), width)

    def _used(self, width: int) -> int:
        """How much of the width the table takes."""
        note = max(_USUAL_NOTE, self.longest_note + 1)
        return min(width, max(_WIDE, self.longest_key + 2 * (self.longest_value + 1) + note))

    def _columns(self, width: int) -> tuple[int, int, int]:
        """Key, each side, note."""
        width = self._used(width)
        usual = _USUAL_NOTE if width >= _NOTE_FROM else 0
        side = max(6, (width - usual) * 26 // 100)
        if width > _WIDE:
            side = max(side, min(self.longest_value + 1, (width - usual - self.longest_key) // 2))
        note = usual
        if usual and self.longest_note + 1 > usual:
            # The values give what they do not need; the notes never take more than that.
            side = max(_LEAST_SIDE, min(side, self.longest_value + 1))
            note = max(usual, min(self.longest_note + 1, width // 2, width - 2 * side - _LEAST_KEY))
        return max(6, width - note - 2 * side), side, note

    def _start(self, row: ChangeRow, key: int) -> Line:
        """The sign and the name, in so many cells."""
        glyphs, node = self.glyphs, row.node
        tone = Tone.DIM if node.is_noise else KIND_TONES[node.kind]
        label = glyphs.data(row.name if self.is_flat else node.label)
        # Of a path its end tells more than its beginning.
        shown = cut_start(label, key - 4 - 2 * row.depth) if self.is_inline and "/" in label else label
        name = Span("  " * row.depth + shown, Tone.DIM if tone is Tone.DIM else Tone.PLAIN)
        return Span(" "), Span(glyphs.kind[node.kind], tone), Span(" "), *fitted((name,), key - 4), Span(" ")

    def _inline_key(self, width: int) -> int:
        return max(8, min(self.longest_key + 1, width // 2))

    def _inline(self, row: ChangeRow, width: int) -> Line:
        """`lr   0.1 → 0.03   ÷ 3.33`; of what is told by its note, such as a file, the note alone."""
        glyphs, node = self.glyphs, row.node
        key = self._inline_key(width)
        quiet = node.is_noise or node.kind is Kind.SAME
        sides = [_side(one, quiet=quiet, glyphs=glyphs) for one in (node.before, node.after) if one is not MISSING]
        note = dim(note_of(node, glyphs))
        if len(sides) == 2 and node.kind is not Kind.SAME:  # noqa: PLR2004 - both
            values = line(dim(f"{sides[0].text} {glyphs.arrow} "), sides[1])
        else:
            values = tuple(sides[-1:])
        if not sides or (
            note.text and any(isinstance(one, str) and is_digest(one) for one in (node.before, node.after))
        ):
            values, note = line(note), Span("")
        room = max(0, width - key)
        beside = width_of((note,)) if width >= _NOTE_FROM else 0
        if not beside or width_of(values) + beside >= room:
            return fitted((*self._start(row, key), *values), width)
        return fitted((*self._start(row, key), *spread(values, (note,), room)), width)

    def _leaf(self, row: ChangeRow, width: int) -> Line:
        glyphs, node = self.glyphs, row.node
        key, side, note_width = self._columns(width)
        quiet = node.is_noise or KIND_TONES[node.kind] is Tone.DIM
        start = self._start(row, key)
        note = dim(note_of(node, glyphs))
        if node.before is MISSING and node.after is MISSING:
            return fitted((*start, *fitted((note,), max(0, width - key), right=True)), width)
        sides = [
            span
            for value in (node.before, node.after)
            for span in (*fitted((_side(value, quiet=quiet, glyphs=glyphs),), side - 1), Span(" "))
        ]
        return fitted((*start, *sides, *fitted((note,), note_width, right=True)), width)

    def _branch(self, row: ChangeRow, tally: Tally, width: int) -> Line:
        glyphs, node = self.glyphs, row.node
        fold = glyphs.opened if row.is_open else glyphs.closed
        label = glyphs.data(node.label)
        # A thing that says of itself how it changed is one change; what is below it are places.
        said = glyphs.remark(node.note) or tally_text(tally, glyphs) or "same"
        partial = () if node.complete else (Span(f"{glyphs.incomplete} ", Tone.WARNING),)
        left = line(" " + "  " * row.depth + fold + " ", bright(label) if tally.differing else dim(label), "  ")
        right: Line = (*partial, dim(said))
        room = max(width_of(right) if width_of(right) < width // 3 else 0, width - width_of(left), width // 3)
        used = min(width_of(right), room, width)
        return (*fitted(left, width - used), *fitted(right, used))


def change_table(
    rows: Sequence[ChangeRow], *, is_flat: bool = False, is_inline: bool = False, glyphs: Glyphs = UNICODE
) -> ChangeTable:
    """The table for these rows."""
    sampled = rows[:_SAMPLED]
    leaves = [row.node for row in sampled if row.tally is None]
    values = [value for node in leaves for value in (node.before, node.after) if value is not MISSING]
    return ChangeTable(
        longest_note=max((cell_width(note_of(node, glyphs)) for node in leaves), default=0),
        longest_key=max((_key_width(row, is_flat=is_flat, glyphs=glyphs) for row in sampled), default=0),
        longest_value=max((cell_width(_side(value, quiet=True, glyphs=glyphs).text) for value in values), default=0),
        is_flat=is_flat,
        is_inline=is_inline,
        glyphs=glyphs,
    )


def _key_width(row: ChangeRow, *, is_flat: bool, glyphs: Glyphs) -> int:
    label = glyphs.data(row.name if is_flat else row.node.label)
    return 2 * row.depth + cell_width(label) + 4


def note_of(node: Change, glyphs: Glyphs = UNICODE) -> str:
    """What the CHANGE column says: the tree's own words, else what the two values tell."""
    if node.note:
        return glyphs.remark(node.note)
    return "" if node.kind is Kind.SAME else change_note(node.before, node.after, glyphs)


def _side(value: Data | Missing, *, quiet: bool, glyphs: Glyphs) -> Span:
    if isinstance(value, str) and is_digest(value):
        return Span(short_digest(value, glyphs), Tone.DIM)
    return value_span(value, Tone.DIM if quiet else Tone.BRIGHT, glyphs)


def tally_text(tally: Tally, glyphs: Glyphs = UNICODE) -> str:
    """`~2 +1`: how many leaves below differ, by kind."""
    order = (Kind.CHANGED, Kind.ADDED, Kind.REMOVED, Kind.MOVED, Kind.UNKNOWN)
    return " ".join(f"{glyphs.kind[kind]}{tally.get(kind)}" for kind in order if tally.get(kind))


def left_out_lines(
    rows: ChangeRows, width: int, *, everything: bool, glyphs: Glyphs = UNICODE, key: str = "a"
) -> list[Line]:
    """What the rows do not show: `8 same: ...; a shows`, `1 ignored as noise`, a limit that was hit."""
    outline = rows.outline
    lines: list[Line] = [] if len(rows) else [line(dim(" nothing differs here"))]
    same, noise = outline.whole.get(Kind.SAME), outline.whole.noise
    if same and not everything:
        lines.append(_counted_line(f"{same} same: {_named(outline.same, same, glyphs)}", f"  {key} shows", width))
    if noise:
        end = "  (mlver.yaml: ignore)"
        lines.append(_counted_line(f"{noise} ignored as noise: {_named(outline.noise, noise, glyphs)}", end, width))
    if not outline.tree.complete:
        said = f" {glyphs.incomplete} a limit was hit: what is missing here is not known to be the same"
        lines.append(fitted((Span(said, Tone.WARNING),), width))
    return lines


def _named(names: tuple[str, ...], count: int, glyphs: Glyphs) -> str:
    return ", ".join(map(glyphs.data, names)) + (f", {glyphs.ellipsis}" if count > len(names) else "")


def _counted_line(said: str, end: str, width: int) -> Line:
    return fitted((*fitted((dim(f" {said}"),), max(0, width - len(end))), dim(end)), width)


def provenance_lines(
    row: ChangeRow,
    width: int,
    glyphs: Glyphs = UNICODE,
    *,
    sources: Sequence[str] = ("", ""),
    with_note: bool = True,
) -> list[Line]:
    """Both sides of a value: what, of which type, from which file and line, and who set it there (unsanitised)."""
    node = row.node
    lines = _side_lines(node, sources, width, glyphs)
    if node.before is MISSING and node.after is MISSING:
        # A branch has no value of its own: only where it was written, and that is said once when it is one place.
        places = dict.fromkeys(glyphs.data(str(place)) for place in (node.place_before, node.place_after) if place)
        lines = [fitted((dim(" in   "), Span(f" {glyphs.arrow} ".join(places))), width)] if places else []
    said = ", ".join(map(glyphs.remark, said_once((node.note, *node.details)))) if with_note else ""
    for number, part in enumerate(wrapped(said, max(1, width - _NOTE_HEAD - 1)) if said else ()):
        lines.append(fitted((dim("      " if number else " note "), Span(part)), width))
    return lines


def _side_lines(node: Change, sources: Sequence[str], width: int, glyphs: Glyphs) -> list[Line]:
    """`A  0.1   float   params.yaml:4   default of the project`, and B."""
    values = [_side(value, quiet=False, glyphs=glyphs) for value in (node.before, node.after)]
    places = [glyphs.data(str(place)) if place else "" for place in (node.place_before, node.place_after)]
    value_width = max(4, min(max(cell_width(value.text) for value in values), width - 30))
    place_width = max(map(cell_width, places)) + 3
    return [
        fitted(
            line(
                Span(f" {name}  ", tone),
                *fitted((value,), value_width),
                dim(f"  {type_name(side):7} "),
                padded(place, place_width),
                dim(glyphs.data(source)),
            ),
            width,
        )
        for name, tone, side, value, place, source in zip(
            "AB", (Tone.SIDE_A, Tone.SIDE_B), (node.before, node.after), values, places, sources, strict=True
        )
    ]
