"""Panes of lines that are cut at their right edge: more of them is brought into sight by moving what is seen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from textual.strip import Strip

from mlver_tui.view_models.spans import Line, text_of
from mlver_tui.widgets.painting import Painted

_MOST = 1000
"""Cells; lines that would fill any width end there."""
_WIDER = 4


class Sideways(Painted, inherit_bindings=False):
    """A pane whose lines are made for a width; moved sideways, it shows an end of lines made for a greater one."""

    _moved = 0

    @property
    def moved_cells(self) -> int:
        """So many cells of its lines are out of sight on the left."""
        return self._moved

    def go_sideways(self, step: int) -> bool:
        """Half of what is seen to the right, to the left when negative; whether there was anything to be seen there."""
        half = max(1, (self.size.width - self.pinned_cells(self.made_width)) // 2)
        most = self._cut_cells(half) if step > 0 else half
        before, self._moved = self._moved, max(0, min(self._moved + step * min(half, most), _MOST))
        if self._moved != before:
            self.make_anew()
        return self._moved != before

    def go_to_beginning(self) -> None:
        """Show the beginnings of the lines."""
        self._moved = 0

    @property
    def made_width(self) -> int:
        """The width that lines are made for."""
        return max(1, self.size.width + self._moved)

    def pinned_cells(self, width: int) -> int:  # noqa: ARG002 - what has any says so
        """The first cells of every line of that width that stay in sight."""
        return 0

    def seen_lines(self, width: int) -> Iterable[Line]:
        """The lines in sight, made for that width."""
        raise NotImplementedError

    def make_anew(self) -> None:
        """Show the lines for another width."""
        self.refresh()

    def in_sight(self, strip: Strip, pinned: int = 0) -> Strip:
        """The part of a line made for `made_width` that is seen; so many of its first cells stay."""
        if not self._moved:
            return strip
        rest = strip.crop(pinned + self._moved, self.made_width)
        return Strip.join([strip.crop(0, pinned), rest]) if pinned else rest

    def _cut_cells(self, most: int) -> int:
        """How much wider lines must be to say all that they have to; `most`: or more."""
        width = self.made_width
        whole = self._told(width * _WIDER)
        return bisect_left(range(most), 1, key=lambda more: int(self._told(width + more) == whole))

    def _told(self, width: int) -> str:
        """What lines of that width say, without what only fills them."""
        text = "".join(text_of(one) for one in self.seen_lines(width))
        return "".join(text.replace(self.glyphs.rule, "").split())
