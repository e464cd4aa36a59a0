"""What a change is consistent with, as sentences at the end of a comparison."""

from __future__ import annotations

from mlver.model.why import Why
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, bright, line
from mlver_tui.view_models.tables import wrapped

_HEAD = "WHY"
_HANG = "  "


def why_lines(
    why: Why | None, width: int | None, glyphs: Glyphs = UNICODE, *, margin: str = "", cells: int = 6
) -> list[Line]:
    """The sentences, each beginning beside the head or below it; none where there is nothing to say.

    Args:
        why: what the comparison leaves open.
        width: cells of a line; None: no line is broken.
        glyphs: what the terminal can show.
        margin: what stands left of everything.
        cells: of the head with the space behind it.
    """
    if why is None:
        return []
    lines = []
    head = f"{_HEAD:<{cells}}"
    for sentence in why.sentences:
        room = width and max(20, width - len(margin) - cells - len(_HANG))
        for number, part in enumerate(wrapped(glyphs.remark(sentence), room)):
            lines.append(line(margin, bright(head), f"{_HANG if number else ''}{part}"))
            head = " " * cells
    return lines
