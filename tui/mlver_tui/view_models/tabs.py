"""A row of tabs: the active one in reverse, each with its count."""

from __future__ import annotations

from collections.abc import Sequence

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, dim, width_of


def tab_label(name: str, count: int | str | None) -> str:
    """`Params 7`, `Env ?`."""
    return name if count is None else f"{name} {count}"


def tab_line(labels: Sequence[str], active: int, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """The tabs in at most `width` cells: the active one is always in sight, a sign says that others are not."""
    for first in range(max(1, len(labels))):
        shown = _from(labels, active, first, glyphs)
        if width_of(shown) <= width:
            return shown
        kept = _cut(shown, width, glyphs)
        if any(span.tone is Tone.ACTIVE for span in kept):
            return kept
    return ()


def _from(labels: Sequence[str], active: int, first: int, glyphs: Glyphs) -> Line:
    spans: list[Span] = [dim("< " if glyphs.is_ascii else "… ")] if first else []
    for index, label in enumerate(labels[first:], first):
        gap = "  " if index > first else ""
        does = f"tab-{index + 1}"
        if index == active:
            spans += [Span(gap), Span(f"{glyphs.active_left}{label}{glyphs.active_right}", Tone.ACTIVE, does)]
        else:
            spans.append(dim(gap + label, does))
    return tuple(span for span in spans if span.text)


def _cut(spans: Line, width: int, glyphs: Glyphs) -> Line:
    """Whole tabs only, then the sign for more."""
    room = width - len(glyphs.more_tabs) - 1
    kept: list[Span] = []
    for span in spans:
        room -= width_of((span,))
        if room < 0:
            break
        kept.append(span)
    return (*kept, dim(f" {glyphs.more_tabs}"))
