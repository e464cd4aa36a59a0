"""Two files or folders compared, as lines: what `mlver diff` prints of paths."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from mlver.model.change import Change, Kind
from mlver_tui.view_models.change_entries import Entry, entry_note, entry_values
from mlver_tui.view_models.change_rows import KIND_TONES
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.remarks import said_once
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import aligned

_SHOWN = 100
"""Of the nodes below one; -a shows all."""


class FileReport(Struct, frozen=True, kw_only=True):
    """What of two files is wanted, and how."""

    names: tuple[str, str]
    change: Change
    everything: bool = False
    is_short: bool = False
    """Without what differs inside."""
    width: int | None = None
    glyphs: Glyphs = UNICODE

    def lines(self) -> Iterator[Line]:
        """Both names, what is to be said of the whole, and below it what differs."""
        glyphs, change = self.glyphs, self.change
        for side, tone, name in zip("AB", (Tone.SIDE_A, Tone.SIDE_B), self.names, strict=True):
            yield line(Span(f"{side} ", tone), bright(glyphs.data(name)))
        sign = Span(f"{glyphs.kind[change.kind]} ", KIND_TONES[change.kind])
        # What a line below says too, such as the one of the bytes, is said there.
        below = {fact for child in change.children for fact in child.note.split(", ")} if not self.is_short else set()
        note = "" if change.note in below else change.note
        yield line(sign, bright(glyphs.remark(note or change.kind.value)))
        for detail in said_once((change.note, *change.details)):
            if detail not in {change.note, *below}:
                yield line(dim(f"  {glyphs.remark(detail)}"))
        if not self.is_short:
            yield from aligned(list(self._below(change)), flexible=1, width=self.width)
        if not change.complete:
            yield line(Span(f"{glyphs.incomplete} incomplete: a limit was hit", Tone.WARNING))

    def _below(self, change: Change) -> Iterator[list[Line]]:
        """Without recursion: a config can be deep."""
        waiting: list[tuple[int, Change | int]] = [*reversed([*self._shown(change, 0)])]
        while waiting:
            depth, node = waiting.pop()
            if isinstance(node, int):
                yield [line(dim(f"{'  ' * depth}  +{node} more; -a shows"))]
                continue
            yield self._row(depth, node)
            waiting += reversed([*self._shown(node, depth + 1)])

    def _shown(self, change: Change, depth: int) -> Iterator[tuple[int, Change | int]]:
        wanted = [node for node in change.children if self.everything or node.kind is not Kind.SAME]
        most = len(wanted) if self.everything else _SHOWN
        yield from ((depth, node) for node in wanted[:most])
        if len(wanted) > most:
            yield depth, len(wanted) - most

    def _row(self, depth: int, node: Change) -> list[Line]:
        glyphs = self.glyphs
        entry = Entry(path=(node.label,), node=node, is_file=False)
        name = line(Span(f"{'  ' * depth}{glyphs.kind[node.kind]} ", KIND_TONES[node.kind]), glyphs.data(node.label))
        before, after = entry_values(entry, glyphs)
        note = glyphs.remark(node.note) if node.children else entry_note(entry, glyphs)
        is_moved = node.kind is Kind.MOVED or before == after
        if is_moved or not (before and after):
            values = line(after or before)  # what is gone is told by what it was
        else:
            values = line(dim(f"{before} {glyphs.arrow} "), after)
        told = ", ".join(said_once((note, *map(glyphs.remark, node.details))))
        return [name, values, line(dim(told))]
