"""The two lines that always name A and B."""

from __future__ import annotations

from msgspec import Struct

from mlver.model.between import Between
from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.ledger_lines import MOST_BADGE_WIDTH, badge
from mlver_tui.view_models.numbers import age
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, spread, width_of
from mlver_tui.view_models.text import cell_width
from mlver_tui.view_models.values import short_digest
from mlver_tui.view_models.version_rows import NAME_WIDTH, replay_span, shown_name

_RECIPE_FROM = 120
"""Columns with room for what few look for."""
SAID_CELLS = 21
"""Of what is said beside B where that differs from tab to tab: all else stays in place."""
ONE_VERSION = "A and B are the same version"


class Banner(Struct, frozen=True, kw_only=True):
    """A over B: name, why, age, author, stage, replays."""

    before: VersionRow
    after: VersionRow
    now: float
    right: tuple[str, str] = ("", "")
    """What stands at the right edges."""
    glyphs: Glyphs = UNICODE

    def lines(self, width: int) -> list[Line]:
        """A over B; ages stand under each other."""
        rows = (self.before, self.after)
        name_width = max(NAME_WIDTH, min(max(cell_width(shown_name(row, self.glyphs)) for row in rows), width // 3))
        whys = [self._why(row) for row in rows]
        facts = [self._facts(row, width) for row in rows]
        # The reasons share what names and facts leave, beside the longer of the right ends.
        room = width - name_width - 6 - max(map(width_of, facts)) - max(map(cell_width, self.right)) - 2
        why_width = max(8, min(max(map(cell_width, whys)), room))
        lines = []
        for row, side, tone, why, fact, end in zip(
            rows, "AB", (Tone.SIDE_A, Tone.SIDE_B), whys, facts, self.right, strict=True
        ):
            name = fitted((bright(shown_name(row, self.glyphs)),), name_width)
            left = line(Span(f" {side} ", tone), *name, " ", *fitted((Span(why),), why_width), "  ", *fact)
            lines.append(spread(left, line(dim(f"{end} ")) if end else EMPTY, width))
        return lines

    def _why(self, row: VersionRow) -> str:
        return self.glyphs.remark(row.title) if row.title else self.glyphs.data(row.reason or "")

    def _facts(self, row: VersionRow, width: int) -> Line:
        glyphs = self.glyphs
        recipe = f"  recipe {short_digest(row.recipe, glyphs)}" if row.recipe and width >= _RECIPE_FROM else ""
        stage = badge(row.stages, glyphs, MOST_BADGE_WIDTH)
        return line(
            dim(f"{age(row.created, self.now):>3}  {glyphs.data(row.author)}{recipe}"),
            # Under no head a lone `?` says nothing.
            *((Span("  "), replay_span(row.replay, glyphs)) if row.replay else ()),
            *((Span("  "), stage) if stage.text else ()),
        )


def between_words(between: Between | None, glyphs: Glyphs = UNICODE, *, width: int = _RECIPE_FROM) -> str:
    """`3 versions between · 1 undone`; empty: nothing is known, or there is nothing to say."""
    if between is None or not between.count:
        return ""
    is_short = between.undone and width < _RECIPE_FROM
    said = f"{between.count}{'' if is_short else ' version' if between.count == 1 else ' versions'} between"
    return f"{said} {glyphs.dot} {between.undone} undone" if between.undone else said
