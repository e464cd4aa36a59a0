"""What one file holds, as lines: what `mlver show V:path` prints of a file that is no text."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from mlver.model.change import Change, Missing
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount
from mlver_tui.view_models.spans import Line, bright, dim, line
from mlver_tui.view_models.tables import aligned
from mlver_tui.view_models.values import value_text

_SHOWN = 100
"""Of the nodes below one; -a shows all."""


class FileContents(Struct, frozen=True, kw_only=True):
    """A file with what its format says of it."""

    name: str
    form: str
    size: int
    told: Change
    everything: bool = False
    glyphs: Glyphs = UNICODE

    def lines(self, width: int | None) -> Iterator[Line]:
        """What it is, what is to be said of the whole, and below it what it holds."""
        glyphs, told = self.glyphs, self.told
        named = "" if self.form == "bytes" else self.form
        facts = dict.fromkeys((named, told.note, amount(self.size, "byte", glyphs)))
        yield line(bright(glyphs.data(self.name)))
        yield line(", ".join(glyphs.remark(fact) for fact in facts if fact))
        for detail in told.details:
            yield line(dim(glyphs.remark(detail)))
        yield from aligned(list(self._below(told, 0)), flexible=1, width=width)
        if not told.complete:
            yield line(f"{glyphs.incomplete} incomplete: a limit was hit")

    def _below(self, node: Change, depth: int) -> Iterator[list[Line]]:
        shown = node.children if self.everything else node.children[:_SHOWN]
        indent = "  " * depth
        for child in shown:
            value = "" if isinstance(child.after, Missing) else value_text(child.after, self.glyphs)
            name, note = line(f"{indent}{self.glyphs.data(child.label)}"), dim(self.glyphs.remark(child.note))
            yield [name, line(value) if value else line(note)]
            yield from self._below(child, depth + 1)
        if more := len(node.children) - len(shown):
            yield [line(dim(f"{indent}+{more} more; -a shows"))]
